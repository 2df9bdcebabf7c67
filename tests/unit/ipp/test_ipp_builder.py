"""Python values become attributes with the tags that the registry says."""

from datetime import UTC, datetime

import pytest

from ippgate.ipp import (
    DELETE_ATTRIBUTE,
    NO_VALUE,
    Attribute,
    JobState,
    LangString,
    Range,
    Resolution,
    Tag,
    Value,
    attribute,
    collection,
)
from ippgate.ipp.builder import Plain
from ippgate.ipp.registry import attributes as names

INFERRED: dict[str, tuple[str, Plain, Tag, bytes]] = {
    "integer": (names.COPIES, 2, Tag.INTEGER, b"\0\0\0\2"),
    "enum": (names.JOB_STATE, JobState.PENDING_HELD, Tag.ENUM, b"\0\0\0\4"),
    "boolean": (names.LAST_DOCUMENT, True, Tag.BOOLEAN, b"\1"),
    "keyword": (names.SIDES, "one-sided", Tag.KEYWORD, b"one-sided"),
    "keyword where a name may be": (names.MEDIA, "na_letter_8.5x11in", Tag.KEYWORD, b"na_letter_8.5x11in"),
    "name where a keyword may be": (names.MEDIA, "Blue Paper", Tag.NAME, b"Blue Paper"),
    "name": (names.JOB_NAME, "Grüße", Tag.NAME, "Grüße".encode()),
    "name with language": (names.JOB_NAME, LangString("de", "x"), Tag.NAME_LANG, b"\0\2de\0\1x"),
    "text with language": (names.STATUS_MESSAGE, LangString("de", "x"), Tag.TEXT_LANG, b"\0\2de\0\1x"),
    "text": (names.STATUS_MESSAGE, "no such job", Tag.TEXT, b"no such job"),
    "uri": (names.PRINTER_URI, "ipp://h/ipp/print/q", Tag.URI, b"ipp://h/ipp/print/q"),
    "mime": (names.DOCUMENT_FORMAT, "application/pdf", Tag.MIME, b"application/pdf"),
    "charset": (names.ATTRIBUTES_CHARSET, "utf-8", Tag.CHARSET, b"utf-8"),
    "language": (names.ATTRIBUTES_NATURAL_LANGUAGE, "en", Tag.LANGUAGE, b"en"),
    "uri scheme": (names.REFERENCE_URI_SCHEMES_SUPPORTED, "http", Tag.URI_SCHEME, b"http"),
    "octets": (names.JOB_PASSWORD, b"\xff", Tag.OCTET_STRING, b"\xff"),
    "range": (names.COPIES_SUPPORTED, Range(1, 99), Tag.RANGE, bytes.fromhex("0000000100000063")),
    "resolution": (names.PRINTER_RESOLUTION, Resolution(600, 600), Tag.RESOLUTION, bytes.fromhex("000002580000025803")),
    "out of band": (names.PRINTER_LOCATION, NO_VALUE, Tag.NO_VALUE, b""),
    "CUPS enum": (names.PRINTER_TYPE, 6, Tag.ENUM, b"\0\0\0\6"),
    "version keyword": (names.IPP_VERSIONS_SUPPORTED, "2.0", Tag.KEYWORD, b"2.0"),
    "authentication keyword": (
        names.URI_AUTHENTICATION_SUPPORTED,
        "certificate+basic",
        Tag.KEYWORD,
        b"certificate+basic",
    ),
}


@pytest.mark.parametrize(("name", "python", "tag", "raw"), INFERRED.values(), ids=INFERRED.keys())
def test_tag_is_the_registry_s(name: str, python: Plain, tag: Tag, raw: bytes) -> None:
    assert attribute(name, python) == Attribute(name, (Value(tag, raw),))


def test_date_time_reads_back() -> None:
    moment = datetime(2026, 11, 20, 10, 11, 12, 300_000, UTC)
    assert attribute(names.PRINTER_CURRENT_TIME, moment).first.python == moment


def test_set_takes_values_of_any_admitted_type() -> None:
    built = attribute(names.MEDIA_SUPPORTED, "iso_a4_210x297mm", "Blue Paper")
    assert [value.tag for value in built.values] == [Tag.KEYWORD, Tag.NAME]
    assert attribute(names.NUMBER_UP_SUPPORTED, 1, Range(2, 4)).first.python == 1


def test_members_have_the_tags_of_their_own_collection() -> None:
    built = attribute(
        names.MEDIA_COL,
        {names.MEDIA_SIZE: {names.X_DIMENSION: 21000, names.Y_DIMENSION: 29700}, names.MEDIA_TYPE: "photographic"},
    )
    size = built.first.member(names.MEDIA_SIZE)
    assert size is not None
    assert [(member.name, member.integer()) for member in size.first.members] == [
        ("x-dimension", 21000),
        ("y-dimension", 29700),
    ]
    assert built.first.members[1] == Attribute("media-type", (Value(Tag.KEYWORD, b"photographic"),))


