"""PCL XL: pages and colour by operators written by hand, one test for each; every malformation is told."""

import pytest

from ippgate.document.pclxl import PclxlExaminer
from ippgate.document.pclxl_ink import MAX_DEPTH
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.unit.document import xl
from tests.unit.document.feeding import cut_everywhere, examined
from tests.unit.document.xl import Real, Value, data, document, image, op, page

RGB = op("SetColorSpace", ColorSpace=xl.RGB)
GRAY = op("SetColorSpace", ColorSpace=xl.GRAY)
RED = op("SetBrushSource", RGBColor=b"\xff\0\0")
DRAW = op("NewPath") + op("Rectangle", BoundingBox=[1, 1, 90, 90])
TEXT = op("SetCursor", Point=(7, 7)) + op("Text", TextData="Hello")
GREY_PIXELS, RED_PIXELS = b"\x10\x10\x10\x20\x20\x20", b"\x10\x10\x10\xff\0\0"


def found(octets: bytes, step: int | None = None) -> DocumentFacts:
    return examined(PclxlExaminer, octets, step)


def color_of(*content: bytes) -> int | None:
    """What is found of a document of one page."""
    facts = found(document(page(*content)))
    assert (facts.pages, facts.unknown) == (1, "")
    return facts.color_pages


def test_pages_are_counted_where_they_end() -> None:
    facts = found(document(page(TEXT), page(), page(RGB, RED, DRAW)))
    assert (facts.pages, facts.color_pages, facts.copies) == (3, 1, 1)
    assert facts.document_format == "application/vnd.hp-PCLXL"
    assert facts.producer == "made by hand"


def test_several_sessions_are_one_document() -> None:
    assert found(document(page()) + document(page(), page(), header=b"")).pages == 3


@pytest.mark.parametrize("step", [1, 2, 3, 11])
def test_any_split_finds_the_same(step: int) -> None:
    octets = document(page(RGB, image(RED_PIXELS * 50)), page(TEXT), page(RGB, RED, DRAW, copies=3))
    assert found(octets, step) == found(octets)


@pytest.mark.parametrize(
    ("color", "pages"),
    [
        (b"\xff\0\0", 1),
        (b"\x40\x40\x40", 0),
        ((Real(0.5), Real(0.5), Real(0.5)), 0),
        ((Real(0.5), Real(0.5), Real(0.25)), 1),
    ],
)
def test_brush_in_rgb_is_a_colour_when_its_components_differ(color: Value, pages: int) -> None:
    assert color_of(RGB, op("SetBrushSource", RGBColor=color), DRAW) == pages
    assert color_of(RGB, op("SetPenSource", RGBColor=color), DRAW) == pages
    assert color_of(RGB, op("SetBrushSource", PrimaryArray=color), TEXT) == pages


def test_grey_level_and_no_brush_are_no_colour() -> None:
    assert color_of(RGB, RED, op("SetBrushSource", GrayLevel=7), DRAW) == 0
    assert color_of(RGB, RED, op("SetBrushSource", NullBrush=0), DRAW) == 0
    assert color_of(GRAY, op("SetBrushSource", PrimaryArray=b"\x07"), DRAW) == 0


def test_colour_that_paints_nothing_is_no_colour() -> None:
    assert color_of(RGB, RED) == 0
    assert color_of(RGB, op("SetPenSource", RGBColor=b"\xff\0\0"), TEXT) == 0  # text is painted with the brush
    assert color_of(op("PushGS"), RGB, RED, op("PopGS"), DRAW) == 0


def test_page_begins_in_black() -> None:
    facts = found(document(page(RGB, RED, DRAW), page(DRAW)))
    assert (facts.pages, facts.color_pages) == (2, 1)


@pytest.mark.parametrize("mode", [xl.PLAIN, xl.RLE, xl.DELTA_ROW])
@pytest.mark.parametrize(("pixels", "color"), [(GREY_PIXELS, 0), (RED_PIXELS, 1)])
@pytest.mark.parametrize("pad", [1, 4])
def test_pixels_in_rgb_are_looked_at(mode: int, pixels: bytes, color: int, pad: int) -> None:
    row = pixels + bytes(-len(pixels) % pad)
    packed = {
        xl.PLAIN: row,
        xl.RLE: bytes((len(row) - 1,)) + row,
        xl.DELTA_ROW: bytes((len(row) + 1, 0, (len(row) - 1) << 5)) + row,
    }[mode]
    assert color_of(RGB, image(packed, packed, mode=mode, pad=pad)) == color


def test_runs_that_cross_rows_and_blocks_are_unpacked() -> None:
    grey = bytes((257 - 12, 0x33))  # both rows in one run
    assert color_of(RGB, image(grey, mode=xl.RLE)) == 0
    assert color_of(RGB, image(grey, b"\x05" + RED_PIXELS, mode=xl.RLE)) == 1


