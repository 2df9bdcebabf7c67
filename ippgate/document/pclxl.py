"""PCL XL (PCL 6): a stream of operators with typed attributes before them and embedded data behind them.

HP, PCL XL Feature Reference, Protocol Class 2.0. Everything has its length, so whatever a payload holds, even a
Universal Exit Language, is leapt over and never mistaken for an operator. `rest` is where the language ended by UEL.
"""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar

from ippgate.document import pclxl_tokens as T
from ippgate.document.media_codes import NAMED, PCL_XL
from ippgate.document.octet_stream import StreamExaminer, cut_short
from ippgate.document.pclxl_ink import Attributes, Ink, Value
from ippgate.document.pjl import UEL
from ippgate.document.sight import Sight
from ippgate.document.tally import HUNDREDTHS_PER_INCH, PageTally, Size
from ippgate.model.facts import DocumentFacts
from ippgate.model.text import plain

MAX_HEADER = 1024
"""Octets of the stream header, which is one line; its comment is a copyright notice."""

MAX_ATTRIBUTES = 64
"""Attributes of one operator; the richest of the standard have about ten."""

PRODUCER_LIMIT = 127

_BINDING = b" HP-PCL XL;"
_UNITS = {0: HUNDREDTHS_PER_INCH, 1: 100, 2: 10}  # eInch, eMillimeter, eTenthsOfAMillimeter
_MEDIA_SIZE, _CUSTOM_SIZE, _CUSTOM_UNITS, _PAGE_COPIES, _SIMPLEX, _DUPLEX = 37, 47, 48, 49, 52, 53
_COMPRESS_MODE, _PAD = 101, 110
_DUPLEX_SIDES = {0: "two-sided-short-edge", 1: "two-sided-long-edge"}  # eDuplexHorizontalBinding, …VerticalBinding


