"""PINs get longer as there are more of them, and none is what people try first."""

import pytest

from ippgate.model.pin import MOST, ODDS, is_obvious, length_for


@pytest.mark.parametrize(
    ("people", "least", "length"),
    [
        (0, 4, 4),
        (0, 6, 6),
        (1, 4, 5),
        (99, 6, 6),
        (100, 6, 7),
        (9_999, 4, 8),
        (10_000, 4, 9),
        (10**12, 4, MOST),
        (0, 1, 4),
    ],
)
def test_one_of_ten_thousand_is_somebodys_at_most(people: int, least: int, length: int) -> None:
    assert length_for(people, least) == length
    assert length == MOST or 10**length >= (people + 1) * ODDS


@pytest.mark.parametrize("pin", ["0000", "9999", "1234", "4321", "890123", "210987"])
def test_digits_in_a_row_and_the_same_over_and_over_are_obvious(pin: str) -> None:
    assert is_obvious(pin)


@pytest.mark.parametrize("pin", ["1235", "2580", "0001", "1357"])
def test_others_are_not(pin: str) -> None:
    assert not is_obvious(pin)
