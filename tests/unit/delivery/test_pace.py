"""How long to wait before the next try."""

from hypothesis import given
from hypothesis import strategies as st

from ippgate.delivery.pace import Pace

SECONDS = st.floats(0.001, 1000)


def pauses(pace: Pace, most: int = 10_000) -> list[float]:
    found: list[float] = []
    while len(found) < most and (pause := pace.next()) is not None:
        found.append(pause)
    return found


def test_pauses_double_up_to_a_bound_until_time_is_over() -> None:
    assert pauses(Pace(1, 8, 30)) == [1, 2, 4, 8, 8, 7]


def test_the_last_pause_is_never_shorter_than_the_first() -> None:
    assert pauses(Pace(2, 8, 7)) == [2, 4, 2]


def test_a_success_makes_it_quick_and_patient_again() -> None:
    pace = Pace(1, 8, 15)
    assert pauses(pace) == [1, 2, 4, 8]
    pace.again()
    assert pauses(pace) == [1, 2, 4, 8]


def test_without_a_limit_it_goes_on_for_ever() -> None:
    assert pauses(Pace(1, 2, float("inf")), most=50) == [1, *[2] * 49]


@given(SECONDS, SECONDS, SECONDS)
def test_every_pause_is_bounded_and_so_is_their_sum(first: float, longest: float, limit: float) -> None:
    longest, limit = max(first, longest), min(limit, first * 5000)  # so that all pauses fit into the list
    found = pauses(Pace(first, longest, limit))
    assert all(first <= pause <= longest for pause in found)
    assert limit <= sum(found) + 1e-6
    assert sum(found) <= limit + first + 1e-6
