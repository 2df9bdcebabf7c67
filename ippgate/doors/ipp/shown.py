"""A held job as its own client is shown it, where the truth would do harm (the option `shown` of its queue). Pure.

Windows keeps a job in a queue of its own, and its icon in the taskbar, until the printer says that it is done; so where
the queue is set so, it is told that as soon as the job is safe here. iOS gives up a job with a password that was not
held for a while. Operators, apps, Get-Jobs and every release keep to the truth.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ippgate.doors.ipp.client_type import ClientType
from ippgate.ipp import JobState
from ippgate.ipp.registry import reasons as R
from ippgate.model.job import Caller, Job
from ippgate.model.lifecycle import TERMINAL
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.queue_options import Shown
from ippgate.model.release_action import ReleaseAction, action_reasons

KEEPS_OWN_QUEUE: Final = frozenset({ClientType.WINDOWS})
"""Clients that hold on to a job until it is printed."""

WAITS_FOR_HELD: Final = frozenset({ClientType.IOS})
"""Clients that want to see a job with a password held."""

MISLED: Final = KEEPS_OWN_QUEUE | WAITS_FOR_HELD
"""All that may be shown something else than the truth."""

HELD_AT_LEAST: Final = timedelta(seconds=15)
"""How long those see it held, however quickly it was released."""

IS_SAFE: Final = "is safe here, and waits until it is released at a device"


def shown(job: Job, queue: Queue, client: ClientType, caller: Caller, now: datetime) -> Job:
    """The job as this client is shown it."""
    if caller.operator or not caller.owns(job.owner) or job.incoming:
        return job
    if (
        queue.options.shown is Shown.COMPLETED
        and client in KEEPS_OWN_QUEUE
        and job.state not in TERMINAL
        and _held(job, queue)
    ):
        done = (R.JOB_COMPLETED_SUCCESSFULLY,)
        return replace(job, state=JobState.COMPLETED, reasons=done, message=IS_SAFE, completed_at=job.created_at)
    if client in WAITS_FOR_HELD and job.release_action is ReleaseAction.JOB_PASSWORD and _is_young(job, now):
        held = action_reasons(job.release_action)
        return replace(job, state=JobState.PENDING_HELD, reasons=held, message="", completed_at=None)
    return job


def _held(job: Job, queue: Queue) -> bool:
    """Whether it is, or was on its way, a job that waits for its release."""
    return queue.mode is QueueMode.RELEASE_PRINTING or job.release_action is not None


def _is_young(job: Job, now: datetime) -> bool:
    canceled = job.state in (JobState.CANCELED, JobState.ABORTED)
    return not canceled and job.state is not JobState.PENDING_HELD and now - job.created_at < HELD_AT_LEAST
