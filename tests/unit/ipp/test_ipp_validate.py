"""What is no proper request, in the order in which it is noticed, with status and sentence."""

import pytest

from ippgate.ipp import (
    Attribute,
    Group,
    IppError,
    Message,
    Operation,
    Status,
    Tag,
    Value,
    answer_version,
    attribute,
    check_request,
    check_values,
    decode,
    job_target,
    operation_name,
    printer_target,
)
from tests.unit.ipp.wire import (
    CHARSET,
    COLLECTION_END,
    COPIES,
    END,
    HEADER,
    LANGUAGE,
    OPERATION,
    begin,
    element,
    member,
)

SUPPORTED = frozenset({Operation.PRINT_JOB, Operation.GET_JOBS})
URI = element(0x45, "printer-uri", b"ipp://gate/ipp/print/followme")
GOOD = OPERATION + CHARSET + LANGUAGE + URI

BAD = Status.CLIENT_ERROR_BAD_REQUEST
TOO_LONG = Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG
VERSION = Status.SERVER_ERROR_VERSION_NOT_SUPPORTED
UNKNOWN_OPERATION = Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED


def refusal(octets: bytes) -> IppError:
    message, _ = decode(octets)
    with pytest.raises(IppError) as caught:
        check_request(message, SUPPORTED)
    return caught.value


@pytest.mark.parametrize(
    "octets",
    [
        GOOD,
        b"\x01" + element(0x47, "attributes-charset", b"UTF-8") + LANGUAGE,
        b"\x01" + element(0x47, "attributes-charset", b"us-ascii") + LANGUAGE + URI,
        b"\x01" + CHARSET + element(0x48, "attributes-natural-language", b"tlh-klingon"),
        GOOD + b"\x02" + COPIES + b"\x06" + b"\x06",
        GOOD + element(0x42, "x-vendor", b"anything") + element(0x99, "y-vendor", b"\xff"),
        GOOD + element(0x41, "job-name", b"text where name is registered"),
        GOOD + element(0x44, "requested-attributes", b"all") + element(0x44, "", b"media-col-database"),
        GOOD + b"\x0e" + COPIES + COPIES,  # a group nobody knows is passed over
    ],
)
def test_proper_request_passes(octets: bytes) -> None:
    message, _ = decode(HEADER + octets + END)
    check_request(message, SUPPORTED)


@pytest.mark.parametrize("version", [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (2, 9)])
def test_majors_1_and_2_are_accepted_and_echoed(version: tuple[int, int]) -> None:
    message, _ = decode(bytes(version) + HEADER[2:] + GOOD + END)
    check_request(message, SUPPORTED)
    assert answer_version(version) == version


@pytest.mark.parametrize(
    ("version", "nearest"), [((0, 0), (1, 0)), ((0, 9), (1, 0)), ((3, 0), (2, 2)), ((255, 1), (2, 2))]
)
def test_other_majors_are_refused_in_the_nearest_version(version: tuple[int, int], nearest: tuple[int, int]) -> None:
    error = refusal(bytes(version) + HEADER[2:] + GOOD + END)
    assert error.status == VERSION
    assert f"IPP/{version[0]}.{version[1]} is not supported" in error.sentence
    assert answer_version(version) == nearest


def test_answer_to_a_cut_header_is_in_version_1_1() -> None:
    assert answer_version(None) == (1, 1)