def test_pixels_in_grey_are_grey() -> None:
    assert color_of(GRAY, image(RED_PIXELS, width=6)) == 0
    assert color_of(image(b"\xaa", width=8, depth=xl.BITS_1, mapping=xl.INDEXED)) == 0


def test_pixels_that_are_not_unpacked_are_not_told() -> None:
    assert color_of(RGB, image(b"\xff\xd8", mode=xl.JPEG)) is None
    assert color_of(RGB, image(RED_PIXELS, depth=xl.BITS_4)) is None
    assert color_of(RGB, image(RED_PIXELS, mapping=xl.INDEXED)) is None  # without a palette


def test_colour_elsewhere_on_the_page_tells_in_spite_of_pixels_that_do_not() -> None:
    assert color_of(RGB, image(b"\xff\xd8", mode=xl.JPEG), RED, DRAW) == 1


@pytest.mark.parametrize(("octets", "color"), [(b"\x00\x02\x00\x02", 0), (b"\x00\x01\x02\x00", 1)])
def test_indexes_are_as_grey_as_the_entries_they_use(octets: bytes, color: int) -> None:
    palette = b"\0\0\0\xff\0\0\xff\xff\xff"
    space = op("SetColorSpace", ColorSpace=xl.SRGB, PaletteData=palette)
    assert color_of(space, image(octets, width=4, mapping=xl.INDEXED)) == color
    nibbles = bytes((octets[0] << 4 | octets[1], octets[2] << 4 | octets[3]))
    assert color_of(space, image(nibbles, width=4, depth=xl.BITS_4, mapping=xl.INDEXED)) == color


def test_pattern_is_a_colour_where_it_is_painted_with() -> None:
    def pattern(pixels: bytes) -> bytes:
        begin = op("BeginRastPattern", ColorMapping=0, ColorDepth=2, SourceWidth=2, SourceHeight=1, PatternDefineID=5)
        read = op("ReadRastPattern", StartLine=0, BlockHeight=1, CompressMode=0, PadBytesMultiple=1)
        return begin + read + data(pixels) + op("EndRastPattern")

    use = op("SetBrushSource", PatternSelectID=5)
    assert color_of(RGB, pattern(RED_PIXELS), DRAW) == 0
    assert color_of(RGB, pattern(RED_PIXELS), use, DRAW) == 1
    assert color_of(RGB, pattern(GREY_PIXELS), use, DRAW) == 0
    assert color_of(RGB, use, DRAW) is None  # a pattern that is the device's own


def test_streams_and_passed_through_pcl_hide_their_colour() -> None:
    stream = op("BeginStream") + op("ReadStream") + data(RED + DRAW) + op("EndStream")
    assert color_of(stream) == 0
    assert color_of(stream, op("ExecStream")) is None
    assert color_of(op("PassThrough") + data(b"\x1b*v1S")) is None


def test_streams_and_passed_through_pcl_outside_pages_hide_pages() -> None:
    assert found(document(op("ExecStream"))).unknown == "it executes streams outside its pages"
    assert found(document(op("PassThrough"), data(b"\f"))).unknown == "it passes PCL 5 through outside its pages"


@pytest.mark.parametrize(
    ("attributes", "media"),
    [
        ({"MediaSize": 2}, (MediaUse(21000, 29700, 1),)),
        ({"MediaSize": "A3"}, (MediaUse(29700, 42000, 1),)),
        ({"MediaSize": "jis b5"}, (MediaUse(18200, 25700, 1),)),
        ({"MediaSize": "mystery"}, ()),
        ({"MediaSize": 250}, ()),
        ({"CustomMediaSize": (Real(4.0), Real(6.0)), "CustomMediaSizeUnits": 0}, (MediaUse(10160, 15240, 1),)),
        ({"CustomMediaSize": (100, 150), "CustomMediaSizeUnits": 1}, (MediaUse(10000, 15000, 1),)),
        ({"CustomMediaSize": (1000, 1500), "CustomMediaSizeUnits": 2}, (MediaUse(10000, 15000, 1),)),
        ({"CustomMediaSize": (Real("nan"), Real("inf"))}, ()),
        ({"CustomMediaSize": (100, 150), "CustomMediaSizeUnits": 9}, ()),
    ],
)
def test_size_of_media(attributes: dict[str, Value], media: tuple[MediaUse, ...]) -> None:
    assert found(document(op("BeginPage", **attributes) + op("EndPage"))).media == media


def test_page_without_size_has_that_of_the_page_before() -> None:
    first = op("BeginPage", MediaSize=0) + op("EndPage")
    facts = found(document(first, op("BeginPage") + op("EndPage")))
    assert facts.media == (MediaUse(21590, 27940, 2),)


