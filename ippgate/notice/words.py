"""A notice as a sentence: notify-text (RFC 3995 section 8.2). ASCII alone, and nothing in it that is private: of a job
its number, of a printer its name.
"""

from typing import Final

from ippgate.ipp import JobState, PrinterState
from ippgate.model.lifecycle import keyword
from ippgate.model.subscription import Notice, Subscribed

_OF_JOBS: Final = {
    Subscribed.JOB_CREATED: "was taken",
    Subscribed.JOB_STOPPED: "has stopped at its device",
    Subscribed.JOB_CONFIG_CHANGED: "was changed",
    Subscribed.JOB_FETCHABLE: "can be fetched",
}
_ENDS: Final = {
    JobState.COMPLETED: "was printed",
    JobState.CANCELED: "was cancelled",
    JobState.ABORTED: "was given up",
}
_OF_PRINTERS: Final = {
    Subscribed.PRINTER_STOPPED: "has stopped",
    Subscribed.PRINTER_CONFIG_CHANGED: "was set up anew",
    Subscribed.PRINTER_QUEUE_ORDER_CHANGED: "has its jobs in another order",
}


def sentence(notice: Notice, printer: str) -> str:
    """What has happened."""
    if notice.job_id is not None:
        return f"Job {notice.job_id} {_job(notice)}."
    return f"The printer {printer} {_OF_PRINTERS.get(notice.event) or _printer(notice)}."


def _job(notice: Notice) -> str:
    state = JobState(notice.state)
    if notice.event is Subscribed.JOB_PROGRESS:
        return f"has {notice.impressions or 0} impressions printed"
    return _ENDS.get(state) or _OF_JOBS.get(notice.event) or f"is {keyword(state)} ({_why(notice)})"


def _printer(notice: Notice) -> str:
    accepting = "" if notice.accepting is not False else ", and takes no jobs"
    return f"is {PrinterState(notice.state).keyword} ({_why(notice)}){accepting}"


def _why(notice: Notice) -> str:
    return ", ".join(notice.reasons) or "none"
