"""Somebody who counts through numbers of cards is noticed; people with cards of all kinds are not."""

from ippgate.identity.runs import MOST, Runs
from ippgate.model.card_number import CardNumber, number_of, profile_of


def numbered(value: int) -> CardNumber:
    return number_of(f"{value:08d}", profile_of("decimal"))


def test_the_third_number_in_a_row_is_noticed_up_or_down() -> None:
    for step in (1, -1, 2, 16):
        runs = Runs()
        assert [runs.in_a_row("a", numbered(5000 + step * place)) for place in range(4)] == [False, False, True, True]


def test_the_same_card_again_and_cards_of_all_kinds_are_not() -> None:
    runs = Runs()
    assert not any(runs.in_a_row("a", numbered(value)) for value in (5000, 5000, 5000, 5000, 9000, 1000, 9001, 1001))
    assert not any(runs.in_a_row("a", number_of("ABCD", profile_of("text"))) for _ in range(5))


def test_each_source_counts_by_itself_and_no_more_than_so_many_are_in_mind() -> None:
    runs = Runs()
    assert not any(runs.in_a_row(f"s{place % 3}", numbered(5000 + place)) for place in range(6))
    for source in range(2 * MOST):
        runs.in_a_row(str(source), numbered(7000))
    assert len(runs._last) == MOST
