"""Files of cards: what other systems write, and broken lines that spoil no others."""

import pytest

from ippgate.model.card_file import BadRow, Row, rows
from ippgate.model.errors import NotPossible


@pytest.mark.parametrize(
    "lines",
    [
        ["person,card", "anna,04A1B2C3", "", "jake,04A1B2C4"],
        ["Card;Name;PERSON", "04A1B2C3;Li, Anna;anna", "  ", '04A1B2C4;"Smith; Jake";jake'],
        ["person\tcard\r", "anna\t04A1B2C3\r", "\r", "jake\t 04A1B2C4 \r"],
    ],
)
def test_the_two_columns_are_found_by_their_headings(lines: list[str]) -> None:
    assert list(rows(lines)) == [Row(2, "anna", "04A1B2C3"), Row(4, "jake", "04A1B2C4")]


def test_a_broken_line_is_named_and_the_next_one_is_read() -> None:
    lines = ["person,card", '"anna,04A1', "jake", ",04A1B2C3", "bea,", "x" * 5000, "\udcff,04", 'a"b",c"', "carl,04A1"]
    found = list(rows(lines))
    bad = {each.line: each.reason for each in found if isinstance(each, BadRow)}
    assert set(bad) == {2, 3, 4, 5, 6, 7}
    assert "fewer columns" in bad[3]
    assert "missing" in bad[4]
    assert "missing" in bad[5]
    assert "4096" in bad[6]
    assert "UTF-8" in bad[7]
    assert found[-1] == Row(9, "carl", "04A1")
    assert not any("04A1" in reason for reason in bad.values())


@pytest.mark.parametrize("first", ["", "anna,04A1B2C3", "person", "person,card,card", '"person,card'])
def test_a_file_without_headings_is_refused(first: str) -> None:
    with pytest.raises(NotPossible, match="name the columns"):
        list(rows([first, "anna,04A1B2C3"]))


def test_no_number_is_in_a_repr() -> None:
    assert "04A1" not in repr(Row(2, "anna", "04A1B2C3"))
