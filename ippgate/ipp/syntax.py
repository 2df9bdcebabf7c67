"""The registry read: which syntax an attribute has, which keywords it knows, and whether a value fits."""

from functools import lru_cache
from typing import NamedTuple

from ippgate.ipp.registry.keywords import KEYWORDS, KEYWORDS_AS
from ippgate.ipp.registry.syntaxes import GROUPS, MEMBERS, MEMBERS_AS, SYNTAX
from ippgate.ipp.tag import Tag, is_out_of_band
from ippgate.ipp.value import Attribute

_MIN, _MAX = -(2**31), 2**31 - 1

# The tags of each kind of value; the first is the plain one.
KIND_TAGS: dict[str, tuple[Tag, ...]] = {
    "integer": (Tag.INTEGER,),
    "enum": (Tag.ENUM,),
    "boolean": (Tag.BOOLEAN,),
    "rangeOfInteger": (Tag.RANGE,),
    "resolution": (Tag.RESOLUTION,),
    "dateTime": (Tag.DATE_TIME,),
    "keyword": (Tag.KEYWORD,),
    "name": (Tag.NAME, Tag.NAME_LANG),
    "text": (Tag.TEXT, Tag.TEXT_LANG),
    "uri": (Tag.URI,),
    "uriScheme": (Tag.URI_SCHEME,),
    "charset": (Tag.CHARSET,),
    "naturalLanguage": (Tag.LANGUAGE,),
    "mimeMediaType": (Tag.MIME,),
    "octetString": (Tag.OCTET_STRING,),
    "collection": (Tag.BEG_COLLECTION,),
    "no-value": (Tag.NO_VALUE,),
    "unknown": (Tag.UNKNOWN,),
}


class Kind(NamedTuple):
    """One alternative of a syntax. Bounds are of the number, or (high) of a string's octets."""

    name: str
    low: int
    high: int

    def __str__(self) -> str:
        if (self.low, self.high) == (_MIN, _MAX):
            return self.name
        return f"{self.name}({self.low}:{self.high})"


class Syntax(NamedTuple):
    """What values an attribute may have, and whether it may have several."""

    many: bool
    kinds: tuple[Kind, ...]


@lru_cache(maxsize=4096)
def syntax_of(name: str, collection: str = "") -> Syntax | None:
    """The registered syntax of an attribute, or of a member of the collection at a path: "media-col/media-size".

    None if the registry does not have it. A member that its collection does not list is looked up as an attribute,
    because some collections hold any Job Template attribute.
    """
    text = None
    if collection:
        text = MEMBERS.get(collection, {}).get(name) or MEMBERS.get(_members_path(collection), {}).get(name)
    text = text or SYNTAX.get(name)
    return parse_syntax(text) if text else None


def groups_of(name: str) -> tuple[str, ...]:
    """The groups that an attribute is registered in: "Operation", "Job Template", "Job Status" …; none if unknown."""
    return GROUPS.get(name, ())


@lru_cache(maxsize=512)
def keywords_of(name: str) -> frozenset[str]:
    """The registered keywords of an attribute, those of the attribute it refers to included."""
    known = frozenset(KEYWORDS.get(name, ()))
    other = KEYWORDS_AS.get(name)
    return known | keywords_of(other) if other else known


def fits(attribute: Attribute, collection: str = "") -> bool:
    """Whether the values have tags and number that the attribute's registered syntax admits.

    Out-of-band values and unregistered names fit: they are somebody else's to judge. name, text and keyword pass for
    each other, since clients mix them up and mean no harm.
    """
    admission = _admission(attribute.name, collection)
    if admission is None:
        return True
    many, admitted = admission
    if len(attribute.values) > 1 and not many:
        return False
    return all(value.tag in admitted or is_out_of_band(value.tag) for value in attribute.values)


def parse_syntax(text: str) -> Syntax:
    """The registry's canonical text, such as "1setOf keyword | name(127)", as a Syntax."""
    many = text.startswith("1setOf ")
    return Syntax(many, tuple(map(_kind, text.removeprefix("1setOf ").split(" | "))))


@lru_cache(maxsize=4096)
def _admission(name: str, collection: str) -> tuple[bool, frozenset[int]] | None:
    """Whether several values are admitted, and with which tags; None for what is not registered."""
    syntax = syntax_of(name, collection)
    if syntax is None:
        return None
    tags = frozenset(tag for kind in syntax.kinds for tag in KIND_TAGS[kind.name])
    return syntax.many, tags | _MIXED_UP if tags & _MIXED_UP else tags


def _kind(text: str) -> Kind:
    name, _, bound = text.rstrip(")").partition("(")
    if not bound:
        return Kind(name, _MIN, _MAX)
    low, colon, high = bound.rpartition(":")
    if not colon:
        return Kind(name, 0, int(high))
    return Kind(name, _MIN if low == "MIN" else int(low), _MAX if high == "MAX" else int(high))


def _members_path(collection: str) -> str:
    """The path at which the members are listed: media-col-default/media-size has those of media-col/media-size."""
    steps = collection.split("/")
    for length in range(len(steps), 0, -1):
        same_as = MEMBERS_AS.get("/".join(steps[:length]))
        if same_as:
            return "/".join([same_as, *steps[length:]])
    return collection


_MIXED_UP = frozenset((Tag.NAME, Tag.NAME_LANG, Tag.TEXT, Tag.TEXT_LANG, Tag.KEYWORD))