REFUSED = {
    "unknown operation": ("0200 4fff 00000001", GOOD, UNKNOWN_OPERATION, "operation 0x4FFF is not supported"),
    "operation known but not offered": (
        "0200 0003 00000001",
        GOOD,
        UNKNOWN_OPERATION,
        "operation Print-URI is not supported",
    ),
    "operation is judged before the request-id": ("0200 4fff 00000000", GOOD, UNKNOWN_OPERATION, "not supported"),
    "request-id 0": ("0200 0002 00000000", GOOD, BAD, "request-id 0 is not greater than 0"),
    "negative request-id": ("0200 0002 ffffffff", GOOD, BAD, "request-id -1"),
    "no groups": ("0200 0002 00000001", b"", BAD, "operation attributes do not come first"),
    "job group first": ("0200 0002 00000001", b"\x02" + GOOD, BAD, "operation attributes do not come first"),
    "two operation groups": ("0200 0002 00000001", GOOD + GOOD, BAD, "two groups of operation attributes"),
    "empty operation group": ("0200 0002 00000001", OPERATION, BAD, "attributes-charset is not the first"),
    "charset missing": ("0200 0002 00000001", OPERATION + LANGUAGE + URI, BAD, "attributes-charset is not the first"),
    "language missing": (
        "0200 0002 00000001",
        OPERATION + CHARSET + URI,
        BAD,
        "attributes-natural-language is not the second",
    ),
    "only a charset": ("0200 0002 00000001", OPERATION + CHARSET, BAD, "attributes-natural-language is not the second"),
    "charset and language swapped": ("0200 0002 00000001", OPERATION + LANGUAGE + CHARSET, BAD, "is not the first"),
    "charset of another syntax": (
        "0200 0002 00000001",
        OPERATION + element(0x44, "attributes-charset", b"utf-8") + LANGUAGE,
        BAD,
        "attributes-charset is not one value of syntax charset",
    ),
    "two charsets": (
        "0200 0002 00000001",
        OPERATION + CHARSET + element(0x47, "", b"us-ascii") + LANGUAGE,
        BAD,
        "attributes-charset is not one value",
    ),
    "language of another syntax": (
        "0200 0002 00000001",
        OPERATION + CHARSET + element(0x44, "attributes-natural-language", b"en"),
        BAD,
        "is not one value of syntax language",
    ),
    "charset nobody speaks here": (
        "0200 0002 00000001",
        OPERATION + element(0x47, "attributes-charset", b"iso-8859-1") + LANGUAGE + URI,
        Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED,
        "charset iso-8859-1 is not supported; use utf-8",
    ),
    "repeated operation attribute": ("0200 0002 00000001", GOOD + URI, BAD, "printer-uri is repeated in its group"),
    "repeated job attribute": ("0200 0002 00000001", GOOD + b"\x02" + COPIES * 2, BAD, "copies is repeated"),
    "operation attribute of another syntax": (
        "0200 0002 00000001",
        GOOD + element(0x41, "job-id", b"12"),
        BAD,
        "operation attribute job-id does not take text",
    ),
    "several values where one is registered": (
        "0200 0002 00000001",
        GOOD + element(0x42, "job-name", b"a") + element(0x42, "", b"b"),
        BAD,
        "operation attribute job-name does not take name, name",
    ),
}


