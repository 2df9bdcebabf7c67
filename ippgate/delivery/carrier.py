"""One job carried to its device: its documents are fetched, the sending is marked, the outcome is stored.

The carrier knows what was durable when: `start` is committed before the first octet of the document leaves, so a
crash at any point leaves a job that is waiting (nothing sent), or one that is looked for at the device (something may
have been).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ippgate.delivery.outcome import Verdict
from ippgate.ipp.registry import reasons as R
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import MarkSending, OutcomeUnknown, Parcel, Receipt, SourceBroken, Withdrawn
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.spool import Spool
from ippgate.store.jobs import JobStore, Move, Moved
from ippgate.store.lanes import Enclosed, LaneStore, Load, added
from ippgate.transport.port import Transport

_MESSAGE = 1023  # characters: job-state-message is text(MAX)
_READ_PATIENCE = 30.0  # seconds that a device waits in the middle of a document while the database is away
_SETTLE_PAUSE, _SETTLE_MOST = 0.2, 5.0  # seconds between attempts to store an outcome while the database is away


@dataclass(slots=True)
class Attempt:
    """How far one delivery has come."""

    load: Load
    starting: asyncio.Event = field(default_factory=asyncio.Event)  # its start is being stored
    sending: bool = False  # the first octet of the document may have left
    device_job_id: int | None = None
    began: float = field(default_factory=time.monotonic)  # when the document began to leave
    unreadable: DocumentDamaged | Unavailable | None = None  # why the document itself could not be read on


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """The document could not be read on in the middle of it: what the device has of the job is to be cleared away."""

    why: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing was sent: the device may be tried again."""

    error: Exception


Outcome = Receipt | Verdict | OutcomeUnknown | BrokenOff
"""The device has the document; the job's fate; it must be looked for, or cleared away."""


