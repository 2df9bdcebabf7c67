"""Jobs are made here and their documents taken, whatever door they came through.

A document that fits one frame is stored together with its job in one SQL call. A larger one streams: the job is open
(`job-incoming`) until the last frame is durable, and nobody gets a job-id for a document that is not whole. When a
document fails, its job is aborted and says why; what a crash leaves open is aborted by the sweeper.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from ippgate.intake.birth import birth_state
from ippgate.intake.pulse import Pulse
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import (
    Busy,
    ClientGone,
    CompressionError,
    DocumentDamaged,
    NotAccepting,
    NotAuthorized,
    NotFound,
    NotPossible,
    Refusal,
    SpoolFull,
    TimedOut,
    TooManyDocuments,
    Unavailable,
)
from ippgate.model.job import Caller, Document, Job, NewDocument, NewJob
from ippgate.model.lifecycle import TERMINAL, Event
from ippgate.model.queue import Queue
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.observe.counting import Counting
from ippgate.spool import JobKey, Spool
from ippgate.spool.spool import frames
from ippgate.store.jobs import Birth, JobStore, Move

Frames = AsyncIterator[tuple[bytes, bool]]

_Answer = TypeVar("_Answer")
_RECALL_PAUSE = 0.25  # seconds before the database is asked again


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """Bounds of what arrives. Times in seconds."""

    multiple_operation_time_out: float = (
        120.0  # a job whose client is silent longer than this is aborted (RFC 8011 5.4.33)
    )
    max_uploads: int = 256  # documents on their way in at once, in one worker
    recall: float = 10.0  # after a lost answer of the database: how long to ask again


class Intake:
    """The one way in. wake: called with a device's id when a job may go there at once."""

    def __init__(
        self,
        jobs: JobStore,
        spool: Spool,
        settings: IntakeSettings,
        wake: Callable[[int], None],
        counting: Counting,
    ) -> None:
        self._jobs, self._spool, self._settings, self._wake = jobs, spool, settings, wake
        self._counting = counting
        self._uploads = 0

    async def submit(self, queue: Queue, new: NewJob, document: NewDocument, body: AsyncIterator[bytes]) -> Job:
        """Print-Job: a job and its only document. Raises Refusal and Unavailable; then no job waits for anybody."""
        _check_accepting(queue)
        with self._admitted():
            pulse = self._pulse()
            arriving = frames(pulse.over(body))
            first, last = await anext(arriving)
            birth, key = self._birth(queue, new)
            if last:
                return await self._submit_small(queue, birth, key, document, first)
            job = await self._open(queue, birth)
            pulse.of(job.id)
            return await self._take(job, key, document, _again(first, arriving), close=True)

    async def create(self, queue: Queue, new: NewJob) -> Job:
        """Create-Job: a job that is open for documents."""
        _check_accepting(queue)
        birth, _key = self._birth(queue, new)
        job = await self._open(queue, birth)
        note(Noted.JOB_CREATED, job=job.id, queue=queue.name, user=new.owner)
        return job

    async def add_document(
        self,
        job_id: int,
        caller: Caller,
        document: NewDocument,
        body: AsyncIterator[bytes],
        last: bool,
    ) -> Job:
        """Send-Document. Raises NotFound, NotAuthorized, NotPossible, TimedOut, TooManyDocuments and what the body
        raises.
        """
        job = await self._open_job(job_id, caller)
        if job.documents:
            raise TooManyDocuments("this printer takes one document in a job: send the second as a job of its own")
        with self._admitted():
            key = await self._spool.key_of(job_id)
            await self._jobs.stay_open(job_id, self._settings.multiple_operation_time_out)
            pulse = self._pulse()
            pulse.of(job_id)
            return await self._take(job, key, document, frames(pulse.over(body)), close=last)

    async def close(self, job_id: int, caller: Caller) -> Job:
        """Close-Job (PWG 5100.7 section 4.2), or a Send-Document without a document. A job that got none is aborted."""
        job = await self._open_job(job_id, caller)
        if not job.documents:
            message = "the job was closed without a document"
            await self._jobs.move(Move(job_id, Event.ABORT, (R.ABORTED_BY_SYSTEM,), message))
        elif any(document.size is None for document in job.documents):
            raise NotPossible(f"the document of job {job_id} still arrives: close the job when it has been sent")
        elif await self._jobs.close(job_id):
            self._wake_for(job)
            self._note_accepted(job_id, job.queue, job.owner, job.size, job.documents[0].document_format)
        return await self._read(job_id)

    # ── small ──

    async def _submit_small(self, queue: Queue, birth: Birth, key: JobKey, document: NewDocument, plain: bytes) -> Job:
        sealed = await self._spool.seal_small(key, 1, plain)
        accepted = await self._insist(lambda: self._jobs.accept(birth, document, sealed))
        if birth.device_id is not None and birth.state is JobState.PENDING:
            self._wake(birth.device_id)
        self._note_accepted(accepted.job_id, queue.name, birth.new.owner, sealed.size, document.document_format)
        stored = Document(1, accepted.oid, document.document_format, document.name, sealed.size, sealed.sha256)
        return _job(queue, birth, accepted.job_id, accepted.created_at, (stored,))

    async def _insist(self, act: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """The database's answer was lost: what does no harm twice is asked for again, rather than let a client send its
        document twice.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.recall
        while True:
            try:
                return await act()
            except SpoolFull:
                raise
            except Unavailable:
                if loop.time() >= until:
                    raise
                await asyncio.sleep(_RECALL_PAUSE)

    # ── large ──

    async def _open(self, queue: Queue, birth: Birth) -> Job:
        awaited = R.JOB_INCOMING if birth.state is JobState.PENDING_HELD else R.JOB_DATA_INSUFFICIENT
        birth = replace(birth, reasons=(*birth.reasons, awaited))
        accepted = await self._jobs.create(birth, open_for=self._settings.multiple_operation_time_out)
        return replace(_job(queue, birth, accepted.job_id, accepted.created_at), incoming=True)

    async def _take(self, job: Job, key: JobKey, document: NewDocument, arriving: Frames, *, close: bool) -> Job:
        try:
            stored = await self._store(job, key, document, arriving)
            if close:
                await self._insist(lambda: self._jobs.close(job.id))
        except TooManyDocuments:
            raise  # the job's own document arrives elsewhere: it is none the worse
        except BaseException as error:
            await self._give_up(job, error)
            raise
        if close:
            self._wake_for(job)
            self._note_accepted(job.id, job.queue, job.owner, stored.size or 0, document.document_format)
        try:
            return await self._read(job.id)
        except Unavailable:  # the job is safe: that is what its client is told
            return replace(job, incoming=not close, documents=(stored,))

    async def _store(self, job: Job, key: JobKey, document: NewDocument, arriving: Frames) -> Document:
        """A pending job goes on to its device while its document still arrives (passthrough)."""
        first, last = await anext(arriving)
        if last:
            sealed = await self._spool.seal_small(key, 1, first)
            _check_open(await self._spool.store_small(job.id, 1, document, sealed))
            return Document(1, None, document.document_format, document.name, sealed.size, sealed.sha256)
        oid = await self._spool.begin(job.id, 1, document)
        _check_open(oid is not None)
        assert oid is not None
        if job.state is JobState.PENDING:
            await self._jobs.make_ready(job.id)
            self._wake_for(job)
        try:
            stored = await self._spool.write(oid, 1, key, _again(first, arriving))
        except DocumentDamaged as error:  # it was deleted under our hands
            raise NotPossible(str(error)) from error
        if not await self._insist(lambda: self._spool.finish(job.id, 1, stored)):
            _check_open((await self._read(job.id)).state is JobState.COMPLETED)  # a device may be faster than we are
        return Document(1, oid, document.document_format, document.name, stored.size, stored.sha256)

    def _pulse(self) -> Pulse:
        return Pulse(self._jobs, self._settings.multiple_operation_time_out)

    async def _give_up(self, job: Job, error: BaseException) -> None:
        """Abort what did not arrive whole. If even that fails, the sweeper does it when the job's time is over."""
        message = str(error) if isinstance(error, Refusal | Unavailable) else "the document did not arrive whole"
        reasons = (R.ABORTED_BY_SYSTEM, _why(error))
        self._counting.job_refused(_why(error))
        note(Noted.CLIENT_GONE if isinstance(error, ClientGone) else Noted.JOB_ABANDONED, job=job.id, reason=message)
        with contextlib.suppress(Unavailable, DocumentDamaged):
            await self._jobs.move(Move(job.id, Event.ABORT, reasons, message))

    # ── both ──

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        if self._uploads >= self._settings.max_uploads:
            raise Busy(f"{self._uploads} documents are arriving at this moment; try again in a minute")
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    def _birth(self, queue: Queue, new: NewJob) -> tuple[Birth, JobKey]:
        state, reasons = birth_state(queue, new)
        name = uuid.uuid4()
        key = self._spool.keys.new_key(name)
        return Birth(new, name, state, reasons, queue.device_id, key.wrapped), key

    async def _open_job(self, job_id: int, caller: Caller) -> Job:
        job = await self._read(job_id)
        if not caller.owns(job.owner):
            raise NotAuthorized(f"job {job_id} belongs to somebody else")
        if job.state in TERMINAL and R.SUBMISSION_INTERRUPTED in job.reasons:
            raise TimedOut(f"job {job_id} was aborted because its documents did not come in time: create a new one")
        if not job.incoming:
            raise NotPossible(f"job {job_id} takes no more documents: it is closed")
        return job

    async def _read(self, job_id: int) -> Job:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}")
        return found[0]

    def _note_accepted(self, job_id: int, queue: str, owner: str, octets: int, document_format: str) -> None:
        self._counting.job_accepted(queue, octets)
        note(Noted.JOB_ACCEPTED, job=job_id, queue=queue, user=owner, octets=octets, format=document_format)

    def _wake_for(self, job: Job) -> None:
        if job.device_id is not None:
            self._wake(job.device_id)


async def _again(first: bytes, rest: Frames) -> Frames:
    yield first, False
    async for frame in rest:
        yield frame


def _job(queue: Queue, birth: Birth, job_id: int, created_at: datetime, documents: tuple[Document, ...] = ()) -> Job:
    new = birth.new
    return Job(
        id=job_id,
        uuid=birth.uuid,
        queue_id=queue.id,
        queue=queue.name,
        owner=new.owner,
        name=new.name,
        state=birth.state,
        reasons=birth.reasons,
        created_at=created_at,
        host=new.host,
        priority=new.priority,
        hold_until=new.hold_until,
        device_id=birth.device_id,
        template=new.template,
        documents=documents,
    )


def _check_accepting(queue: Queue) -> None:
    if not queue.accepting:
        raise NotAccepting(f"the queue {queue.name} takes no jobs at the moment: ask its operator")


def _check_open(still: bool) -> None:
    if not still:
        raise NotPossible("the job was ended or closed while its document arrived")


def _why(error: BaseException) -> str:
    return R.COMPRESSION_ERROR if isinstance(error, CompressionError) else R.SUBMISSION_INTERRUPTED
