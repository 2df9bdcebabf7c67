"""What is found in a document against what Ghostscript makes of it, page by page and ink by ink.

An entry of the table says what is found. Where Ghostscript counts otherwise its `why` says why, and there alone.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pikepdf import Array, Encryption, ObjectStreamMode

from ippgate.examine import Examiners
from ippgate.model.facts import DocumentFacts, MediaUse
from tests.integration.document import producers as made
from tests.integration.document.producers import (
    BLACK,
    CMYK_BLACK,
    CYAN,
    DUPLEX,
    FAINT,
    HAIRLINE,
    LIGHT,
    RED,
    RGB_GREY,
    RICH_BLACK,
    SHADING,
    SMALL_BLUE_TEXT,
    SPOT,
    Maker,
    pdfwrite,
    postscript,
)
from tests.rig.documents import FOLDER
from tests.rig.ghostscript import Truth, looks_colored, truth
from tests.rig.odd_pdf import kids
from tests.rig.whole import InMemory

FOUR_INKS = "Ghostscript's colour profile mixes the black and grey of RGB from four inks; a device prints them in black"
OVERPRINTED = "black with the other inks below it looks black, and drawing shows looks: devices may count it as colour"
BELOW = "one per cent of one ink is less than the rounding that is put up with"
UNSAID = "PostScript tells its colours to an interpreter alone"
NO_WORD = "nothing in the document says how many pages it has, but to an interpreter"
LYING = (
    "Ghostscript prints the pages that are there; what is said of their number contradicts it, so nothing is believed"
)
LOCKED = "it can't be opened without its password"
HOLED = "Ghostscript prints what it finds of a damaged document; what a device finds nobody knows"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document, its pages and those in colour as found, and why Ghostscript's count differs, if it does."""

    name: str
    make: Maker
    pages: int | None
    color_pages: int | None
    why: str = ""

    def __str__(self) -> str:
        return self.name


