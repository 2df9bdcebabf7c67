"""PCL 5: pages, colour, paper, sides and copies by sequences written by hand; what hides pages is told."""

import pytest

from ippgate.document.media_codes import A4, LETTER
from ippgate.document.pcl import MAX_PAYLOAD, WRAP, PclExaminer
from ippgate.document.pcl_state import MAX_MACROS
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.unit.document.feeding import cut_everywhere, examined

E = b"\x1b"
RESET = E + b"E"
A4_PAPER = E + b"&l26A"
UEL = E + b"%-12345X"
RASTER, END_RASTER = E + b"*t300R" + E + b"*r1A", E + b"*rB"
RGB_PLANES, CMY_PLANES, KCMY = E + b"*r3U", E + b"*r-3U", E + b"*r-4U"
RGB_PIXELS = E + b"*v6W\0\3\0\x08\x08\x08"


def found(document: bytes, step: int | None = None) -> DocumentFacts:
    return examined(PclExaminer, document, step)


def pages_of(*document: bytes) -> int | None:
    facts = found(RESET + A4_PAPER + b"".join(document))
    assert facts.unknown == ""
    return facts.pages


def color_of(*document: bytes) -> int | None:
    """Pages in colour in a document of one page."""
    facts = found(RESET + A4_PAPER + b"".join(document) + b"\f")
    assert (facts.pages, facts.unknown) == (1, "")
    return facts.color_pages


def row(*planes: bytes, mode: int = 0) -> bytes:
    """A row of raster graphics, of one plane or several."""
    first = b"".join(E + b"*b%dm%dV%b" % (mode, len(plane), plane) for plane in planes[:-1])
    return first + E + b"*b%dm%dW%b" % (mode, len(planes[-1]), planes[-1])


def raster(*rows: bytes) -> bytes:
    return RASTER + b"".join(rows) + END_RASTER


@pytest.mark.parametrize(
    ("content", "pages"),
    [
        (b"", 0),
        (b"text", 1),  # the end of the job ejects what has marks
        (b"text\f", 1),
        (b"text\ftext", 2),
        (b"\f", 1),  # a blank page is a page
        (b"text\f\f", 2),
        (b"  \r\n\t ", 0),  # nothing printed
        (b"text" + RESET, 1),
        (b"text" + RESET + RESET + b"text" + RESET, 2),
        (b"text" + E + b"&l0H" + E + b"&l0H", 1),
        (b"text" + E + b"&l2A" + b"text", 2),  # other paper
        (b"text" + E + b"&l1O" + b"text", 2),  # turned
        (b"text" + E + b"&l0O" + b"text", 1),  # as it is already
        (b"text" + E + b"&l1S" + b"text", 2),
        (b"text" + E + b"&a2G" + b"text", 2),  # the other side
        (b"text" + UEL + b"\f\f\f", 1),  # what follows is no PCL
        (raster(row(b"\xff")), 1),
        (raster(row(b"")), 1),  # even a blank row
        (E + b"*c300a300b0P", 1),  # a rectangle
        (E + b"&p3X\f\f\f", 1),  # transparent data are characters
        (E + b"%0BIN;SP1;PA100,100;PD500,500;" + E + b"%0A", 1),
        (E + b"%0BIN;SP1;PU100,100;" + E + b"%0A", 0),
        (E + b"%0BIN;SP1;PD5,5" + UEL, 1),  # an instruction that ends where the job does
        (E + b"Y\f\f" + E + b"Z", 1),  # display functions: form feeds are printed, not made
    ],
)
def test_pages(content: bytes, pages: int) -> None:
    assert pages_of(content) == pages
    assert found(RESET + A4_PAPER + content, 1) == found(RESET + A4_PAPER + content)


@pytest.mark.parametrize(
    ("size", "fitting"),
    [(E + b"&l26A", 64), (E + b"&l2A", 60), (E + b"&l27A", 93), (E + b"&l26a1O", 43), (E + b"&l2a8D", 80)],
)
def test_lines_that_run_over_the_end_of_the_page_break_it(size: bytes, fitting: int) -> None:
    line = b"line\r\n"
    assert found(size + line * (fitting - 1) + b"line").pages == 1
    assert found(size + line * fitting + b"line").pages == 2
    assert found(size + line * (fitting * 3) + b"line").pages == 4
    assert found(size + b"\n" * (fitting * 3)).pages == 3  # blank ones too


