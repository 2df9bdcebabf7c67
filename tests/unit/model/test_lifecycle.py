"""The law of states, as Python asks it."""

import pytest

from ippgate.ipp.registry.enums import JobState
from ippgate.model.lifecycle import AT_DEVICE, LIFECYCLE, TERMINAL, Event, IllegalMove, after, keyword, origins


@pytest.mark.parametrize("state", list(JobState), ids=keyword)
@pytest.mark.parametrize("event", list(Event))
def test_what_is_not_in_the_table_raises_and_says_why(state: JobState, event: Event) -> None:
    if (state, event) in LIFECYCLE:
        assert after(state, event) is LIFECYCLE[state, event]
        return
    with pytest.raises(IllegalMove, match=f"a job that is {keyword(state)} cannot {event}") as refused:
        after(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


def test_an_ended_job_stays_as_it_is() -> None:
    assert not any(state in TERMINAL for state, _ in LIFECYCLE)


def test_every_state_is_reached_and_every_other_one_is_left() -> None:
    assert set(LIFECYCLE.values()) == set(JobState)
    assert {state for state, _ in LIFECYCLE} == set(JobState) - TERMINAL


def test_an_event_leads_to_one_state_from_wherever_it_happens() -> None:
    for event in Event:
        assert len({after(state, event) for state in origins(event)}) == 1, event


def test_everything_that_lives_can_be_cancelled_and_aborted() -> None:
    for event in (Event.CANCEL, Event.ABORT):
        assert set(origins(event)) == set(JobState) - TERMINAL


def test_what_is_at_a_device_goes_back_to_its_owner_or_ends() -> None:
    for state in AT_DEVICE:
        assert after(state, Event.HOLD) is JobState.PENDING_HELD
        assert after(state, Event.COMPLETE) is JobState.COMPLETED


def test_states_are_spelt_as_ipp_spells_them() -> None:
    assert [keyword(state) for state in JobState] == [
        "pending", "pending-held", "processing", "processing-stopped", "canceled", "aborted", "completed",
    ]  # fmt: skip