@pytest.mark.parametrize(
    ("attributes", "sides"),
    [
        ({"SimplexPageMode": 0}, "one-sided"),
        ({"DuplexPageMode": 0}, "two-sided-short-edge"),
        ({"DuplexPageMode": 1}, "two-sided-long-edge"),
        ({"DuplexPageMode": 9}, None),
        ({"MediaSize": 2}, None),
    ],
)
def test_sides(attributes: dict[str, Value], sides: str | None) -> None:
    assert found(document(op("BeginPage", **attributes) + op("EndPage"))).sides == sides


def test_copies_are_those_of_all_pages_or_are_counted() -> None:
    assert found(document(page(copies=4), page(copies=4))).copies == 4
    facts = found(document(page(copies=4), page(copies=2)))
    assert (facts.pages, facts.copies) == (6, 1)


def test_payload_is_leapt_over_whatever_it_holds() -> None:
    hidden = op("EndPage") + op("EndSession") + xl.UEL + b"@PJL EOJ\n"
    font = b"\x50" + data(hidden * 40)  # ReadFontHeader
    text = op("Text", TextData=hidden)
    assert color_of(font, text, RGB, image(hidden, mode=xl.JPEG), RED, DRAW) == 1


def test_uel_between_operators_ends_the_language() -> None:
    for step in (1, 5, 10_000):
        examiner = PclxlExaminer()
        octets = document(page()) + xl.UEL + b"@PJL EOJ\n"
        rest = b""
        for at in range(0, len(octets), step):
            if not examiner.feed(octets[at : at + step]):
                assert examiner.rest is not None
                rest = examiner.rest + octets[at + step :]
                break
        assert rest == xl.UEL + b"@PJL EOJ\n"
        assert examiner.close().pages == 1


def test_document_cut_anywhere_is_unknown_and_says_after_which_page() -> None:
    first = document(page(TEXT, RGB, image(RED_PIXELS)))[: -len(op("CloseDataSource") + op("EndSession"))]
    whole = first + page(RGB, RED, DRAW) + op("EndSession")
    for end, facts in enumerate(cut_everywhere(PclxlExaminer, whole)):
        if end == len(xl.HEADER):
            continue  # a stream without a session
        expected = "cut short after page 1" if end >= len(first) else "cut short before the end of its first page"
        if end == len(whole) - 1:
            expected = "cut short after page 2"
        assert (facts.pages, facts.unknown) == (None, expected), end


def test_uel_within_a_page_cuts_it_short() -> None:
    octets = document(page()) + op("BeginSession") + op("BeginPage") + xl.UEL
    assert found(octets).unknown == "cut short after page 1"


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"%!PS", "it does not begin as PCL XL does"),
        (b") HP-PCL XL" + b"x" * 2000, "it does not begin as PCL XL does"),
        (b"( HP-PCL XL;2;0;\n", "PCL XL in a binding that is not read: with the high octet first"),
        (b"' HP-PCL XL;2;0;\n", "PCL XL in a binding that is not read: ASCII"),
        (xl.HEADER + b"\x41\xc0\x01\xff", "octets that are no PCL XL after page 0"),
        (xl.HEADER + b"\x41\xc8\xff", "octets that are no PCL XL after page 0"),
        (xl.HEADER + b"\x41\xf8\x01", "octets that are no PCL XL after page 0"),
        (xl.HEADER + b"\x41\x1b%-0", "octets that are no PCL XL after page 0"),
        (xl.HEADER + b"\x43", "octets that are no PCL XL after page 0"),  # outside a session
        (
            xl.HEADER + b"\x41" + b"\xc0\x01\xf8\x01\xc0\x02\xf9\x01\x01" * 2 + b"\xc7",
            "octets that are no PCL XL after page 0",
        ),
        (xl.HEADER + b"\x41\x41", "BeginSession out of order after page 0"),
        (xl.HEADER + b"\x41\x43\x43", "BeginPage out of order after page 0"),
        (xl.HEADER + b"\x41\x43\x44\x44", "EndPage out of order after page 1"),
        (xl.HEADER + b"\x41\x43\x42", "EndSession out of order after page 0"),
        (xl.HEADER + b"\x41\x43" + b"\x61" * (MAX_DEPTH + 1), "graphics states nested too deeply after page 0"),
    ],
)
def test_what_is_no_pcl_xl_is_unknown(octets: bytes, reason: str) -> None:
    facts = found(octets)
    assert (facts.pages, facts.unknown) == (None, reason)
    assert found(octets, 1) == facts


def test_too_many_attributes_are_no_pcl_xl() -> None:
    many = b"".join(b"\xc0\x01\xf8" + bytes((number,)) for number in range(100))
    assert found(xl.HEADER + b"\x41" + many + b"\x43").unknown == "octets that are no PCL XL after page 0"
