"""Which formats can be converted, and to which of those that a device takes: pure."""

from collections.abc import Iterable
from typing import Final

PDF: Final = "application/pdf"
POSTSCRIPT: Final = "application/postscript"
PWG_RASTER: Final = "image/pwg-raster"
URF: Final = "image/urf"

SOURCES: Final = frozenset({PDF, POSTSCRIPT, "image/jpeg", "image/png", "text/plain", PWG_RASTER, URF})
"""What cups-filters reads without a driver. Its other sources (shell scripts, HTML as text) nobody prints."""

TARGETS: Final = (PDF, PWG_RASTER, URF, POSTSCRIPT)
"""What it writes, the best first: pages as they are, then pixels of a known size, then a program."""

_AS_CUPS_SAYS: Final = {PDF: "application/vnd.cups-pdf", POSTSCRIPT: "application/vnd.cups-postscript"}


def best_target(source: str, taken: Iterable[str]) -> str | None:
    """The format to convert `source` to, of those that a device takes; None: it cannot be converted to any."""
    if source not in SOURCES:
        return None
    able = set(taken) - {source}
    return next((target for target in TARGETS if target in able), None)


def cups_name(target: str) -> str:
    """A target as cups-filters calls what it has made ready for a device."""
    return _AS_CUPS_SAYS.get(target, target)
