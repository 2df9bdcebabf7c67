"""In which state a job is born, and with which reasons: pure."""

from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import NewJob
from ippgate.model.queue import Queue, QueueMode


def birth_state(queue: Queue, new: NewJob) -> tuple[JobState, tuple[str, ...]]:
    """A release-printing queue holds; a passthrough queue holds only what asks for it (job-hold-until, RFC 8011
    5.2.2).
    """
    reasons = waiting_reasons(queue, hold_until=new.hold_until)
    return (JobState.PENDING_HELD if reasons else JobState.PENDING), reasons


def waiting_reasons(queue: Queue, *, hold_until: str | None) -> tuple[str, ...]:
    """Why a job of this queue waits; empty: it does not."""
    reasons = []
    if hold_until not in (None, "no-hold"):
        reasons.append(R.JOB_HOLD_UNTIL_SPECIFIED)
    if queue.mode is QueueMode.RELEASE_PRINTING:
        reasons.append(R.JOB_HELD_FOR_RELEASE)
    return tuple(reasons)
