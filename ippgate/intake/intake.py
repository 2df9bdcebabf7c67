"""Jobs are made here and their documents taken, whatever door they came through.

A document that fits one frame is stored together with its job in one SQL call. A larger one streams: the job is open
(`job-incoming`) until the last frame is durable, and nobody gets a job-id for a document that is not whole. When a
document fails, its job is aborted and says why; what a crash leaves open is aborted by the sweeper.

Rules are held against a job as soon as all is known that they ask for: at once, or when its document is whole and was
examined. Until then it goes nowhere.
"""

import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ippgate.intake import birth
from ippgate.intake.allowance import Allowance, unlimited
from ippgate.intake.conclusion import Conclusion
from ippgate.intake.examining import Examining
from ippgate.intake.judge import Judge
from ippgate.intake.pulse import Pulse
from ippgate.intake.recall import insist
from ippgate.intake.upload import Frames, Upload, again
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import (
    Busy,
    ClientGone,
    CompressionError,
    DocumentDamaged,
    Forbidden,
    NotAccepting,
    NotAuthorized,
    NotFound,
    NotPossible,
    OneDocument,
    Overtaken,
    Refusal,
    TimedOut,
    TooManyDocuments,
    Unavailable,
)
from ippgate.model.job import Caller, Document, Job, NewDocument, NewJob
from ippgate.model.lifecycle import TERMINAL, Event
from ippgate.model.queue import Queue
from ippgate.model.until import NO_TIMES, UTC_CALENDAR, Calendar
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.observe.counting import Counting
from ippgate.spool import JobKey, Spool
from ippgate.spool.spool import frames
from ippgate.store.birth import Birth
from ippgate.store.jobs import JobStore, Move


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """Bounds of what arrives. Times in seconds."""

    multiple_operation_time_out: float = (
        120.0  # a job whose client is silent longer than this is aborted (RFC 8011 5.4.33)
    )
    max_uploads: int = 256  # documents on their way in at once, in one worker
    max_documents: int = 100  # in one job, those that were cancelled included
    recall: float = 10.0  # after a lost answer of the database: how long to ask again


def _clock() -> datetime:
    return datetime.now(UTC)


