"""All documents of a job are here: it is closed, and, if rules waited for them, judged first."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from ippgate.intake.examining import Examining
from ippgate.intake.judge import Judge, Sentence
from ippgate.intake.recall import insist
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotPossible, Unavailable
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Document, Job, NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Queue
from ippgate.spool import Spool
from ippgate.store.jobs import JobStore, Move
from ippgate.store.judgements import Judged, JudgementStore

_TRIES = 5  # a job that moves under our hands is looked at again, so many times

FindQueue = Callable[[int], Awaitable[Queue]]


class Conclusion:
    """Closes jobs. queue_by_id raises NotFound; wake: called with a device's id when a job may go there at once;
    recall: seconds.
    """

    def __init__(
        self,
        jobs: JobStore,
        judgements: JudgementStore,
        spool: Spool,
        examining: Examining,
        judge: Judge,
        queue_by_id: FindQueue,
        wake: Callable[[int], None],
        *,
        recall: float,
    ) -> None:
        self._jobs, self._judgements, self._spool, self._examining = jobs, judgements, spool, examining
        self._judge, self._queue_by_id, self._wake, self._recall = judge, queue_by_id, wake, recall

    async def close(self, job: Job, document: Document) -> bool:
        """Close a job that has its document. False: it was closed before.

        Raises Forbidden when a rule refuses it, NotPossible when it was ended meanwhile, and Unavailable.
        """
        if job.judged:
            closed = await insist(lambda: self._jobs.close(job.id), self._recall)
            if closed and job.device_id is not None:
                self._wake(job.device_id)
            self._examining.look_soon()
            return closed
        sentence = await self._judged(job, document)
        return await insist(lambda: self._settled(job, sentence), self._recall)

    async def _judged(self, job: Job, document: Document) -> Sentence:
        size = document.size
        assert size is not None

        async def look(*, drawn: bool) -> DocumentFacts:
            return await self._examine(job, size, drawn=drawn)

        new = NewJob(job.queue_id, job.owner, job.name, job.host, job.template, job.priority, job.hold_until)
        new = replace(new, release_action=job.release_action, said=job.said, unclaimed=job.unclaimed)
        announced = NewDocument(document.document_format, document.name, document.facts)
        queue = await self._queue_by_id(job.queue_id)
        sentence, seen = await self._judge.whole(queue, new, announced, size, look)
        if seen.facts is None:
            self._examining.look_soon()
        elif document.facts is None:
            await self._judgements.found(job.id, document.number, seen.facts)
        return sentence

    async def _settled(self, job: Job, sentence: Sentence) -> bool:
        """Close the job as it was judged, and let it go if it goes."""
        for _ in range(_TRIES):
            seen = await self._read(job.id)
            if seen.judged or not seen.incoming:
                return False
            if seen.state is JobState.PENDING and not sentence.verdict.goes:  # released before it was judged
                move = Move(job.id, Event.HOLD, seen.reasons, hold_until=seen.hold_until, hold_ends=seen.hold_ends)
                if await self._jobs.move(move) is None:
                    continue
                seen = replace(seen, state=JobState.PENDING_HELD)
            if await self._judgements.close(job.id, _outcome(sentence), seen=seen.state):
                await self._let_go(job.id, sentence)
                return True
        raise Unavailable(f"job {job.id} is moving at this moment; try again")

    async def _let_go(self, job_id: int, sentence: Sentence) -> None:
        device = sentence.device_id
        if sentence.verdict.goes and device is not None:
            await self._jobs.move(Move(job_id, Event.RELEASE, (), device_id=device))
            self._wake(device)

    async def _examine(self, job: Job, size: int, *, drawn: bool) -> DocumentFacts:
        found = (await self._read(job.id)).documents
        if not found or found[0].oid is None:
            raise NotPossible(f"job {job.id} was ended while its document was looked at")
        key = await self._spool.key_of(job.id)
        return await self._examining.stored(found[0].oid, found[0].number, key, size, drawn=drawn)

    async def _read(self, job_id: int) -> Job:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotPossible(f"job {job_id} was removed while its document arrived")
        return found[0]


def _outcome(sentence: Sentence) -> Judged:
    verdict = sentence.verdict
    return Judged(
        verdict.template,
        verdict.priority,
        verdict.reasons,
        verdict.message,
        sentence.device_id,
        verdict.tags,
        verdict.waits_for,
        verdict.decision,
    )
