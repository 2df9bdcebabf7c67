"""What the door answers to octets that are no proper request, one row each (RFC 8010, RFC 8011 section 4.1)."""

import struct

import pytest

from ippgate.ipp import DELETE_ATTRIBUTE, Attribute, Group, Message, Operation, Status, Tag, Value, encode
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.unit.doors.client import CHARSET, LANGUAGE, message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, FOLLOWME, Gate

GET = Operation.GET_PRINTER_ATTRIBUTES
BAD = Status.CLIENT_ERROR_BAD_REQUEST
SOUND = message_of(GET, FOLLOWME)


def groups(*each: Group, version: tuple[int, int] = (2, 0), code: int = GET, request_id: int = 7) -> bytes:
    return encode(Message(version, code, request_id, list(each)))


def operation(*attributes: Attribute, code: int = GET) -> bytes:
    return groups(Group(Tag.OPERATION, list(attributes)), code=code)


def element(tag: int, name: str, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(value)) + value


def with_element(tag: int, name: str, value: bytes) -> bytes:
    """A sound request with one more operation attribute, written by hand."""
    return SOUND[:-1] + element(tag, name, value) + b"\x03"


def charset(name: str) -> Attribute:
    return Attribute(A.ATTRIBUTES_CHARSET, (Value(Tag.CHARSET, name.encode()),))


