"""Why a job does not print: each cause is named, with what to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ippgate.doctor.device import DeviceCase, of_device
from ippgate.doctor.job import JobCase, of_job
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import SILENT_REASON
from ippgate.model.diagnosis import Attempted, Errand, LaneFacts
from ippgate.model.finding import Finding, Verdict
from ippgate.model.release_action import ReleaseAction
from ippgate.model.until import INDEFINITE
from tests.unit.model.nouns import NOON, device, job, queue

HELD, PENDING, PROCESSING = JobState.PENDING_HELD, JobState.PENDING, JobState.PROCESSING
SERVED = LaneFacts("printhost tok", 17, served=True, workers=2)
WELL = device(probed_at=NOON)
FAILED = Attempted(5, NOON, "hold", "printer aborted the job: out of toner")


def there(**facts: Any) -> DeviceCase:
    return replace(DeviceCase(WELL, NOON, timedelta(minutes=10), SERVED), **facts)


def case(state: JobState, errand: Errand | None = None, **facts: Any) -> JobCase:
    found = replace(job("application/pdf", state=state), device="printer", device_id=7)
    return JobCase(replace(found, **facts), queue(), errand or Errand(), there=there())


def troubles(found: list[Finding]) -> list[str]:
    assert all(each.remedy for each in found if each.verdict is not Verdict.OK), found
    return [each.found for each in found if each.verdict is not Verdict.OK]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reasons": (R.JOB_HELD_FOR_RELEASE,)}, "waits until its owner releases it"),
        ({"unclaimed": True}, "nobody knows whose it is"),
        ({"incoming": True}, "its document is not here yet"),
        ({"judged": False}, "rules wait for its document"),
        ({"hold_until": INDEFINITE}, "its owner holds it until"),
        ({"release_action": ReleaseAction.JOB_PASSWORD}, "until its password is given"),
        ({"wrong_passwords": 4}, "4 wrong passwords"),
        ({"reasons": (R.JOB_HELD_FOR_REVIEW,), "message": "A rule."}, "somebody has to look at it: A rule."),
        ({"reasons": (R.ACCOUNT_INFO_NEEDED,)}, "a rule wants an account"),
        ({"message": "printer aborted the job: jam"}, "it is held: printer aborted the job: jam"),
    ],
)
def test_why_a_held_job_is_held(facts: dict[str, Any], words: str) -> None:
    found = list(of_job(case(HELD, **facts)))
    troubles(found)
    assert words in "\n".join(each.found for each in found)
    assert "report" not in str(found)  # its title


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"queue": queue(paused=True)}, "its queue followme is paused"),
        ({"errand": Errand(ready=False)}, "its document is not here yet"),
        ({"there": there(lane=LaneFacts())}, "none is at work"),
        ({"there": there(lane=replace(SERVED, oldest=1200.0))}, "has waited for 20 minutes"),
        ({"there": there(lane=replace(SERVED, orphaned=2))}, "their worker died"),
        (
            {"there": there(device=device(state=PrinterState.STOPPED, reasons=("media-jam",), probed_at=NOON))},
            "media-jam",
        ),
        ({"there": there(device=device(accepting=False, probed_at=NOON))}, "takes no jobs"),
        ({"there": there(device=device(reasons=(SILENT_REASON,), probed_at=NOON))}, "did not answer"),
        ({"there": there(device=device())}, "has never answered"),
        ({"there": there(now=NOON + timedelta(hours=1))}, "was last asked at"),
    ],
)
def test_why_a_released_job_does_not_print(changes: dict[str, Any], words: str) -> None:
    (trouble,) = troubles(list(of_job(replace(case(PENDING, released_by="anna"), **changes))))
    assert words in trouble


def test_a_released_job_that_is_well_has_nothing_but_its_turn() -> None:
    found = list(of_job(case(PENDING, Errand(before=3), released_by="claire")))
    assert troubles(found) == []
    told = "\n".join(each.found for each in found)
    assert "was released by claire" in told
    assert "3 jobs go to printer before it" in told


def test_one_that_nobody_carries_any_more_and_what_was_tried() -> None:
    found = troubles(list(of_job(replace(case(PROCESSING, Errand(carried=False)), attempts=(FAILED,)))))
    assert found == ["its worker is gone", f"{NOON:%Y-%m-%d %H:%M} UTC: hold (printer aborted the job: out of toner)"]


@pytest.mark.parametrize("state", [JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED])
def test_what_became_of_one_that_has_ended(state: JobState) -> None:
    found = list(of_job(case(state, message="it expired", released_by="claire")))
    assert bool(troubles(found)) is (state is not JobState.COMPLETED)


def test_a_device_is_told_with_its_wire_its_lane_and_its_last_deliveries() -> None:
    good = Attempted(6, NOON, "complete", "")
    found = list(of_device(there(attempts=(good, FAILED), answer="printer does not answer: refused", asked=True)))
    assert troubles(found) == [
        "does not answer at ipp://192.0.2.7/ipp/print (printer does not answer: refused)",
        f"job 5, {NOON:%Y-%m-%d %H:%M} UTC: printer aborted the job: out of toner",
    ]
    assert found[-1].found == "1 of the last 2 failed; the last was printed"
    assert "served by printhost/17" in "\n".join(each.found for each in found)


def test_a_device_that_is_well_has_no_trouble() -> None:
    found = list(of_device(there(asked=True)))
    assert troubles(found) == []
    assert found[0].found == "answers and is idle"