def test_text_area_is_as_the_document_sets_it() -> None:
    assert pages_of(E + b"&l10F", b"line\r\n" * 40) == 4
    assert pages_of(E + b"&l0L", b"line\r\n" * 66) == 1  # no perforation skip: to the edge of the paper
    assert pages_of(E + b"&l0L", b"line\r\n" * 70) == 2
    assert pages_of(E + b"&l30E", b"line\r\n" * 40) == 2  # top margin
    assert pages_of(E + b"&l48C", b"line\r\n" * 20) == 2  # an inch each
    assert pages_of(E + b"&k3G", b"line\r" * 65) == 2  # a carriage return feeds a line
    assert pages_of(b"line\r" * 65) == 1


def test_vertical_moves_stay_on_the_page_but_for_relative_rows() -> None:
    assert pages_of(E + b"*p9000Y", b"text") == 1
    assert pages_of(E + b"*p9000Y", b"text\ntext") == 2
    assert pages_of(b"text", E + b"&a+90R", b"text") == 2
    assert pages_of(b"text", E + b"&a90R", b"text") == 1
    assert pages_of(E + b"&a7000V" + E + b"&f0S" + E + b"&a0V" + E + b"&f1S", b"text\r\n" * 8) == 2  # pushed and popped
    assert pages_of(b"text", (E + b"=") * 130, b"text") == 2  # half lines


def test_rows_of_raster_move_the_lines_below_them() -> None:
    rows = raster(*[row(b"\xff")] * 3000)
    assert pages_of(rows, b"line\r\n" * 3) == 1
    assert pages_of(rows, b"line\r\n" * 10) == 2


def test_lines_over_the_end_of_unknown_paper_are_unknown() -> None:
    assert found(RESET + b"line\r\n" * 59 + b"line").pages == 1  # on any paper
    facts = found(RESET + b"line\r\n" * 61)
    assert (facts.pages, facts.unknown) == (None, "its text breaks pages where the device's own paper ends")
    assert examined(lambda: PclExaminer(A4), RESET + b"line\r\n" * 61).pages == 1
    assert examined(lambda: PclExaminer(LETTER), RESET + b"line\r\n" * 61).pages == 2


def test_lines_that_wrap_are_unknown() -> None:
    short = E + b"&s0C" + b"x" * WRAP + b"\r\n"
    assert pages_of(short, short) == 1
    for step in (1, 1000):
        assert (
            found(A4_PAPER + short + b"x" * (WRAP + 1), step).unknown == "its lines wrap where the device's margin is"
        )
    assert pages_of(b"x" * 10_000) == 1  # without wrap they are clipped


@pytest.mark.parametrize(
    ("sequence", "media"),
    [
        (E + b"&l26A", (MediaUse(21000, 29700, 1),)),
        (E + b"&l27a1O", (MediaUse(29700, 42000, 1),)),
        (E + b"&l66P", (MediaUse(21590, 27940, 1),)),  # as long as 66 lines
        (E + b"&l7777A", ()),
        (b"", ()),
    ],
)
def test_paper(sequence: bytes, media: tuple[MediaUse, ...]) -> None:
    assert found(RESET + sequence + b"text\f").media == media


@pytest.mark.parametrize(
    ("sequence", "sides"),
    [
        (E + b"&l0S", "one-sided"),
        (E + b"&l1S", "two-sided-long-edge"),
        (E + b"&l2S", "two-sided-short-edge"),
        (E + b"&l7S", None),
        (b"", None),
    ],
)
def test_sides(sequence: bytes, sides: str | None) -> None:
    assert found(RESET + sequence + b"text\f").sides == sides


def test_copies_hold_until_they_change_or_the_job_resets() -> None:
    assert found(RESET + b"text\f").copies is None
    facts = found(RESET + E + b"&l3X" + b"text\ftext\f")
    assert (facts.pages, facts.copies) == (2, 3)
    facts = found(RESET + E + b"&l3X" + b"text\f" + E + b"&l2X" + b"text\f")
    assert (facts.pages, facts.copies) == (5, 1)
    facts = found(RESET + E + b"&l3X" + b"text\f" + RESET + b"text\f")
    assert (facts.pages, facts.copies) == (4, 1)
    assert found(RESET + E + b"&l0X" + E + b"&l-5X" + b"text\f").copies is None


