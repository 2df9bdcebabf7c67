"""One job carried to its device: its document is fetched, the sending is marked, the outcome is stored.

The carrier knows what was durable when: `start` is committed before the first octet of the document leaves, so a
crash at any point leaves a job that is waiting (nothing sent), or one that is looked for at the device (something may
have been).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TypeVar

from ippgate.delivery.outcome import Verdict
from ippgate.ipp.registry import reasons as R
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Receipt, SourceBroken, Withdrawn
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.spool import Spool
from ippgate.store.jobs import JobStore, Move
from ippgate.store.lanes import LaneStore, Load
from ippgate.transport.port import Transport

_MESSAGE = 1023  # characters: job-state-message is text(MAX)
_SETTLE_PAUSE, _SETTLE_MOST = 0.2, 5.0  # seconds between attempts to store an outcome while the database is away


@dataclass(slots=True)
class Attempt:
    """How far one delivery has come."""

    load: Load
    sending: bool = False  # the first octet of the document may have left
    device_job_id: int | None = None
    began: float = field(default_factory=time.monotonic)


class Carrier:
    """The acts of delivery that touch the store. One for a worker; it keeps nothing between jobs."""

    def __init__(self, jobs: JobStore, lanes: LaneStore, spool: Spool) -> None:
        self._jobs, self._lanes, self._spool = jobs, lanes, spool

    async def send(self, attempt: Attempt, device: Device, transport: Transport) -> Receipt:
        """Deliver the document. Raises what the transport raises, DocumentDamaged, Unavailable and Withdrawn."""
        load = attempt.load

        async def mark_sending(device_job_id: int | None) -> None:
            move = Move(
                load.parcel.job_id,
                Event.START,
                (R.JOB_OUTGOING,),
                worker=self._lanes.worker,
                device_job_id=device_job_id,
                edge="sending",
            )
            if await self._jobs.move(move) is None:
                raise Withdrawn("the job was held or cancelled before it was sent")
            attempt.sending, attempt.device_job_id = True, device_job_id
            note(Noted.DELIVERY_STARTED, job=load.parcel.job_id, device=device.name, attempt=load.attempts + 1)

        async with aclosing(self._document(load)) as document:
            return await transport.deliver(load.parcel, document, mark_sending)

    async def _document(self, load: Load) -> AsyncGenerator[bytes, None]:
        if load.key is None or load.oid is None:
            raise DocumentDamaged(f"the document of job {load.parcel.job_id} is gone")
        key = self._spool.keys.unwrap(load.key)
        if load.frame is not None:
            yield self._spool.open_small(load.frame, 1, key)
            return
        async with aclosing(self._spool.read(load.oid, 1, key)) as stored:
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
        await _until_stored(lambda: self._lanes.reach_edge(load.parcel.job_id, receipt.device_job_id, reasons))

    async def settle(self, load: Load, verdict: Verdict) -> bool:
        """Store how an attempt ended, however long the database is away. False: the job is no longer ours to end."""
        move = Move(
            load.parcel.job_id,
            verdict.event,
            verdict.reasons,
            verdict.message[:_MESSAGE],
            worker=self._lanes.worker,
            impressions=verdict.impressions,
            sheets=verdict.sheets,
        )
        return await _until_stored(lambda: self._jobs.move(move)) is not None


_Stored = TypeVar("_Stored")


async def _until_stored(act: Callable[[], Awaitable[_Stored]]) -> _Stored:
    pause = _SETTLE_PAUSE
    while True:
        try:
            return await act()
        except Unavailable:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _SETTLE_MOST)