REQUESTS: dict[str, tuple[bytes, Status]] = {
    "request-id 0": (message_of(GET, FOLLOWME, request_id=0), BAD),
    "a negative request-id": (message_of(GET, FOLLOWME, request_id=-5), BAD),
    "no attributes at all": (groups(), BAD),
    "an empty operation group": (groups(Group(Tag.OPERATION)), BAD),
    "no charset": (operation(LANGUAGE, FOLLOWME), BAD),
    "no language": (operation(CHARSET, FOLLOWME), BAD),
    "charset and language swapped": (operation(LANGUAGE, CHARSET, FOLLOWME), BAD),
    "the target before the charset": (operation(FOLLOWME, CHARSET, LANGUAGE), BAD),
    "a job group before the operation group": (
        groups(Group(Tag.JOB, [attribute(A.COPIES, 1)]), Group(Tag.OPERATION, [CHARSET, LANGUAGE, FOLLOWME])),
        BAD,
    ),
    "two operation groups": (groups(*[Group(Tag.OPERATION, [CHARSET, LANGUAGE, FOLLOWME])] * 2), BAD),
    "no target": (operation(CHARSET, LANGUAGE), BAD),
    "a target that is no uri": (operation(CHARSET, LANGUAGE, Attribute(A.PRINTER_URI, (Value(Tag.NAME, b"x"),))), BAD),
    "an attribute twice": (operation(CHARSET, LANGUAGE, FOLLOWME, ALICE, ALICE), BAD),
    "no end-of-attributes tag": (SOUND[:-1], BAD),
    "a name of negative length": (SOUND[:-1] + b"\x44\xff\xff\x03", BAD),
    "a value of negative length": (SOUND[:-1] + element(0x44, "x", b"")[:-2] + b"\xff\xff\x03", BAD),
    "an integer of three octets": (with_element(0x21, "limit", b"\0\0\1"), BAD),
    "a boolean of two octets": (with_element(0x22, "my-jobs", b"\0\1"), BAD),
    "a boolean that is neither": (with_element(0x22, "my-jobs", b"\7"), BAD),
    "an enum of five octets": (with_element(0x23, "printer-state", b"\0\0\0\0\3"), BAD),
    "a dateTime of ten octets": (with_element(0x31, "job-hold-until-time", bytes(10)), BAD),
    "a dateTime in month 13": (with_element(0x31, "x-time", bytes.fromhex("07ea0d010000000b2b0000")[:11]), BAD),
    "a resolution of eight octets": (with_element(0x32, "x-resolution", bytes(8)), BAD),
    "a range that ends before it begins": (with_element(0x33, "x-range", struct.pack(">ii", 5, 1)), BAD),
    "a value without a name first": (SOUND[:8] + b"\x01" + element(0x44, "", b"x") + b"\x03", BAD),
    "a collection that never ends": (SOUND[:-1] + element(0x34, "media-col", b"") + b"\x03", BAD),
    "the end of a collection that never began": (SOUND[:-1] + element(0x37, "", b"") + b"\x03", BAD),
    "a name that is no UTF-8": (with_element(0x42, "requesting-user-name", b"\xff\xfe"), BAD),
    "a value before any group": (SOUND[:8] + element(0x44, "x", b"y") + SOUND[8:], BAD),
    "a group that begins inside a value's name": (SOUND[:-1] + b"\x44\x00\x05x\x01", BAD),
    "an out-of-band value with octets": (with_element(0x13, "limit", b"\0\0\0\1"), BAD),
    "a set in which a second value has another size": (
        SOUND[:-1] + element(0x21, "limit", b"\0\0\0\1") + element(0x21, "", b"\0\1") + b"\x03",
        BAD,
    ),
    "a member's name outside of a collection": (SOUND[:-1] + element(0x4A, "", b"copies") + b"\x03", BAD),
    "a collection whose beginning has a value": (
        SOUND[:-1] + element(0x34, "media-col", b"x") + element(0x37, "", b"") + b"\x03",
        BAD,
    ),
    "a collection whose end has a name": (
        SOUND[:-1] + element(0x34, "media-col", b"") + element(0x37, "x", b"") + b"\x03",
        BAD,
    ),
    "a member without a value": (
        SOUND[:-1] + element(0x34, "media-col", b"") + element(0x4A, "", b"a") + element(0x37, "", b"") + b"\x03",
        BAD,
    ),
    "a name of a language whose lengths do not add up": (
        with_element(0x36, "requesting-user-name", b"\0\2de\0\x09jake"),
        BAD,
    ),
    "a language of negative length": (with_element(0x36, "requesting-user-name", b"\xff\xffde\0\4jake"), BAD),
    "a language that is no language": (
        operation(CHARSET, Attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, (Value(Tag.LANGUAGE, b"en/../x"),)), FOLLOWME),
        BAD,
    ),
    "an empty language": (
        operation(CHARSET, Attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, (Value(Tag.LANGUAGE, b""),)), FOLLOWME),
        BAD,
    ),
    "a language with a line's end": (
        operation(CHARSET, Attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, (Value(Tag.LANGUAGE, b"en\r\nX: y"),)), FOLLOWME),
        BAD,
    ),
    "a name in a language that is no language": (
        with_element(0x36, "requesting-user-name", b"\0\3d e\0\4jake"),
        BAD,
    ),
    "an empty charset": (operation(charset(""), LANGUAGE, FOLLOWME), BAD),
    "a charset that is no charset": (operation(charset("utf-8\0"), LANGUAGE, FOLLOWME), BAD),
    "a charset with a path": (operation(charset("../utf-8"), LANGUAGE, FOLLOWME), BAD),
    "an attribute name with a line's end": (with_element(0x44, "x\r\ny", b"z"), BAD),
    "a keyword that is too long": (
        with_element(0x44, "requested-attributes", b"x" * 256),
        Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG,
    ),
    "a name that is too long": (
        with_element(0x42, "requesting-user-name", b"x" * 256),
        Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG,
    ),
    "more attributes than anybody needs": (
        operation(CHARSET, LANGUAGE, FOLLOWME, *(attribute(f"x{n}", 1, tag=Tag.INTEGER) for n in range(1001))),
        Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
    ),
    "a header larger than anybody needs": (
        operation(
            CHARSET,
            LANGUAGE,
            FOLLOWME,
            *(Attribute(f"x{n}", (Value(Tag.OCTET_STRING, bytes(1023)),)) for n in range(300)),
        ),
        Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
    ),
    "collections deeper than anybody needs": (
        SOUND[:-1]
        + element(0x34, "media-col", b"")
        + (element(0x4A, "", b"a") + element(0x34, "", b"")) * 20
        + element(0x37, "", b"") * 21
        + b"\x03",
        Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
    ),
    "version 0.0": (message_of(GET, FOLLOWME, version=(0, 0)), Status.SERVER_ERROR_VERSION_NOT_SUPPORTED),
    "version 3.0": (message_of(GET, FOLLOWME, version=(3, 0)), Status.SERVER_ERROR_VERSION_NOT_SUPPORTED),
    "version 9.9 and broken": (b"\x09\x09\x00\x0b\x00\x00\x00\x01\x21", Status.SERVER_ERROR_VERSION_NOT_SUPPORTED),
    "an operation that nobody knows": (message_of(0x3FFF, FOLLOWME), Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED),
    "charset utf-16": (
        operation(charset("utf-16"), LANGUAGE, FOLLOWME),
        Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED,
    ),
    "a scheme that nobody prints by": (
        operation(CHARSET, LANGUAGE, attribute(A.PRINTER_URI, "ftp://gate/ipp/print/followme")),
        Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED,
    ),
    "a queue that does not exist": (
        operation(CHARSET, LANGUAGE, attribute(A.PRINTER_URI, "ipp://gate/ipp/print/nobody")),
        Status.CLIENT_ERROR_NOT_FOUND,
    ),
    "a path that is nothing": (
        operation(CHARSET, LANGUAGE, attribute(A.PRINTER_URI, "ipp://gate/etc/passwd")),
        Status.CLIENT_ERROR_NOT_FOUND,
    ),
    "an operation attribute of another syntax": (
        operation(CHARSET, LANGUAGE, FOLLOWME, Attribute(A.DOCUMENT_FORMAT, (Value(Tag.INTEGER, b"\0\0\0\1"),))),
        BAD,
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_that_is_not_proper_gets_its_exact_status_and_a_sentence(name: str) -> None:
    octets, status = REQUESTS[name]
    async with Gate() as gate:
        answer = await gate.ipp_ask(octets)
        assert status_of(answer) == status, sentence_of(answer)
        assert 0 < len(sentence_of(answer).encode()) <= 255
        assert answer.operation.attributes[:2] == [CHARSET, LANGUAGE]
        assert answer.group(Tag.PRINTER) is None
        assert status_of(await gate.ipp_ask(SOUND)) == Status.SUCCESSFUL_OK


@pytest.mark.parametrize("size", range(1, len(SOUND) - 1, 7))
async def test_a_message_cut_anywhere_is_refused(size: int) -> None:
    async with Gate() as gate:
        reply = await gate.ask(post(SOUND[:size]))
        assert reply.status == (400 if size < 8 else 200)
        if reply.status == 200:
            assert status_of(reply.ipp) == BAD


@pytest.mark.parametrize("version", [(1, 0), (1, 1), (1, 9), (2, 0), (2, 1), (2, 2), (2, 9)])
async def test_every_minor_of_the_versions_1_and_2_is_answered_in_itself(version: tuple[int, int]) -> None:
    async with Gate() as gate:
        answer = await gate.ipp_ask(message_of(GET, FOLLOWME, version=version, request_id=123456))
        assert (answer.version, answer.request_id) == (version, 123456)
        assert status_of(answer) == Status.SUCCESSFUL_OK


@pytest.mark.parametrize(
    ("version", "answered"), [((0, 0), (1, 0)), ((0, 9), (1, 0)), ((3, 0), (2, 2)), ((7, 1), (2, 2))]
)
async def test_another_version_is_answered_in_the_nearest_one(
    version: tuple[int, int], answered: tuple[int, int]
) -> None:
    async with Gate() as gate:
        answer = await gate.ipp_ask(message_of(GET, FOLLOWME, version=version))
        assert answer.version == answered


async def test_version_and_request_id_are_echoed_when_the_attributes_are_broken() -> None:
    async with Gate() as gate:
        broken = message_of(GET, FOLLOWME, version=(1, 1), request_id=99)[:-1] + b"\x21\xff"
        answer = await gate.ipp_ask(broken)
        assert (answer.version, answer.request_id, status_of(answer)) == ((1, 1), 99, BAD)


async def test_the_version_is_judged_before_the_operation_and_the_operation_before_the_charset() -> None:
    async with Gate() as gate:
        assert status_of(await gate.ipp_ask(message_of(0x3FFF, version=(5, 0)))) == (
            Status.SERVER_ERROR_VERSION_NOT_SUPPORTED
        )
        unknown = operation(LANGUAGE, CHARSET, code=0x3FFF)
        assert status_of(await gate.ipp_ask(unknown)) == Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED
        nowhere = operation(charset("koi8-r"), LANGUAGE, attribute(A.PRINTER_URI, "ipp://gate/nowhere"))
        assert status_of(await gate.ipp_ask(nowhere)) == Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED


@pytest.mark.parametrize("language", ["tlh", "de-CH-1996", "x-klingon", "en_US", "C", "EN", "i-default", "zh-Hant-TW"])
async def test_a_language_that_nobody_speaks_is_no_error(language: str) -> None:
    spoken = Attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, (Value(Tag.LANGUAGE, language.encode()),))
    async with Gate() as gate:
        answer = await gate.ipp_ask(operation(CHARSET, spoken, FOLLOWME))
        assert status_of(answer) == Status.SUCCESSFUL_OK
        assert answer.operation.text(A.ATTRIBUTES_NATURAL_LANGUAGE) == "en"


