"""A second reading of a PDF's pages: qpdf follows the tree to its leaves, where PDFium believes what its root says.

Without it a document whose root says "one page" would be one page to the gate, and hundreds to a device.
"""

from decimal import Decimal
from typing import Any, BinaryIO

import pikepdf

LARGEST_UNIT = 1000.0
"""Inches / 72 of a unit of a page's space; what says more is taken as 1 (ISO 32000-2, 14.11.2)."""


class PageTreeError(Exception):
    """The page tree can't be followed."""


def page_units(file: BinaryIO, most: int) -> list[float]:
    """Return the size of a unit (UserUnit, nearly always 1) of each page, for at most so many pages.

    Raises PageTreeError: damaged, cyclic, or of more pages.
    """
    try:
        with pikepdf.open(file, attempt_recovery=True, suppress_warnings=True) as document:
            if len(document.pages) > most:
                raise PageTreeError
            return [_unit(page.obj.get("/UserUnit")) for page in document.pages]
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, OverflowError, RuntimeError) as error:
        raise PageTreeError from error


def _unit(value: Any) -> float:
    if isinstance(value, int | float | Decimal) and 0 < value <= LARGEST_UNIT:
        return float(value)
    return 1.0
