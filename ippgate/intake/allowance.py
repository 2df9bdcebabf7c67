"""How much may be held: jobs and octets of a person, of a queue and in all, and how much of the disk stays free (S17).

What is held is counted in the database now and then, beside everything else; between two counts each worker adds what
it takes itself. So one worker is exact, and several together exceed a bound by no more than what the others take
between two of its counts. What was released or cancelled meanwhile is seen: nobody is refused on an old count.

No intake writes a common row or waits for another. A document whose size was announced is refused before its octets are
read, any other is cut where it exceeds a bound.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from ippgate.model.errors import Busy, SpoolFull, TooLarge, TooManyJobs, Unavailable
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note

FRESH: Final = 1.0
"""Seconds: a count that is older is made anew before somebody is refused."""

IDLE_SHARE: Final = 20
"""A count that takes long is made less often: it takes no more than a twentieth of the time."""

Key = tuple[int, str]  # of a queue and its jobs' owner


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be held; 0: as much as comes. Of jobs that have not ended; octets as they were received."""

    person_jobs: int = 0
    person_octets: int = 0
    queue_jobs: int = 0
    queue_octets: int = 0
    jobs: int = 0
    octets: int = 0
    low_water: int = 0  # octets of the disk that stay free

    @property
    def by_person(self) -> bool:
        """Whether it has to be known who holds what."""
        return bool(self.person_jobs or self.person_octets)

    @property
    def counted(self) -> bool:
        """Whether the database has to count."""
        return self.by_person or bool(self.queue_jobs or self.queue_octets or self.jobs or self.octets)


@dataclass(slots=True)
class Amount:
    """Jobs and octets."""

    jobs: int = 0
    octets: int = 0

    def add(self, jobs: int, octets: int) -> None:
        """Negative ones are taken away."""
        self.jobs += jobs
        self.octets += octets


NOTHING: Final = Amount()

ALL: Final = ("all", 0)


class Held(dict[tuple[str, str | int], Amount]):
    """Amounts of each person, of each queue and in all, those that are nothing left out."""

    def add(self, key: Key, jobs: int, octets: int) -> None:
        """Of a queue and an owner."""
        for whose in (("queue", key[0]), ("person", key[1]), ALL):
            amount = self.setdefault(whose, Amount())
            amount.add(jobs, octets)
            if amount == NOTHING:
                del self[whose]

    def of(self, whose: tuple[str, str | int]) -> Amount:
        """Nothing, if there is none."""
        return self.get(whose, NOTHING)