def test_members_may_be_sets() -> None:
    built = attribute(names.FINISHINGS_COL, {names.STITCHING: {names.STITCHING_LOCATIONS: [10, 20]}})
    stitching = built.first.member(names.STITCHING)
    assert stitching is not None
    locations = stitching.first.member(names.STITCHING_LOCATIONS)
    assert locations is not None
    assert locations.integers() == [10, 20]


def test_member_that_only_that_collection_has_as_a_range_is_one_there() -> None:
    size = {names.X_DIMENSION: Range(10000, 21000), names.Y_DIMENSION: Range(10000, 29700)}
    assert attribute(names.MEDIA_SIZE_SUPPORTED, size).first.members[0].first.tag == Tag.RANGE
    with pytest.raises(ValueError, match="media-size: x-dimension"):
        attribute(names.MEDIA_COL, {names.MEDIA_SIZE: size})


def test_collections_can_be_built_one_by_one() -> None:
    sizes = [
        collection({names.X_DIMENSION: x, names.Y_DIMENSION: 29700}, names.MEDIA_SIZE_SUPPORTED) for x in (21000, 29700)
    ]
    built = attribute(names.MEDIA_SIZE_SUPPORTED, *sizes)
    assert [value.members[0].integer() for value in built.values] == [21000, 29700]


def test_given_tag_overrules_the_registry() -> None:
    assert attribute(names.MEDIA, "a4", tag=Tag.NAME).first.tag == Tag.NAME
    assert attribute("x-vendor", "word", tag=Tag.KEYWORD).first == Value(Tag.KEYWORD, b"word")
    assert attribute("x-vendor", b"\0", tag=0x99).first == Value(0x99, b"\0")


def test_unregistered_name_takes_the_obvious_tag() -> None:
    tags = [
        attribute("x-vendor", value).first.tag for value in (True, 5, b"x", Range(1, 2), Resolution(1, 1), {"y": 1})
    ]
    assert tags == [Tag.BOOLEAN, Tag.INTEGER, Tag.OCTET_STRING, Tag.RANGE, Tag.RESOLUTION, Tag.BEG_COLLECTION]


def test_ready_value_is_taken_as_it_is() -> None:
    assert attribute(names.COPIES, DELETE_ATTRIBUTE).first is DELETE_ATTRIBUTE


REFUSED: dict[str, tuple[tuple[str, *tuple[Plain, ...]], str]] = {
    "no value": ((names.COPIES,), "copies needs a value"),
    "two values for one": ((names.COPIES, 1, 2), "copies takes one value, not 2"),
    "string for a number": ((names.COPIES, "2"), "copies: '2' is no integer"),
    "boolean for a number": ((names.COPIES, True), "True is no integer"),
    "number for a boolean": ((names.LAST_DOCUMENT, 1), "1 is no boolean"),
    "number below its bound": ((names.COPIES, 0), "0 is no integer(1:2147483647)"),
    "number beyond 32 bits": ((names.JOB_STATE, 2**31), "is no enum"),
    "unregistered number beyond 32 bits": (("x-vendor", 2**31), "x-vendor: "),
    "range upside down": ((names.COPIES_SUPPORTED, Range(9, 1)), "is no rangeOfInteger"),
    "keyword with capitals": ((names.SIDES, "One-Sided"), "is no keyword"),
    "octets for a string": ((names.JOB_NAME, b"x"), "is no name"),
    "string for octets": ((names.JOB_PASSWORD, "x"), "is no octetString"),
    "octets beyond the bound": ((names.JOB_PASSWORD, bytes(256)), "is no octetString(0:255)"),
    "name too long in octets": ((names.JOB_NAME, "ü" * 128), "256 octets, where name takes 255"),
    "text beyond its own bound": ((names.PRINTER_INFO, "x" * 128), "is no text(0:127)"),
    "date without a zone": ((names.PRINTER_CURRENT_TIME, datetime(2026, 1, 1)), "time zone"),  # noqa: DTZ001 — the point
    "unregistered string": (("x-vendor", "word"), "'word' needs its tag"),
    "wrong member": (
        (names.MEDIA_COL, {names.MEDIA_SIZE: {names.X_DIMENSION: "wide"}}),
        "media-size: x-dimension: 'wide'",
    ),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_value_that_does_not_fit_is_refused_with_its_name(
    arguments: tuple[str, *tuple[Plain, ...]], sentence: str
) -> None:
    name, *values = arguments
    with pytest.raises(ValueError, match=r".") as caught:
        attribute(name, *values)
    assert sentence in str(caught.value)


def test_given_tag_must_fit_the_python_type() -> None:
    with pytest.raises(ValueError, match="cannot be a boolean"):
        attribute("x-vendor", "yes", tag=Tag.BOOLEAN)
