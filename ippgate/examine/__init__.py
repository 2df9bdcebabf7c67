"""Documents are examined in processes of their own, which may be killed: a hostile document costs its bound.

    pool       the gate's side: a few processes, a bounded number of waiting documents, a deadline for each
    process    one of them, as the gate sees it
    message    what both sides say to each other, every value checked
    child      the process itself: confined before it reads anything
    confine    what it gives up
    remote     a document that is elsewhere, read like a file
    pdf jpeg   examiners that need PDFium, a library of a million lines of C++: it is loaded here alone
    page_tree  a second reading of a PDF's pages, by qpdf
    canvas     a page drawn small; chroma: whether what was drawn has colour in it

The gate's side is imported when somebody asks for it: a process that examines starts in half the time without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ippgate.examine.pool import Examiners, ExamineSettings
    from ippgate.examine.process import Whole

__all__ = ["ExamineSettings", "Examiners", "Whole"]

_FOUND_IN = {"ExamineSettings": "pool", "Examiners": "pool", "Whole": "process"}


def __getattr__(name: str) -> Any:
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FOUND_IN[name]}"), name)