class Carrier:
    """The acts of delivery that touch the store. One for a worker; it keeps nothing between jobs."""

    def __init__(self, jobs: JobStore, lanes: LaneStore, spool: Spool) -> None:
        self._jobs, self._lanes, self._spool = jobs, lanes, spool

    async def send(self, attempt: Attempt, device: Device, transport: Transport) -> Receipt:
        """Deliver the document, or all of them as one job of the device's. Raises what the transport raises,
        DocumentDamaged, Unavailable and Withdrawn.
        """
        load = attempt.load

        async def mark_sending(device_job_id: int | None) -> None:
            attempt.starting.set()
            facts = {"device_job_id": device_job_id, "document": load.leg and load.leg.number}
            move = self._move(load, Event.START, (R.JOB_OUTGOING,), edge="sending", **facts)
            if await self._jobs.move(move) is None:
                raise Withdrawn("the job was held or cancelled before it was sent")
            attempt.sending, attempt.device_job_id, attempt.began = True, device_job_id, time.monotonic()
            note(Noted.DELIVERY_STARTED, job=load.parcel.job_id, device=device.name, attempt=load.attempts + 1)

        try:
            if load.parcel.enclosed:
                return await self._send_several(attempt, transport, mark_sending)
            parcel = await self._measured(attempt) if transport.needs_size else load.parcel
            async with aclosing(self._document(attempt)) as document:
                return await transport.deliver(parcel, document, mark_sending)
        except SourceBroken:
            if attempt.unreadable is not None:
                raise attempt.unreadable from None
            raise

    async def _send_several(self, attempt: Attempt, transport: Transport, mark_sending: MarkSending) -> Receipt:
        """What was read of a document that does not open says nothing of those before it."""
        load = attempt.load
        async with AsyncExitStack() as open_documents:
            documents = [
                await open_documents.enter_async_context(aclosing(self._document(attempt, each)))
                for each in load.enclosed
            ]
            try:
                return await transport.deliver_several(load.parcel, documents, mark_sending)
            except SourceBroken as error:
                if attempt.sending and isinstance(attempt.unreadable, DocumentDamaged):
                    sentence = f"{attempt.unreadable}; documents before it may have been printed"
                    raise DocumentDamaged(sentence) from error
                raise

    async def _measured(self, attempt: Attempt) -> Parcel:
        """The parcel with its size. A document that still arrives is read to its end for that, before it is sent."""
        parcel = attempt.load.parcel
        if parcel.size is not None:
            return parcel
        size = 0
        async with aclosing(self._document(attempt)) as document:
            async for chunk in document:
                size += len(chunk)
        return replace(parcel, size=size)

    async def _document(self, attempt: Attempt, each: Enclosed | None = None) -> AsyncGenerator[bytes, None]:
        """The document of the load; each: that one of several."""
        load = attempt.load
        if each is not None:
            load = replace(load, oid=each.oid, frame=each.frame, number=each.number)
        try:
            async with aclosing(self._stored(load)) as stored:
                async for chunk in stored:
                    yield chunk
        except (DocumentDamaged, Unavailable) as error:
            attempt.unreadable = error
            raise

    async def _stored(self, load: Load) -> AsyncGenerator[bytes, None]:
        if load.key is None or load.oid is None:
            raise DocumentDamaged(f"the document of job {load.parcel.job_id} is gone")
        key = self._spool.keys.unwrap(load.key)
        if load.frame is not None:
            yield self._spool.open_small(load.frame, load.number, key)
            return
        async with aclosing(self._spool.read(load.oid, load.number, key, patience=_READ_PATIENCE)) as stored:
            try:
                async for chunk in stored:
                    yield chunk
            except DocumentDamaged as error:
                if load.parcel.size is None:  # it never was whole: its client broke off
                    raise SourceBroken(str(error)) from error
                raise

    async def accepted(self, load: Load, receipt: Receipt) -> None:
        """The device has it all: what follows is following."""
        reasons = (R.JOB_PRINTING, R.QUEUED_IN_DEVICE)
        await _until_stored(lambda: self._lanes.reach_edge(load, receipt.device_job_id, reasons))

    async def step_back(self, attempt: Attempt) -> None:
        """The sending was marked, or may have been (its answer was lost), and nothing was sent: the job waits again,
        and stays ours to try.
        """
        move = self._move(attempt.load, Event.RETRY, (), keep=True)
        await _until_stored(lambda: self._jobs.move(move))
        attempt.sending, attempt.device_job_id, attempt.unreadable = False, None, None

    async def settle(self, load: Load, verdict: Verdict) -> Moved | None:
        """Store how an attempt ended, however long the database is away. None: the job is no longer ours to end.

        A job that somebody wants cancelled ends cancelled instead of being held or sent again.
        """
        counts = {
            "impressions": added(load.impressions, verdict.impressions),
            "sheets": added(load.sheets, verdict.sheets),
        }
        move = self._move(load, verdict.event, verdict.reasons, message=verdict.message[:_MESSAGE], **counts)
        return await _until_stored(lambda: self._jobs.move(move))

    async def came_out(self, load: Load, verdict: Verdict, *, keep: bool) -> Moved | None:
        """Store that one document of several came out, and that the job waits for its next one. keep: it stays ours."""
        assert load.leg is not None
        counts = {
            "impressions": added(load.impressions, verdict.impressions),
            "sheets": added(load.sheets, verdict.sheets),
        }
        message = f"document {load.leg.number} of it was printed"
        move = self._move(load, Event.RETRY, (), message=message, keep=keep, document=load.leg.number, **counts)
        moved = await _until_stored(lambda: self._jobs.move(move))
        if moved is None:  # its device was seen to stop meanwhile: by the law it goes on before it ends
            resume = self._move(load, Event.RESUME, ())
            await _until_stored(lambda: self._jobs.move(resume))
            moved = await _until_stored(lambda: self._jobs.move(move))
        return moved

    def _move(self, load: Load, event: Event, reasons: tuple[str, ...], **facts: Any) -> Move:
        return Move(load.parcel.job_id, event, reasons, worker=self._lanes.worker, lease=load.lease, **facts)


_Stored = TypeVar("_Stored")


async def _until_stored(act: Callable[[], Awaitable[_Stored]]) -> _Stored:
    pause = _SETTLE_PAUSE
    while True:
        try:
            return await act()
        except Unavailable:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _SETTLE_MOST)
