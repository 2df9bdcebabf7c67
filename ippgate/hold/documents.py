"""What can be asked of the documents of a job that waits: one is cancelled, or named (PWG 5100.5).

A job has as many documents as its client sent; those that are cancelled are not printed, and their octets go at once.
With the last document that is left to print its job is cancelled: it would have nothing to do.
"""

from ippgate.hold.desk import Desk
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible, Unavailable
from ippgate.model.job import Caller, Document, Job
from ippgate.model.lifecycle import WAITS, keyword
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.documents import DocumentStore

_TRIES = 5  # a job that moves under our hands is looked at again, so many times


class Documents:
    """The service for single documents."""

    def __init__(self, documents: DocumentStore, desk: Desk) -> None:
        self._documents, self._desk = documents, desk

    async def cancel(self, job_id: int, number: int, caller: Caller) -> Job:
        """Cancel-Document. Raises NotFound, NotAuthorized, and NotPossible for a document that is printed, cancelled or
        still arrives, and for a job that goes or has ended.
        """
        for _ in range(_TRIES):
            job, document = await self._found(job_id, number, caller)
            if document.size is None:
                raise NotPossible(f"document {number} of job {job_id} still arrives: cancel the job")
            if document.printed:
                raise NotPossible(f"document {number} of job {job_id} is printed already")
            if not job.incoming and all(each is document or each.printed for each in job.documents):
                return await self._desk.cancel(job_id, caller)
            if await self._documents.cancel(job_id, number, seen=job.edition):
                note(Noted.DOCUMENT_CANCELED, job=job_id, document=number, user=caller.name)
                return await self._desk.get(job_id, caller)
        raise Unavailable(f"job {job_id} is moving at this moment; try again")

    async def rename(self, job_id: int, number: int, caller: Caller, name: str) -> Job:
        """Set-Document-Attributes with document-name. Raises as `cancel` does."""
        await self._found(job_id, number, caller)
        if not await self._documents.rename(job_id, number, name):
            await self._found(job_id, number, caller)
            raise Unavailable(f"job {job_id} is moving at this moment; try again")
        note(Noted.JOB_CHANGED, job=job_id, user=caller.name)
        return await self._desk.get(job_id, caller)

    async def _found(self, job_id: int, number: int, caller: Caller) -> tuple[Job, Document]:
        """A document that may be changed, and its job."""
        job = await self._desk.get(job_id, caller)
        if not caller.owns(job.owner):
            raise NotAuthorized(f"job {job_id} belongs to somebody else")
        if any(each.number == number for each in job.canceled):
            raise NotPossible(f"document {number} of job {job_id} was cancelled")
        document = next((each for each in job.documents if each.number == number), None)
        if document is None:
            raise NotFound(f"job {job_id} has no document {number}")
        if job.state not in WAITS:
            raise NotPossible(
                f"job {job_id} is {keyword(job.state)}: only documents of a job that waits can be changed"
            )
        return job, document