def test_parameters_join_in_one_sequence() -> None:
    facts = found(E + b"&l26a1o2s4X" + b"text\f")
    assert (facts.media, facts.sides, facts.copies) == ((MediaUse(21000, 29700, 1),), "two-sided-short-edge", 4)


# colour


@pytest.mark.parametrize(
    ("content", "color"),
    [
        (b"text", 0),
        (RGB_PLANES + E + b"*v1S" + b"text", 1),  # red
        (RGB_PLANES + E + b"*v0S" + b"text", 0),  # black
        (CMY_PLANES + E + b"*v7S" + b"text", 0),  # black again
        (RGB_PLANES + E + b"*v1S", 0),  # nothing printed
        (RGB_PLANES + E + b"*v1S" + E + b"*v0S" + b"text", 0),
        (RGB_PLANES + E + b"*v1S" + E + b"&b1M" + b"text", 0),  # monochrome print mode
        (RGB_PLANES + E + b"*v1S" + E + b"*c9a9b0P", 1),
        (RGB_PLANES + E + b"*v1S" + RASTER + row(b"\0", b"\0", b"\0"), 1),  # rows mix with the foreground
        (E + b"*r1U" + E + b"*v1S" + b"text", 0),
        (RGB_PLANES + E + b"*p0P" + E + b"*r1U" + E + b"*p1P" + E + b"*v1S" + b"text", 1),  # pushed and popped
        (E + b"*v6W\0\1\1\0\0\0" + E + b"*v255a0b0c1I" + E + b"*v1S" + b"text", 1),
        (E + b"*v6W\0\1\1\0\0\0" + E + b"*v9a9b9c1I" + E + b"*v1S" + b"text", 0),
        (E + b"*v6W\0\1\x08\0\0\0" + E + b"*v9S" + b"text", None),  # an entry that the device made
        (E + b"*v6W\3\1\1\0\0\0" + E + b"*v9a9b9c1I" + E + b"*v1S" + b"text", None),  # Lab
        (RGB_PIXELS + E + b"*v5S" + b"text", 1),  # pixels are their own colours, text has those of simple colour
        (RGB_PIXELS + E + b"*v7S" + b"text", 0),
        (RGB_PIXELS + b"text", 0),
        (E + b"&p5S" + E + b"*v1S" + b"text", None),  # a palette told by its number
    ],
)
def test_colour_of_text_and_rules(content: bytes, color: int | None) -> None:
    assert color_of(content) == color