MIXED = (BLACK, RED, BLACK, BLACK, CYAN)
TABLE = [
    Entry("pdfwrite: black", pdfwrite(BLACK, BLACK, BLACK), 3, 0),
    Entry("pdfwrite: red", pdfwrite(RED, RED), 2, 2),
    Entry("pdfwrite: some pages in colour", pdfwrite(*MIXED), 5, 2),
    Entry("pdfwrite: empty pages", pdfwrite("", BLACK, ""), 3, 0),
    Entry("pdfwrite: grey of RGB", pdfwrite(RGB_GREY, BLACK), 2, 0, FOUR_INKS),
    Entry("pdfwrite: black of CMYK", pdfwrite(CMYK_BLACK), 1, 0),
    Entry("pdfwrite: black over other inks", pdfwrite(RICH_BLACK), 1, 0, OVERPRINTED),
    Entry("pdfwrite: cyan", pdfwrite(CYAN), 1, 1),
    Entry("pdfwrite: a light tint", pdfwrite(LIGHT), 1, 1),
    Entry("pdfwrite: a tint that is hardly there", pdfwrite(FAINT), 1, 0, BELOW),
    Entry("pdfwrite: a spot colour", pdfwrite(SPOT, BLACK), 2, 1),
    Entry("pdfwrite: small blue text", pdfwrite(SMALL_BLUE_TEXT, BLACK), 2, 1),
    Entry("pdfwrite: a green hairline", pdfwrite(HAIRLINE), 1, 1),
    Entry("pdfwrite: a shading", pdfwrite(SHADING), 1, 1),
    Entry("pdfwrite: A3", pdfwrite(BLACK, RED, size="842 1191"), 2, 1),
    Entry("pdfwrite: PDF 1.4", pdfwrite(*MIXED, options=("-dCompatibilityLevel=1.4",)), 5, 2),
    Entry("pdfwrite: duplex and copies", pdfwrite(BLACK, RED, setup=DUPLEX), 2, 1),
    Entry("reportlab: sizes", made.reportlab(made.sizes), 5, 0),
    Entry("reportlab: transparency", made.reportlab(made.transparent), 2, 1),
    Entry("reportlab: pictures", made.reportlab(made.pictures), 3, 1, FOUR_INKS),
    Entry("reportlab: a form's red field", made.reportlab(made.field), 2, 1),
    Entry("pikepdf: JPEG 2000", made.changed(pdfwrite(BLACK), made.jpeg_2000), 1, 1),
    Entry("reportlab: blank", made.reportlab(made.blank), 3, 0),
    Entry("reportlab: 300 pages", made.pages_of(300), 300, 0),
    Entry(
        "pikepdf: object streams",
        made.changed(pdfwrite(*MIXED), lambda _: None, object_stream_mode=ObjectStreamMode.generate),
        5,
        2,
    ),
    Entry("pikepdf: linearised", made.changed(pdfwrite(*MIXED), lambda _: None, linearize=True), 5, 2),
    Entry("pikepdf: inherited size", made.changed(pdfwrite(BLACK, RED), made.inherited), 2, 1),
    Entry("pikepdf: rotated", made.changed(pdfwrite(BLACK, RED), made.each("/Rotate", 90)), 2, 1),
    Entry("pikepdf: large unit", made.changed(pdfwrite(BLACK), made.each("/UserUnit", 2)), 1, 0),
    Entry("pikepdf: cropped", made.changed(pdfwrite(BLACK), made.each("/CropBox", Array([50, 50, 300, 300]))), 1, 0),
    Entry(
        "pikepdf: owner's password",
        made.changed(pdfwrite(*MIXED), lambda _: None, encryption=Encryption(owner="x", user="")),
        5,
        2,
    ),
    Entry(
        "pikepdf: user's password",
        made.changed(pdfwrite(*MIXED), lambda _: None, encryption=Encryption(owner="x", user="y")),
        None,
        None,
        LOCKED,
    ),
    Entry(
        "a cross-reference table that is elsewhere",
        made.wounded(pdfwrite(*MIXED), lambda octets: octets.replace(b"startxref\n", b"startxref\n9")),
        5,
        2,
    ),
    Entry(
        "mail's header before it", made.wounded(pdfwrite(*MIXED), lambda octets: b"Subject: x\r\n\r\n" + octets), 5, 2
    ),
    Entry("something behind it", made.wounded(pdfwrite(*MIXED), lambda octets: octets + b"\0" * 500), 5, 2),
    Entry("cut in its middle", made.wounded(pdfwrite(*MIXED), lambda octets: octets[:-1500]), None, None, HOLED),
    Entry("a million pages by its count", made.hand_made(kids(3, 4, 5, count=1_000_000)), None, None, LYING),
    Entry("one page by its count", made.hand_made(kids(3, 4, 5, count=1)), None, None, LYING),
    Entry("a negative count", made.hand_made(kids(3, 4, 5, count=-3)), 3, 0),
    Entry("a page that is two", made.hand_made(kids(3, 3)), 2, 0),
    Entry("a page tree in a circle", made.hand_made(kids(3, 2)), None, None, LYING),
    Entry("PostScript: black", postscript(BLACK, BLACK), 2, None, UNSAID),
    Entry("PostScript: some pages in colour", postscript(*MIXED), 5, None, UNSAID),
    Entry(
        "PostScript without comments",
        made.octets(f"%!\n{RED} showpage showpage\n".encode(), "x.ps"),
        None,
        None,
        NO_WORD,
    ),
    Entry("ps2write: some pages in colour", made.ps2write(*MIXED), 5, None, UNSAID),
    Entry("ps2write: A3", made.ps2write(BLACK, size="842 1191"), 1, None, UNSAID),
    Entry("pdftops: some pages in colour", made.pdftops(pdfwrite(*MIXED)), 5, None, UNSAID),
    Entry("pdftops: sizes", made.pdftops(made.reportlab(made.sizes)), 5, None, UNSAID),
    Entry("pdftops: duplex", made.pdftops(pdfwrite(BLACK, BLACK), "-duplex"), 2, None, UNSAID),
    Entry("pdftops: level 3", made.pdftops(made.reportlab(made.pictures), "-level3"), 3, None, UNSAID),
    *(
        Entry(f"{kind}: {mode}", made.image(kind, mode), 1, color_pages, why)
        for kind, mode, color_pages, why in (
            ("JPEG", "L", 0, ""),
            ("JPEG", "RGB", 1, ""),
            ("JPEG", "CMYK", 1, ""),
            ("JPEG", "grey RGB", 0, FOUR_INKS),
            ("PNG", "L", 0, ""),
            ("PNG", "1", 0, ""),
            ("PNG", "P", 1, ""),
            ("PNG", "RGB", 1, ""),
            ("PNG", "grey RGB", 0, FOUR_INKS),
        )
    ),
    *(
        Entry(f"ipptool: {name}", lambda _, name=name: FOLDER / name, pages, color_pages, why)  # type: ignore[misc]
        for name, pages, color_pages, why in (
            ("document-a4.pdf", 4, 2, FOUR_INKS),
            ("document-letter.pdf", 4, 3, ""),
            ("onepage-a4.pdf", 1, 1, ""),
            ("onepage-letter.pdf", 1, 1, ""),
            ("testfile.pdf", 8, 1, FOUR_INKS),
            ("document-a4.ps", 4, None, UNSAID),
            ("document-letter.ps", 4, None, UNSAID),
            ("onepage-a4.ps", 1, None, UNSAID),
            ("testfile.ps", 1, None, UNSAID),
            ("color.jpg", 1, 1, ""),
            ("gray.jpg", 1, 0, FOUR_INKS),
            ("testfile.jpg", 1, 1, ""),
        )
    ),
]


