"""Jobs in PostgreSQL: made, moved, found. One function moves a job; everything else leaves its state alone."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState
from ippgate.model import ticket
from ippgate.model.happening import Happening, What
from ippgate.model.job import Job, NewDocument
from ippgate.model.lifecycle import TERMINAL, Event
from ippgate.model.packed_facts import pack
from ippgate.model.storage import Access
from ippgate.model.until import Retention, Until, held_words, lasting, named
from ippgate.store.birth import Birth, columns
from ippgate.store.database import Database
from ippgate.store.errors import queue_expected
from ippgate.store.gather import Gather
from ippgate.store.row import job_from
from ippgate.store.sealed import SealedDocument
from ippgate.store.subscriptions import SUBSCRIBING, Subscribing

WAITING = tuple(state for state in JobState if state not in TERMINAL)

_ACCEPT_MOST, _ACCEPT_HEAVY = 32, 4 * 1024 * 1024  # jobs and octets in one call
_MOVE_MOST = _FIND_MOST = 64


@dataclass(frozen=True, slots=True)
class Move:
    """One event that is to happen to one job. What is None stays as it is."""

    job_id: int
    event: Event
    reasons: tuple[str, ...]
    message: str = ""
    worker: UUID | None = None  # only while this worker carries the job,
    lease: int = 0  # and by this lease: a carrier from which the job was taken in between has no say
    keep: bool = False  # with retry: the carrier tries again itself; with release: once printed it is held again
    overdue: bool = False  # only if its client is silent too long, (release) its hold is over, (cancel) its time is
    device_id: int | None = None
    device_job_id: int | None = None
    impressions: int | None = None
    sheets: int | None = None
    edge: str | None = None  # sending | accepted: only while at the device
    hold_until: Until | None = None
    hold_ends: datetime | None = None  # with hold: when it ends by itself
    document: int | None = None  # with start: the only one of several that goes now; with retry: this one came out
    template: tuple[Attribute, ...] | None = None  # with release: the ticket that is bound until the job is held again,
    made_from: tuple[Attribute, ...] | None = None  # only while the job's ticket is still the one this was made from
    released_by: str | None = None  # with release: whoever asks for it; None: nobody does
    once: str | None = None  # with release: the key under which they ask for it, which happens once


@dataclass(frozen=True, slots=True)
class Moved:
    """The job's state after a move."""

    job_id: int
    state: JobState


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that is safe now."""

    job_id: int
    created_at: datetime
    oid: int


class JobStore:
    """The repository of jobs; `async with` while it gathers. keep_printed: seconds that ended jobs keep their
    documents; retention: until when they keep them because their clients asked for it; subscribing: the bounds of
    subscriptions that come with jobs.
    """

    def __init__(
        self,
        database: Database,
        *,
        keep_printed: float = 0.0,
        retention: Callable[[], Retention] = Retention.usual,
        subscribing: Subscribing = SUBSCRIBING,
    ) -> None:
        self._db = database
        self._keep, self._retention = keep_printed, retention
        self._subscribing = subscribing
        self._accepting = Gather(self._accept, most=_ACCEPT_MOST, heavy=_ACCEPT_HEAVY, lanes=2, weight=_octets)
        self._moving = Gather(self._move, most=_MOVE_MOST, lanes=2, apart=lambda move: move.job_id)
        self._finding = Gather(self._find, most=_FIND_MOST, lanes=2)

    async def __aenter__(self) -> Self:
        await self._accepting.__aenter__()
        await self._moving.__aenter__()
        await self._finding.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._accepting.__aexit__(kind, error, trace)
        await self._moving.__aexit__(kind, error, trace)
        await self._finding.__aexit__(kind, error, trace)

    # ── made ──

    async def accept(self, birth: Birth, document: NewDocument, sealed: SealedDocument) -> Accepted:
        """Store a job together with its whole document; it is durable when this returns.

        May be called again with the same birth when the answer was lost: the job is there once. Raises NotFound when
        its queue is gone.
        """
        return await self._accepting((birth, document, sealed))

    async def create(self, birth: Birth, *, open_for: float) -> Accepted:
        """Store a job that is still open for documents, for so many seconds. Raises NotFound when its queue is gone."""
        with queue_expected():
            row = await self._db.row("job_create", *columns(birth, self._subscribing), birth.judged, open_for)
        assert row is not None
        return Accepted(row["id"], row["created_at"], 0)

    async def _accept(self, batch: Sequence[tuple[Birth, NewDocument, SealedDocument]]) -> Sequence[Accepted]:
        rows = [
            (
                *columns(birth, self._subscribing),
                document.document_format,
                document.name,
                sealed.size,
                sealed.sha256,
                sealed.frame,
                document.facts and pack(document.facts),
            )
            for birth, document, sealed in batch
        ]
        with queue_expected():
            found = await self._db.fetch("job_accept", *(list(column) for column in zip(*rows, strict=True)))
        by_uuid = {row["uuid"]: row for row in found}
        if lost := [birth.uuid for birth, _, _ in batch if birth.uuid not in by_uuid]:
            by_uuid |= {row["uuid"]: row for row in await self._db.fetch("job_accepted", lost)}
        rows_in_order = (by_uuid[birth.uuid] for birth, _, _ in batch)
        return [Accepted(row["id"], row["created_at"], row["oid"]) for row in rows_in_order]

    # ── moved ──

    async def move(self, move: Move) -> Moved | None:
        """The one way in which a job's state changes. None: the law or the lease did not allow it; nothing changed."""
        return await self._moving(move)

    async def _move(self, batch: Sequence[Move]) -> Sequence[Moved | None]:
        columns = zip(*map(_wish, batch), strict=True)
        until = self._retention()
        moments = (until.ends.day, until.ends.week, until.ends.month, until.furthest, until.stored)
        rows = await self._db.fetch("job_move", *(list(column) for column in columns), self._keep, *moments)
        states = {row["id"]: Moved(row["id"], JobState(row["state"])) for row in rows}
        return [states.get(move.job_id) for move in batch]

    async def was_released(self, job_id: int, person: str, key: str) -> bool:
        """Whether somebody's release of a job with this key has happened."""
        return bool(await self._db.value("release_key_known", job_id, person, key))

    async def remember_release(self, job_id: int, person: str, key: str) -> None:
        """A release with this key counts as happened, for the job was on its way already."""
        await self._db.value("release_key_remember", job_id, person, key)

    async def ask_cancel(self, job_id: int, by: str, reasons: Collection[str]) -> bool:
        """Have a job at its device cancelled there. False: it is not at a device, or was asked before."""
        return await self._db.value("job_ask_cancel", job_id, by, list(reasons)) is not None

    async def device_job(self, job_id: int) -> int | None:
        """The number by which its device knows a job that it has as a whole. None: it has it not, or has no numbers."""
        number: int | None = await self._db.value("job_at_device", job_id)
        return number

    # ── while it arrives ──

    async def stay_open(self, job_id: int, seconds: float) -> bool:
        """Its client is still there. False: the job is closed or ended."""
        return await self._db.value("job_stay_open", job_id, seconds) is not None

    async def make_ready(self, job_id: int) -> None:
        """Let a lane take the job while its document still arrives."""
        await self._db.value("job_make_ready", job_id)

    async def close(self, job_id: int, *, seen: int | None = None) -> bool:
        """All documents are here. False: it was closed or ended before, or has others than in the edition `seen`."""
        return await self._db.value("job_close", job_id, seen) is not None

    async def abandoned(self, limit: int) -> list[tuple[int, JobState]]:
        """Open jobs whose client was silent too long."""
        return [(row["id"], JobState(row["state"])) for row in await self._db.fetch("job_ids_abandoned", limit)]

    # ── times that come ──

    async def held_over(self, limit: int) -> list[int]:
        """Ids of jobs whose hold has come to its end."""
        return [row["id"] for row in await self._db.fetch("job_ids_held_over", limit)]

    async def end_hold(self, job_id: int) -> bool:
        """End a hold that is over; the job waits for what else it has to wait for. False: for nothing else."""
        return await self._db.value("job_end_hold", job_id) is not None

    async def end_delays(self, limit: int) -> int:
        """Let jobs go whose output was delayed until now; how many."""
        return len(await self._db.fetch("job_end_delays", limit))

    async def processing_too_long(self, limit: int) -> list[int]:
        """Ids of jobs that have been processing for longer than they were to."""
        return [row["id"] for row in await self._db.fetch("job_ids_too_long", limit)]

    async def expired(self, limit: int, usual: float) -> list[tuple[int, float]]:
        """Ids of jobs that have waited as long as they were allowed to, and how many seconds that was; usual: of queues
        that do not say (0: for ever).
        """
        return [(row["id"], row["seconds"]) for row in await self._db.fetch("job_ids_expired", limit, float(usual))]

    async def expired_of(self, owner: str, since: datetime, limit: int) -> list[int]:
        """Ids of a person's jobs that have expired since then, newest first."""
        return [row["id"] for row in await self._db.fetch("job_ids_expired_of_owner", owner, since, limit)]

    async def tell(self, owner: str, limit: int) -> list[Happening]:
        """What happened to a person's jobs and was not told yet, newest first; it counts as told from now on."""
        return [
            Happening(
                *(row["id"], row["name"], row["queue"], row["device"]), What(row["what"]), row["message"], row["at"]
            )
            for row in await self._db.fetch("job_tell", owner, limit)
        ]

    # ── stored ──

    async def stored(
        self, access: Access, *, owner: str | None = None, group: str | None = None, queue_id: int | None, limit: int
    ) -> list[int]:
        """Ids of stored jobs with this access, newest first."""
        rows = await self._db.fetch("job_ids_stored", access, owner, group, queue_id, limit)
        return [row["id"] for row in rows]

    async def storing(self, limit: int) -> list[int]:
        """Ids of jobs that are only to be stored, and whose documents are here."""
        return [row["id"] for row in await self._db.fetch("job_ids_storing", limit)]

    async def unstore(self, job_id: int) -> bool:
        """Keep a stored job no longer: nobody reads its documents again. False: it was not stored."""
        return await self._db.value("job_unstore", job_id) is not None

    # ── changed ──

    async def change(self, job: Job, *, seen: Job) -> bool:
        """Store what a waiting job asks for: template, name, priority, hold, delay and reasons. False: its state or
        reasons are no longer as they were `seen`. A lane that had it leased gets it again as it is now.
        """
        facts = (ticket.pack(job.template), job.name, job.priority, named(job.hold_until), list(job.reasons))
        asked = lasting(job.template)
        waits = (job.hold_ends, held_words(job.hold_until), job.delayed_until)
        lasts = (asked.retain, asked.retain_seconds, asked.retain_time, asked.cancel_after)
        state = (int(seen.state), list(seen.reasons))
        return await self._db.value("job_set", job.id, *facts, *state, *waits, *lasts) is not None

    async def claim(self, job: Job, owner: str, reasons: tuple[str, ...]) -> bool:
        """Give a held job to its owner, with the reasons for which it waits on. False: it is not as it was seen."""
        return await self._db.value("job_claim", job.id, owner, list(reasons), list(job.reasons)) is not None

    async def purge(self, older_than: float, limit: int) -> int:
        """Forget ended jobs, seconds after their end, so many at the most; how many went."""
        return len(await self._db.fetch("job_purge", older_than, limit))

    # ── found ──

    async def get(self, job_ids: Sequence[int]) -> list[Job]:
        """The jobs with these ids that exist, in the order asked for."""
        if len(job_ids) == 1:
            job = await self._finding(job_ids[0])
            return [job] if job is not None else []
        return [job for job in await self._find(job_ids) if job is not None]

    async def _find(self, job_ids: Sequence[int]) -> list[Job | None]:
        found = {row["id"]: job_from(row) for row in await self._db.fetch("job_get", list(job_ids))}
        return [found.get(job_id) for job_id in job_ids]

    async def waiting(
        self,
        *,
        queue_id: int | None = None,
        owner: str | None = None,
        states: Collection[JobState] = WAITING,
        device_id: int | None = None,
        limit: int,
        after: int = 0,
    ) -> list[int]:
        """Ids of jobs that are not ended, oldest first."""
        wish = (queue_id, owner, list(states), device_id, limit, after)
        if owner is not None:
            rows = await self._db.fetch("job_ids_waiting_of_owner", *wish)
        elif queue_id is not None:
            rows = await self._db.fetch("job_ids_waiting_of_queue", *wish)
        else:
            rows = await self._db.fetch("job_ids_waiting", *wish)
        return [row["id"] for row in rows]

    async def at_device(
        self,
        device_id: int,
        *,
        owner: str | None,
        states: Collection[JobState],
        limit: int,
        others: Collection[str] = (),
    ) -> list[int]:
        """Ids of jobs that wait to be released, wherever that may be, or go to this device; oldest first. others: for
        whom the owner stands.
        """
        wish = (owner, device_id, list(states), limit)
        if owner is not None and others:
            rows = await self._db.fetch("job_ids_at_device_of_owners", *wish, list(others))
        elif owner is not None:
            rows = await self._db.fetch("job_ids_at_device_of_owner", *wish)
        else:
            rows = await self._db.fetch("job_ids_at_device", *wish)
        return [row["id"] for row in rows]

    async def held_of(self, owners: Collection[str], limit: int) -> list[int]:
        """Ids of held jobs of several owners, oldest first."""
        return [row["id"] for row in await self._db.fetch("job_ids_held_of_owners", list(owners), limit)]

    async def ended(
        self,
        *,
        queue_id: int | None = None,
        owner: str | None = None,
        states: Collection[JobState] = tuple(TERMINAL),
        device_id: int | None = None,
        limit: int,
    ) -> list[int]:
        """Ids of ended jobs, newest first."""
        wish = (queue_id, owner, list(states), device_id, limit)
        if owner is not None:
            rows = await self._db.fetch("job_ids_ended_of_owner", *wish)
        elif queue_id is not None:
            rows = await self._db.fetch("job_ids_ended_of_queue", *wish)
        else:
            rows = await self._db.fetch("job_ids_ended", *wish)
        return [row["id"] for row in rows]

    async def count_waiting(self, queue_id: int, bound: int) -> int:
        """How many jobs of a queue are not ended, counted up to `bound`."""
        return int(await self._db.value("job_count_waiting", queue_id, bound))

    async def count_states(self) -> dict[JobState, int]:
        """Jobs that are not ended, by state."""
        return {JobState(row["state"]): row["jobs"] for row in await self._db.fetch("job_count_states")}

    async def attempts(self, job_id: int) -> list[dict[str, object]]:
        """Every delivery of the job that was begun and has ended, in order."""
        return [dict(row) for row in await self._db.fetch("attempt_list", job_id)]


def _wish(move: Move) -> tuple[object, ...]:
    """A row of `job_move`."""
    return (
        move.job_id,
        str(move.event),
        move.worker,
        move.lease,
        move.device_id,
        " ".join(move.reasons),
        move.message,
        move.device_job_id,
        move.impressions,
        move.sheets,
        move.edge,
        named(move.hold_until),
        move.keep,
        move.overdue,
        None if move.template is None else ticket.pack(move.template),
        None if move.made_from is None else ticket.pack(move.made_from),
        move.hold_ends,
        held_words(move.hold_until),
        move.document,
        move.released_by,
        move.once,
    )


def _octets(item: tuple[Birth, NewDocument, SealedDocument]) -> int:
    return len(item[2].frame)
