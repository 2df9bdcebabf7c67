"""The service: gathers what is known, and has it looked at. It changes nothing and tells no title."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ippgate.device.fleet import Fleet
from ippgate.doctor.device import DeviceCase, of_device
from ippgate.doctor.job import MANY, JobCase, of_job
from ippgate.model.device import Device
from ippgate.model.diagnosis import Attempted
from ippgate.model.errors import DeviceNotReady, NotFound
from ippgate.model.expiry import expires
from ippgate.model.finding import Finding
from ippgate.store.diagnosis import DiagnosisStore
from ippgate.store.jobs import JobStore

_ATTEMPTS: Final = 20  # the last of a device that are looked at


@dataclass(frozen=True, slots=True)
class DoctorSettings:
    """What the configuration says. Times in seconds."""

    keep_held: float = 0.0  # that held jobs may wait where their queue does not say
    stale: float = 600.0  # without being asked, after which a device is not watched


def _clock() -> datetime:
    return datetime.now(UTC)


class Doctor:
    """Answers why something does not print. Raises NotFound and Unavailable."""

    def __init__(
        self,
        store: DiagnosisStore,
        jobs: JobStore,
        fleet: Fleet,
        settings: DoctorSettings | None = None,
        now: Callable[[], datetime] = _clock,
    ) -> None:
        self._store, self._jobs, self._fleet, self._now = store, jobs, fleet, now
        self._settings = settings or DoctorSettings()

    async def job(self, job_id: int) -> list[Finding]:
        """ "It is released, but nothing prints": of one job."""
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}: it never was, or has been purged")
        [job] = found
        queue = await self._fleet.queue_by_id(job.queue_id)
        there = await self._case(await self._fleet.device_by_id(job.device_id)) if job.device_id else None
        attempts = [_attempted(each) for each in await self._jobs.attempts(job_id)]
        ends = expires(job, queue, self._settings.keep_held)
        errand = await self._store.errand(job_id, MANY)
        return list(of_job(JobCase(job, queue, errand, attempts, ends, there)))

    async def device(self, name: str, *, ask: bool = True) -> list[Finding]:
        """The same of a device. ask: it is asked about itself now, which may take as long as a device is waited for."""
        device = await self._fleet.device(name)
        answer: str | None = None
        if ask:
            try:
                device = await self._fleet.asked(name)
            except DeviceNotReady as error:
                answer = str(error)
        case = await self._case(device, answer=answer, asked=ask)
        return list(of_device(case))

    async def _case(self, device: Device, *, answer: str | None = None, asked: bool = False) -> DeviceCase:
        return DeviceCase(
            device,
            self._now(),
            timedelta(seconds=self._settings.stale),
            await self._store.lane(device.id),
            await self._store.attempts(device.id, _ATTEMPTS),
            answer,
            asked,
        )


def _attempted(row: dict[str, object]) -> Attempted:
    ended, number = row["ended_at"], row["job_id"]
    assert isinstance(ended, datetime)
    assert isinstance(number, int)
    return Attempted(number, ended, str(row["outcome"]), str(row["message"]))
