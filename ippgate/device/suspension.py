"""Jobs that rest at their devices (RFC 3998 section 4.3): the device is asked at once, and its answer is the answer.

The state of the job changes when whoever follows it sees that it has changed there.
"""

from collections.abc import Callable

from ippgate.device.book import Book
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.errors import DeviceNotReady, NotFound, NotPossible
from ippgate.model.job import Job
from ippgate.model.lifecycle import keyword
from ippgate.model.parcel import DeliveryError
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.jobs import JobStore
from ippgate.transport.port import Suspender, Transport


class Suspension:
    """The service of letting jobs rest. open_transport: a wire to a device."""

    def __init__(self, jobs: JobStore, book: Book, open_transport: Callable[[Device], Transport]) -> None:
        self._jobs, self._book, self._open = jobs, book, open_transport

    async def suspend(self, job_id: int, by: str) -> None:
        """Suspend-Current-Job. Raises NotFound, NotPossible (it is not being printed, or its device has no such thing),
        and DeviceNotReady (the device does not answer, or will not).
        """
        job = await self._job(job_id)
        if job.state is not JobState.PROCESSING:
            raise NotPossible(f"job {job.id} is {keyword(job.state)}: only a job that is printed can be suspended")
        await self._ask(job, resume=False)
        note(Noted.JOB_SUSPENDED, job=job.id, user=by, device=job.device)

    async def resume(self, job_id: int, by: str) -> None:
        """Resume-Job. Raises the same."""
        job = await self._job(job_id)
        if job.state is not JobState.PROCESSING_STOPPED or R.JOB_SUSPENDED not in job.reasons:
            raise NotPossible(f"job {job.id} is {keyword(job.state)}, and not suspended: there is nothing to resume")
        await self._ask(job, resume=True)
        note(Noted.JOB_RESUMED, job=job.id, user=by, device=job.device)

    async def _job(self, job_id: int) -> Job:
        for job in await self._jobs.get([job_id]):
            return job
        raise NotFound(f"there is no job {job_id}")

    async def _ask(self, job: Job, *, resume: bool) -> None:
        known_there = await self._jobs.device_job(job.id)
        if job.device_id is None or known_there is None:
            raise NotPossible(f"job {job.id} is not at its device as a whole: try again in a moment, or cancel it")
        device = await self._book.device_by_id(job.device_id)
        wire = self._open(device)
        try:
            if not isinstance(wire, Suspender):
                raise NotPossible(
                    f"{device.name} can suspend no jobs: it is not reached by IPP; cancel the job instead"
                )
            await (wire.resume if resume else wire.suspend)(known_there, job.owner)
        except DeliveryError as error:
            raise DeviceNotReady(f"{device.name}: {error}") from error
        finally:
            await wire.aclose()
