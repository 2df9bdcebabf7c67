"""Everything that waits for somebody goes to one device: because they ask for it, or because they have logged in there
and it is set so, for them or for the device.

Each job goes, or not, by the law of any release; one that does not go keeps no other from it, and its reason is told.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.errors import NotFound, Refusal, Unavailable
from ippgate.model.job import Caller, Job
from ippgate.model.person import Person
from ippgate.model.tap import LONGEST_WORDS, TapOutcome
from ippgate.release.release import Release
from ippgate.store.jobs import JobStore

MOST: Final = 200
"""Jobs that go at once, oldest first; who holds more asks again."""

HELD_ON: Final = "its owner holds it until a time that has not come"


@dataclass(frozen=True, slots=True)
class Refused:
    """A job that does not go, and why."""

    job: Job
    reason: str


@dataclass(frozen=True, slots=True)
class Released:
    """What came of it, each in the order in which the jobs came."""

    released: tuple[Job, ...] = ()
    refused: tuple[Refused, ...] = ()
    more: bool = False  # there are more than go at once


class Everything:
    """The service. person: what is known of somebody by their name; raises NotFound."""

    def __init__(self, jobs: JobStore, release: Release, person: Callable[[str], Awaitable[Person]]) -> None:
        self._jobs, self._release, self._person = jobs, release, person

    async def to(self, caller: Caller, device: Device, *, keep: bool = False, key: str | None = None) -> Released:
        """Release what is held for the caller to a device. keep and key: as for each release. Raises Unavailable when
        the jobs cannot be listed; later troubles are reasons of single jobs.
        """
        return await self._all(caller, device, keep=keep, key=key, patient=False)

    async def on_tap(self, caller: Caller, device: Device) -> TapOutcome:
        """The same for somebody who has tapped a card where there is nothing to choose with, in words that fit a small
        display. What its owner holds until a time stays. Raises Unavailable.
        """
        return _told(await self._all(caller, device, patient=True))

    async def on_login(self, caller: Caller, device: Device) -> Released | None:
        """The same for somebody who has just logged in at a device; None: neither they nor the device want that. What
        its owner holds until a time stays. Raises Unavailable.
        """
        if not device.auto_release and not await self._wanted_by(caller.name):
            return None
        return await self._all(caller, device, patient=True)

    async def _all(
        self, caller: Caller, device: Device, *, keep: bool = False, key: str | None = None, patient: bool
    ) -> Released:
        held = await self._jobs.waiting(owner=caller.name, states=(JobState.PENDING_HELD,), limit=MOST + 1)
        released: list[Job] = []
        refused: list[Refused] = []
        for job in await self._jobs.get(held[:MOST]):
            if patient and R.JOB_HOLD_UNTIL_SPECIFIED in job.reasons:
                refused.append(Refused(job, HELD_ON))
                continue
            try:
                released.append(await self._release.release(job, caller, device.name, keep=keep, key=key))
            except (Refusal, Unavailable) as error:
                refused.append(Refused(job, str(error)))
        return Released(tuple(released), tuple(refused), len(held) > MOST)

    async def _wanted_by(self, name: str) -> bool:
        try:
            return (await self._person(name)).auto_release
        except NotFound:
            return False


def _told(released: Released) -> TapOutcome:
    many = len(released.released)
    words = f"{many} {'job prints' if many == 1 else 'jobs print'}" if many else "nothing prints"
    if released.refused:
        others = len(released.refused)
        words += f", {others} {'does' if others == 1 else 'do'} not: {released.refused[0].reason}"
    elif not many:
        words = "nothing waits for you"
    elif released.more:
        words += ", and more wait: tap again"
    return TapOutcome(words[:LONGEST_WORDS], many)
