"""What the gate and an examining process say to each other: frames of msgpack, each with its length before it.

    gate → process   Examine     a document: its format, its size, the bounds; a small one lies in the tray
                     Octets      an answer to Next or At
    process → gate   Ready       it has confined itself
                     Next        what follows, please; none: the end
                     At          a stretch, please
                     Found       facts so far: they hold if nothing better comes
                     Done        facts; with a mishap's name when the examiner itself failed

The tray is a file in memory that both have: what fits a stretch is read there at once, and nothing of it is waited for.

The process reads hostile documents: what it says is checked as a stranger's word is.
"""

from dataclasses import asdict, dataclass
from typing import Any

import msgpack

from ippgate.document.media import MAX_SIZES
from ippgate.model.facts import DocumentFacts, MediaUse
from ippgate.model.text import plain

STRETCH = 1024 * 1024
"""Octets of a document in one message."""
LARGEST_TOLD = STRETCH + 4096
"""Octets of a message to the process."""
LARGEST_SAID = 64 * 1024
"""Octets of a message from it."""
HEADER = 4

_TEXT = 512
_LARGEST_NUMBER = 2**31 - 1
_MOST_FINISHINGS = 64


class ProtocolError(Exception):
    """The other side said what it may not say."""


@dataclass(frozen=True, slots=True)
class Examine:
    """Examine a document. It is asked for with Next or At unless all of it lies in the tray."""

    document_format: str
    start: int  # where its language begins, behind PJL
    size: int
    seconds: float
    max_pages: int
    laid: bool  # in the tray
    drawn: bool = True  # whether pages are drawn to see their colours


@dataclass(frozen=True, slots=True)
class Octets:
    """A part of the document; fewer than asked for at its end."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Ready:
    """The process waits for a document."""


@dataclass(frozen=True, slots=True)
class Next:
    """Asks for what follows."""


@dataclass(frozen=True, slots=True)
class At:
    """Asks for at most STRETCH octets at an offset."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Found:
    """What is known so far."""

    facts: DocumentFacts


@dataclass(frozen=True, slots=True)
class Done:
    """What is known. mishap: the type of an exception that nobody expected."""

    facts: DocumentFacts
    mishap: str = ""


Told = Examine | Octets
Said = Ready | Next | At | Found | Done

_TOLD: tuple[type[Any], ...] = (Examine, Octets)
_SAID: tuple[type[Any], ...] = (Ready, Next, At, Found, Done)


def told(message: Told) -> bytes:
    """A message to the process, as a frame."""
    fields = [getattr(message, name) for name in message.__slots__]
    return _frame([_TOLD.index(type(message)), *fields])


def said(message: Said) -> bytes:
    """A message from the process, as a frame."""
    fields: list[Any] = [getattr(message, name) for name in message.__slots__]
    if isinstance(message, Found | Done):
        fields[0] = asdict(message.facts)
    return _frame([_SAID.index(type(message)), *fields])


def length_of(header: bytes, largest: int) -> int:
    """The octets of the message behind a header. Raises ProtocolError beyond `largest`."""
    length = int.from_bytes(header, "big")
    if length > largest:
        raise ProtocolError(f"a message of {length} octets")
    return length


def read_told(octets: bytes) -> Told:
    """A message to the process. Raises ProtocolError."""
    number, fields = _unpacked(octets, len(_TOLD))
    message: Told = _TOLD[number](*fields)
    return message


def read_said(octets: bytes) -> Said:
    """A message from the process, every value checked. Raises ProtocolError."""
    number, fields = _unpacked(octets, len(_SAID))
    kind = _SAID[number]
    if kind in (Found, Done):
        if len(fields) != len(kind.__slots__) or not isinstance(fields[0], dict):
            raise ProtocolError("facts that are none")
        facts = _facts(fields[0])
        return Found(facts) if kind is Found else Done(facts, _text(fields[1]))
    if kind is At:
        if len(fields) != 2:
            raise ProtocolError("a stretch that is none")
        return At(_number(fields[0], 2**63), _number(fields[1], STRETCH))
    message: Said = kind()
    return message


def _frame(parts: list[Any]) -> bytes:
    packed: bytes = msgpack.packb(parts)
    return len(packed).to_bytes(HEADER, "big") + packed


def _unpacked(octets: bytes, kinds: int) -> tuple[int, list[Any]]:
    try:
        parts = msgpack.unpackb(octets)
    except (ValueError, msgpack.UnpackException) as error:
        raise ProtocolError("no message") from error
    if not isinstance(parts, list) or not parts:
        raise ProtocolError("no message")
    return _number(parts[0], kinds - 1), parts[1:]


def _facts(found: dict[Any, Any]) -> DocumentFacts:
    if set(found) != set(DocumentFacts.__slots__):
        raise ProtocolError("facts that are none")
    sizes, finishings = found["media"], found["finishings"]
    if not isinstance(sizes, list) or not isinstance(finishings, list):
        raise ProtocolError("facts that are none")
    if len(sizes) > MAX_SIZES or len(finishings) > _MOST_FINISHINGS:
        raise ProtocolError("too many facts")
    return DocumentFacts(
        document_format=_text_or_none(found["document_format"]),
        pages=_number_or_none(found["pages"]),
        color_pages=_number_or_none(found["color_pages"]),
        copies=_number_or_none(found["copies"]),
        sides=_text_or_none(found["sides"]),
        media=tuple(_media_use(size) for size in sizes),
        finishings=tuple(_number(number) for number in finishings),
        producer=_text(found["producer"]),
        title=_text(found["title"]),
        encrypted=found["encrypted"] is True,
        unknown=_text(found["unknown"]),
    )


def _media_use(size: Any) -> MediaUse:
    if not isinstance(size, dict) or set(size) != set(MediaUse.__slots__):
        raise ProtocolError("a size that is none")
    return MediaUse(_number(size["x"]), _number(size["y"]), _number(size["pages"]))


def _number(value: Any, most: int = _LARGEST_NUMBER) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ProtocolError("a number that can't be")
    return value


def _number_or_none(value: Any) -> int | None:
    return None if value is None else _number(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ProtocolError("a text that is none")
    return plain(value, _TEXT)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)
