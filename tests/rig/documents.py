"""The documents that tests print."""

import random
import shutil
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "data" / "ipptool"
PDF = FOLDER / "onepage-a4.pdf"
LONG_PDF = FOLDER / "document-a4.pdf"
POSTSCRIPT = FOLDER / "onepage-a4.ps"
JPEG = FOLDER / "color.jpg"
PWG_RASTER = FOLDER / "onepage-a4-300-black-1.pwg"


def random_document(size: int, *, seed: int = 0) -> bytes:
    """Return `size` octets that don't compress and are the same for the same seed."""
    return random.Random(seed).randbytes(size)


def reachable_copy(document: Path, into: Path) -> Path:
    """Copy a document to where daemons that dropped root can read it."""
    return Path(shutil.copy(document, into / document.name))
