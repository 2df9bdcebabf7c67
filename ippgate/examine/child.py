"""An examining process: `python -m ippgate.examine.child MEMORY TRAY NICE`. Reads documents from its standard input,
says facts on its standard output. It may be killed at any moment; nothing is lost but the facts of one document.
"""

import io
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, NoReturn, cast

from ippgate.document.examination import Examination, has_pjl, in_job
from ippgate.document.pjl import UEL
from ippgate.document.sniff import JPEG, PDF
from ippgate.examine.confine import allow_seconds, confine, yield_to_others
from ippgate.examine.jpeg import examine_jpeg
from ippgate.examine.message import (
    HEADER,
    LARGEST_TOLD,
    STRETCH,
    At,
    Done,
    Examine,
    Found,
    Next,
    Octets,
    Ready,
    Said,
    Told,
    length_of,
    read_told,
    said,
)
from ippgate.examine.pdf import Bounds, examine_pdf
from ippgate.examine.remote import RemoteFile
from ippgate.model.facts import DocumentFacts

TOO_MUCH_MEMORY = "it took more memory than a document may to examine"
FAILED = "it could not be examined"

_IN, _OUT = 0, 1
_DRAWING = 0.75
"""Of the seconds for a document: after this part no further page is drawn, so that the pages are told in time."""


def main() -> NoReturn:
    """Examine documents until the standard input ends."""
    yield_to_others(int(sys.argv[3]))
    confine(int(sys.argv[1]))
    _say(Ready())
    while True:
        message = _hear()
        if isinstance(message, Examine):
            allow_seconds(message.seconds)
            _say(_examined(message))


def _examined(asked: Examine) -> Done:
    try:
        return Done(_facts(asked, os.pread(_tray(), asked.size, 0) if asked.laid else None))
    except MemoryError:
        return Done(DocumentFacts(asked.document_format, unknown=TOO_MUCH_MEMORY))
    except Exception as error:  # noqa: BLE001 - an examiner's own fault: told by name, and the document is unknown
        return Done(DocumentFacts(asked.document_format, unknown=FAILED), mishap=type(error).__name__)


def _tray() -> int:
    """The descriptor of the file in which small documents lie."""
    return int(sys.argv[2])


def _facts(asked: Examine, small: bytes | None) -> DocumentFacts:
    if asked.document_format not in (PDF, JPEG):
        return _read_through(asked, Examination(), small)
    before = _read_at(small)(0, asked.start) if asked.start else b""

    def found(facts: DocumentFacts) -> None:
        if asked.drawn:  # else it is all that is to be said
            _say(Found(in_job(before, facts)))

    until = time.monotonic() + asked.seconds * _DRAWING
    bounds = Bounds(asked.max_pages, go_on=lambda: asked.drawn and time.monotonic() < until)
    examine = examine_pdf if asked.document_format == PDF else examine_jpeg
    facts = examine(_file(asked, small), bounds, found)
    if has_pjl(before) or UEL in (small or b""):
        return _read_through(asked, Examination(whole=facts), small)  # there may be more in the job
    return facts


def _read_through(asked: Examine, examination: Examination, small: bytes | None) -> DocumentFacts:
    if small is not None:
        examination.feed(small)
    else:
        while (chunk := _ask(Next())) and examination.feed(chunk):
            pass
    return _within(examination.close(), asked.max_pages)


def _within(facts: DocumentFacts, max_pages: int) -> DocumentFacts:
    if facts.pages is None or facts.pages <= max_pages:
        return facts
    unknown = f"it has {facts.pages} pages, more than {max_pages}"
    return replace(facts, pages=None, color_pages=None, media=(), unknown=unknown)


def _file(asked: Examine, small: bytes | None) -> BinaryIO:
    if small is not None:
        return io.BytesIO(small[asked.start :])
    return cast("BinaryIO", RemoteFile(asked.size, _read_at(small), start=asked.start))


def _read_at(small: bytes | None) -> Callable[[int, int], bytes]:
    if small is not None:
        return lambda offset, length: small[offset : offset + length]
    return lambda offset, length: _ask(At(offset, min(length, STRETCH)))


def _ask(question: Next | At) -> bytes:
    _say(question)
    answer = _hear()
    if not isinstance(answer, Octets):
        _gone()
    return answer.octets


def _say(message: Said) -> None:
    frame = memoryview(said(message))
    while frame:
        frame = frame[os.write(_OUT, frame) :]


def _hear() -> Told:
    return read_told(_read(length_of(_read(HEADER), LARGEST_TOLD)))


def _read(length: int) -> bytes:
    parts, missing = [], length
    while missing:
        part = os.read(_IN, missing)
        if not part:
            _gone()
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _gone() -> NoReturn:
    """Nobody listens any more. PDFium may be in the middle of something that can't be unwound."""
    os._exit(0)


if __name__ == "__main__":
    main()
