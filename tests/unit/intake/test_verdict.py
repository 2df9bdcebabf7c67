"""In which state a job is born, and why it waits."""

import pytest

from ippgate.intake.verdict import verdict_on, waiting_reasons
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import NewJob
from ippgate.model.queue import QueueMode
from ippgate.model.release_action import ReleaseAction, action_reasons
from tests.unit.model.nouns import queue

HELD, PENDING = JobState.PENDING_HELD, JobState.PENDING
RELEASE, SPECIFIED = "job-held-for-release", "job-hold-until-specified"


@pytest.mark.parametrize(
    ("mode", "hold_until", "state", "reasons"),
    [
        (QueueMode.RELEASE_PRINTING, None, HELD, (RELEASE,)),
        (QueueMode.RELEASE_PRINTING, "no-hold", HELD, (RELEASE,)),
        (QueueMode.RELEASE_PRINTING, "indefinite", HELD, (SPECIFIED, RELEASE)),
        (QueueMode.PASSTHROUGH, None, PENDING, ()),
        (QueueMode.PASSTHROUGH, "no-hold", PENDING, ()),
        (QueueMode.PASSTHROUGH, "indefinite", HELD, (SPECIFIED,)),
        (QueueMode.PASSTHROUGH, "night", HELD, (SPECIFIED,)),
    ],
)
def test_a_queue_holds_by_its_mode_and_a_job_by_its_wish(
    mode: QueueMode, hold_until: str | None, state: JobState, reasons: tuple[str, ...]
) -> None:
    verdict = verdict_on(queue(mode), NewJob(1, "alice", "report", "", hold_until=hold_until), None)
    assert (verdict.state, verdict.reasons) == (state, reasons)
    assert waiting_reasons(queue(mode), hold_until=hold_until) == reasons


@pytest.mark.parametrize("action", ReleaseAction)
@pytest.mark.parametrize("mode", QueueMode)
def test_a_job_with_an_action_is_held_for_it_whatever_the_queue(mode: QueueMode, action: ReleaseAction) -> None:
    new = NewJob(1, "alice", "report", "", hold_until="indefinite", release_action=action)
    verdict = verdict_on(queue(mode), new, None)
    assert (verdict.state, verdict.reasons) == (HELD, (SPECIFIED, *action_reasons(action)))
