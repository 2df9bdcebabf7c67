"""PostScript is believed as far as its structuring comments do not contradict themselves or the program."""

import pytest

from ippgate.document.postscript import CONTRADICTION, SEVERAL, TEXT_LIMIT, UNSAID, PostScriptExaminer
from ippgate.model.facts import DocumentFacts, MediaUse

HEAD = "%!PS-Adobe-3.0\n"
PAGES = "%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n"
UEL = "\x1b%-12345X"


def examined(text: str, step: int = 0) -> DocumentFacts:
    octets, examiner = text.encode("latin-1"), PostScriptExaminer()
    for start in range(0, len(octets), step or len(octets) or 1):
        if not examiner.feed(octets[start : start + (step or len(octets))]):
            break
    return examiner.close()


def setup(text: str) -> DocumentFacts:
    return examined(f"{HEAD}%%BeginSetup\n{text}\n%%EndSetup\n{PAGES}")


@pytest.mark.parametrize("step", [0, 1, 5])
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize(
    ("text", "pages"),
    [
        (HEAD + PAGES, 2),
        (HEAD + "%%Pages: 2\n" + PAGES + "%%EOF\n", 2),
        (HEAD + "%%Pages: (atend)\n" + PAGES + "%%Trailer\n%%Pages: 2\n%%EOF\n", 2),
        (HEAD + "%%Pages: 1\n0 0 moveto showpage\n", 1),
        (HEAD + "%%Pages: 0\n", 0),
        (HEAD + PAGES + UEL, 2),
        (HEAD + PAGES + "\x04" + UEL + "@PJL EOJ\n" + UEL, 2),
        ("%!\n%%Page: 1 1\nshowpage\n", 1),
    ],
)
def test_pages_are_those_that_begin(text: str, pages: int, line_end: str, step: int) -> None:
    facts = examined(text.replace("\n", line_end), step)
    assert (facts.pages, facts.unknown) == (pages, "")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("%!\nshowpage showpage\n", UNSAID),
        (HEAD + "showpage\n", UNSAID),
        ("", UNSAID),
        (HEAD + "%%Pages: 1\n" + PAGES, CONTRADICTION),
        (HEAD + "%%Pages: 5\n", CONTRADICTION),
        (HEAD + "%%Pages: 1\nshowpage showpage\n", CONTRADICTION),
        (HEAD + PAGES + "showpage\n" * 500, CONTRADICTION),
        (HEAD + PAGES + "%%BeginDocument: hidden.ps\n%%Page: 3 3\n", CONTRADICTION),
        (HEAD + PAGES + "%%EOF\n" + HEAD + PAGES, SEVERAL),
        (HEAD + PAGES + UEL + "@PJL ENTER LANGUAGE=POSTSCRIPT\n" + HEAD + PAGES, SEVERAL),
        (HEAD + PAGES + "\x04" + HEAD + PAGES, SEVERAL),
    ],
)
def test_a_count_that_is_not_to_be_believed_is_unknown(text: str, unknown: str) -> None:
    facts = examined(text)
    assert (facts.pages, facts.media, facts.unknown) == (None, (), unknown)


def test_what_follows_the_end_is_not_read() -> None:
    examiner = PostScriptExaminer()
    assert examiner.feed((HEAD + PAGES + "%%EOF\n").encode())
    assert not examiner.feed(b"more\n")


