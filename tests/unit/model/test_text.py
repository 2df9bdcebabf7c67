"""Text of strangers in one harmless line (SECURITY S9, S23, S28)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.model.text import cut, plain


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Toner low", "Toner low"),
        ("two\r\nlines\tand  blanks", "two lines and blanks"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("bell\x07 null\x00", "bell null"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066isolated\u2069 \u200f", "isolated"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("c1\x9b31m", "c131m"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("Füße 中文 🖨", "Füße 中文 🖨"),
        ("\u2028\u2029", ""),
        ("", ""),
    ],
)
def test_what_a_stranger_wrote_is_shown_in_one_plain_line(told: str, shown: str) -> None:
    assert plain(told, 200) == shown


def test_a_longer_text_ends_with_an_ellipsis_within_the_limit() -> None:
    assert plain("a" * 201, 200) == "a" * 199 + "…"
    assert plain("a" * 200, 200) == "a" * 200


def test_a_text_of_invisible_characters_is_not_read_to_its_end() -> None:
    assert plain("\u200b" * 1_000_000 + "visible", 10) == "…"


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_no_text_leaves_a_control_character_or_outgrows_its_limit(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(min_value=0, max_value=40))
def test_a_cut_text_is_the_longest_beginning_of_whole_characters(text: str, octets: int) -> None:
    short = cut(text, octets)
    assert len(short.encode()) <= octets
    assert text.startswith(short)
    rest = text[len(short) : len(short) + 1]
    assert not rest or len((short + rest).encode()) > octets