class PclxlExaminer(StreamExaminer):
    """Reads operators, leaps over data. Keeps one token, of T.MAX_KEPT octets, and one row of an image in RGB."""

    document_format: ClassVar[str] = "application/vnd.hp-PCLXL"

    def __init__(self) -> None:
        super().__init__()
        self.rest: bytes | None = None  # from the UEL that ended the language
        self._tally, self._ink = PageTally(), Ink(Sight())
        self._began, self._in_session, self._in_page = False, False, False
        self._producer = ""
        self._attributes: dict[int, Value] = {}
        self._value: Value = None
        self._has_value = False
        self._wanted = 0  # octets of pixels to come
        self._size: Size | None = None
        self._sides: str | None = None
        self._tags = self._by_tag()
        self._operators = self._by_operator()

    def _read(self, data: bytes) -> int:
        at = 0 if self._began else self._header(data)
        end = len(data)
        while at < end and not self._over and self._began:
            if self._wanted:
                at += self._look(data[at : at + self._wanted])
                continue
            if not self._attributes and not self._has_value:
                at = self._skip(data, at)
                if at >= end:
                    break
            reached = self._tags[data[at]](data, at)
            if reached == T.MORE:
                break
            at = reached
        return at

    def _header(self, data: bytes) -> int:
        """The binding of the stream, its version and a comment, in one line."""
        line, ended, _ = data[:MAX_HEADER].partition(b"\n")
        begins = data[:1] in {b")", b"(", b"'"} and _BINDING.startswith(data[1 : 1 + len(_BINDING)])
        if begins and not ended and len(data) < MAX_HEADER:
            return 0
        if not ended or not begins:
            self._give_up("it does not begin as PCL XL does")
        elif not line.startswith(b")"):
            binding = "ASCII" if line.startswith(b"'") else "with the high octet first"
            self._give_up(f"PCL XL in a binding that is not read: {binding}")
        comment = line.decode("latin-1").partition(";Comment ")[2]
        self._producer = plain(comment, PRODUCER_LIMIT)
        self._began = True
        return len(line) + 1

    def _skip(self, data: bytes, at: int) -> int:
        if not self._in_session:
            return at
        skip = T.SKIP_SETTLED if self._ink.settled else T.SKIP_GREY if self._ink.grey else T.SKIP_HUED
        passed = skip.match(data, at)
        return passed.end() if passed else at

    def _look(self, octets: bytes) -> int:
        self._wanted -= len(octets)
        if self._ink.image:
            self._ink.image.take(octets)
        return len(octets)

    # tokens: each returns where the next one begins

    def _by_tag(self) -> tuple[Callable[[bytes, int], int], ...]:
        special: dict[int, Callable[[bytes, int], int]] = {
            T.ATTRIBUTE: self._attribute,
            T.LONG_ATTRIBUTE: self._attribute,
            T.ESCAPE: self._escape,
            T.DATA: self._data,
            T.SHORT_DATA: self._data,
            **dict.fromkeys(T.BLANKS, lambda _, at: at + 1),
            **dict.fromkeys(T.SCALAR, self._valued(T.scalar)),
            **dict.fromkeys(T.ARRAY, self._valued(T.array)),
            **dict.fromkeys(T.OPERATORS, self._operator),
        }
        return tuple(special.get(tag, self._illegal) for tag in range(256))

    def _valued(self, read: Callable[[bytes, int], tuple[Value, int]]) -> Callable[[bytes, int], int]:
        def token(data: bytes, at: int) -> int:
            value, stop = read(data, at)
            if stop == T.ILLEGAL:
                return self._illegal(data, at)
            if stop != T.MORE:
                self._value, self._has_value = value, True
            return stop

        return token

    def _attribute(self, data: bytes, at: int) -> int:
        stop = at + (2 if data[at] == T.ATTRIBUTE else 3)
        if stop > len(data):
            return T.MORE
        if not self._has_value or len(self._attributes) >= MAX_ATTRIBUTES:
            return self._illegal(data, at)
        self._attributes[int.from_bytes(data[at + 1 : stop], "little")] = self._value
        self._has_value = False
        return stop

    def _data(self, data: bytes, at: int) -> int:
        """Embedded data, its length in four octets or in one."""
        start = at + (5 if data[at] == T.DATA else 2)
        if start > len(data):
            return T.MORE
        length = int.from_bytes(data[at + 1 : start], "little")
        if self._ink.image and self._ink.image.looks:
            self._wanted = length
            return start
        return start + length

    def _escape(self, data: bytes, at: int) -> int:
        if UEL.startswith(data[at : at + len(UEL)]) and len(data) - at < len(UEL):
            return T.MORE
        if not data.startswith(UEL, at):
            return self._illegal(data, at)
        self.rest = data[at:]
        self._over = True
        return len(data)

    def _illegal(self, _: bytes, at: int) -> int:
        self._give_up(f"octets that are no PCL XL after page {self._tally.pages}")
        return at

    def _operator(self, data: bytes, at: int) -> int:
        if not self._in_session and data[at] != T.BEGIN_SESSION:
            return self._illegal(data, at)
        if act := self._operators.get(data[at]):
            act(self._attributes)
        self._attributes.clear()
        self._has_value = False
        return at + 1

    # operators

    def _by_operator(self) -> Mapping[int, Callable[[Attributes], None]]:
        ink = self._ink
        return {
            T.BEGIN_SESSION: self._begin_session,
            T.END_SESSION: self._end_session,
            T.BEGIN_PAGE: self._begin_page,
            T.END_PAGE: self._end_page,
            T.EXEC_STREAM: self._exec_stream,
            T.PASS_THROUGH: self._pass_through,
            T.PUSH_GS: self._push,
            T.POP_GS: lambda _: ink.pop(),
            T.SET_COLOR_SPACE: ink.set_color_space,
            T.SET_BRUSH_SOURCE: ink.set_brush,
            T.SET_PEN_SOURCE: ink.set_pen,
            T.BEGIN_IMAGE: ink.begin_image,
            T.READ_IMAGE: self._read_rows,
            T.END_IMAGE: lambda _: ink.end_image(),
            T.BEGIN_RAST_PATTERN: ink.begin_pattern,
            T.READ_RAST_PATTERN: self._read_rows,
            T.END_RAST_PATTERN: lambda _: ink.end_pattern(),
            **dict.fromkeys(T.PAINTING, lambda _: ink.paint()),
            T.TEXT: lambda _: ink.paint_text(),
        }

    def _begin_session(self, _: Attributes) -> None:
        if self._in_session:
            self._out_of_order("BeginSession")
        self._in_session = True
        self._size = None

    def _end_session(self, _: Attributes) -> None:
        if self._in_page:
            self._out_of_order("EndSession")
        self._in_session = False

    def _begin_page(self, attributes: Attributes) -> None:
        if self._in_page:
            self._out_of_order("BeginPage")
        self._in_page = True
        self._ink.begin_page()
        if _SIMPLEX in attributes:
            self._sides = "one-sided"
        elif isinstance(binding := attributes.get(_DUPLEX), int):
            self._sides = _DUPLEX_SIDES.get(binding)
        if _MEDIA_SIZE in attributes or _CUSTOM_SIZE in attributes:
            self._size = _size(attributes)

    def _end_page(self, attributes: Attributes) -> None:
        if not self._in_page:
            self._out_of_order("EndPage")
        self._in_page = False
        copies = attributes.get(_PAGE_COPIES)
        self._tally.add(
            color=self._ink.page,
            size=self._size,
            copies=copies if isinstance(copies, int) else None,
            sides=self._sides,
        )
        self._ink.begin_page()

    def _push(self, _: Attributes) -> None:
        if not self._ink.push():
            self._give_up(f"graphics states nested too deeply after page {self._tally.pages}")

    def _read_rows(self, attributes: Attributes) -> None:
        mode, pad = attributes.get(_COMPRESS_MODE), attributes.get(_PAD, 4)
        if self._ink.image and isinstance(mode, int) and isinstance(pad, int):
            self._ink.image.block(mode, pad)

    def _exec_stream(self, _: Attributes) -> None:
        """What was put into a stream before is executed: it was leapt over."""
        self._ink.cannot_tell()
        if not self._in_page:
            self._give_up("it executes streams outside its pages")

    def _pass_through(self, _: Attributes) -> None:
        self._ink.cannot_tell()
        if not self._in_page:
            self._give_up("it passes PCL 5 through outside its pages")

    def _out_of_order(self, operator: str) -> None:
        self._give_up(f"{operator} out of order after page {self._tally.pages}")

    def _facts(self, *, cut: bool) -> DocumentFacts:
        if cut or self._wanted or self._in_session or not self._began:
            return self._unknown_facts(cut_short(self._tally.pages))
        return self._tally.facts(self.document_format, producer=self._producer)


def _size(attributes: Attributes) -> Size | None:
    code, custom = attributes.get(_MEDIA_SIZE), attributes.get(_CUSTOM_SIZE)
    if isinstance(code, int):
        return PCL_XL.get(code)
    if isinstance(code, bytes):
        return NAMED.get(code.decode("latin-1").strip().upper().replace(" ", ""))
    unit = attributes.get(_CUSTOM_UNITS, 0)
    if not isinstance(custom, tuple) or len(custom) != 2 or not isinstance(unit, int) or unit not in _UNITS:
        return None
    x, y = (side * _UNITS[unit] for side in custom)
    return (round(x), round(y)) if 0 < x < math.inf and 0 < y < math.inf else None
