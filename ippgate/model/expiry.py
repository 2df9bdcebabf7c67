"""How long a held job may wait before it is ended. A rule's word counts before the queue's, that before what is usual.

The same is reckoned in `job_ids_expired` (sql/queries/job.sql), by the database's clock.
"""

from datetime import datetime, timedelta
from typing import Final

from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Job
from ippgate.model.queue import Queue

FOR_EVER: Final = 0
"""Of seconds: it never expires."""

SHORTEST, LONGEST = 60, 3650 * 86_400
"""Seconds: nothing else that a queue may say, but FOR_EVER."""


def expires(job: Job, queue: Queue, usual: float) -> datetime | None:
    """When a waiting job expires if nobody comes for it; usual: seconds of queues that say nothing. None: never."""
    if job.expires_at is not None:
        return job.expires_at if job.state in (JobState.PENDING, JobState.PENDING_HELD) else None
    allowed = usual if queue.options.retention is None else queue.options.retention
    if job.state is not JobState.PENDING_HELD or job.incoming or allowed == FOR_EVER:
        return None
    since = job.waits_since or job.created_at
    return max(since, job.hold_ends or since) + timedelta(seconds=allowed)


def expired_words(seconds: float) -> str:
    """What is said of a job that waited so long for nothing."""
    return f"it expired: nobody released it within {span(seconds)}"


def span(seconds: float) -> str:
    """A length of time in words, to the minute once it is longer than two: `48 h`, `90 min`."""
    whole = round(seconds)
    if whole >= 120:
        whole = round(seconds / 60) * 60
    for unit, length in (("h", 3600), ("min", 60)):
        if whole and whole % length == 0:
            return f"{whole // length} {unit}"
    return f"{whole} s"
