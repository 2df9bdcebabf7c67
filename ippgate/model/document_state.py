"""Where a document stands: derived from its job, but for what happened to it alone (PWG 5100.5)."""

from typing import Final

from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import DocumentState, JobState
from ippgate.model.job import Document, Job
from ippgate.model.lifecycle import AT_DEVICE

_ENDED: Final = {
    JobState.CANCELED: DocumentState.CANCELED,
    JobState.ABORTED: DocumentState.ABORTED,
    JobState.COMPLETED: DocumentState.COMPLETED,
}
_OF_THE_JOB: Final = {
    R.JOB_CANCELED_BY_USER: R.CANCELED_BY_USER,
    R.JOB_CANCELED_BY_OPERATOR: R.CANCELED_BY_OPERATOR,
    R.JOB_CANCELED_AT_DEVICE: R.CANCELED_AT_DEVICE,
    R.ABORTED_BY_SYSTEM: R.ABORTED_BY_SYSTEM,
    R.SUBMISSION_INTERRUPTED: R.SUBMISSION_INTERRUPTED,
    R.COMPRESSION_ERROR: R.COMPRESSION_ERROR,
    R.DOCUMENT_ACCESS_ERROR: R.DOCUMENT_ACCESS_ERROR,
    R.QUEUED_IN_DEVICE: R.QUEUED_IN_DEVICE,
    R.JOB_COMPLETED_SUCCESSFULLY: R.COMPLETED_SUCCESSFULLY,
    R.PROCESSING_TO_STOP_POINT: R.PROCESSING_TO_STOP_POINT,
    R.JOB_OUTGOING: R.OUTGOING,
    R.JOB_PRINTING: R.PRINTING,
}
"""Reasons that job-state-reasons and document-state-reasons spell differently, or share."""


def state_of(job: Job, document: Document) -> DocumentState:
    """document-state."""
    if document.canceled_at is not None:
        return DocumentState.CANCELED
    if document.printed:
        return DocumentState.COMPLETED
    if job.state in _ENDED:
        return _ENDED[job.state]
    if job.state in AT_DEVICE and job.sending in (None, document.number):
        return DocumentState(job.state)
    return DocumentState.PENDING


def reasons_of(job: Job, document: Document) -> tuple[str, ...]:
    """document-state-reasons; empty: none."""
    if document.canceled_at is not None:
        return (R.CANCELED_BY_USER,)
    if document.size is None and job.incoming:
        return (R.INCOMING,)
    if document.printed:
        return (R.COMPLETED_SUCCESSFULLY,)
    if state_of(job, document) is DocumentState.PENDING:
        return ()
    return tuple(_OF_THE_JOB[reason] for reason in job.reasons if reason in _OF_THE_JOB)


def is_last(job: Job, document: Document) -> bool:
    """Whether its client said that no other follows."""
    return not job.incoming and document.number == job.next_number - 1
