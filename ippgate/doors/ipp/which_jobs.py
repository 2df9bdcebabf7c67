"""which-jobs: the keywords by which Get-Jobs filters, and the states they stand for (RFC 8011 4.2.6.1, PWG 5100.7)."""

from collections.abc import Collection
from typing import Final

from ippgate.ipp import JobState
from ippgate.model.lifecycle import TERMINAL

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
"""which-jobs-supported."""
