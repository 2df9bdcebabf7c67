"""The document of an open job, on its way into the spool."""

from collections.abc import AsyncIterator, Callable

from ippgate.intake.recall import insist
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import DocumentDamaged, NotFound, NotPossible
from ippgate.model.job import Document, Job, NewDocument
from ippgate.spool import JobKey, Spool
from ippgate.store.jobs import JobStore

Frames = AsyncIterator[tuple[bytes, bool]]
"""Octets, and whether they are the last."""


class Upload:
    """Stores documents. wake: called with a device's id when a job may go there at once; recall: seconds."""

    def __init__(self, jobs: JobStore, spool: Spool, wake: Callable[[int], None], *, recall: float) -> None:
        self._jobs, self._spool, self._wake, self._recall = jobs, spool, wake, recall

    async def store(self, job: Job, key: JobKey, document: NewDocument, arriving: Frames) -> Document:
        """Store the document whole. A pending job goes on to its device meanwhile (passthrough).

        Raises NotPossible when the job was ended or closed, TooManyDocuments, and what the frames raise.
        """
        first, last = await anext(arriving)
        if last:
            sealed = await self._spool.seal_small(key, 1, first)
            check_open(await self._spool.store_small(job.id, 1, document, sealed))
            return Document(
                1, None, document.document_format, document.name, sealed.size, sealed.sha256, document.facts
            )
        oid = await self._spool.begin(job.id, 1, document)
        check_open(oid is not None)
        assert oid is not None
        if job.state is JobState.PENDING:
            await self._jobs.make_ready(job.id)
            if job.device_id is not None:
                self._wake(job.device_id)
        try:
            stored = await self._spool.write(oid, 1, key, again(first, arriving))
        except DocumentDamaged as error:  # it was deleted under our hands
            raise NotPossible(str(error)) from error
        if not await insist(lambda: self._spool.finish(job.id, 1, stored), self._recall):
            check_open(await self._printed(job.id))  # a device may be faster than we are
        return Document(1, oid, document.document_format, document.name, stored.size, stored.sha256)

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
    """Raises NotPossible."""
    if not still:
        raise NotPossible("the job was ended or closed while its document arrived")
