"""Octets and seconds are read as people write them, and written so that reading gives the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.config.option import Unit
from ippgate.config.quantity import parse, written


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("0", "octets", 0),
        ("4 GiB", "octets", 4 << 30),
        ("1.5KiB", "octets", 1536),
        ("90 s", "seconds", 90),
        ("0.5", "seconds", 0.5),
        ("15 min", "seconds", 900),
        ("12", "", 12),
    ],
)
def test_a_quantity_is_read(text: str, unit: Unit, value: float) -> None:
    assert parse(text, unit) == value


@pytest.mark.parametrize("text", ["", "x", "-1", "1e3", "4 Gib", "4 GB", "1 h 3", "nan", "9" * 30, "0x10", "٣"])
def test_what_is_no_quantity_is_not_guessed(text: str) -> None:
    assert parse(text, "octets") is None


@given(st.integers(0, 1 << 45), st.sampled_from(["octets", "seconds", ""]))
def test_what_is_written_reads_the_same(value: int, unit: Unit) -> None:
    assert parse(written(value, unit), unit) == value
