"""The examination of a document of any format: its language is sniffed, then whoever knows it reads on.

A PDF is read from its end: a stream of it tells no more than that it is one. Whoever has the whole hands it to PDFium
(`ippgate.examine.pdf`); where it is part of a job, among lines of PJL, the facts found so are given to `Examination`
as `whole`, and the rest of the job is read as a stream.
"""

from collections.abc import Callable

from ippgate.document import sniff
from ippgate.document.examiner import Examiner
from ippgate.document.jpeg import JpegExaminer
from ippgate.document.pjl import UEL
from ippgate.document.pjl_job import PjlJobExaminer
from ippgate.document.png import PngExaminer
from ippgate.document.postscript import PostScriptExaminer
from ippgate.document.pwg_raster import PwgRasterExaminer
from ippgate.document.text import TextExaminer
from ippgate.document.urf import UrfExaminer
from ippgate.model.facts import DocumentFacts

EMPTY = DocumentFacts(unknown="the document is empty")
UNRECOGNISED = DocumentFacts(unknown="its format is not recognised")
NEEDS_WHOLE = DocumentFacts(sniff.PDF, unknown="a PDF can't be examined as a stream")

_ALONE: dict[str, Callable[[], Examiner]] = {
    sniff.PWG_RASTER: PwgRasterExaminer,
    sniff.CUPS_RASTER: PwgRasterExaminer,
    sniff.URF: UrfExaminer,
    sniff.JPEG: JpegExaminer,
    sniff.PNG: PngExaminer,
    sniff.TEXT: TextExaminer,
}
"""Formats behind which nothing else is looked for when no PJL stands before them."""
_EXAMINERS = {**_ALONE, sniff.POSTSCRIPT: PostScriptExaminer}


class Examination:
    """Examines a stream. Holds its first sniff.LOOK octets, or what its examiner holds.

    whole: what was found of the first part of its format, by somebody who could read it at any place.
    """

    def __init__(self, whole: DocumentFacts | None = None) -> None:
        self._whole = whole
        self._head = b""
        self._examiner: Examiner | None = None
        self._facts: DocumentFacts | None = None  # known without an examiner

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: nothing that follows can change the facts."""
        if self._examiner is not None:
            return self._examiner.feed(chunk)
        if self._facts is not None:
            return False
        self._head += chunk
        return len(self._head) < sniff.LOOK or self._begin()

    def close(self) -> DocumentFacts:
        """The document has ended: what was found."""
        if self._examiner is None and self._facts is None:
            self._begin()
        if self._examiner is not None:
            return self._examiner.close()
        return self._facts or EMPTY

    def _begin(self) -> bool:
        head, self._head = self._head, b""
        found = sniff.look(head)
        in_job = has_pjl(head[: found.start])
        if found.document_format is None and not in_job:
            self._facts = UNRECOGNISED if head else EMPTY
        elif found.document_format == sniff.PDF and self._whole is None and not in_job:
            self._facts = NEEDS_WHOLE
        elif found.document_format in _ALONE and self._whole is None and not in_job:
            self._examiner = _ALONE[found.document_format]()
            return self._examiner.feed(head if found.document_format == sniff.TEXT else head[found.start :])
        else:
            self._examiner = PjlJobExaminer(self._part)
            return self._examiner.feed(head)
        return False

    def _part(self, document_format: str) -> Examiner | None:
        whole = self._whole
        if whole is not None and whole.document_format == document_format:
            self._whole = None
            return _Known(whole)
        if document_format == sniff.PDF:
            return _Known(NEEDS_WHOLE)
        return _EXAMINERS[document_format]() if document_format in _EXAMINERS else None


class _Known:
    """An examiner of what is known already."""

    def __init__(self, facts: DocumentFacts) -> None:
        self._facts = facts

    def feed(self, _chunk: bytes) -> bool:
        return False

    def close(self) -> DocumentFacts:
        return self._facts


def has_pjl(octets: bytes) -> bool:
    """Whether there is a word of PJL, or a UEL that begins or ends it."""
    return UEL in octets or b"@PJL" in octets.upper()


def in_job(before: bytes, facts: DocumentFacts) -> DocumentFacts:
    """The facts of a document together with what the PJL before it asks for."""
    if not has_pjl(before):
        return facts
    examiner = PjlJobExaminer(lambda _format: _Known(facts))
    examiner.feed(before + b"%PDF-")
    return examiner.close()
