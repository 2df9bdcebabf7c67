"""PWG raster and CUPS raster: pages, colour, sizes, sides and copies of hand-made pages; malformations are told."""

import pytest

from ippgate.document.pwg_raster import PwgRasterExaminer
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.unit.document.feeding import cut_everywhere, examined
from tests.unit.document.raster_pages import (
    BLACK,
    CMYK,
    HEADER,
    SGRAY,
    SRGB,
    WHITE_LINE,
    lines,
    literal,
    pwg_header,
    repeated,
)

SYNC = b"RaS2"
GREY_PAGE = pwg_header() + lines(repeated(b"\x10\x10\x10", 4), 2)
RED_PAGE = pwg_header() + lines(repeated(b"\xff\xff\xff", 4), 1) + lines(literal(b"\0\0\0\xff\0\0", 2) + b"\x80", 1)


def found(document: bytes, step: int | None = None) -> DocumentFacts:
    return examined(PwgRasterExaminer, document, step)


def test_pages_and_their_colours_are_counted() -> None:
    facts = found(SYNC + GREY_PAGE + RED_PAGE + GREY_PAGE)
    assert (facts.pages, facts.color_pages, facts.unknown) == (3, 1, "")
    assert facts.document_format == "image/pwg-raster"
    assert facts.media == (MediaUse(20990, 29704, 3),)


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_any_split_finds_the_same(step: int) -> None:
    document = SYNC + RED_PAGE + GREY_PAGE
    assert found(document, step) == found(document)


@pytest.mark.parametrize(
    ("space", "colors", "pixel", "color"),
    [
        (SGRAY, 1, b"\x80", 0),
        (BLACK, 1, b"\x80", 0),
        (SRGB, 3, b"\x80\x80\x80", 0),
        (SRGB, 3, b"\x80\x80\x81", 1),
        (1, 3, b"\x01\x02\x03", 1),
        (20, 3, b"\x03\x03\x03", 0),
        (CMYK, 4, b"\0\0\0\x80", 0),
        (CMYK, 4, b"\x01\0\0\x80", 1),
        (CMYK, 4, b"\x10\x10\x10\0", 1),  # grey of three inks is no black
        (8, 4, b"\xff\0\0\0", 0),  # KCMY
        (4, 3, b"\x20\x20\x20", 0),  # CMY without black
        (16, 3, b"\x20\x20\x20", None),  # Lab: not told
        (50, 3, b"\x20\x20\x20", None),  # Device3: not told
    ],
)
def test_colour_of_a_page_is_that_of_its_pixels(space: int, colors: int, pixel: bytes, color: int | None) -> None:
    page = pwg_header(space=space, colors=colors) + lines(repeated(pixel, 4), 2)
    facts = found(SYNC + page)
    assert (facts.pages, facts.color_pages) == (1, color)


def test_sixteen_bits_are_looked_at_in_whole() -> None:
    header = pwg_header(bits=16)
    assert found(SYNC + header + lines(repeated(b"\1\2\1\2\1\2", 4), 2)).color_pages == 0
    assert found(SYNC + header + lines(repeated(b"\1\2\1\2\1\3", 4), 2)).color_pages == 1


@pytest.mark.parametrize(
    ("duplex", "tumble", "sides"),
    [(0, 0, "one-sided"), (1, 0, "two-sided-long-edge"), (1, 1, "two-sided-short-edge")],
)
def test_sides_are_duplex_and_tumble(duplex: int, tumble: int, sides: str) -> None:
    page = pwg_header(duplex=duplex, tumble=tumble) + lines(repeated(b"\0\0\0", 4), 2)
    assert found(SYNC + page).sides == sides


def test_copies_are_those_of_all_pages() -> None:
    page = pwg_header(copies=3) + lines(repeated(b"\0\0\0", 4), 2)
    facts = found(SYNC + page + page)
    assert (facts.pages, facts.copies) == (2, 3)


def test_pages_with_different_copies_are_counted_as_often_as_they_are_printed() -> None:
    white = lines(repeated(b"\xff\xff\xff", 4), 2)
    red = lines(repeated(b"\xff\0\0", 4), 2)
    facts = found(SYNC + pwg_header(copies=3) + red + pwg_header(copies=1) + white)
    assert (facts.pages, facts.color_pages, facts.copies) == (4, 3, 1)
    assert facts.media == (MediaUse(20990, 29704, 4),)


