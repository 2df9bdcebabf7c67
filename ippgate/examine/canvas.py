"""A page drawn small, to see whether it is in colour."""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ippgate.examine.chroma import CHANNELS, has_color

DOTS_PER_INCH = 50
"""A full stop of 6 points in dark blue still shows as colour."""
MOST_PIXELS = 1_000_000
"""Pixels of a drawn page: larger ones are drawn coarser. A0 at 50 dots per inch has four million."""

_POINTS = 72
_WHITE = 0xFFFFFFFF
_DRAWN = pdfium.FPDF_ANNOT | pdfium.FPDF_PRINTING | pdfium.FPDF_RENDER_LIMITEDIMAGECACHE
_ROW = 4  # octets: rows begin on multiples of them, so with a multiple of 4 pixels nothing stands between two rows


class Canvas:
    """Room for one page at a time, used again for the next: what is not asked of the system costs nothing."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def shows_color(self, page: Any, width: float, height: float, form: Any = None) -> bool:
        """Draw a page of so many points, and see. form: the fields to be filled in, if any. Raises MemoryError."""
        columns, rows = _pixels(max(width, 1.0), max(height, 1.0))
        if len(self._octets) != columns * rows * CHANNELS:
            self._octets = bytearray(columns * rows * CHANNELS)
        buffer = (ctypes.c_ubyte * len(self._octets)).from_buffer(self._octets)
        bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGR, buffer, columns * CHANNELS)
        if not bitmap:
            raise MemoryError
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, _WHITE)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, _DRAWN)
            if form:
                pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, columns, rows, 0, _DRAWN)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return has_color(self._octets)


def _pixels(width: float, height: float) -> tuple[int, int]:
    scale = min(DOTS_PER_INCH / _POINTS, (MOST_PIXELS / (width * height)) ** 0.5)
    columns, rows = max(_ROW, round(width * scale / _ROW) * _ROW), max(1, round(height * scale))
    if columns * rows <= 2 * MOST_PIXELS:
        return columns, rows
    columns = min(columns, MOST_PIXELS)  # hardly more than a line
    return columns, min(rows, MOST_PIXELS // columns)