@pytest.fixture
async def examiners() -> AsyncIterator[Examiners]:
    async with Examiners() as examiners:
        yield examiners


@pytest.mark.parametrize("entry", TABLE, ids=str)
async def test_what_is_found_is_what_ghostscript_makes_of_it(
    examiners: Examiners, entry: Entry, tmp_path: Path
) -> None:
    document = entry.make(tmp_path)
    facts = await examiners.examine(InMemory(document.read_bytes()))
    assert (facts.pages, facts.color_pages) == (entry.pages, entry.color_pages), facts
    assert bool(facts.unknown) == (entry.pages is None)
    counted = _truth(document, tmp_path, entry)
    differs = (entry.pages, entry.color_pages) != (counted.pages, counted.color_pages)
    assert differs == bool(entry.why), counted
    if facts.pages is not None:
        assert facts.pages == counted.pages
        assert sum(use.pages for use in facts.media) == facts.pages
    if entry.why in (FOUR_INKS, OVERPRINTED):
        assert looks_colored(_for_ghostscript(document, tmp_path), tmp_path) == facts.color_pages


def _truth(document: Path, directory: Path, entry: Entry) -> Truth:
    return Truth(0, 0) if entry.why in (LOCKED, HOLED) else truth(_for_ghostscript(document, directory))


def _for_ghostscript(document: Path, directory: Path) -> Path:
    """Ghostscript draws no pictures that stand alone."""
    if document.suffix not in (".jpg", ".jpeg", ".png"):
        return document
    copy = directory / document.name
    if copy != document:
        copy.write_bytes(document.read_bytes())
    return made.as_pdf(copy)


async def found(examiners: Examiners, make: Maker, directory: Path) -> DocumentFacts:
    return await examiners.examine(InMemory(make(directory).read_bytes()))


A4 = MediaUse(21000, 29700, 1)


async def test_sizes_are_those_of_the_pages_in_their_order(examiners: Examiners, tmp_path: Path) -> None:
    sizes = [(21000, 29700, 2), (29700, 21000, 1), (29700, 42000, 1), (21590, 27940, 1)]
    for make in (made.reportlab(made.sizes), made.pdftops(made.reportlab(made.sizes))):
        facts = await found(examiners, make, tmp_path)
        near = [(round(use.x, -2), round(use.y, -2), use.pages) for use in facts.media]
        assert sorted(near) == sorted((round(x, -2), round(y, -2), pages) for x, y, pages in sizes)


@pytest.mark.parametrize(
    ("name", "value", "size"),
    [
        ("/Rotate", 90, (29704, 20990)),
        ("/Rotate", 180, (20990, 29704)),
        ("/UserUnit", 2, (41981, 59408)),
        ("/UserUnit", -1, (20990, 29704)),
        ("/CropBox", Array([100, 100, 300, 400]), (7056, 10583)),
    ],
)
async def test_a_page_is_as_large_as_it_is_shown(
    examiners: Examiners, tmp_path: Path, name: str, value: object, size: tuple[int, int]
) -> None:
    facts = await found(examiners, made.changed(pdfwrite(BLACK), made.each(name, value)), tmp_path)
    assert facts.media == (MediaUse(*size, 1),)


async def test_what_a_document_asks_for_is_found(examiners: Examiners, tmp_path: Path) -> None:
    facts = await found(examiners, postscript(BLACK, BLACK, setup=DUPLEX), tmp_path)
    assert (facts.sides, facts.copies, facts.title) == ("two-sided-long-edge", 3, "Made for a test")


async def test_producer_and_title_are_found(examiners: Examiners, tmp_path: Path) -> None:
    facts = await found(examiners, made.reportlab(made.titled("Ge\x07heim \u202e!")), tmp_path)
    assert "ReportLab" in facts.producer
    assert facts.title == "Geheim !"


@pytest.mark.parametrize(("user", "encrypted"), [("y", True), ("", False)])
async def test_a_password_is_needed_or_not(examiners: Examiners, tmp_path: Path, user: str, encrypted: bool) -> None:
    make = made.changed(pdfwrite(BLACK), lambda _: None, encryption=Encryption(owner="x", user=user))
    facts = await found(examiners, make, tmp_path)
    assert (facts.encrypted, facts.unknown) == (encrypted, "the PDF needs a password" if encrypted else "")