async def test_a_client_of_us_ascii_is_answered_in_us_ascii() -> None:
    async with Gate() as gate:
        queue = gate.memory.add_queue("cafe", info="Café", location="Zürich")
        target = attribute(A.PRINTER_URI, f"ipp://gate/ipp/print/{queue.name}")
        reply = await gate.ask(post(operation(charset("US-ASCII"), LANGUAGE, target)))
        printer = reply.ipp.group(Tag.PRINTER)
        assert printer is not None
        assert reply.ipp.operation.text(A.ATTRIBUTES_CHARSET) == "us-ascii"
        assert (printer.text(A.PRINTER_INFO), printer.text(A.PRINTER_LOCATION)) == ("Caf?", "Z?rich")


async def test_an_unsupported_charset_is_named_and_answered_in_utf_8() -> None:
    async with Gate() as gate:
        answer = await gate.ipp_ask(operation(charset("utf-16"), LANGUAGE, FOLLOWME))
        assert unsupported_of(answer).texts(A.ATTRIBUTES_CHARSET) == ["utf-16"]
        assert answer.operation.text(A.ATTRIBUTES_CHARSET) == "utf-8"


@pytest.mark.parametrize("tag", [0x0B, 0x0F, Tag.SUBSCRIPTION, Tag.DOCUMENT])
async def test_a_group_that_has_no_meaning_here_is_passed_over(tag: int) -> None:
    async with Gate() as gate:
        asked = groups(Group(Tag.OPERATION, [CHARSET, LANGUAGE, FOLLOWME]), Group(tag, [attribute(A.COPIES, 1)]))
        assert status_of(await gate.ipp_ask(asked)) == Status.SUCCESSFUL_OK