class Charge:
    """A job or a document on its way in, charged as it comes."""

    def __init__(self, allowance: "Allowance", key: Key, jobs: int) -> None:
        self._allowance, self._key = allowance, key
        self.jobs, self.octets = jobs, 0

    def opened(self) -> None:
        """The job is in the database, its document is not."""
        self._allowance.keep(self._key, self.jobs, 0)
        self._allowance.charge(self._key, -self.jobs, 0)
        self.jobs = 0

    async def over(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The body, up to where it exceeds what may be held. Raises SpoolFull, Busy and TooLarge there."""
        async for chunk in body:
            self.octets += len(chunk)
            self._allowance.charge(self._key, 0, len(chunk))
            await self._allowance.check(*self._key, 0, jobs=0)
            yield chunk


class Allowance:
    """The service that knows how much may come. count: jobs and octets by queue and owner; free: octets of the disk
    that are free, None: nobody knows; interval: seconds between two counts.
    """

    def __init__(
        self,
        bounds: Bounds,
        count: Callable[[], Awaitable[list[tuple[Key, int, int]]]],
        free: Callable[[], int | None],
        *,
        interval: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds, self._count, self._free = bounds, count, free
        self._interval, self._clock = interval, clock
        self._counted, self._counted_at = Held(), float("-inf")
        self._under_way, self._since = Held(), Held()  # what arrives; what has arrived since the last count began
        self._room: int | None = None  # octets of the disk that were free then
        self._counting = asyncio.Lock()

    # ── asked ──

    async def check(self, queue_id: int, owner: str, octets: int, *, jobs: int = 1) -> None:
        """Whether so much may come. Raises TooManyJobs, TooLarge (never), Busy (the owner's share), SpoolFull."""
        refusal = self._refusal(queue_id, owner, octets, jobs)
        if refusal is not None and self._clock() - self._counted_at > FRESH:
            with contextlib.suppress(Unavailable):
                await self.refresh(unless_within=FRESH)
            refusal = self._refusal(queue_id, owner, octets, jobs)
        if refusal is not None:
            raise refusal

    def full(self, queue_id: int) -> bool:
        """Whether a queue takes no more octets (spool-area-full)."""
        return self._no_room(queue_id, 1) is not None

    @contextmanager
    def admitted(self, queue_id: int, owner: str, *, jobs: int = 1) -> Iterator[Charge]:
        """Charge what comes for as long as it comes; what fails was never here."""
        key = (queue_id, owner)
        charge = Charge(self, key, jobs)
        self.charge(key, jobs, 0)
        try:
            yield charge
            self.keep(key, charge.jobs, charge.octets)
        finally:
            self.charge(key, -charge.jobs, -charge.octets)

    def charge(self, key: Key, jobs: int, octets: int) -> None:
        """Something arrives; negative: it does no longer."""
        if self._bounds != Bounds():
            self._under_way.add(key, jobs, octets)

    def keep(self, key: Key, jobs: int, octets: int) -> None:
        """Something is in the database now, or will be in a moment."""
        if self._bounds != Bounds():
            self._since.add(key, jobs, octets)

    # ── counted ──

    async def run(self) -> None:
        """Count until cancelled."""
        while True:
            took = 0.0
            try:
                started = self._clock()
                await self.refresh()
                took = self._clock() - started
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - the last count stays in force
                mishap(error)
            await asyncio.sleep(max(self._interval, took * IDLE_SHARE))

    async def refresh(self, *, unless_within: float = 0.0) -> None:
        """Count now, unless somebody else has within so many seconds. Raises Unavailable."""
        async with self._counting:
            began = self._clock()
            if began - self._counted_at < unless_within:
                return
            before, self._since = self._since, Held()
            try:
                counted = Held()
                for key, jobs, octets in await self._count() if self._bounds.counted else ():
                    counted.add(key, jobs, octets)
            except BaseException:
                for whose, amount in before.items():  # not counted: still what has come since
                    self._since.setdefault(whose, Amount()).add(amount.jobs, amount.octets)
                raise
            self._counted, self._counted_at = counted, began
            self._room = self._free() if self._bounds.low_water else None

    # ── decided ──

    def _refusal(self, queue_id: int, owner: str, octets: int, jobs: int) -> Exception | None:
        bounds = self._bounds
        if bounds.person_octets and octets > bounds.person_octets:
            return TooLarge(
                f"the document is larger than the {bounds.person_octets} octets that one person may have here"
            )
        return (
            (self._too_many(queue_id, owner, jobs) if jobs else None)
            or self._beyond_share(owner, octets)
            or self._no_room(queue_id, octets)
        )

    def _too_many(self, queue_id: int, owner: str, jobs: int) -> Exception | None:
        bounds = self._bounds
        if bounds.person_jobs and self._of("person", owner).jobs + jobs > bounds.person_jobs:
            return TooManyJobs(
                f"{bounds.person_jobs} of your jobs wait here already: print or delete some of them first"
            )
        if bounds.queue_jobs and self._of("queue", queue_id).jobs + jobs > bounds.queue_jobs:
            return TooManyJobs(f"{bounds.queue_jobs} jobs wait in this queue, the most it takes: try again later")
        if bounds.jobs and self._of(*ALL).jobs + jobs > bounds.jobs:
            return TooManyJobs(f"{bounds.jobs} jobs wait here, the most this gate takes: try again later")
        return None

    def _beyond_share(self, owner: str, octets: int) -> Exception | None:
        most = self._bounds.person_octets
        if most and self._of("person", owner).octets + octets > most:
            return Busy(f"your jobs that wait here would exceed {most} octets: print or delete some of them first")
        return None

    def _no_room(self, queue_id: int, octets: int) -> Exception | None:
        bounds = self._bounds
        if bounds.queue_octets and self._of("queue", queue_id).octets + octets > bounds.queue_octets:
            return SpoolFull("what waits in this queue leaves no room for the document: try again later")
        if bounds.octets and self._of(*ALL).octets + octets > bounds.octets:
            return SpoolFull("what waits here leaves no room for the document: try again later")
        arrived = self._under_way.of(ALL).octets + self._since.of(ALL).octets
        if bounds.low_water and self._room is not None and self._room - arrived - octets < bounds.low_water:
            return SpoolFull("the disk of this gate is nearly full: try again later, and tell its operator")
        return None

    def _of(self, kind: str, which: str | int) -> Amount:
        """What was counted, what has come since and what comes."""
        total, whose = Amount(), (kind, which)
        for held in (self._counted, self._since, self._under_way):
            amount = held.of(whose)
            total.add(amount.jobs, amount.octets)
        return total


def unlimited() -> Allowance:
    """As much as comes."""

    async def nothing() -> list[tuple[Key, int, int]]:
        return []

    return Allowance(Bounds(), nothing, lambda: None)