@pytest.mark.parametrize(("header", "octets", "status", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_improper_request_is_refused(header: str, octets: bytes, status: Status, sentence: str) -> None:
    error = refusal(bytes.fromhex(header) + octets + END)
    assert error.status == status
    assert sentence in error.sentence


def test_unsupported_charset_is_named_in_the_unsupported_group() -> None:
    error = refusal(HEADER + OPERATION + element(0x47, "attributes-charset", b"koi8-r") + LANGUAGE + END)
    assert error.unsupported == [Attribute("attributes-charset", (Value(Tag.CHARSET, b"koi8-r"),))]
    assert str(error) == "client-error-charset-not-supported: charset koi8-r is not supported; use utf-8"


# Syntax, tag, most octets (RFC 8011 section 5.1).
LONGEST = [
    *((0x41, 1023), (0x42, 255), (0x30, 1023), (0x44, 255), (0x49, 255), (0x45, 1023)),
    *((0x46, 63), (0x47, 63), (0x48, 63)),
]


@pytest.mark.parametrize(("tag", "most"), LONGEST)
def test_value_longer_than_its_syntax_is_too_long(tag: int, most: int) -> None:
    longest = b"a-" * 31 + b"a" if tag == Tag.LANGUAGE else b"a" * most
    assert len(longest) == most
    check_values([Attribute("x", (Value(tag, longest),))])
    with pytest.raises(IppError, match=f"x has {most + 1} octets") as caught:
        check_values([Attribute("x", (Value(tag, b"a" * (most + 1)),))])
    assert caught.value.status == TOO_LONG


def test_attribute_name_of_more_than_255_octets_is_too_long() -> None:
    check_values([Attribute("n" * 255, (Value(Tag.INTEGER, bytes(4)),))])
    with pytest.raises(IppError, match="too long") as caught:
        check_values([Attribute("n" * 256, (Value(Tag.INTEGER, bytes(4)),))])
    assert caught.value.status == TOO_LONG


MEANINGLESS = {
    "boolean 2": (0x22, b"\2"),
    "range upside down": (0x33, bytes.fromhex("0000000200000001")),
    "dateTime in month 13": (0x31, bytes.fromhex("07ea0d01000000002b0000")),
    "text that is no UTF-8": (0x41, b"Gr\xfc\xdfe"),
    "keyword that is no UTF-8": (0x44, b"\xff"),
    "text with language that is no UTF-8": (0x35, b"\0\2de\0\1\xff"),
    "out-of-band with octets": (0x13, b"x"),
}


@pytest.mark.parametrize(("tag", "raw"), MEANINGLESS.values(), ids=MEANINGLESS.keys())
def test_value_without_meaning_is_a_bad_request(tag: int, raw: bytes) -> None:
    with pytest.raises(IppError, match=f"attribute x: {raw.hex()} is no valid") as caught:
        check_values([Attribute("x", (Value(tag, raw),))])
    assert caught.value.status == BAD


@pytest.mark.parametrize("name", ["1st", "-x", "with space", "colon:", "new\nline", "<script>"])
def test_name_outside_the_grammar_is_a_bad_request(name: str) -> None:
    with pytest.raises(IppError, match="is no attribute name") as caught:
        check_values([Attribute(name, (Value(Tag.INTEGER, bytes(4)),))])
    assert caught.value.status == BAD


def test_members_of_collections_are_checked_too() -> None:
    octets = begin("media-col") + member("m") + begin() + member("b") + element(0x22, "", b"\7") + COLLECTION_END * 2
    assert "attribute b: 07 is no valid boolean" in refusal(HEADER + GOOD + b"\x02" + octets + END).sentence


def operation_group(*attributes: Attribute) -> Group:
    return Group(Tag.OPERATION, list(attributes))


PRINTER_URI = attribute("printer-uri", "ipp://gate/ipp/print/q")
JOB_URI = attribute("job-uri", "ipp://gate/jobs/7")
JOB_ID = attribute("job-id", 7)


def test_job_is_named_in_two_ways() -> None:
    assert job_target(operation_group(PRINTER_URI, JOB_ID)) == ("ipp://gate/ipp/print/q", 7)
    assert job_target(operation_group(JOB_URI)) == ("ipp://gate/jobs/7", None)
    assert printer_target(operation_group(PRINTER_URI)) == "ipp://gate/ipp/print/q"


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ((), "printer-uri is missing"),
        ((PRINTER_URI,), "the job is missing"),
        ((JOB_ID,), "printer-uri is missing"),
        ((JOB_URI, JOB_ID), "name the job twice"),
        ((PRINTER_URI, JOB_URI, JOB_ID), "name the job twice"),
        ((attribute("printer-uri", "ipp://q", tag=Tag.NAME), JOB_ID), "printer-uri is not one value of syntax uri"),
        ((attribute("job-uri", "ipp://q", tag=Tag.TEXT),), "job-uri is not one value of syntax uri"),
    ],
)
def test_job_named_otherwise_is_a_bad_request(attributes: tuple[Attribute, ...], sentence: str) -> None:
    with pytest.raises(IppError, match=sentence) as caught:
        job_target(operation_group(*attributes))
    assert caught.value.status == BAD


def test_operation_is_called_by_its_registered_name() -> None:
    assert operation_name(Operation.PRINT_URI) == "Print-URI"
    assert operation_name(Operation.CUPS_GET_DEFAULT) == "CUPS-Get-Default"
    assert operation_name(0x4777) == "0x4777"


def test_missing_operation_group_reads_as_an_empty_one() -> None:
    assert Message((2, 0), 2, 1).operation.attributes == []