async def test_an_operation_attribute_that_nobody_knows_is_ignored() -> None:
    async with Gate() as gate:
        answer = await gate.operate(GET, attribute("x-vendor-thing", 5), Attribute("x-other", (DELETE_ATTRIBUTE,)))
        assert status_of(answer) == Status.SUCCESSFUL_OK


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (Operation.PRINT_URI, "fetches nothing"),
        (Operation.SEND_URI, "fetches nothing"),
        (Operation.PURGE_JOBS, "counted"),
        (Operation.RESTART_JOB, "counted"),
        (Operation.REPROCESS_JOB, "counted"),
    ],
)
async def test_an_operation_that_is_left_out_on_purpose_says_why(code: Operation, word: str) -> None:
    async with Gate() as gate:
        answer = await gate.operate(code, attribute(A.DOCUMENT_URI, "http://169.254.169.254/"))
        assert status_of(answer) == Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED
        assert word in sentence_of(answer)


async def test_requests_are_counted_by_names_that_clients_cannot_make_up() -> None:
    async with Gate() as gate:
        await gate.operate(GET)
        await gate.operate(0x4444)
        await gate.ipp_ask(SOUND[:-1])
        assert gate.counted.requests == [
            ("get-printer-attributes", "successful-ok"),
            ("unknown", "server-error-operation-not-supported"),
            ("get-printer-attributes", "client-error-bad-request"),
        ]
