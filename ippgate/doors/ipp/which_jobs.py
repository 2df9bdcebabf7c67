"""which-jobs: the keywords by which Get-Jobs filters, and the states they stand for (RFC 8011 4.2.6.1, PWG 5100.7)."""

from collections.abc import Collection, Iterable
from typing import Final

from ippgate.ipp import JobState
from ippgate.model.lifecycle import TERMINAL
from ippgate.model.storage import Access

NOT_COMPLETED: Final = "not-completed"

STATES: Final[dict[str, Collection[JobState]]] = {
    NOT_COMPLETED: tuple(state for state in JobState if state not in TERMINAL),
    "completed": tuple(TERMINAL),
    "all": tuple(JobState),
    "aborted": (JobState.ABORTED,),
    "canceled": (JobState.CANCELED,),
    "pending": (JobState.PENDING,),
    "pending-held": (JobState.PENDING_HELD,),
    "processing": (JobState.PROCESSING,),
    "processing-stopped": (JobState.PROCESSING_STOPPED,),
}
WHICH_JOBS: Final = tuple(STATES)
"""which-jobs-supported, wherever it is."""

STORED: Final[dict[str, Access]] = {f"stored-{access}": access for access in Access}
"""The keywords for stored jobs, and the access for which they stand (PWG 5100.11-2024)."""


def which_jobs(accesses: Iterable[Access]) -> tuple[str, ...]:
    """which-jobs-supported, where jobs are stored for these."""
    return (*WHICH_JOBS, *(f"stored-{access}" for access in accesses))
