"""PDF: what PDFium finds in it, as a browser shows it. Whether a page is in colour is seen by drawing it, small.

The pages are counted and measured first, which takes microseconds each; `found` is told at once, so that this much is
known even when drawing them takes too long or breaks the process.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, BinaryIO

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ippgate.document.media import MediaTally
from ippgate.document.sniff import PDF
from ippgate.examine.canvas import Canvas
from ippgate.examine.page_tree import PageTreeError, page_units
from ippgate.model.facts import DocumentFacts
from ippgate.model.text import plain

TEXT_LIMIT = 255
"""Characters kept of a title or a producer."""
DAMAGED = "the PDF is damaged"
LOCKED = "the PDF needs a password"
UNDECIDED = "the PDF contradicts itself in how many pages it has"

_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: LOCKED,
    pdfium.FPDF_ERR_SECURITY: "the PDF is encrypted in a way that is not understood",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is looked at. go_on: asked before each page is drawn; False leaves the colours unknown."""

    max_pages: int = 100_000
    go_on: Callable[[], bool] = lambda: True


def examine_pdf(
    file: BinaryIO, bounds: Bounds | None = None, found: Callable[[DocumentFacts], None] | None = None
) -> DocumentFacts:
    """Examine a PDF that can be read at any place; it is not loaded whole. Never raises for what it says.

    found: told what is known before the pages are drawn.
    """
    bounds = bounds or Bounds()
    try:
        document = pypdfium2.PdfDocument(file.getvalue() if isinstance(file, BytesIO) else file)
    except pypdfium2.PdfiumError as error:
        reason = _REASONS.get(getattr(error, "err_code", 0), DAMAGED)
        return DocumentFacts(PDF, encrypted=reason != DAMAGED, unknown=reason)
    try:
        facts = _counted(document, file, bounds.max_pages)
        if facts.pages is None:
            return facts
        if found:
            found(facts)
        if not bounds.go_on():
            return facts
        document.init_forms()  # before pages are loaded: fields are drawn by the form
        return replace(facts, color_pages=_color_pages(document, facts.pages, bounds.go_on))
    finally:
        document.close()


def _counted(document: Any, file: BinaryIO, max_pages: int) -> DocumentFacts:
    """Count the pages that are there, whatever the document says of their number."""
    creator, producer, title = map(document.get_metadata_value, ("Creator", "Producer", "Title"))
    made = " / ".join(dict.fromkeys(filter(None, (creator, producer))))
    facts = DocumentFacts(PDF, producer=plain(made, TEXT_LIMIT), title=plain(title, TEXT_LIMIT))
    if len(document) > max_pages:
        return replace(facts, unknown=f"the PDF says that it has {len(document)} pages, more than {max_pages}")
    try:
        units = page_units(file, max_pages)
    except PageTreeError:
        return replace(facts, unknown=DAMAGED)
    if len(units) != len(document):
        return replace(facts, unknown=UNDECIDED)
    tally, size = MediaTally(), pdfium.FS_SIZEF()
    for number, unit in enumerate(units):
        if not pdfium.FPDF_GetPageSizeByIndexF(document, number, size):
            return replace(facts, unknown=f"page {number + 1} of the PDF can't be read")
        tally.add(size.width * unit, size.height * unit)
    return replace(facts, pages=len(units), media=tally.media())


def _color_pages(document: Any, pages: int, go_on: Callable[[], bool]) -> int | None:
    count, canvas = 0, Canvas()
    form = document.formenv
    for number in range(pages):
        page = pdfium.FPDF_LoadPage(document, number) if go_on() else None
        if not page:
            return None
        try:
            width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
            count += canvas.shows_color(page, width, height, form)
        finally:
            pdfium.FPDF_ClosePage(page)
    return count
