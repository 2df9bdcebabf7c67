"""Debian's cups-filters convert documents, confined: what comes out is of the format, has its pages, fits the sheet."""

import io
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from ippgate.convert.converter import Converter, in_memory
from ippgate.convert.errors import ConversionFailed, ConversionImpossible
from ippgate.convert.formats import PDF, POSTSCRIPT, PWG_RASTER, SOURCES, URF
from ippgate.convert.settings import ConvertSettings
from ippgate.convert.sheet import Sheet
from tests.rig.documents import PDF as PDF_FILE
from tests.rig.where import directory

MAGIC = {PDF: b"%PDF-", POSTSCRIPT: b"%!PS-Adobe-", PWG_RASTER: b"RaS2PwgRaster\0", URF: b"UNIRAST\0"}
A4 = (595, 842)
PIECE = 10_000


@pytest.fixture
def temp(rig_dir: Path) -> Iterator[Path]:
    folder = directory(Path("/dev/shm") / rig_dir.name)
    yield folder
    folder.rmdir()  # nothing is left in it


@pytest.fixture
def converter(temp: Path) -> Converter:
    return Converter(ConvertSettings(True, temp=temp, seconds=60))


async def pieces(document: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(document), PIECE):
        yield document[start : start + PIECE]


async def convert(converter: Converter, document: bytes, source: str, target: str, sheet: Sheet | None = None) -> bytes:
    async with converter.converted(pieces(document), source, target, sheet or Sheet(resolution=72)) as octets:
        return b"".join([chunk async for chunk in octets])


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 200), (200, 30, 60)).save(made, kind)
    return made.getvalue()


def pages_of(document: bytes) -> list[tuple[int, int]]:
    """The sizes of a PDF's pages, in points."""
    with pypdfium2.PdfDocument(document) as opened:
        return [(round(width), round(height)) for width, height in (page.get_size() for page in opened)]


def raster_header(document: bytes) -> dict[str, int]:
    """Of the first page of PWG raster (PWG 5102.4 table 3)."""
    at = {"duplex": 272, "dpi": 276, "tumble": 368, "width": 372, "height": 376, "bits": 388, "space": 400}
    found = {name: struct.unpack_from(">I", document, 4 + offset)[0] for name, offset in at.items()}
    return found | {
        "cross": struct.unpack_from(">i", document, 4 + 456)[0],
        "feed": struct.unpack_from(">i", document, 4 + 460)[0],
    }


@pytest.fixture(scope="session")
def pages() -> int:
    return len(pages_of(PDF_FILE.read_bytes()))


@pytest.fixture
async def documents(converter: Converter) -> dict[str, bytes]:
    """One of each source."""
    pdf = PDF_FILE.read_bytes()
    made = {target: await convert(converter, pdf, PDF, target) for target in (POSTSCRIPT, PWG_RASTER, URF)}
    return {
        PDF: pdf,
        "image/jpeg": picture("JPEG"),
        "image/png": picture("PNG"),
        "text/plain": b"one\fand two\n",
        **made,
    }


async def test_every_source_becomes_every_target(converter: Converter, documents: dict[str, bytes], pages: int) -> None:
    assert set(documents) == SOURCES
    for source, document in documents.items():
        expected = {"image/jpeg": 1, "image/png": 1, "text/plain": 2}.get(source, pages)
        for target, magic in MAGIC.items():
            if source == target:
                continue
            made = await convert(converter, document, source, target)
            assert made.startswith(magic), (source, target, made[:20])
            paper = made if target == PDF else await convert(converter, made, target, PDF)
            assert len(pages_of(paper)) == expected, (source, target)


async def test_a_raster_is_laid_out_for_its_sheet(converter: Converter) -> None:
    sheet = Sheet("na_letter_8.5x11in", color=False, resolution=200, sides="two-sided-short-edge", sheet_back="rotated")
    made = raster_header(await convert(converter, PDF_FILE.read_bytes(), PDF, PWG_RASTER, sheet))
    assert (made["duplex"], made["tumble"], made["cross"], made["feed"]) == (1, 1, 1, 1)
    assert (made["dpi"], made["width"], made["height"]) == (200, 1700, 2200)
    assert (made["bits"], made["space"]) == (8, 18)
    colour = raster_header(await convert(converter, PDF_FILE.read_bytes(), PDF, PWG_RASTER, Sheet(resolution=100)))
    assert (colour["duplex"], colour["width"], colour["height"]) == (0, 827, 1169)
    assert (colour["bits"], colour["space"]) == (24, 19)


@pytest.mark.parametrize("source", ["image/jpeg", "text/plain", POSTSCRIPT])
async def test_paper_is_the_one_asked_for(converter: Converter, documents: dict[str, bytes], source: str) -> None:
    assert set(pages_of(await convert(converter, documents[source], source, PDF))) == {A4}
    letter = await convert(converter, documents["text/plain"], "text/plain", PDF, Sheet("na_letter_8.5x11in"))
    assert set(pages_of(letter)) == {(612, 792)}


@pytest.mark.parametrize("source", [PDF, POSTSCRIPT, "image/jpeg", "image/png"])
async def test_what_is_no_document_is_a_failure_and_no_result(converter: Converter, source: str) -> None:
    with pytest.raises(ConversionFailed) as raised:
        await convert(converter, b"\x00\x01 no document of any kind " * 100, source, PWG_RASTER)
    assert raised.value.log


async def test_what_no_filter_leads_to_is_impossible(converter: Converter) -> None:
    with pytest.raises(ConversionImpossible, match="cannot convert application/pdf to image/gif"):
        await convert(converter, b"%PDF-", PDF, "image/gif")


def test_only_the_formats_that_were_shown_are_offered(converter: Converter) -> None:
    assert converter.obstacle() is None
    assert converter.possible(PDF, ["image/jpeg", URF, PWG_RASTER]) == PWG_RASTER
    assert converter.possible("application/vnd.hp-pcl", [PDF]) is None


def test_a_disk_is_not_memory() -> None:
    assert in_memory(Path("/dev/shm"))
    assert not in_memory(Path("/usr"))
