"""Attributes made without looking anything up, where an answer has thousands of them.

`ipp.builder` asks the registry for each value; here whoever writes the call has asked it once. A test holds every
attribute that is made this way against the registry.
"""

import struct
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from ippgate.ipp import NO_VALUE, Attribute, Tag, Value
from ippgate.ipp.date_time import write_date_time

MAX_INTEGER: Final = 2**31 - 1

_PACK: Final = struct.Struct(">i").pack
_TRUE: Final = Value(Tag.BOOLEAN, b"\x01")
_FALSE: Final = Value(Tag.BOOLEAN, b"\x00")


def integer(name: str, number: int | None) -> Attribute:
    """An integer, cut at what fits; None: no-value."""
    if number is None:
        return Attribute(name, (NO_VALUE,))
    return Attribute(name, (Value(Tag.INTEGER, _PACK(min(number, MAX_INTEGER))),))


def enum(name: str, number: int) -> Attribute:
    """An enum."""
    return Attribute(name, (Value(Tag.ENUM, _PACK(number)),))


def boolean(name: str, value: bool) -> Attribute:
    """A boolean."""
    return Attribute(name, (_TRUE if value else _FALSE,))


def string(name: str, tag: int, text: str) -> Attribute:
    """A string of any syntax."""
    return Attribute(name, (Value(tag, text.encode()),))


def strings(name: str, tag: int, texts: Iterable[str]) -> Attribute:
    """A set of strings."""
    return Attribute(name, tuple(Value(tag, text.encode()) for text in texts))


def moment(name: str, at: datetime | None) -> Attribute:
    """A dateTime; None: no-value."""
    return Attribute(name, (NO_VALUE if at is None else Value(Tag.DATE_TIME, write_date_time(at)),))


def ticks(at: datetime | None) -> int | None:
    """A moment on the clock that printer-up-time shows: seconds of Unix time.

    So it never goes back when the gate restarts, and all its workers agree; CUPS and its clients do the same.
    """
    return None if at is None else int(at.timestamp())
