"""PCL XL by Ghostscript in black and in colour, against the pages it was made of."""

from pathlib import Path

import pytest

from tests.integration.document.producers import BLACK, RED, postscript
from tests.integration.document.raw_languages import SOURCES, Producer, check, device, found, table

FORMAT = "application/vnd.hp-PCLXL"
PRODUCERS = [
    Producer("pxlmono", device("pxlmono"), color=0),
    Producer("pxlmono, 300 dots per inch", device("pxlmono", "-r300"), color=0),
    Producer("pxlcolor", device("pxlcolor")),
    Producer("pxlcolor, 300 dots per inch", device("pxlcolor", "-r300")),
    Producer("pxlcolor, delta rows", device("pxlcolor", "-dCompressMode=3")),
]


@pytest.mark.parametrize(("producer", "name"), table(PRODUCERS), ids=str)
def test_pages_and_colours_are_those_of_the_source(producer: Producer, name: str, tmp_path: Path) -> None:
    check(producer, name, FORMAT, tmp_path)


@pytest.mark.parametrize(
    ("options", "sides"),
    [
        ((), "one-sided"),
        (("-dDuplex",), "two-sided-long-edge"),
        (("-dDuplex", "-dTumble"), "two-sided-short-edge"),
    ],
)
def test_sides_are_those_that_were_asked_for(options: tuple[str, ...], sides: str, tmp_path: Path) -> None:
    facts = found(device("pxlmono", *options)(postscript(BLACK, RED, BLACK)(tmp_path), tmp_path))
    assert (facts.pages, facts.sides) == (3, sides)


def test_copies_are_those_that_were_asked_for(tmp_path: Path) -> None:
    source = postscript(BLACK, RED, setup="<< /NumCopies 3 >> setpagedevice\n")(tmp_path)
    facts = found(device("pxlcolor")(source, tmp_path))
    assert (facts.pages, facts.copies, facts.color_pages) == (2, 3, 1)


def test_photograph_packed_as_jpeg_hides_its_colour_alone(tmp_path: Path) -> None:
    facts = found(device("pxlcolor", "-dCompressMode=2")(SOURCES["pictures"].make(tmp_path), tmp_path))
    assert (facts.pages, facts.color_pages) == (3, None)


def test_every_source_is_in_the_table() -> None:
    assert {name for _, name in table(PRODUCERS)} == set(SOURCES)
