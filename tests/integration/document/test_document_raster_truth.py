"""PWG raster, Apple raster and CUPS raster by Ghostscript and CUPS's filters, against the pages they were made of."""

import gzip
from pathlib import Path

import pytest

from ippgate.model.facts import MediaUse
from tests.integration.document.producers import BLACK, RED, postscript
from tests.integration.document.raw_languages import SOURCES, Producer, check, device, driver, found, table
from tests.rig.documents import FOLDER

PWG, URF, CUPS = "image/pwg-raster", "image/urf", "application/vnd.cups-raster"
LOW = "-r75"
RGB = ("-dcupsColorSpace=19", "-dcupsBitsPerColor=8", LOW)
INKS = "Ghostscript mixes the grey of RGB from all inks when it prints in CMYK, so these pages have them"
CMYK = ("-dcupsColorSpace=6", "-dcupsBitsPerColor=8", LOW)
MIXED = {"grey of RGB": (2, 1), "pictures": (3, 2)}
PRODUCERS = {
    PWG: [
        Producer("pwgraster, black", device("pwgraster", LOW), color=0),
        Producer("pwgraster, sGray", device("pwgraster", "-dcupsColorSpace=18", "-dcupsBitsPerColor=8", LOW), color=0),
        Producer("pwgraster, sRGB", device("pwgraster", *RGB)),
        Producer("pwgraster, CMYK", device("pwgraster", *CMYK), None, MIXED, INKS),
        Producer("rastertopwg", driver("laserjet", "rastertopwg", content_type=PWG), color=0, sizes=False),
    ],
    URF: [
        Producer("urf, sGray", device("urf", LOW), color=0),
        Producer("urf, sRGB", device("urf", *RGB)),
        Producer("appleraster, sRGB", device("appleraster", *RGB)),
        Producer("rastertopwg", driver("laserjet", "rastertopwg", content_type=URF), color=0, sizes=False),
    ],
    CUPS: [
        Producer("cups, black", device("cups", LOW), color=0),
        Producer("cups, RGB", device("cups", "-dcupsColorSpace=1", "-dcupsBitsPerColor=8", LOW)),
        Producer("gstoraster, black", driver("laserjet"), color=0, sizes=False),
    ],
}  # fmt: skip
TABLE = [(*row, document_format) for document_format, producers in PRODUCERS.items() for row in table(producers)]


@pytest.mark.parametrize(("producer", "name", "document_format"), TABLE, ids=str)
def test_pages_and_colours_are_those_of_the_source(
    producer: Producer, name: str, document_format: str, tmp_path: Path
) -> None:
    check(producer, name, document_format, tmp_path)


@pytest.mark.parametrize(("name", "size"), [("a4", (20990, 29704)), ("letter", (21590, 27940))])
def test_raster_of_ipptool_is_one_black_page(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    raster = tmp_path / "page.pwg"
    raster.write_bytes(gzip.decompress((FOLDER / f"onepage-{name}-300-black-1.pwg").read_bytes()))
    facts = found(raster)
    assert (facts.document_format, facts.pages, facts.color_pages) == (PWG, 1, 0)
    assert facts.media == (MediaUse(*size, 1),)


@pytest.mark.parametrize(
    ("options", "sides"),
    [
        ((), "one-sided"),
        (("-dDuplex", "-dTumble=false"), "two-sided-long-edge"),
        (("-dDuplex", "-dTumble"), "two-sided-short-edge"),
    ],
)
@pytest.mark.parametrize("name", ["pwgraster", "appleraster"])
def test_sides_are_those_that_were_asked_for(name: str, options: tuple[str, ...], sides: str, tmp_path: Path) -> None:
    facts = found(device(name, LOW, *options)(postscript(BLACK, RED)(tmp_path), tmp_path))
    assert (facts.pages, facts.sides) == (2, sides)


def test_copies_are_those_that_were_asked_for(tmp_path: Path) -> None:
    source = postscript(BLACK, RED, setup="<< /NumCopies 3 >> setpagedevice\n")(tmp_path)
    facts = found(device("pwgraster", LOW)(source, tmp_path))
    assert (facts.pages, facts.copies) == (2, 3)


def test_every_source_is_in_the_table() -> None:
    assert {row[1] for row in TABLE} == set(SOURCES)