def test_embedded_documents_and_definitions_have_no_pages() -> None:
    embedded = (
        "%%BeginDocument: x.eps\n%!PS-Adobe-3.0 EPSF-3.0\n%%Title: inner\n%%Pages: 9\n%%Page: 1 1\n%%EndDocument\n"
    )
    prolog = "%%BeginProlog\n/bop { showpage } def showpage\n<< /Duplex true >>\n%%EndProlog\n"
    facts = examined(f"{HEAD}%%Title: outer\n{prolog}%%Page: 1 1\n{embedded}showpage\n%%EOF\n")
    assert (facts.pages, facts.title, facts.sides) == (1, "outer", None)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("plain words", "plain words"),
        ("(in \\(two\\) \\101\\102 \\\\)", "in (two) AB \\"),
        ("<feff004a0061006b0065>", "Jake"),
        ("<no hex>", "<no hex>"),
        ("Gr\xfc\xdfe", "Grüße"),
        ("Gr\xc3\xbc\xc3\x9fe", "Grüße"),
        ("\x1b[31mred\x07", "[31mred"),
        ("x" * 4000, "x" * (TEXT_LIMIT - 1) + "…"),
    ],
)
def test_texts_are_made_plain(said: str, title: str) -> None:
    facts = examined(f"{HEAD}%%Title: {said}\n%%Creator: {said}\n{PAGES}")
    assert (facts.title, facts.producer) == (title, title)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("<< /Duplex true >> setpagedevice", "two-sided-long-edge"),
        ("<< /Duplex true /Tumble false >> setpagedevice", "two-sided-long-edge"),
        ("<< /Duplex true /Tumble true >> setpagedevice", "two-sided-short-edge"),
        ("<< /Duplex false /Tumble true >> setpagedevice", "one-sided"),
        ("%%BeginFeature: *Duplex DuplexNoTumble\n%%EndFeature", "two-sided-long-edge"),
        ("%%BeginFeature: *Duplex DuplexTumble\n%%EndFeature", "two-sided-short-edge"),
        ("%%BeginFeature: *Duplex None\n%%EndFeature", "one-sided"),
        ("<< /Duplex true >> setpagedevice\n<< /Duplex false >> setpagedevice", None),
        ("/Duplex 1", None),
        ("", None),
    ],
)
def test_sides_are_what_the_set_up_asks_for(text: str, sides: str | None) -> None:
    assert setup(text).sides == sides


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        ("<< /NumCopies 3 >> setpagedevice", 3),
        ("/#copies 4 def", 4),
        ("/NumCopies 3\n/NumCopies 4", None),
        ("", None),
    ],
)
def test_copies_are_what_the_set_up_asks_for(text: str, copies: int | None) -> None:
    assert setup(text).copies == copies


def test_a_procedure_that_may_be_called_one_day_asks_for_nothing() -> None:
    facts = examined(f"{HEAD}/twosided {{ << /Duplex true\n/NumCopies 9 >>\nsetpagedevice }} bind\n{PAGES}")
    assert (facts.sides, facts.copies) == (None, None)


TWO_MEDIA = "%%DocumentMedia: A4 595 842 0 () ()\n%%+ Letter 612 792 0 () ()\n"
SET_A3 = "%%BeginPageSetup\n<< /PageSize [842 1190] >> setpagedevice\n%%EndPageSetup\n"
A4, A3, LETTER = (20990, 29704), (29704, 41981), (21590, 27940)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (f"{HEAD}%%BoundingBox: 0 0 595 842\n{PAGES}", [(*A4, 2)]),
        (f"{HEAD}%%BoundingBox: 99 99 595 842\n{PAGES}", []),
        (f"{HEAD}%%DocumentMedia: A4 595 842 80 white ()\n{PAGES}", [(*A4, 2)]),
        (f"{HEAD}%%DocumentMedia: x y z\n{PAGES}", []),
        (
            f"{HEAD}{TWO_MEDIA}%%Page: 1 1\n%%PageMedia: Letter\nshowpage\n%%Page: 2 2\nshowpage\n",
            [(*LETTER, 1), (*A4, 1)],
        ),
        (f"{HEAD}%%Page: 1 1\n%%PageBoundingBox: 0 0 842 1190\nshowpage\n", [(*A3, 1)]),
        (
            f"{HEAD}%%BoundingBox: 0 0 595 842\n%%Page: 1 1\n{SET_A3}showpage\n%%Page: 2 2\nshowpage\n",
            [(*A3, 2)],
        ),
        (f"{HEAD}%%BeginSetup\n<< /PageSize [612 792] >> setpagedevice\n%%EndSetup\n{PAGES}", [(*LETTER, 2)]),
    ],
)
def test_sizes_are_those_set_or_named(text: str, sizes: list[tuple[int, int, int]]) -> None:
    assert examined(text).media == tuple(MediaUse(*size) for size in sizes)


@pytest.mark.parametrize(
    ("colors", "color"), [("Black", False), ("Cyan Magenta Yellow Black", None), ("(atend)", None)]
)
def test_a_document_that_says_it_is_black_is_black(colors: str, color: bool | None) -> None:
    assert examined(f"{HEAD}%%DocumentProcessColors: {colors}\n{PAGES}").color is color


def test_a_line_without_end_is_not_kept() -> None:
    examiner = PostScriptExaminer()
    examiner.feed(HEAD.encode())
    for _ in range(100):
        examiner.feed(b"x" * 65_536)
    assert len(examiner._line) < 10_000
