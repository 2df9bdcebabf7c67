"""Plain text has as many pages as every device would make of it, or an unknown number."""

import pytest

from ippgate.document.text import UNKNOWN, TextExaminer
from ippgate.model.facts import DocumentFacts


def examined(octets: bytes, step: int = 0) -> DocumentFacts:
    examiner = TextExaminer()
    for start in range(0, len(octets), step or len(octets) or 1):
        examiner.feed(octets[start : start + (step or len(octets))])
    return examiner.close()


@pytest.mark.parametrize("step", [0, 1, 7])
@pytest.mark.parametrize(
    ("octets", "pages"),
    [
        (b"hello", 1),
        (b"line\n" * 60, 1),
        (b"line\r\n" * 60 + b"\n" * 50, 1),
        (b"x" * 80 + b"\n", 1),
        ("ü".encode() * 80, 1),
        (b"one\ftwo", 2),
        (b"one\ftwo\f", 2),
        (b"one\f\fthree", 3),
        (b"\n\n \t\n", 0),
        (b"line\n" * 61, None),
        (b"one\f" + b"line\n" * 61, None),
        (b"x" * 81, None),
        (b"\t" * 8 + b"x" * 17, None),
        (b"x" * 100_000, None),
    ],
)
def test_pages_are_counted_where_they_are_certain(octets: bytes, pages: int | None, step: int) -> None:
    facts = examined(octets, step)
    assert (facts.pages, facts.unknown) == (pages, UNKNOWN if pages is None else "")


def test_text_is_black() -> None:
    assert examined(b"hello").color is False
    assert examined(b"line\n" * 999).color is False


def test_what_is_uncertain_is_not_read_to_its_end() -> None:
    examiner = TextExaminer()
    assert examiner.feed(b"line\n" * 60)
    assert not examiner.feed(b"line\n")