@pytest.mark.parametrize(
    ("setup", "rows", "color"),
    [
        (b"", [row(b"\xff")], 0),
        (RGB_PLANES, [row(b"\xf0", b"\xf0", b"\xf0")], 0),
        (RGB_PLANES, [row(b"\xf0", b"\xf0", b"\xf1")], 1),
        (CMY_PLANES, [row(b"\xf0", b"\xf0", b"\xf0")], 0),
        (CMY_PLANES, [row(b"\xff", b"\0", b"\0")], 1),
        (KCMY, [row(b"\xff", b"\0", b"\0", b"\0")], 0),
        (KCMY, [row(b"\xff", b"\0", b"\1", b"\0")], 1),
        (KCMY, [row(b"\xff", b"", b"", b"")], 0),
        (E + b"*r-7U", [row(b"\xff")], None),
        (RGB_PIXELS, [row(b"\5\5\5\6\6\6")], 0),
        (RGB_PIXELS, [row(b"\5\5\5\6\6\7")], 1),
        (RGB_PIXELS, [row(b"\xfb\5", mode=2)], 0),  # packed bits: six times the same octet
        (RGB_PIXELS, [row(b"\2\1\2\3", mode=2)], 1),
        (RGB_PIXELS, [row(b"\5\7", mode=1)], 0),  # run length
        (RGB_PIXELS, [row(b"\1\7\3\1", mode=1)], 1),
        (RGB_PIXELS, [row(b"\x40\5\5\5", mode=3), row(b"", mode=3)], 0),  # delta row, and the same again
        (RGB_PIXELS, [row(b"\x40\5\5\5", mode=3), row(b"\1\7", mode=3)], 1),
        (RGB_PIXELS, [row(b"\2\5\5\5", mode=9), row(b"\x80\6", mode=9)], 1),
        (RGB_PIXELS, [row(b"\0\0\3\5\5\5\5\0\2\4\0\1", mode=5)], 0),  # adaptive: a row, twice more, a blank one
        (RGB_PIXELS, [row(b"\0\0\3\5\6\5", mode=5)], 1),
        (RGB_PIXELS, [row(b"\5\5\5", mode=8)], None),  # a mode that is not undone
        (E + b"*v6W\0\2\1\1\1\1", [row(b"\1", b"\1", b"\1")], 0),  # direct by plane
        (E + b"*v6W\0\2\1\1\1\1", [row(b"\1", b"\1", b"\2")], 1),
        (E + b"*v6W\0\1\1\0\0\0", [row(b"\xaa")], 0),  # indexed, black and white
        (E + b"*v6W\0\1\1\0\0\0" + E + b"*v255a0b0c1I", [row(b"\xaa")], 1),
        (E + b"*v6W\0\1\1\0\0\0" + E + b"*v255a0b0c1I", [row(b"\0")], 0),
        (E + b"*v6W\0\1\2\0\0\0", [row(b"\x55")], None),  # indexes whose colours the device made
        (E + b"*v6W\0\0\2\0\0\0", [row(b"\x55", b"\1")], None),
        (E + b"*v2W\0\3", [row(b"\5")], None),  # too short to say
        (E + b"*g8W\2\1\1\x2c\1\x2c\0\2", [row(b"\xff")], 0),  # DeskJet: black ink
        (E + b"*g26W\2\4" + b"\1\x2c\1\x2c\0\2" * 4, [row(b"\xff", b"\0", b"\0", b"\0")], 0),
        (E + b"*g26W\2\4" + b"\1\x2c\1\x2c\0\2" * 4, [row(b"\xff", b"\0", b"\1", b"\0")], 1),
        (E + b"*g20W\2\3" + b"\1\x2c\1\x2c\0\2" * 3, [row(b"\x0f", b"\x0f", b"\x0f")], 0),
        (E + b"*g3W\6\1\2", [row(b"\xff")], None),
    ],
)
def test_colour_of_raster(setup: bytes, rows: list[bytes], color: int | None) -> None:
    assert color_of(setup, E + b"*r6S", raster(*rows)) == color


def test_rows_of_a_page_known_to_be_in_colour_are_leapt_over() -> None:
    red = row(b"\xff\0\0")
    facts = found(RGB_PIXELS + raster(*[red] * 100) + b"\f" + raster(*[row(b"\5\5\5")] * 100) + b"\f")
    assert (facts.pages, facts.color_pages) == (2, 1)


@pytest.mark.parametrize(
    ("instructions", "color"),
    [
        (b"IN;SP1;PA0,0;PD900,900;", 0),
        (b"IN;SP2;PA0,0;PD900,900;", 1),  # HP-GL/2's own palette: red
        (b"SP2;PA0,0;PD900,900;", 0),  # PCL's: black and white
        (b"IN;SP2;PU;SP1;PD9,9;", 0),
        (b"IN;PC1,255,0,0;SP1;PD9,9;", 1),
        (b"IN;PC2,9,9,9;SP2;PD9,9;", 0),
        (b"IN;LBSP2;PD;\x03SP1;PD9,9", 0),  # a label is no instruction
        (b'IN;CO"SP2;PD9,9";SP1;PD9,9;', 0),  # nor is a comment
        (b"IN;DT*;LBSP2\x03*SP2;PD9,9;", 1),
        (b"insp2pe<=xyz;pd", 1),  # small letters, no separators
    ],
)
@pytest.mark.parametrize("step", [1, 3, 1000])
def test_colour_of_hp_gl_2(instructions: bytes, color: int, step: int) -> None:
    facts = found(A4_PAPER + E + b"%0B" + instructions + E + b"%0A\f", step)
    assert (facts.pages, facts.color_pages) == (1, color)


# macros


def test_macro_marks_what_it_marks_wherever_it_is_used() -> None:
    define = E + b"&f7y0X" + RGB_PLANES + E + b"*v1S" + b"red" + E + b"&f1X"
    assert pages_of(define) == 0
    assert color_of(define, b"text") == 0
    assert color_of(define, E + b"&f2X") == 1
    assert color_of(define, E + b"&f3X") == 1
    facts = found(define + E + b"&f4X" + b"one\ftwo\f" + E + b"&f5X" + b"three\f")
    assert (facts.pages, facts.color_pages) == (3, 2)  # laid over the first two


