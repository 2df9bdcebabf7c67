"""All documents of a job are here: it is closed, and, if rules waited for them, judged first."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from ippgate.intake.examining import Examining
from ippgate.intake.judge import Judge, Sentence
from ippgate.intake.recall import insist
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotPossible, Overtaken, Unavailable
from ippgate.model.facts import DocumentFacts, together
from ippgate.model.job import Document, Job, NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Queue
from ippgate.spool import JobKey, Spool
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

    async def close(self, job: Job) -> bool:
        """Close a job that has its documents. False: it was closed before.

        Raises Forbidden when a rule refuses it, NotPossible when it was ended meanwhile, Overtaken when another
        document of it arrives, and Unavailable.
        """
        for _ in range(_TRIES):
            closed = await (self._as_it_is(job) if job.judged else self._as_judged(job))
            if closed is not None:
                return closed
            job = await self._read(job.id)  # a document came or went meanwhile
            if not job.incoming:
                return False
            if any(document.size is None for document in job.documents):
                raise Overtaken(f"another document of job {job.id} arrives: it is closed when that is here")
        raise _restless(job.id)

    async def _as_it_is(self, job: Job) -> bool | None:
        """Close a job about which all is decided. None: its documents are others now."""
        if not await insist(lambda: self._jobs.close(job.id, seen=job.edition), self._recall):
            return None
        if job.device_id is not None:
            self._wake(job.device_id)
        self._examining.look_soon()
        return True

    async def _as_judged(self, job: Job) -> bool | None:
        """Judge a job and close it so. None: its documents are others now."""
        job = await self._read(job.id)
        if not job.documents or any(document.oid is None for document in job.documents):
            raise NotPossible(f"job {job.id} was ended while its document was looked at")
        key = await self._spool.key_of(job.id)
        found = {document.number: document.facts for document in job.documents}

        async def look(*, drawn: bool) -> DocumentFacts:
            for document in job.documents:
                if document.facts is None:
                    found[document.number] = await self._examined(document, key, drawn=drawn)
            facts = together(list(found.values()))
            assert facts is not None
            return facts

        def formats() -> list[str]:
            looked_at = ((document, found[document.number]) for document in job.documents)
            return [(facts and facts.document_format) or document.document_format for document, facts in looked_at]

        new = NewJob(job.queue_id, job.owner, job.name, job.host, job.template, job.priority, job.hold_until)
        new = replace(new, release_action=job.release_action, said=job.said, unclaimed=job.unclaimed)
        new = replace(new, storage=job.storage)
        announced = NewDocument(job.document_format, job.documents[0].name, job.facts)
        queue = await self._queue_by_id(job.queue_id)
        sentence, seen = await self._judge.whole(queue, new, announced, job.size, look, formats)
        if seen.facts is None:
            self._examining.look_soon()
        else:
            for document in job.documents:
                if document.facts is None and (facts := found[document.number]) is not None:
                    await self._judgements.found(job.id, document.number, facts)
        return await insist(lambda: self._settled(job, sentence), self._recall)

    async def _examined(self, document: Document, key: JobKey, *, drawn: bool) -> DocumentFacts:
        assert document.oid is not None
        assert document.size is not None
        return await self._examining.stored(document.oid, document.number, key, document.size, drawn=drawn)

    async def _settled(self, job: Job, sentence: Sentence) -> bool | None:
        """Close the job as it was judged, and let it go if it goes. None: it has other documents than were judged."""
        for _ in range(_TRIES):
            seen = await self._read(job.id)
            if seen.judged or not seen.incoming:
                return False
            if seen.edition != job.edition:
                return None
            if seen.state is JobState.PENDING and not sentence.verdict.goes:  # released before it was judged
                move = Move(job.id, Event.HOLD, seen.reasons, hold_until=seen.hold_until, hold_ends=seen.hold_ends)
                if await self._jobs.move(move) is None:
                    continue
                seen = replace(seen, state=JobState.PENDING_HELD)
            if await self._judgements.close(job.id, _outcome(sentence), seen=seen.state, edition=job.edition):
                await self._let_go(job.id, sentence)
                return True
        raise _restless(job.id)

    async def _let_go(self, job_id: int, sentence: Sentence) -> None:
        device = sentence.device_id
        if sentence.verdict.goes and device is not None:
            await self._jobs.move(Move(job_id, Event.RELEASE, (), device_id=device))
            self._wake(device)

    async def _read(self, job_id: int) -> Job:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotPossible(f"job {job_id} was removed while its document arrived")
        return found[0]


def _restless(job_id: int) -> Unavailable:
    return Unavailable(f"job {job_id} is moving at this moment; try again")


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
