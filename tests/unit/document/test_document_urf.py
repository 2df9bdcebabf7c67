"""Apple raster: pages, colour, sizes, sides and copies from hand-made pages; every malformation is told."""

import pytest

from ippgate.document.urf import UrfExaminer
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.unit.document.feeding import cut_everywhere, examined
from tests.unit.document.raster_pages import lines, repeated, urf_file, urf_header

GREY = lines(repeated(b"\x10\x10\x10", 4), 2)
RED = lines(repeated(b"\xff\0\0", 3) + b"\x80", 2)


def found(document: bytes, step: int | None = None) -> DocumentFacts:
    return examined(UrfExaminer, document, step)


def test_pages_are_counted_by_their_headers_not_by_the_file_header() -> None:
    for told in (0, 1, 2):
        facts = found(urf_file(told) + urf_header() + GREY + urf_header() + RED)
        assert (facts.document_format, facts.pages, facts.color_pages) == ("image/urf", 2, 1)


def test_more_pages_promised_than_there_are_is_cut_short() -> None:
    assert found(urf_file(3) + urf_header() + GREY).unknown == "cut short after page 1 of the 3 that it promises"


@pytest.mark.parametrize("step", [1, 2, 5, 33])
def test_any_split_finds_the_same(step: int) -> None:
    document = urf_file() + urf_header() + RED + urf_header() + GREY
    assert found(document, step) == found(document)


@pytest.mark.parametrize(
    ("space", "bits", "pixel", "color"),
    [
        (0, 8, b"\x80", 0),
        (4, 8, b"\x80", 0),
        (1, 24, b"\1\1\1", 0),
        (1, 24, b"\1\1\2", 1),
        (3, 24, b"\1\2\1", 1),
        (5, 48, b"\1\2\1\2\1\2", 0),
        (6, 32, b"\0\0\0\x55", 0),
        (6, 32, b"\0\1\0\x55", 1),
        (2, 24, b"\1\1\1", None),  # Lab: not told
        (9, 24, b"\1\1\1", None),  # a space that nobody knows
    ],
)
def test_colour_of_a_page_is_that_of_its_pixels(space: int, bits: int, pixel: bytes, color: int | None) -> None:
    facts = found(urf_file() + urf_header(space=space, bits=bits) + lines(repeated(pixel, 4), 2))
    assert (facts.pages, facts.color_pages) == (1, color)


@pytest.mark.parametrize(
    ("duplex", "sides"),
    [(0, None), (1, "one-sided"), (2, "two-sided-short-edge"), (3, "two-sided-long-edge"), (9, None)],
)
def test_sides(duplex: int, sides: str | None) -> None:
    assert found(urf_file() + urf_header(duplex=duplex) + GREY).sides == sides


def test_copies_and_size() -> None:
    header = urf_header(copies=2, width=2480, height=3508, dpi=300)
    facts = found(urf_file() + header + lines(b"\x80", 256) * 14)
    assert (facts.copies, facts.media) == (2, (MediaUse(20997, 29701, 1),))


def test_size_without_resolution_is_none() -> None:
    assert found(urf_file() + urf_header(dpi=0) + GREY).media == ()


def test_document_cut_anywhere_is_unknown_and_says_after_which_page() -> None:
    first = urf_file() + urf_header() + GREY
    for end, facts in enumerate(cut_everywhere(UrfExaminer, first + urf_header() + RED)):
        if end in {len(urf_file()), len(first)}:
            continue  # nothing shows that more was to come
        expected = "cut short after page 1" if end > len(first) else "cut short before the end of its first page"
        assert (facts.pages, facts.unknown) == (None, expected), end


def test_impossible_pages_are_unknown() -> None:
    assert found(urf_file() + urf_header(bits=0) + GREY).unknown == "the header of page 1 describes no possible page"
    assert found(urf_file() + urf_header(width=2) + GREY).unknown == "the lines of page 1 do not fit its width"
    assert found(b"UNIRAST is not enough").unknown == "it does not begin as Apple raster does"
