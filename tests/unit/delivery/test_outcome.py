"""What becomes of a job after what happened at its device: a table."""

import pytest

from ippgate.delivery.outcome import (
    Verdict,
    awaits_its_document,
    cancelled,
    failed,
    given_up,
    seen,
    taken_unseen,
    unknown,
)
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import DocumentDamaged
from ippgate.model.lifecycle import LIFECYCLE, Event
from ippgate.model.parcel import DeliveryError, Refused, SourceBroken, Unreachable
from tests.unit.model.nouns import sighting

HELD = ("job-held-for-release",)
REVIEW = ("job-held-for-review", "job-held-for-release")


def told(verdict: Verdict | None) -> tuple[str, tuple[str, ...], str] | None:
    return (str(verdict.event), verdict.reasons, verdict.message) if verdict is not None else None


@pytest.mark.parametrize(
    ("state", "reasons", "cancel_by", "confirmed", "outcome"),
    [
        (JobState.COMPLETED, (), None, True, ("complete", ("job-completed-successfully",), "m")),
        (JobState.COMPLETED, (), None, False, ("complete", ("job-completed-successfully",), "m")),
        (JobState.COMPLETED, (), "user", True, ("complete", ("job-completed-successfully",), "m")),
        (JobState.CANCELED, ("job-canceled-at-device",), None, True, ("cancel", ("job-canceled-at-device",), "m")),
        (JobState.CANCELED, (), None, True, ("cancel", ("job-canceled-at-device",), "m")),
        (JobState.CANCELED, (), "user", True, ("cancel", ("job-canceled-by-user",), "m")),
        (JobState.CANCELED, (), "operator", False, ("cancel", ("job-canceled-by-operator",), "m")),
        (JobState.CANCELED, ("job-canceled-at-device",), None, False, ("cancel", ("job-canceled-at-device",), "m")),
        (JobState.CANCELED, ("job-canceled-by-operator",), None, False, ("cancel", ("job-canceled-at-device",), "m")),
        (JobState.ABORTED, (), None, True, ("hold", HELD, "lobby aborted the job: m")),
        (JobState.ABORTED, (), "user", True, ("cancel", ("job-canceled-by-user",), "m")),
        (JobState.PENDING, (), None, True, None),
        (JobState.PENDING_HELD, (), None, True, None),
        (JobState.PROCESSING, (), "user", True, None),
        (JobState.PROCESSING_STOPPED, ("media-empty",), None, True, None),
    ],
)
def test_what_a_sighting_means(
    state: JobState, reasons: tuple[str, ...], cancel_by: str | None, confirmed: bool, outcome: object
) -> None:
    seen_now = sighting(state, *reasons, message="m", impressions=3, sheets=2)
    verdict = seen("lobby", seen_now, cancel_by=cancel_by, confirmed=confirmed)
    assert told(verdict) == outcome
    if verdict is not None:
        assert (verdict.impressions, verdict.sheets) == (3, 2)


def test_a_device_that_gave_up_half_a_document_on_its_own_leaves_the_outcome_unknown() -> None:
    verdict = seen("lobby", sighting(JobState.CANCELED, "job-canceled-by-user"), cancel_by=None, confirmed=False)
    assert verdict is not None
    assert (verdict.event, verdict.reasons) == (Event.HOLD, REVIEW)
    assert verdict.message.startswith("outcome unknown")


@pytest.mark.parametrize(
    ("message", "reasons", "why"),
    [
        ("out of toner", ("aborted-by-system",), "out of toner"),
        ("", ("aborted-by-system", "document-format-error"), "aborted-by-system, document-format-error"),
        ("", (), "it does not say why"),
    ],
)
def test_an_aborted_job_says_why_as_well_as_the_device_does(message: str, reasons: tuple[str, ...], why: str) -> None:
    verdict = seen("lobby", sighting(JobState.ABORTED, *reasons, message=message), cancel_by=None, confirmed=True)
    assert verdict is not None
    assert verdict.message == f"lobby aborted the job: {why}"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Refused("no PDF here"), ("hold", HELD, "lobby refused the job: no PDF here")),
        (SourceBroken("cut"), ("abort", ("aborted-by-system", "submission-interrupted"), "cut")),
        (DocumentDamaged("frame 3"), ("hold", ("document-access-error", *REVIEW), "frame 3")),
        (Unreachable("no route"), ("hold", HELD, "lobby could not take the job: no route")),
        (DeliveryError("odd"), ("hold", HELD, "lobby could not take the job: odd")),
    ],
)
def test_what_an_error_means(error: Exception, outcome: object) -> None:
    assert told(failed("lobby", error)) == outcome


def test_what_else_there_is() -> None:
    assert told(taken_unseen()) == ("complete", ("queued-in-device", "job-completed-successfully"), "")
    assert told(given_up("lobby", "busy")) == ("hold", HELD, "lobby could not take the job: busy")
    assert told(unknown("lobby", "it fell silent")) == (
        "hold", REVIEW, "outcome unknown: it fell silent. Look at lobby before you release the job again",
    )  # fmt: skip
    assert [cancelled(by).reasons for by in ("user", "operator", None)] == [
        ("job-canceled-by-user",), ("job-canceled-by-operator",), ("job-canceled-at-device",),
    ]  # fmt: skip


def test_a_verdict_is_lawful_for_a_job_at_its_device() -> None:
    verdicts = [taken_unseen(), given_up("d", ""), unknown("d", ""), cancelled(None), failed("d", SourceBroken(""))]
    for verdict in verdicts:
        assert (JobState.PROCESSING, verdict.event) in LIFECYCLE


@pytest.mark.parametrize(
    ("reasons", "awaits"),
    [
        (("job-incoming",), True),
        (("job-printing", "job-data-insufficient"), True),
        (("job-printing",), False),
        ((), False),
    ],
)
def test_a_device_that_waits_for_the_rest_says_so(reasons: tuple[str, ...], awaits: bool) -> None:
    assert awaits_its_document(sighting(JobState.PROCESSING, *reasons)) is awaits