def test_macro_that_the_document_does_not_bring_hides_its_colour() -> None:
    assert color_of(E + b"&f9y2X") is None
    assert color_of(E + b"&f9y4X", b"text") is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (E + b"&f1y0X" + b"\f" + E + b"&f1X" + E + b"&f2X", "it ends pages in a macro"),
        (E + b"&f1y0X" + E + b"&f2y2X" + E + b"&f1X" + E + b"&f2X", "it ends pages in a macro"),
        (E + b"&f1y0X" + b"text\f", "the definition of a macro never ends"),
        (
            b"".join(E + b"&f%dy0X" % number + E + b"&f1X" for number in range(MAX_MACROS + 1)),
            f"it defines more than {MAX_MACROS} macros",
        ),
        (E + b"*b%dW" % (MAX_PAYLOAD + 1), f"a payload longer than {MAX_PAYLOAD} octets is announced"),
        (E + b"&l" + b"0" * 200 + b"X", "a number of more than 128 digits"),
    ],
)
def test_what_hides_pages_is_unknown(content: bytes, reason: str) -> None:
    document = RESET + A4_PAPER + b"text\f" + content
    facts = found(document)
    assert (facts.pages, facts.unknown) == (None, reason)
    assert found(document, 1) == facts


def test_copies_of_a_macro_hold_where_it_is_used() -> None:
    assert found(A4_PAPER + E + b"&f1y0X" + E + b"&l5X" + E + b"&f1X" + b"text\f").copies is None
    assert found(A4_PAPER + E + b"&f1y0X" + E + b"&l5X" + E + b"&f1X" + E + b"&f2X" + b"text\f").copies == 5


# payloads and the end


@pytest.mark.parametrize(
    "command", [b"*b", b")s", b"(s", b"(f", b"*v", b"*c", b"*m", b"&b", b"*o", b"&n", b"*l", b"*i"]
)
def test_payload_is_leapt_over_whatever_it_holds(command: bytes) -> None:
    hidden = b"\f\f" + RESET + UEL + b"@PJL EOJ\n"
    assert found(b"text\f" + E + command + b"%dW" % len(hidden) + hidden + b"\f").pages == 2


def test_planes_take_their_payload_in_joined_sequences() -> None:
    assert pages_of(KCMY, RASTER, E + b"*b2v\f\f2v\f\f2v\f\f2W\f\f", b"\f") == 1


def test_uel_ends_the_language_and_says_what_is_left() -> None:
    document = b"text\f" + UEL + b"@PJL EOJ\n"
    for step in (1, 4, 100):
        examiner = PclExaminer()
        rest = b""
        for at in range(0, len(document), step):
            if not examiner.feed(document[at : at + step]):
                assert examiner.rest is not None
                rest = examiner.rest + document[at + step :]
                break
        assert rest == UEL + b"@PJL EOJ\n"
        assert examiner.close().pages == 1


def test_document_cut_within_a_sequence_is_unknown() -> None:
    document = b"text\f" + E + b"&l26A" + RGB_PIXELS + raster(row(b"\1\2\3"), row(b"\4\4\4")) + b"text" + E + b"&l2A"
    for end, facts in enumerate(cut_everywhere(PclExaminer, document)):
        within = facts.pages is None
        assert facts.unknown == (("cut short after page 1" if end > 5 else "") if within else ""), end
        assert within or facts.pages in {0, 1, 2}
    assert found(document[:-1]).pages is None  # in the last sequence
    assert found(document).pages == 2


def test_control_characters_end_a_sequence_that_was_begun() -> None:
    assert pages_of(E + b"&l2", b"\f", b"text") == 2
    assert pages_of(E + b"\f", b"text") == 2


def test_senseless_values_change_nothing() -> None:
    for value in (b"-1", b"99999999999999", b".", b"--", b"1.5.5", b"+"):
        for command in (
            b"&l%bX",
            b"&l%bC",
            b"&l%bD",
            b"&l%bP",
            b"&a%bR",
            b"*p%bY",
            b"&u%bD",
            b"*t%bR",
            b"*v%bI",
            b"&l%bE",
        ):
            assert found(A4_PAPER + E + command % value + b"text\f").pages is not None
