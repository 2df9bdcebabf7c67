"""Python → attributes, with the tag that the registry says: attribute(A.COPIES, 2), attribute(A.SIDES, "one-sided").

Whoever builds an answer names an attribute and a value; that job-state is an enum and job-id an integer is the
registry's to know. A value that the registered syntax does not admit is a mistake of ours and raises ValueError.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from ippgate.ipp.date_time import write_date_time
from ippgate.ipp.syntax import KIND_TAGS, Kind, Syntax, syntax_of
from ippgate.ipp.tag import LANGUAGE_TAGS, STRING_TAGS, Tag, tag_name
from ippgate.ipp.validate import LONGEST
from ippgate.ipp.value import Attribute, LangString, Range, Resolution, Value

Simple = bool | int | str | bytes | Range | Resolution | datetime | LangString | Value
Plain = Simple | Mapping[str, "Plain | Sequence[Plain]"]
Members = Mapping[str, Plain | Sequence[Plain]]

# Kinds of value that a Python type can be, likeliest first.
_KINDS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (bool, ("boolean",)),
    (int, ("integer", "enum")),
    (str, ("keyword", "name", "text", "uri", "mimeMediaType", "naturalLanguage", "charset", "uriScheme")),
    (bytes, ("octetString",)),
    (Range, ("rangeOfInteger",)),
    (Resolution, ("resolution",)),
    (datetime, ("dateTime",)),
    (LangString, ("name", "text")),
    (Mapping, ("collection",)),
)
# The tag of a value whose attribute nobody registered; of a str only the caller can tell.
_OBVIOUS = {
    "boolean": Tag.BOOLEAN,
    "integer": Tag.INTEGER,
    "octetString": Tag.OCTET_STRING,
    "rangeOfInteger": Tag.RANGE,
}
_OBVIOUS |= {"resolution": Tag.RESOLUTION, "dateTime": Tag.DATE_TIME, "collection": Tag.BEG_COLLECTION}
_KEYWORD = re.compile(r"[a-z0-9][a-z0-9._+-]{0,254}")


def attribute(name: str, *values: Plain, tag: int | None = None) -> Attribute:
    """An attribute of one or more values.

    Values are bool, int (IntEnum included), str, bytes, Range, Resolution, an aware datetime, LangString, a mapping of
    member names to values (a collection), or a ready Value such as NO_VALUE. Where a str may be keyword or name it is a
    keyword if it is written like one. `tag` overrides the registry, and is needed for a str under a name that the
    registry does not have.
    Raises ValueError for a value that does not fit.
    """
    return _attribute(name, values, tag, "")


def collection(members: Members, path: str = "") -> Value:
    """A collection's value by itself; `path`, its name (or "outer/inner"), tells the syntax of its members."""
    built = (_attribute(name, _listed(value), None, path) for name, value in members.items())
    return Value(Tag.BEG_COLLECTION, tuple(built))


def _attribute(name: str, values: Sequence[Plain], tag: int | None, path: str) -> Attribute:
    if not values:
        raise ValueError(f"{name} needs a value: an out-of-band one such as NO_VALUE, if there is none")
    syntax = syntax_of(name, path)
    if syntax and not syntax.many and len(values) > 1:
        raise ValueError(f"{name} takes one value, not {len(values)}")
    own_path = f"{path}/{name}" if path else name
    try:
        return Attribute(name, tuple(_value(value, tag, syntax, own_path) for value in values))
    except (ValueError, struct.error) as error:
        raise ValueError(f"{name}: {error}") from error


def _value(value: Plain, tag: int | None, syntax: Syntax | None, path: str) -> Value:
    if isinstance(value, Value):
        return value
    if tag is None:
        tag = _registered_tag(value, syntax) if syntax else _obvious_tag(value)
    if isinstance(value, Mapping):
        return collection(value, path)
    raw = _octets(value, tag)
    if len(raw) > LONGEST.get(tag, len(raw)):
        raise ValueError(f"{len(raw)} octets, where {tag_name(tag)} takes {LONGEST[tag]} at most")
    return Value(tag, raw)


def _registered_tag(value: Plain, syntax: Syntax) -> int:
    possible = _possible_kinds(value)
    admitted = [kind for kind in syntax.kinds if kind.name in possible and _admits(kind, value)]
    if not admitted:
        raise ValueError(f"{value!r} is no {' or '.join(map(str, syntax.kinds))}")
    plain, *with_language = KIND_TAGS[admitted[0].name]
    return with_language[0] if isinstance(value, LangString) else plain


def _admits(kind: Kind, value: Plain) -> bool:
    """Bounds of numbers and octets; keywords by their grammar, so that other strings become names where both may be."""
    if isinstance(value, int):
        return isinstance(value, bool) or kind.low <= value <= kind.high
    if isinstance(value, Range):
        return kind.low <= value.low <= value.high <= kind.high
    if isinstance(value, str):
        return _KEYWORD.fullmatch(value) is not None if kind.name == "keyword" else len(value.encode()) <= kind.high
    return not isinstance(value, bytes) or len(value) <= kind.high


def _obvious_tag(value: Plain) -> int:
    kinds = _possible_kinds(value)
    if not kinds or kinds[0] not in _OBVIOUS:
        raise ValueError(f"the registry does not have this name: {value!r} needs its tag")
    return _OBVIOUS[kinds[0]]


def _possible_kinds(value: Plain) -> tuple[str, ...]:
    return next((kinds for kind, kinds in _KINDS if isinstance(value, kind)), ())


def _octets(value: Plain, tag: int) -> bytes:
    """The wire form of a Python value under a tag. Raises ValueError if the two do not go together."""
    match value:
        case bool() if tag == Tag.BOOLEAN:
            return bytes([value])
        case int() if tag in (Tag.INTEGER, Tag.ENUM) and not isinstance(value, bool):
            return struct.pack(">i", value)
        case str() if tag in STRING_TAGS:
            return value.encode()
        case Range() if tag == Tag.RANGE:
            return struct.pack(">ii", *value)
        case Resolution() if tag == Tag.RESOLUTION:
            return struct.pack(">iib", *value)
        case datetime() if tag == Tag.DATE_TIME:
            return write_date_time(value)
        case LangString() if tag in LANGUAGE_TAGS:
            language, text = value.language.encode(), value.text.encode()
            return struct.pack(">H", len(language)) + language + struct.pack(">H", len(text)) + text
        case bytes() if tag not in STRING_TAGS:
            return value
    raise ValueError(f"{value!r} cannot be a {tag_name(tag)}")


def _listed(value: "Plain | Sequence[Plain]") -> Sequence[Plain]:
    """A list or plain tuple is several values; Range, Resolution and their like are tuples too, but one value."""
    if isinstance(value, list) or type(value) is tuple:
        return value
    return [cast("Plain", value)]
