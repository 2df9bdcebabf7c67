"""One value and one attribute: the wire's octets, converted to Python only when somebody asks.

A document's way through the gate reads perhaps five of a request's thirty attributes, and few of a device's three
hundred: so a value keeps its octets, which also makes decode → encode exact.
"""

import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from ippgate.ipp.date_time import read_date_time
from ippgate.ipp.error import BadValueError
from ippgate.ipp.tag import LANGUAGE_TAGS, STRING_TAGS, Tag, is_out_of_band


class LangString(NamedTuple):
    """textWithLanguage or nameWithLanguage: the language is that of this one text."""

    language: str
    text: str


class Range(NamedTuple):
    """rangeOfInteger: both ends belong to it."""

    low: int
    high: int


class Resolution(NamedTuple):
    """Dots across the feed direction and along it; units 3 per inch, 4 per centimetre."""

    x: int
    y: int
    units: int = 3


class Value(NamedTuple):
    """A tag and its octets; a collection's `raw` is its members in order."""

    tag: int
    raw: "bytes | tuple[Attribute, ...]"

    @property
    def python(self) -> "Python":
        """The value as Python has it; None for an out-of-band value, bytes for octetString and for tags unknown here.

        Octets that are no UTF-8 read as U+FFFD (`raw` keeps them). Raises BadValueError where the octets mean nothing.
        """
        if isinstance(self.raw, tuple):
            return self.raw
        if is_out_of_band(self.tag):
            return None
        reader = _READERS.get(self.tag)
        if reader is None:
            return self.raw
        try:
            return reader(self.raw)
        except struct.error as error:
            raise BadValueError(f"{self.raw.hex()} is no value of tag 0x{self.tag:02X}: {error}") from error

    @property
    def text(self) -> str | None:
        """The characters of a string value (of a text with language, its text); None if this is no string, or a text
        with language whose lengths do not add up (the decoder lets none of those pass).
        """
        if self.tag in STRING_TAGS and isinstance(self.raw, bytes):
            return _read_string(self.raw)
        if self.tag not in LANGUAGE_TAGS:
            return None
        try:
            value = self.python
        except BadValueError:
            return None
        return value.text if isinstance(value, LangString) else None

    @property
    def members(self) -> "tuple[Attribute, ...]":
        """The members of a collection, in order; none if this is no collection."""
        return self.raw if isinstance(self.raw, tuple) else ()

    def member(self, name: str) -> "Attribute | None":
        """The collection's member of that name."""
        return next((member for member in self.members if member.name == name), None)


class Attribute(NamedTuple):
    """A name and its values, at least one."""

    name: str
    values: tuple[Value, ...]

    @property
    def first(self) -> Value:
        """The first value: all there is, unless the attribute is a set."""
        return self.values[0]

    def texts(self) -> list[str]:
        """What the string values say (keyword, name, text, uri …); other values are left out."""
        return [text for value in self.values if (text := value.text) is not None]

    def text(self) -> str | None:
        """What the first string value says."""
        return next(iter(self.texts()), None)

    def integers(self) -> list[int]:
        """The values of syntax integer or enum; others are left out."""
        return list(_integers(self.values))

    def integer(self) -> int | None:
        """The first value of syntax integer or enum."""
        return next(_integers(self.values), None)

    def boolean(self) -> bool | None:
        """The first value, if it is a boolean."""
        return self.first.raw != b"\0" if self.first.tag == Tag.BOOLEAN else None


Python = int | bool | str | bytes | LangString | Range | Resolution | datetime | tuple[Attribute, ...] | None

# Values that say why there is none.
UNSUPPORTED: Final = Value(Tag.UNSUPPORTED, b"")
UNKNOWN: Final = Value(Tag.UNKNOWN, b"")
NO_VALUE: Final = Value(Tag.NO_VALUE, b"")
NOT_SETTABLE: Final = Value(Tag.NOT_SETTABLE, b"")
DELETE_ATTRIBUTE: Final = Value(Tag.DELETE_ATTRIBUTE, b"")
ADMIN_DEFINE: Final = Value(Tag.ADMIN_DEFINE, b"")

_INTEGER = struct.Struct(">i")
_RANGE = struct.Struct(">ii")
_RESOLUTION = struct.Struct(">iib")


def _integers(values: tuple[Value, ...]) -> Iterator[int]:
    for value in values:
        if value.tag in (Tag.INTEGER, Tag.ENUM) and isinstance(number := value.python, int):
            yield number


def _read_string(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _read_integer(raw: bytes) -> int:
    number: int = _INTEGER.unpack(raw)[0]
    return number


def _read_boolean(raw: bytes) -> bool:
    return raw != b"\0"


def _read_range(raw: bytes) -> Range:
    return Range(*_RANGE.unpack(raw))


def _read_resolution(raw: bytes) -> Resolution:
    return Resolution(*_RESOLUTION.unpack(raw))


def _read_lang_string(raw: bytes) -> LangString:
    """Two lengths of two octets inside one value (RFC 8010 section 3.9)."""
    language_end = 2 + int.from_bytes(raw[:2], "big")
    text_start = language_end + 2
    if text_start + int.from_bytes(raw[language_end:text_start], "big") != len(raw):
        raise BadValueError(f"{raw.hex()} is no text with language: its inner lengths do not add up")
    return LangString(_read_string(raw[2:language_end]), _read_string(raw[text_start:]))


_READERS: dict[int, Callable[[bytes], Python]] = {
    **dict.fromkeys(STRING_TAGS, _read_string),
    Tag.INTEGER: _read_integer,
    Tag.ENUM: _read_integer,
    Tag.BOOLEAN: _read_boolean,
    Tag.DATE_TIME: read_date_time,
    Tag.RESOLUTION: _read_resolution,
    Tag.RANGE: _read_range,
    Tag.TEXT_LANG: _read_lang_string,
    Tag.NAME_LANG: _read_lang_string,
}
