"""Documents of jobs in memory: cancelled, named and sent again, by the law of the real services."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ippgate.model.errors import NotPossible
from ippgate.model.job import Caller, Document, Job, NewDocument, NewJob
from ippgate.model.lifecycle import WAITS
from ippgate.model.queue import Queue
from tests.unit.doors.memory import Memory


@dataclass
class Papers:
    """The documents of the jobs in `memory`."""

    memory: Memory

    async def cancel(self, job_id: int, number: int, caller: Caller) -> Job:
        job, document = self._waiting(job_id, number, caller)
        left = tuple(each for each in job.documents if each is not document)
        if not left:
            return await self.memory.cancel(job_id, caller)
        gone = replace(document, oid=None, canceled_at=datetime.now(UTC))
        return self._keep(replace(job, documents=left, canceled=(*job.canceled, gone), edition=job.edition + 1))

    async def rename(self, job_id: int, number: int, caller: Caller, name: str) -> Job:
        job, document = self._waiting(job_id, number, caller)
        renamed = tuple(replace(each, name=name) if each is document else each for each in job.documents)
        return self._keep(replace(job, documents=renamed))

    async def resubmit(self, job: Job, caller: Caller, queue: Queue, new: NewJob, *, open_to: bool = False) -> Job:
        assert caller.owns(job.owner) or open_to

        async def octets() -> AsyncIterator[bytes]:
            yield self.memory.documents[job.id]

        only = job.documents[0]
        return await self.memory.submit(queue, new, NewDocument(only.document_format, only.name), octets())

    def _waiting(self, job_id: int, number: int, caller: Caller) -> tuple[Job, Document]:
        job = self.memory.jobs[job_id]
        assert caller.owns(job.owner)
        if job.state not in WAITS:
            raise NotPossible(f"job {job_id} has gone: only documents of a job that waits can be changed")
        found = [each for each in job.documents if each.number == number]
        if not found:
            raise NotPossible(f"document {number} of job {job_id} was cancelled")
        return job, found[0]

    def _keep(self, job: Job) -> Job:
        self.memory.jobs[job.id] = job
        return job
