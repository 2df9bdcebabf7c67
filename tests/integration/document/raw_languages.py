"""The same pages, written by real producers in the languages of devices: what is found of them against their source."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from os import environ
from pathlib import Path

from ippgate.document.examination import Examination
from ippgate.model.facts import DocumentFacts
from tests.integration.document.producers import (
    BLACK,
    CYAN,
    HAIRLINE,
    RED,
    RGB_GREY,
    SHADING,
    SMALL_BLUE_TEXT,
    Maker,
    pictures,
    postscript,
    reportlab,
)
from tests.rig.ghostscript import convert, looks_colored, truth

PATIENCE = 60.0
FILTERS = Path("/usr/lib/cups/filter")
DRIVERS = Path("/usr/share/cups/drv/sample.drv")
CHUNK = 64 * 1024
ROUNDED = 40
"""Hundredths of a millimetre by which producers round: a pixel at 75 dots per inch."""


@dataclass(frozen=True, slots=True)
class Source:
    """Pages to print. color_pages: those that look coloured."""

    make: Maker
    pages: int
    color_pages: int
    size: tuple[int, int] = (21000, 29700)


SOURCES = {
    "one black page": Source(postscript(BLACK), 1, 0),
    "seven pages, some in colour": Source(postscript(BLACK, RED, BLACK, CYAN, SMALL_BLUE_TEXT, BLACK, HAIRLINE), 7, 4),
    "all in colour": Source(postscript(RED, SHADING), 2, 2),
    "grey of RGB": Source(postscript(RGB_GREY, BLACK), 2, 0),
    "blank pages": Source(postscript("", RED, ""), 3, 1),
    "pictures": Source(reportlab(pictures), 3, 1),
    "A3": Source(postscript(BLACK, RED, size="842 1191"), 2, 1, (29700, 42000)),
    "Letter": Source(postscript(RED, BLACK, BLACK, size="612 792"), 3, 1, (21590, 27940)),
    "landscape": Source(postscript(BLACK, RED, size="842 595"), 2, 1, (29700, 21000)),
}

Produce = Callable[[Path, Path], Path]
"""Given a source and a directory to write into, the document."""


@dataclass(frozen=True, slots=True)
class Producer:
    """A program that writes pages. color None: as the source; a number: of every document.

    otherwise: what is found of some sources by name, (pages, color_pages), with the reason in `why`.
    """

    name: str
    produce: Produce
    color: int | None = None
    otherwise: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    why: str = ""
    sizes: bool = True  # whether it writes the size of media
    lacks: tuple[str, ...] = ()  # sources that it can't print

    def __str__(self) -> str:
        return self.name

    def expected(self, name: str) -> tuple[int, int | None]:
        """The pages, and those in colour."""
        source = SOURCES[name]
        color = source.color_pages if self.color is None else self.color
        return self.otherwise.get(name, (source.pages, color))


def device(name: str, *options: str) -> Produce:
    """An output device of Ghostscript."""
    return lambda source, directory: convert(source, name, directory / "printed", *options)


def driver(name: str, *filters: str, options: str = "", content_type: str = "application/vnd.cups-raster") -> Produce:
    """A driver of CUPS: Ghostscript's raster by its PPD, and filters behind it."""

    def produce(source: Path, directory: Path) -> Path:
        subprocess.run(["ppdc", "-d", directory, DRIVERS], check=True, timeout=PATIENCE, capture_output=True)
        setting = {**environ, "PPD": str(directory / f"{name}.ppd"), "TMPDIR": str(directory)}
        document = convert(source, "pdfwrite", directory / "source.pdf").read_bytes()
        for index, program in enumerate(("gstoraster", *filters)):
            last = index == len(filters)
            environment = {**setting, "FINAL_CONTENT_TYPE": content_type if last else "application/vnd.cups-raster"}
            words: list[str | Path] = [FILTERS / program, "1", "me", "title", "1", options]
            run = subprocess.run(
                words, input=document, env=environment, check=True, timeout=PATIENCE, capture_output=True
            )
            document = run.stdout
        (directory / "printed").write_bytes(document)
        return directory / "printed"

    return produce


def found(document: Path) -> DocumentFacts:
    """What the gate finds, as a stream."""
    octets = document.read_bytes()
    examination = Examination()
    for at in range(0, len(octets), CHUNK):
        if not examination.feed(octets[at : at + CHUNK]):
            break
    return examination.close()


def check(producer: Producer, name: str, document_format: str, directory: Path) -> None:
    """Compare what is found of a document with its source, and the source with what Ghostscript draws."""
    source = SOURCES[name]
    original = source.make(directory)
    drawn = truth(original).pages, looks_colored(original, directory)
    assert drawn == (source.pages, source.color_pages)
    facts = found(producer.produce(original, directory))
    assert (facts.pages, facts.color_pages) == producer.expected(name), facts
    assert (facts.document_format, facts.unknown) == (document_format, "")
    if producer.sizes:
        [use] = facts.media
        differences = (abs(one - other) for one, other in zip(sorted((use.x, use.y)), sorted(source.size), strict=True))
        assert max(differences) <= ROUNDED, use
        assert use.pages == facts.pages


def table(producers: Iterable[Producer]) -> list[tuple[Producer, str]]:
    """Each producer with each source."""
    return [(producer, name) for producer in producers for name in SOURCES if name not in producer.lacks]
