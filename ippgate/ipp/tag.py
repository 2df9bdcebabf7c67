"""The octets that say what follows: delimiters of groups, and the syntax of each value (RFC 8010 section 3.5).

A tag that nobody registered stays a plain int wherever a tag is carried: what is unknown is passed on, not refused.
"""

from enum import IntEnum


class Tag(IntEnum):
    """Delimiter and value tags. Delimiters are below 0x10, out-of-band values below 0x20."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED_GROUP = 0x05
    SUBSCRIPTION = 0x06
    EVENT = 0x07
    RESOURCE = 0x08
    DOCUMENT = 0x09
    SYSTEM = 0x0A

    UNSUPPORTED = 0x10
    DEFAULT = 0x11
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    NOT_SETTABLE = 0x15
    DELETE_ATTRIBUTE = 0x16
    ADMIN_DEFINE = 0x17

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23

    OCTET_STRING = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEG_COLLECTION = 0x34
    TEXT_LANG = 0x35
    NAME_LANG = 0x36
    END_COLLECTION = 0x37

    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49
    MEMBER_NAME = 0x4A

    EXTENSION = 0x7F


FIRST_VALUE_TAG = 0x10
FIRST_IN_BAND_TAG = 0x20

STRING_TAGS = frozenset(
    (Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.URI_SCHEME, Tag.CHARSET, Tag.LANGUAGE, Tag.MIME, Tag.MEMBER_NAME)
)
LANGUAGE_TAGS = frozenset((Tag.TEXT_LANG, Tag.NAME_LANG))

# Octets that a value of this tag has, no more and no fewer (RFC 8010 section 3.9).
FIXED_SIZES: dict[int, int] = {
    Tag.INTEGER: 4,
    Tag.BOOLEAN: 1,
    Tag.ENUM: 4,
    Tag.DATE_TIME: 11,
    Tag.RESOLUTION: 9,
    Tag.RANGE: 8,
    Tag.BEG_COLLECTION: 0,
    Tag.END_COLLECTION: 0,
}


def tag_name(tag: int) -> str:
    """How a sentence calls a tag: "nameWithLanguage"-like words are for specialists, so the symbol, or its number."""
    try:
        return Tag(tag).name.lower().replace("_", "-")
    except ValueError:
        return f"0x{tag:02X}"


def is_out_of_band(tag: int) -> bool:
    """True for values that say why there is none: unsupported, unknown, no-value … (RFC 8010 section 3.5.2)."""
    return FIRST_VALUE_TAG <= tag < FIRST_IN_BAND_TAG
