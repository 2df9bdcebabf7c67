"""A job for a raw connection: PJL lines, and one document or several, in one language or several.

An early Universal Exit Language fools nobody: the examiner of a language whose octets have lengths (PCL 5, PCL XL) says
itself where the language ended; in all others a UEL ends it wherever it stands, as devices hold it. All parts count.
"""

import re
from collections.abc import Callable

from ippgate.document import sniff
from ippgate.document.examiner import Examiner
from ippgate.document.job_sum import JobSum
from ippgate.document.pcl import PclExaminer
from ippgate.document.pclxl import PclxlExaminer
from ippgate.document.pjl import UEL
from ippgate.document.pjl_settings import PjlSettings, sent_file
from ippgate.model.facts import DocumentFacts

MAX_LINE = 4096
"""Octets of a PJL line that are read; the longest that drivers write carry a few hundred."""

_PJL = b"@PJL"
_BLANKS = b"\0\x04\t\n\r "  # no form feed: that is a page
_AUTOMATIC = frozenset({"AUTO", "AUTOMATIC"})
_WORD = re.compile(rb"@PJL(?![0-9A-Za-z])", re.IGNORECASE)


class PjlJobExaminer:
    """Reads PJL and hands each part to the examiner of its language, which `inner` makes of a media type.

    inner: returns None for a media type that is not examined. Holds sniff.LOOK octets, or what the examiner holds.
    """

    def __init__(self, inner: Callable[[str], Examiner | None]) -> None:
        self._inner = inner
        self._job = JobSum()
        self._settings = PjlSettings()
        self._kept = b""
        self._begun = False
        self._language: str | None = None  # as ENTER LANGUAGE names it, until its examiner is found
        self._examiner: Examiner | None = None
        self._in_pjl = False
        self._skipping_line = False
        self._over = False

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: nothing that follows can change the facts."""
        if not self._over:
            self._kept = self._advance(self._kept + chunk if self._kept else chunk, last=False)
        return not self._over

    def close(self) -> DocumentFacts:
        """The document has ended: what was found."""
        if not self._over:
            self._advance(self._kept, last=True)
        if not self._over:
            self._end_part()
        return self._job.facts(self._settings.title)

    def _advance(self, data: bytes, *, last: bool) -> bytes:
        """Read as far as there is something whole; return the rest."""
        if not self._begun:
            if len(data) < len(UEL) and not last and (UEL.startswith(data) or _PJL.startswith(data.upper())):
                return data
            self._begun = True
            self._in_pjl = data.startswith(UEL) or bool(_WORD.match(data))
        while data and not self._over:
            rest = self._pjl(data, last=last) if self._in_pjl else self._part(data, last=last)
            if rest is None:
                break
            data = rest
        return data

    # Each step returns what it left, or None: it needs more. Text that is no PJL turns to a language, a UEL turns back.

    def _pjl(self, data: bytes, *, last: bool) -> bytes | None:
        if self._skipping_line:
            _, ended, rest = data.partition(b"\n")
            self._skipping_line = not ended
            return rest
        if data.startswith(UEL):
            return data[len(UEL) :]
        if data[0] in _BLANKS:
            return data.lstrip(_BLANKS)
        if not last and len(data) < len(UEL) and (UEL.startswith(data) or _PJL.startswith(data.upper()[:4])):
            return None
        if _WORD.match(data):
            return self._line(data, last=last)
        self._in_pjl, self._language = False, None
        return data

    def _line(self, data: bytes, *, last: bool) -> bytes | None:
        line, ended, rest = data.partition(b"\n")
        if not ended and not last and len(data) < MAX_LINE:
            return None
        self._skipping_line = not ended and not last
        text = line[len(_PJL) : MAX_LINE].decode("utf-8", "replace")
        if command := sent_file(text):
            self._give_up(DocumentFacts(unknown=f"its PJL sends something else than a document ({command})"))
        elif language := self._settings.read(text):
            self._in_pjl, self._language = False, language
        return rest

    # languages

    def _part(self, data: bytes, *, last: bool) -> bytes | None:
        if data.startswith(UEL) and self._examiner is None:
            self._in_pjl, self._language = True, None
            return data
        if self._examiner is None:
            return None if not last and UEL.startswith(data) else self._choose(data, last=last)
        if isinstance(self._examiner, PclExaminer | PclxlExaminer):
            return self._measured_part(data, self._examiner)
        part, found, rest = data.partition(UEL)
        if found:
            self._examiner.feed(part)
            self._end_part()
            return UEL + rest
        keep = 0 if last else _begun_uel(data)
        self._examiner.feed(data[: len(data) - keep])
        return None if keep == len(data) else data[len(data) - keep :]

    def _measured_part(self, data: bytes, examiner: PclExaminer | PclxlExaminer) -> bytes:
        more = examiner.feed(data)
        if more:
            return b""
        self._end_part()
        if examiner.rest is None:
            self._over = True  # it gave up, and nobody knows where its language ends
            return b""
        return examiner.rest

    def _choose(self, data: bytes, *, last: bool) -> bytes | None:
        """Find the examiner of the language that begins; without a name it is told by its first octets."""
        name = None if self._language in _AUTOMATIC else self._language
        if name is not None:
            document_format, start = sniff.sniff(b"@PJL ENTER LANGUAGE=%b\n" % name.encode("ascii", "replace")), 0
        elif len(data) < sniff.LOOK + len(UEL) and not last and UEL not in data:
            return None
        else:
            found = sniff.look(data.partition(UEL)[0])
            document_format, start = found.document_format, found.start
        if document_format in {sniff.PCL, sniff.TEXT}:  # where blanks move on the page, and a form feed is one
            start = 0
        elif name is not None:
            start = len(data) - len(data.lstrip(_BLANKS))
        if start:
            return data[start:]
        self._examiner, self._language = self._make(document_format), None
        if self._examiner is None:
            language = name or document_format
            reason = f"its language is not read: {language}" if language else "its format is not recognised"
            self._give_up(DocumentFacts(document_format, unknown=reason))
        return data

    def _make(self, document_format: str | None) -> Examiner | None:
        if document_format == sniff.PCL:
            return PclExaminer(paper=self._settings.paper)
        if document_format == sniff.PCL_XL:
            return PclxlExaminer()
        return self._inner(document_format) if document_format else None

    def _end_part(self) -> None:
        if self._examiner is not None:
            facts = self._examiner.close()
            self._job.add(facts, self._settings)
            self._over = self._over or facts.pages is None
        self._examiner, self._language, self._in_pjl = None, None, True

    def _give_up(self, facts: DocumentFacts) -> None:
        self._job.add(facts, self._settings)
        self._over = True


def _begun_uel(data: bytes) -> int:
    """How many octets at the end could begin a UEL."""
    return next((size for size in range(min(len(UEL) - 1, len(data)), 0, -1) if UEL.startswith(data[-size:])), 0)
