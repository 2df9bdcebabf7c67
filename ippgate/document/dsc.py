"""Structuring comments of PostScript (Adobe's Conventions, DSC 3.0): where a line stands, what it names."""

import re
from contextlib import suppress

from ippgate.document.media import MediaTally
from ippgate.model.text import plain

MAX_MEDIA = 64
"""Kinds of media that %%DocumentMedia may name; further ones are not kept."""

Size = tuple[float, float]

_DEFINITIONS = frozenset({b"Prolog", b"Resource", b"ProcSet", b"Font", b"File", b"Emulation"})
_SETUP = frozenset({b"Setup", b"PageSetup", b"Feature", b"Defaults", b"PaperSize"})
_NUMBER = re.compile(rb"[0-9]{1,9}")
_DECIMAL = re.compile(rb"-?[0-9]{0,9}(?:\.[0-9]{0,9})?")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Section:
    """Where in the document the present line stands, by the comments before it."""

    def __init__(self) -> None:
        self.embedded = 0  # documents within the document that are open
        self.page = False
        self._open: dict[bytes, int] = {}

    @property
    def definitions(self) -> bool:
        """Procedures are defined here, nothing is done."""
        return any(kind in self._open for kind in _DEFINITIONS)

    @property
    def setup(self) -> bool:
        """The device is set up here."""
        return any(kind in self._open for kind in _SETUP)

    def enter(self, key: bytes) -> None:
        """Take the key of a comment, such as %%BeginProlog."""
        if key == b"%%BeginDocument":
            self.embedded += 1
        elif key == b"%%EndDocument":
            self.embedded = max(0, self.embedded - 1)
        elif self.embedded:
            return
        elif key == b"%%Page":
            self.page = True
            self._open.clear()
        elif key in (b"%%Trailer", b"%%EOF"):
            self.page = False
            self._open.clear()
        elif key.startswith(b"%%Begin") and (kind := key[7:]) in _DEFINITIONS | _SETUP:
            self._open[kind] = self._open.get(kind, 0) + 1
        elif key.startswith(b"%%End") and (kind := key[5:]) in self._open:
            self._open[kind] -= 1
            if not self._open[kind]:
                del self._open[kind]


class PageSizes:
    """The size of each page: the one set for it, else its medium or box, else the document's medium or box."""

    def __init__(self) -> None:
        self._tally = MediaTally()
        self._named: dict[bytes, Size] = {}
        self._listing = False
        self._device: Size | None = None  # what was set last holds on
        self._document: Size | None = None
        self._page: Size | None = None
        self._in_page = False
        self.media = self._tally.media

    def begin(self) -> None:
        """A page begins."""
        self.end()
        self._page, self._in_page = None, True

    def end(self) -> None:
        """The last page has ended; call `media` then."""
        size = self._page or self._device or next(iter(self._named.values()), None) or self._document
        if self._in_page and size:
            self._tally.add(*size)
        self._in_page = False

    def set(self, size: Size, *, page: bool) -> None:
        """The program asks the device for a size."""
        self._device = size
        if page:
            self._page = size

    def comment(self, key: bytes, value: bytes) -> None:
        """Take a comment; those that say nothing of sizes are allowed."""
        if key == b"%%DocumentMedia" or (key.startswith(b"%%+") and self._listing):
            self._name(value if key == b"%%DocumentMedia" else key[3:])
            return
        self._listing = False
        if key == b"%%PageMedia" and self._in_page:
            self._page = self._page or self._named.get(value.strip())
        elif key == b"%%PageBoundingBox" and self._in_page:
            self._page = self._page or _sheet(value)
        elif key == b"%%BoundingBox":
            self._document = self._document or _sheet(value)

    def _name(self, value: bytes) -> None:
        """`A4 595 842 80 white ( )`: DSC 3.0, section 5.1."""
        self._listing = True
        name, _, rest = value.strip().partition(b" ")
        size = decimals(rest, 2)
        if size and len(self._named) < MAX_MEDIA:
            self._named[name] = size[0], size[1]


def decimals(text: bytes, count: int) -> tuple[float, ...] | None:
    """The first so many words as numbers; None when they are none."""
    words = text.split(None, count)[:count]
    if len(words) < count or not all(_DECIMAL.fullmatch(word) and word.strip(b"-.") for word in words):
        return None
    return tuple(float(word) for word in words)


def number(text: bytes) -> int | None:
    """The first word as a number; None when it is none, such as (atend)."""
    words = text.split(None, 1)
    return int(words[0]) if words and _NUMBER.fullmatch(words[0]) else None


def dsc_text(value: bytes, limit: int) -> str:
    """<text> of DSC 3.0 section 4.6, made plain: a string in parentheses or angle brackets, or the rest of the line."""
    value = value.strip()
    if value.startswith(b"("):
        value = _ESCAPE.sub(_unescaped, value[1:].removesuffix(b")"))
    elif value.startswith(b"<") and value.endswith(b">"):
        with suppress(ValueError):
            value = bytes.fromhex(value[1:-1].decode("ascii"))
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        return plain(value.decode("utf-16", "replace"), limit)
    try:
        return plain(value.decode(), limit)
    except UnicodeDecodeError:
        return plain(value.decode("latin-1"), limit)


def _sheet(value: bytes) -> Size | None:
    """A box is that of a whole sheet only when it begins in the corner; others bound what is drawn."""
    box = decimals(value, 4)
    return (box[2], box[3]) if box and box[:2] == (0, 0) else None


def _unescaped(found: "re.Match[bytes]") -> bytes:
    said = found[1]
    return bytes([int(said, 8) & 0xFF]) if said[:1].isdigit() and said < b"8" else _ESCAPED.get(said, said)
