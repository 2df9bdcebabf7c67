"""Ghostscript: makes documents for the tests, and is the truth about their pages and their colours."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

PATIENCE = 60.0
QUIET = ("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER")
_INKS = 4
_ROUNDING = 5
"""Of 255, by which the channels of Ghostscript's black of CMYK differ in RGB."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Pages, and those of them on which inkcov finds cyan, magenta or yellow."""

    pages: int
    color_pages: int


def convert(source: Path, device: str, target: Path, *options: str) -> Path:
    """Have a document written anew by an output device such as pdfwrite."""
    words = (*QUIET, f"-sDEVICE={device}", *options, "-o", str(target), str(source))
    subprocess.run(words, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)
    return target


def truth(document: Path, *options: str) -> Truth:
    """What Ghostscript makes of a document: inkcov's lines, the share of each ink on each page."""
    words = (*QUIET, "-sDEVICE=inkcov", *options, "-o", "-", str(document))
    told = subprocess.run(words, check=True, timeout=PATIENCE, stdout=subprocess.PIPE, text=True).stdout
    lines = [line.split() for line in told.splitlines() if line.endswith("CMYK OK")]
    shares = [[float(share) for share in line[:_INKS]] for line in lines]
    return Truth(len(shares), sum(any(page[: _INKS - 1]) for page in shares))


def looks_colored(document: Path, directory: Path) -> int:
    """How many pages look coloured: drawn in red, green and blue, these differ somewhere."""
    convert(document, "ppmraw", directory / "seen-%d.ppm")
    return sum(_chroma(page) > _ROUNDING for page in directory.glob("seen-*.ppm"))


def _chroma(page: Path) -> int:
    with Image.open(page) as drawn:
        red, green, blue = drawn.split()
    differences = (ImageChops.difference(one, other) for one, other in ((red, green), (green, blue), (blue, red)))
    return max(level for difference in differences for level, pixels in enumerate(difference.histogram()) if pixels)
