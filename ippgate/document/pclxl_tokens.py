"""The tokens of PCL XL: values by their types, and the operators that can't change what is found of a document.

HP, PCL XL Feature Reference, Protocol Class 2.0, appendix C (binary tag values). The lower octet stands first.
"""

import re
import struct

from ippgate.document.pclxl_ink import Value

MAX_KEPT = 1024
"""Octets of an array that is kept; the largest that says anything of colour is a palette of 256 times RGB."""

MORE = -1
"""The token is not whole yet."""

ILLEGAL = -2
"""There is no such token."""

BEGIN_SESSION, END_SESSION, BEGIN_PAGE, END_PAGE = 0x41, 0x42, 0x43, 0x44
EXEC_STREAM, POP_GS, PUSH_GS = 0x5E, 0x60, 0x61
SET_BRUSH_SOURCE, SET_PEN_SOURCE, SET_COLOR_SPACE = 0x63, 0x79, 0x6A
BEGIN_IMAGE, READ_IMAGE, END_IMAGE = 0xB0, 0xB1, 0xB2
BEGIN_RAST_PATTERN, READ_RAST_PATTERN, END_RAST_PATTERN, PASS_THROUGH = 0xB3, 0xB4, 0xB5, 0xBF
TEXT = 0xA8
OPERATORS = range(0x41, 0xC0)
PAINTING = {0x86, 0x96, 0x98, 0x9E, 0xA0, 0xA2, TEXT, 0xB9}  # PaintPath, Chord, Ellipse, Pie … ScanLineRel

_STRUCTURE = {BEGIN_SESSION, END_SESSION, BEGIN_PAGE, END_PAGE, EXEC_STREAM, PASS_THROUGH}
_PATTERNS = {PUSH_GS, POP_GS, SET_COLOR_SPACE, BEGIN_RAST_PATTERN, READ_RAST_PATTERN, END_RAST_PATTERN}
_SOURCES = {SET_BRUSH_SOURCE, SET_PEN_SOURCE, BEGIN_IMAGE, READ_IMAGE, END_IMAGE}

_NUMBERS = {"B": 1, "H": 2, "I": 4, "h": 2, "i": 4, "f": 4}  # ubyte, uint16, uint32, sint16, sint32, real32
SCALAR = {
    base + index: struct.Struct(f"<{count}{letter}")
    for base, count in ((0xC0, 1), (0xD0, 2), (0xE0, 4))  # a number, a pair, a box
    for index, letter in enumerate(_NUMBERS)
}
ARRAY = {0xC8 + index: letter for index, letter in enumerate(_NUMBERS)}
_LENGTH = {0xC0: struct.Struct("<B"), 0xC1: struct.Struct("<H"), 0xC2: struct.Struct("<I")}
ATTRIBUTE, LONG_ATTRIBUTE, DATA, SHORT_DATA, ESCAPE = 0xF8, 0xF9, 0xFA, 0xFB, 0x1B
BLANKS = (0x00, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20)


def _of_no_consequence(relevant: set[int]) -> re.Pattern[bytes]:
    """Operators that can't change what is found, each with its attributes: passed many at a time."""
    sizes: dict[int, bytes] = {}
    for tag, shape in SCALAR.items():
        sizes[shape.size] = sizes.get(shape.size, b"") + re.escape(bytes((tag,)))
    value = b"|".join(b"[%b].{%d}" % (tags, size) for size, tags in sorted(sizes.items()))
    operators = b"".join(re.escape(bytes((tag,))) for tag in OPERATORS if tag not in relevant)
    return re.compile(rb"(?:(?:(?:%b)(?:\xf8.|\xf9..))*+[%b])*+" % (value, operators), re.DOTALL)


SKIP_GREY = _of_no_consequence(_STRUCTURE | _PATTERNS | _SOURCES)
SKIP_HUED = _of_no_consequence(_STRUCTURE | _PATTERNS | _SOURCES | PAINTING)
SKIP_SETTLED = _of_no_consequence(_STRUCTURE | _PATTERNS)


def scalar(data: bytes, at: int) -> tuple[Value, int]:
    """Read a number, a pair or a box at `at`; return it and where the next token begins, or MORE."""
    shape = SCALAR[data[at]]
    stop = at + 1 + shape.size
    if stop > len(data):
        return None, MORE
    numbers = shape.unpack_from(data, at + 1)
    return (numbers[0] if len(numbers) == 1 else numbers), stop


def array(data: bytes, at: int) -> tuple[Value, int]:
    """Read an array at `at`; return it, or None for a longer one than is kept, and where the next token begins.

    That place may lie beyond the end, or be MORE or ILLEGAL.
    """
    if at + 1 >= len(data):
        return None, MORE
    length = _LENGTH.get(data[at + 1])
    if length is None:
        return None, ILLEGAL
    start = at + 2 + length.size
    if start > len(data):
        return None, MORE
    letter = ARRAY[data[at]]
    count: int = length.unpack_from(data, at + 2)[0]
    stop = start + count * _NUMBERS[letter]
    if stop - start > MAX_KEPT:
        return None, stop
    if stop > len(data):
        return None, MORE
    octets = data[start:stop]
    return (octets if letter == "B" else struct.unpack(f"<{count}{letter}", octets)), stop