class Intake:
    """The one way in. wake: called with a device's id when a job may go there at once; calendar: when what jobs ask for
    comes.
    """

    def __init__(
        self,
        jobs: JobStore,
        spool: Spool,
        judge: Judge,
        examining: Examining,
        upload: Upload,
        conclusion: Conclusion,
        settings: IntakeSettings,
        wake: Callable[[int], None],
        counting: Counting,
        calendar: Calendar = UTC_CALENDAR,
        now: Callable[[], datetime] = _clock,
        *,
        allowance: Allowance | None = None,
    ) -> None:
        self._allowance = allowance or unlimited()
        self._jobs, self._spool, self._judge, self._examining = jobs, spool, judge, examining
        self._upload, self._conclusion = upload, conclusion
        self._settings, self._wake, self._counting = settings, wake, counting
        self._calendar, self._now = calendar, now
        self._uploads = 0

    async def submit(self, queue: Queue, new: NewJob, document: NewDocument, body: AsyncIterator[bytes]) -> Job:
        """Print-Job: a job and its only document. Raises Refusal and Unavailable; then no job waits for anybody."""
        _check_accepting(queue)
        new = self._timed(queue, new)
        await self._allowance.check(queue.id, new.owner, 0)
        with self._admitted(), self._allowance.admitted(queue.id, new.owner) as charge:
            pulse = self._pulse()
            arriving = frames(charge.over(pulse.over(body)))
            first, last = await anext(arriving)
            if last:
                return await self._submit_small(queue, new, document, first)
            born, key = await self._birth(queue, new, document)
            job = await self._open(queue, born)
            charge.opened()
            pulse.of(job.id)
            return await self._take(job, key, document, again(first, arriving), close=True)

    async def validate(self, queue: Queue, new: NewJob, document: NewDocument) -> None:
        """Validate-Job, as far as rules can tell without the document. Raises Refusal."""
        if not self._judge.waits_for_document:
            await self._judge.by_request(queue, self._timed(queue, new), document)

    async def create(self, queue: Queue, new: NewJob) -> Job:
        """Create-Job: a job that is open for documents. Raises Refusal."""
        _check_accepting(queue)
        await self._allowance.check(queue.id, new.owner, 0)
        with self._allowance.admitted(queue.id, new.owner):
            born, _key = await self._birth(queue, self._timed(queue, new), NewDocument())
            job = await self._open(queue, born)
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
        """Send-Document: one document after the other. Raises NotFound, NotAuthorized, NotPossible (another one still
        arrives), TimedOut, TooManyDocuments, Forbidden and what the body raises.
        """
        job = await self._open_job(job_id, caller)
        _check_room(job, self._settings.max_documents)
        await self._allowance.check(job.queue_id, job.owner, 0, jobs=0)
        with self._admitted(), self._allowance.admitted(job.queue_id, job.owner, jobs=0) as charge:
            key = await self._spool.key_of(job_id)
            await self._jobs.stay_open(job_id, self._settings.multiple_operation_time_out)
            pulse = self._pulse()
            pulse.of(job_id)
            return await self._take(job, key, document, frames(charge.over(pulse.over(body))), close=last)

    async def close(self, job_id: int, caller: Caller) -> Job:
        """Close-Job (PWG 5100.7 section 4.2), or a Send-Document without a document. A job that got none is aborted.

        Raises Forbidden when a rule refuses the job, which is aborted then.
        """
        job = await self._open_job(job_id, caller)
        if not job.documents:
            message = "the job was closed without a document"
            await self._jobs.move(Move(job_id, Event.ABORT, (R.ABORTED_BY_SYSTEM,), message))
        elif any(document.size is None for document in job.documents):
            raise NotPossible(f"a document of job {job_id} still arrives: close the job when it has been sent")
        else:
            try:
                await self._close(job)
            except Forbidden as error:
                await self._give_up(job, error)
                raise
        return await self._read(job_id)

    def _timed(self, queue: Queue, new: NewJob) -> NewJob:
        """The job with the moments that its wishes about time come to."""
        now, hours = self._now(), queue.options.hours
        times = self._calendar.times(new.template, hours, now)
        if new.hold_until is None and times is NO_TIMES:
            return new
        hold_until, hold_ends = self._calendar.hold(new.hold_until, hours, now)
        return replace(new, hold_until=hold_until, times=replace(times, hold_ends=hold_ends))

    # ── small ──

    async def _submit_small(self, queue: Queue, new: NewJob, document: NewDocument, plain: bytes) -> Job:
        sentence, document = await self._judge.small(queue, new, document, plain)
        name = uuid.uuid4()
        key = self._spool.keys.new_key(name)
        born = birth.judged(name, new, sentence, key)
        sealed = await self._spool.seal_small(key, 1, plain)
        accepted = await insist(lambda: self._jobs.accept(born, document, sealed), self._settings.recall)
        if born.device_id is not None and born.state is JobState.PENDING:
            self._wake(born.device_id)
        if document.facts is None:
            self._examining.look_soon()
        self._note_accepted(accepted.job_id, queue.name, new.owner, sealed.size, document.document_format)
        facts = (document.document_format, document.name, sealed.size, sealed.sha256, document.facts)
        job = birth.job_of(queue, born, accepted.job_id, accepted.created_at, (Document(1, accepted.oid, *facts),))
        if not job.only_stored:
            return job
        with contextlib.suppress(Unavailable):  # the job is safe, and is stored a moment later
            await self._store(job)
            return await self._read(job.id)
        return job

    # ── large ──

    async def _birth(self, queue: Queue, new: NewJob, document: NewDocument) -> tuple[Birth, JobKey]:
        """A job whose document is not here. Raises Refusal."""
        name = uuid.uuid4()
        key = self._spool.keys.new_key(name)
        if self._judge.waits_for_document:
            return birth.unjudged(name, queue, new, key), key
        return birth.judged(name, new, await self._judge.by_request(queue, new, document), key), key

    async def _open(self, queue: Queue, born: Birth) -> Job:
        born = birth.opened(born)
        accepted = await self._jobs.create(born, open_for=self._settings.multiple_operation_time_out)
        return replace(birth.job_of(queue, born, accepted.job_id, accepted.created_at), incoming=True)

    async def _take(self, job: Job, key: JobKey, document: NewDocument, arriving: Frames, *, close: bool) -> Job:
        try:
            stored = await self._upload.store(job, key, document, arriving, last=close)
            job = job.having(stored)
            if close:
                await self._close(job)
        except Overtaken:
            raise  # the job goes its way without this document: it is none the worse
        except BaseException as error:
            await self._give_up(job, error)
            raise
        try:
            return await self._read(job.id)
        except Unavailable:  # the job is safe: that is what its client is told
            return replace(job, incoming=not close)

    async def _close(self, job: Job) -> None:
        if await self._conclusion.close(job):
            if job.only_stored:
                with contextlib.suppress(Unavailable):
                    await self._store(job)
            self._note_accepted(job.id, job.queue, job.owner, job.size, job.document_format)

    async def _store(self, job: Job) -> None:
        """End a job that is only to be stored. If even that fails, the clock of holds does it (`hold.clock`)."""
        if await self._jobs.move(Move(job.id, Event.STORE, (R.JOB_COMPLETED_SUCCESSFULLY,))) is not None:
            note(Noted.JOB_STORED, job=job.id, queue=job.queue, user=job.owner)

    def _pulse(self) -> Pulse:
        return Pulse(self._jobs, self._settings.multiple_operation_time_out)

    async def _give_up(self, job: Job, error: BaseException) -> None:
        """Abort what did not arrive whole. If even that fails, the sweeper does it when the job's time is over."""
        message = str(error) if isinstance(error, Refusal | Unavailable) else "the document did not arrive whole"
        reasons = (R.ABORTED_BY_SYSTEM, *_why(error))
        self._counting.job_refused(reasons[-1])
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


def _check_accepting(queue: Queue) -> None:
    if not queue.accepting:
        raise NotAccepting(f"the queue {queue.name} takes no jobs at the moment: ask its operator")


def _check_room(job: Job, most: int) -> None:
    """Whether another document may come now. Raises NotPossible and TooManyDocuments."""
    if arriving := [document.number for document in job.documents if document.size is None]:
        sentence = f"document {arriving[0]} of job {job.id} still arrives: send the next one when it has been answered"
        raise NotPossible(sentence)
    if job.next_number <= most:
        return
    if most == 1:
        raise OneDocument("this printer takes one document in a job: send the second as a job of its own")
    raise TooManyDocuments(f"this printer takes {most} documents in a job: send the others in a job of their own")


def _why(error: BaseException) -> tuple[str, ...]:
    """The reasons beside aborted-by-system; a rule has none of its own."""
    if isinstance(error, Forbidden):
        return ()
    return (R.COMPRESSION_ERROR if isinstance(error, CompressionError) else R.SUBMISSION_INTERRUPTED,)
