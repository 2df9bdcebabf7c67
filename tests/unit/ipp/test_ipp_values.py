"""Octets of one value as Python, and back through the builder."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ippgate.ipp import (
    ADMIN_DEFINE,
    DELETE_ATTRIBUTE,
    NO_VALUE,
    NOT_SETTABLE,
    UNKNOWN,
    UNSUPPORTED,
    Attribute,
    BadValueError,
    LangString,
    Range,
    Resolution,
    Tag,
    Value,
)
from ippgate.ipp.date_time import read_date_time, write_date_time

INDIA = timezone(timedelta(hours=5, minutes=30))
NEWFOUNDLAND = timezone(-timedelta(hours=3, minutes=30))

READ = {
    "integer": (0x21, bytes.fromhex("fffffffe"), -2),
    "true": (0x22, b"\x01", True),
    "false": (0x22, b"\x00", False),
    "enum": (0x23, bytes.fromhex("00000009"), 9),
    "octetString": (0x30, b"\xff\x00", b"\xff\x00"),
    "resolution per inch": (0x32, bytes.fromhex("00000258 000004b0 03"), Resolution(600, 1200, 3)),
    "resolution per centimetre": (0x32, bytes.fromhex("00000064 00000064 04"), Resolution(100, 100, 4)),
    "range": (0x33, bytes.fromhex("80000000 7fffffff"), Range(-(2**31), 2**31 - 1)),
    "text with language": (0x35, b"\x00\x02fr\x00\x04\xc3\xa9t\xc3"[:-1] + b"e", LangString("fr", "éte")),
    "name with empty language": (0x36, b"\x00\x00\x00\x03abc", LangString("", "abc")),
    "text": (0x41, "Grüße".encode(), "Grüße"),
    "text that is no UTF-8": (0x41, b"Gr\xfc\xdfe", "Gr\ufffd\ufffde"),
    "empty name": (0x42, b"", ""),
    "keyword": (0x44, b"iso_a4_210x297mm", "iso_a4_210x297mm"),
    "uri": (0x45, b"ipp://h/", "ipp://h/"),
    "uriScheme": (0x46, b"ipps", "ipps"),
    "charset": (0x47, b"utf-8", "utf-8"),
    "naturalLanguage": (0x48, b"de-ch", "de-ch"),
    "mimeMediaType": (0x49, b"application/pdf", "application/pdf"),
    "no-value": (0x13, b"", None),
    "out-of-band nobody registered": (0x1F, b"", None),
    "out-of-band with octets": (0x12, b"none", None),
    "tag nobody registered": (0x99, b"\x01\x02", b"\x01\x02"),
    "extension": (0x7F, b"\0\0\0\x80abc", b"\0\0\0\x80abc"),
}


@pytest.mark.parametrize(("tag", "raw", "python"), READ.values(), ids=READ.keys())
def test_value_reads_as_python(tag: int, raw: bytes, python: object) -> None:
    value = Value(tag, raw)
    assert value.python == python
    assert type(value.python) is type(python)
    assert value.raw == raw


@pytest.mark.parametrize(
    ("tag", "raw"),
    [
        (0x21, b"\0"),
        (0x23, b""),
        (0x31, b"\0"),
        (0x32, b"\0" * 8),
        (0x33, b"\0" * 7),
        (0x35, b"\0\1"),
        (0x36, b"\0\0\0\2a"),
    ],
)
def test_octets_without_meaning_are_a_bad_value(tag: int, raw: bytes) -> None:
    with pytest.raises(BadValueError):
        _ = Value(tag, raw).python


def test_out_of_band_constants_say_why_there_is_no_value() -> None:
    values = (UNSUPPORTED, UNKNOWN, NO_VALUE, NOT_SETTABLE, DELETE_ATTRIBUTE, ADMIN_DEFINE)
    assert [value.tag for value in values] == [0x10, 0x12, 0x13, 0x15, 0x16, 0x17]
    assert all(value.raw == b"" and value.python is None for value in values)


DATE_TIMES = {
    # RFC 2579's own example: Tuesday May 26, 1992 at 1:30:15 PM EDT
    "west": ("07c8051a0d1e0f 00 2d 0400", datetime(1992, 5, 26, 13, 30, 15, 0, timezone(-timedelta(hours=4)))),
    "east with half an hour": ("07ea0b140a0b0c 05 2b 051e", datetime(2026, 11, 20, 10, 11, 12, 500_000, INDIA)),
    "west with half an hour": ("07ea0b140a0b0c 09 2d 031e", datetime(2026, 11, 20, 10, 11, 12, 900_000, NEWFOUNDLAND)),
    "UTC": ("07ea0101000000 00 2b 0000", datetime(2026, 1, 1, tzinfo=UTC)),
    "far east": ("07ea0101000000 00 2b 0e00", datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    "first year": ("00010101000000 00 2b 0000", datetime(1, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize(("octets", "moment"), DATE_TIMES.values(), ids=DATE_TIMES.keys())
def test_date_time_keeps_zone_and_deciseconds_both_ways(octets: str, moment: datetime) -> None:
    raw = bytes.fromhex(octets)
    assert read_date_time(raw) == moment
    assert read_date_time(raw).utcoffset() == moment.utcoffset()
    assert write_date_time(moment) == raw
    assert Value(Tag.DATE_TIME, raw).python == moment


def test_leap_second_is_the_instant_after_it() -> None:
    assert read_date_time(bytes.fromhex("07e00c1f173b3c 00 2b 0000")) == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "octets",
    {
        "month 13": "07ea0d01000000 00 2b 0000",
        "month 0": "07ea0001000000 00 2b 0000",
        "30 February": "07ea021e000000 00 2b 0000",
        "hour 24": "07ea0101180000 00 2b 0000",
        "second 61": "07ea010100003d 00 2b 0000",
        "decisecond 10": "07ea0101000000 0a 2b 0000",
        "direction x": "07ea0101000000 00 78 0000",
        "60 minutes from UTC": "07ea0101000000 00 2b 003c",
        "24 hours from UTC": "07ea0101000000 00 2b 1800",
        "year 0": "00000101000000 00 2b 0000",
        "year 10000": "27100101000000 00 2b 0000",
        "leap second at the end of time": "270f0c1f173b3c 00 2b 0000",
        "all zeros, as devices without a clock send": "0000000000000000000000",
    }.values(),
)
def test_date_time_that_does_not_exist_is_a_bad_value(octets: str) -> None:
    with pytest.raises(BadValueError, match="is not a dateTime"):
        read_date_time(bytes.fromhex(octets))


def test_date_time_without_a_zone_cannot_be_written() -> None:
    with pytest.raises(BadValueError, match="time zone"):
        write_date_time(datetime(2026, 1, 1))  # noqa: DTZ001 — that is the point


def test_zone_of_no_whole_minutes_is_written_as_utc() -> None:
    amsterdam_1930 = timezone(timedelta(minutes=19, seconds=32))
    moment = datetime(1930, 1, 1, 12, 19, 32, tzinfo=amsterdam_1930)
    assert read_date_time(write_date_time(moment)) == datetime(1930, 1, 1, 12, tzinfo=UTC)


def test_text_of_a_value_is_its_characters_whatever_the_string_s_syntax() -> None:
    assert Value(Tag.KEYWORD, b"none").text == "none"
    assert Value(Tag.NAME_LANG, b"\0\2en\0\3Joe").text == "Joe"
    assert Value(Tag.INTEGER, bytes(4)).text is None
    assert NO_VALUE.text is None


def test_attribute_reads_leave_out_what_has_another_type() -> None:
    mixed = Attribute(
        "media", (NO_VALUE, Value(Tag.KEYWORD, b"a4"), Value(Tag.INTEGER, b"\0\0\0\7"), Value(Tag.NAME, b"B"))
    )
    assert mixed.texts() == ["a4", "B"]
    assert mixed.text() == "a4"
    assert mixed.integers() == [7]
    assert mixed.integer() == 7
    assert mixed.boolean() is None
    assert mixed.first is NO_VALUE


def test_attribute_without_such_values_reads_as_none() -> None:
    nothing = Attribute("job-name", (UNKNOWN,))
    assert (nothing.text(), nothing.integer(), nothing.boolean()) == (None, None, None)
    assert (nothing.texts(), nothing.integers()) == ([], [])
    assert Attribute("last-document", (Value(Tag.BOOLEAN, b"\1"),)).boolean() is True


def test_members_of_a_collection_are_found_by_name() -> None:
    size = Attribute("media-size", (UNKNOWN,))
    collection = Value(Tag.BEG_COLLECTION, (size,))
    assert collection.python == (size,)
    assert collection.members == (size,)
    assert collection.member("media-size") is size
    assert collection.member("media-type") is None
    assert NO_VALUE.members == ()


def test_a_text_with_language_that_no_decoder_lets_pass_says_nothing() -> None:
    broken = Attribute("x", (Value(Tag.TEXT_LANG, b""), Value(Tag.NAME_LANG, b"\0\x05en\0\1x")))
    assert (broken.text(), broken.texts()) == (None, [])
