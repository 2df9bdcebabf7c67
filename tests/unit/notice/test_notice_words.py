"""notify-text: a sentence for every notice there can be, in ASCII, without anything private."""

from datetime import UTC, datetime

import pytest

from ippgate.ipp import JobState, PrinterState
from ippgate.model.subscription import Notice, Subscribed
from ippgate.notice.words import sentence

AT = datetime(2026, 1, 2, tzinfo=UTC)
JOB_EVENTS = [event for event in Subscribed if event.startswith("job-")]
PRINTER_EVENTS = [event for event in Subscribed if event.startswith("printer-")]


@pytest.mark.parametrize("state", list(JobState))
@pytest.mark.parametrize("event", JOB_EVENTS)
def test_every_notice_of_a_job_is_a_sentence(event: Subscribed, state: JobState) -> None:
    said = sentence(Notice(1, event, AT, state, ("job-incoming",), 17, 3), "followme")
    assert said.startswith("Job 17 ")
    assert said.endswith(".")
    assert said.isascii()


@pytest.mark.parametrize("state", list(PrinterState))
@pytest.mark.parametrize("event", PRINTER_EVENTS)
def test_every_notice_of_a_printer_is_a_sentence(event: Subscribed, state: PrinterState) -> None:
    said = sentence(Notice(1, event, AT, state, (), accepting=True), "followme")
    assert said.startswith("The printer followme ")
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (Notice(1, Subscribed.JOB_CREATED, AT, 4, ("job-held-for-release",), 17), "Job 17 was taken."),
        (
            Notice(1, Subscribed.JOB_STATE_CHANGED, AT, 4, ("job-held-for-release",), 17),
            "Job 17 is pending-held (job-held-for-release).",
        ),
        (Notice(1, Subscribed.JOB_STATE_CHANGED, AT, 9, (), 17, 4), "Job 17 was printed."),
        (Notice(1, Subscribed.JOB_COMPLETED, AT, 7, ("job-canceled-by-user",), 17), "Job 17 was cancelled."),
        (Notice(1, Subscribed.JOB_PROGRESS, AT, 5, (), 17, 4), "Job 17 has 4 impressions printed."),
        (Notice(1, Subscribed.PRINTER_STOPPED, AT, 5, ("paused",)), "The printer followme has stopped."),
        (
            Notice(1, Subscribed.PRINTER_STATE_CHANGED, AT, 3, (), accepting=False),
            "The printer followme is idle (none), and takes no jobs.",
        ),
    ],
)
def test_what_a_notice_says(notice: Notice, said: str) -> None:
    assert sentence(notice, "followme") == said
