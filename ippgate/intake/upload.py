"""A document of an open job, on its way into the spool."""

from collections.abc import AsyncIterator, Callable

from ippgate.intake.recall import insist
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import DocumentDamaged, NotFound, NotPossible, Overtaken
from ippgate.model.job import Document, Job, NewDocument
from ippgate.spool import JobKey, Spool
from ippgate.store.jobs import JobStore

Frames = AsyncIterator[tuple[bytes, bool]]
"""Octets, and whether they are the last."""


class Upload:
    """Stores documents. wake: called with a device's id when a job may go there at once; recall: seconds."""

    def __init__(self, jobs: JobStore, spool: Spool, wake: Callable[[int], None], *, recall: float) -> None:
        self._jobs, self._spool, self._wake, self._recall = jobs, spool, wake, recall

    async def store(self, job: Job, key: JobKey, document: NewDocument, arriving: Frames, *, last: bool) -> Document:
        """Store the job's next document whole. last: no other follows; if it is the only one, a pending job goes on to
        its device meanwhile (passthrough).

        Raises NotPossible when the job was ended, Overtaken when it was closed or another document took this one's
        place, and what the frames raise.
        """
        number = job.next_number
        first, whole = await anext(arriving)
        if whole:
            sealed = await self._spool.seal_small(key, number, first)
            check_open(await self._spool.store_small(job.id, number, document, sealed))
            facts = (document.document_format, document.name, sealed.size, sealed.sha256, document.facts)
            return Document(number, None, *facts)
        oid = await self._spool.begin(job.id, number, document)
        check_open(oid is not None)
        assert oid is not None
        if job.state is JobState.PENDING and last and number == 1:
            await self._jobs.make_ready(job.id)
            if job.device_id is not None:
                self._wake(job.device_id)
        try:
            stored = await self._spool.write(oid, number, key, again(first, arriving))
        except DocumentDamaged as error:  # it was deleted under our hands
            raise NotPossible(str(error)) from error
        if not await insist(lambda: self._spool.finish(job.id, number, stored), self._recall):
            check_open(await self._printed(job.id))  # a device may be faster than we are
        return Document(number, oid, document.document_format, document.name, stored.size, stored.sha256)

    async def _printed(self, job_id: int) -> bool:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}")
        return found[0].state is JobState.COMPLETED


async def again(first: bytes, rest: Frames) -> Frames:
    """The frames with one before them that was read already."""
    yield first, False
    async for frame in rest:
        yield frame


def check_open(still: bool) -> None:
    """Raises Overtaken."""
    if not still:
        raise Overtaken("the job was ended or closed while its document arrived")
