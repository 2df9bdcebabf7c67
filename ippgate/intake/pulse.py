"""A client that still sends: while it does, however slowly, its job does not count as abandoned (RFC 8011 5.4.33)."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable

from ippgate.model.errors import Unavailable
from ippgate.store.jobs import JobStore


class Pulse:
    """One body on its way in. seconds: how long a job stays open after a sign of its client."""

    def __init__(self, jobs: JobStore, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs, self._seconds, self._clock = jobs, seconds, clock
        self._job_id: int | None = None

    def of(self, job_id: int) -> None:
        """From now on the body belongs to this job."""
        self._job_id = job_id

    async def over(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The body itself; every so often the job is kept open."""
        said = self._clock()
        async for chunk in body:
            now = self._clock()
            if self._job_id is not None and now - said > self._seconds / 4:
                with contextlib.suppress(Unavailable):  # there is time for three more tries
                    await self._jobs.stay_open(self._job_id, self._seconds)
                said = now
            yield chunk
