"""JPEG: whether a photograph of three or four components is in colour is seen by drawing it, as a page of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

import pypdfium2  # type: ignore[import-untyped]

from ippgate.document.jpeg import JpegExaminer
from ippgate.examine.canvas import DOTS_PER_INCH, Canvas
from ippgate.examine.pdf import Bounds
from ippgate.model.facts import DocumentFacts

_CHUNK = 64 * 1024
_MOST_SAMPLES = 100_000_000
"""Samples of a picture that is decoded; of a larger one the colours stay unknown."""
_LONG_SIDE = 1000 * 72 / DOTS_PER_INCH
"""Points of the page's long side: drawn, it has 1000 pixels."""


def examine_jpeg(
    file: BinaryIO, bounds: Bounds | None = None, found: Callable[[DocumentFacts], None] | None = None
) -> DocumentFacts:
    """Examine a JPEG that can be read at any place. Never raises for what it says.

    found: told what is known before the picture is decoded.
    """
    examiner = JpegExaminer()
    while (chunk := file.read(_CHUNK)) and examiner.feed(chunk):
        pass
    facts = examiner.close()
    if facts.pages is None or facts.color_pages is not None or examiner.samples > _MOST_SAMPLES:
        return facts
    if found:
        found(facts)
    go_on = bounds is None or bounds.go_on()
    return replace(facts, color_pages=_color_pages(file)) if go_on else facts


def _color_pages(file: BinaryIO) -> int | None:
    document = pypdfium2.PdfDocument.new()
    try:
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(file, autoclose=False)
        columns, rows = image.get_px_size()
        scale = _LONG_SIDE / max(columns, rows)
        width, height = max(columns * scale, 1.0), max(rows * scale, 1.0)
        page = document.new_page(width, height)
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page.insert_obj(image)
        page.gen_content()
        return int(Canvas().shows_color(page, width, height))
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()