def test_size_is_that_of_the_pixels_when_the_header_has_none() -> None:
    page = pwg_header(size=(0, 0), width=300, height=600) + lines(repeated(b"\0\0\0", 128) + b"\x80", 256) * 3
    assert found(SYNC + page).media == (MediaUse(2540, 5080, 1),)


def test_lines_repeat_beyond_the_page_only_to_its_end() -> None:
    page = pwg_header(height=3) + lines(repeated(b"\0\0\0", 4), 256)
    assert found(SYNC + page + GREY_PAGE).pages == 2


def test_page_without_lines_is_a_page() -> None:
    assert found(SYNC + pwg_header(height=0) + GREY_PAGE).pages == 2


def test_blank_rest_of_line_takes_no_more_octets() -> None:
    page = pwg_header(height=1) + bytes((0, WHITE_LINE))
    assert found(SYNC + page + page).pages == 2


def test_total_page_count_is_a_cross_check() -> None:
    page = pwg_header(total=2) + lines(repeated(b"\0\0\0", 4), 2)
    assert found(SYNC + page).unknown == "cut short after page 1 of the 2 that it promises"
    assert found(SYNC + page + page + page).pages == 3  # a lie in the other direction changes nothing


@pytest.mark.parametrize(("sync", "order"), [(b"RaS2", ">"), (b"2SaR", "<"), (b"RaS3", ">"), (b"3SaR", "<")])
def test_cups_raster_of_either_order_is_read(sync: bytes, order: str) -> None:
    header = pwg_header(order=order, media_class=b"Plain")
    grey, red = b"\x10\x10\x10" * 8, b"\x10\x10\x10" * 7 + b"\xff\0\0"
    packed = sync in {b"RaS2", b"2SaR"}
    pages = [
        header + (lines(literal(pixels[:12], 4), 1) + lines(literal(pixels[12:], 4), 1) if packed else pixels)
        for pixels in (grey, red)
    ]
    facts = found(sync + b"".join(pages))
    assert (facts.document_format, facts.pages, facts.color_pages) == ("application/vnd.cups-raster", 2, 1)
    assert found(sync + b"".join(pages), 1) == facts


def test_first_version_of_cups_raster_has_a_shorter_header() -> None:
    header = pwg_header(media_class=b"")[:420]
    assert found(b"RaSt" + (header + b"\x10\x10\x10" * 8) * 2).pages == 2


def test_planes_and_bands_are_passed_and_their_colour_is_not_told() -> None:
    planes = pwg_header(color_order=2) + lines(repeated(b"\x10", 4), 2) * 3
    bands = pwg_header(color_order=1) + lines(repeated(b"\x10", 12), 2)
    facts = found(SYNC + planes + bands)
    assert (facts.pages, facts.color_pages) == (2, None)


def test_document_cut_anywhere_is_unknown_and_says_after_which_page() -> None:
    document = SYNC + GREY_PAGE + RED_PAGE
    whole_first = len(SYNC) + len(GREY_PAGE)
    for end, facts in enumerate(cut_everywhere(PwgRasterExaminer, document)):
        if end == whole_first or end == len(SYNC):
            continue  # nothing shows that more was to come
        expected = "cut short after page 1" if end > whole_first else "cut short before the end of its first page"
        assert (facts.pages, facts.unknown) == (None, expected), end


def test_what_a_header_cannot_describe_is_unknown() -> None:
    for header in (pwg_header(bits=0), pwg_header(bits=16, colors=100), b"PwgRaster\0" + bytes(HEADER - 10)):
        facts = found(SYNC + GREY_PAGE + header + bytes(100))
        assert (facts.pages, facts.unknown) == (None, "the header of page 2 describes no possible page")


def test_line_that_is_too_long_is_unknown() -> None:
    facts = found(SYNC + GREY_PAGE + pwg_header() + lines(repeated(b"\0\0\0", 5), 2) + bytes(50))
    assert (facts.pages, facts.unknown) == (None, "the lines of page 2 do not fit its width")


def test_other_octets_are_no_raster() -> None:
    assert found(b"%PDF-1.7").unknown == "it does not begin as PWG raster does"


def test_examiner_of_a_damaged_document_wants_no_more() -> None:
    examiner = PwgRasterExaminer()
    assert not examiner.feed(b"nonsense")
    assert not examiner.feed(GREY_PAGE)
