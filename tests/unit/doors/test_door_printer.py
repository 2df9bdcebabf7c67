"""What a queue tells of itself (RFC 8011 4.2.5, PWG 5100.14), and the names under which it is reached."""

import pytest

from ippgate.doors import DoorSettings
from ippgate.doors.ipp.table import HANDLERS
from ippgate.ipp import Attribute, Group, Message, Operation, PrinterState, Range, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, syntax_of
from ippgate.ipp.validate import check_values
from ippgate.model.capabilities import SAFE
from ippgate.model.errors import NotFound
from ippgate.model.queue import QueueMode
from ippgate.observe import Event
from tests.unit.doors.client import message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, FOLLOWME, HERE, Gate

GET, IDENTIFY = Operation.GET_PRINTER_ATTRIBUTES, Operation.IDENTIFY_PRINTER
PRINTERS, DEFAULT = Operation.CUPS_GET_PRINTERS, Operation.CUPS_GET_DEFAULT
OK = Status.SUCCESSFUL_OK
DATABASE = A.MEDIA_COL_DATABASE


def printer_of(answer: Message) -> Group:
    assert status_of(answer) == OK, sentence_of(answer)
    (group,) = answer.groups_of(Tag.PRINTER)
    return group


def asked(*names: str) -> Attribute:
    return attribute(A.REQUESTED_ATTRIBUTES, *names)


async def told(gate: Gate, *names: str) -> Group:
    return printer_of(await gate.operate(GET, *([asked(*names)] if names else [])))


async def test_everything_that_is_told_is_written_as_registered_and_told_once() -> None:
    async with Gate() as gate:
        printer = await told(gate, "all", DATABASE)
        names = [each.name for each in printer]
        assert len(names) == len(set(names))
        check_values(printer)
        unregistered = {name for name in names if syntax_of(name) is None}
        assert unregistered == {"document-format-preferred"}
        assert [each.name for each in printer if not fits(each)] == []


# name → exactly one value, of this tag (IPP Everywhere 1.1 self-certification, test I-10)
ONE = {
    A.CHARSET_CONFIGURED: Tag.CHARSET,
    A.NATURAL_LANGUAGE_CONFIGURED: Tag.LANGUAGE,
    A.COLOR_SUPPORTED: Tag.BOOLEAN,
    A.JOB_IDS_SUPPORTED: Tag.BOOLEAN,
    A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED: Tag.BOOLEAN,
    A.PREFERRED_ATTRIBUTES_SUPPORTED: Tag.BOOLEAN,
    A.PRINTER_IS_ACCEPTING_JOBS: Tag.BOOLEAN,
    A.PAGE_RANGES_SUPPORTED: Tag.BOOLEAN,
    A.MULTIPLE_OPERATION_TIME_OUT_ACTION: Tag.KEYWORD,
    A.PDL_OVERRIDE_SUPPORTED: Tag.KEYWORD,
    A.DOCUMENT_FORMAT_DEFAULT: Tag.MIME,
    A.MULTIPLE_OPERATION_TIME_OUT: Tag.INTEGER,
    A.PAGES_PER_MINUTE: Tag.INTEGER,
    A.PAGES_PER_MINUTE_COLOR: Tag.INTEGER,
    A.PRINTER_CONFIG_CHANGE_TIME: Tag.INTEGER,
    A.PRINTER_STATE_CHANGE_TIME: Tag.INTEGER,
    A.PRINTER_UP_TIME: Tag.INTEGER,
    A.QUEUED_JOB_COUNT: Tag.INTEGER,
    A.DOCUMENT_PASSWORD_SUPPORTED: Tag.INTEGER,
    A.PRINTER_CONFIG_CHANGE_DATE_TIME: Tag.DATE_TIME,
    A.PRINTER_CURRENT_TIME: Tag.DATE_TIME,
    A.PRINTER_STATE_CHANGE_DATE_TIME: Tag.DATE_TIME,
    A.PRINTER_STATE: Tag.ENUM,
    A.PRINTER_GEO_LOCATION: Tag.UNKNOWN,
    A.PRINTER_ICONS: Tag.URI,
    A.PRINTER_MORE_INFO: Tag.URI,
    A.PRINTER_SUPPLY_INFO_URI: Tag.URI,
    A.PRINTER_URI_SUPPORTED: Tag.URI,
    A.PRINTER_UUID: Tag.URI,
    A.URI_AUTHENTICATION_SUPPORTED: Tag.KEYWORD,
    A.URI_SECURITY_SUPPORTED: Tag.KEYWORD,
    A.PRINTER_INFO: Tag.TEXT,
    A.PRINTER_LOCATION: Tag.TEXT,
    A.PRINTER_MAKE_AND_MODEL: Tag.TEXT,
    A.PRINTER_NAME: Tag.NAME,
    A.PRINTER_ORGANIZATION: Tag.TEXT,
    A.PRINTER_ORGANIZATIONAL_UNIT: Tag.TEXT,
    A.PRINTER_STATE_MESSAGE: Tag.TEXT,
    A.PWG_RASTER_DOCUMENT_SHEET_BACK: Tag.KEYWORD,
    A.COPIES_DEFAULT: Tag.INTEGER,
    A.COPIES_SUPPORTED: Tag.RANGE,
    A.MEDIA_DEFAULT: Tag.KEYWORD,
    A.MEDIA_COL_DEFAULT: Tag.BEG_COLLECTION,
    A.PRINTER_DEVICE_ID: Tag.TEXT,
    A.PRINTER_DNS_SD_NAME: Tag.NAME,
    A.PRINTER_FIRMWARE_NAME: Tag.NAME,
    A.PRINTER_FIRMWARE_STRING_VERSION: Tag.TEXT,
    A.PRINTER_INPUT_TRAY: Tag.OCTET_STRING,
    A.PRINTER_OUTPUT_TRAY: Tag.OCTET_STRING,
}

# name → strings that must be among its values
AMONG = {
    A.CHARSET_SUPPORTED: {"utf-8"},
    A.COMPRESSION_SUPPORTED: {"none", "gzip", "deflate"},
    A.IPP_VERSIONS_SUPPORTED: {"1.1", "2.0"},
    A.JOB_CREATION_ATTRIBUTES_SUPPORTED: {"media", "print-color-mode"},
    A.PRINTER_GET_ATTRIBUTES_SUPPORTED: {"document-format"},
    A.WHICH_JOBS_SUPPORTED: {"completed", "not-completed"},
    A.IDENTIFY_ACTIONS_SUPPORTED: {"display"},
    A.DOCUMENT_FORMAT_SUPPORTED: {"image/pwg-raster", "image/jpeg", "application/pdf", "application/octet-stream"},
    A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED: {"srgb_8", "sgray_8"},
    A.URF_SUPPORTED: {"W8", "SRGB24", "RS300-600"},
    A.MEDIA_SUPPORTED: {"iso_a4_210x297mm", "na_letter_8.5x11in"},
    A.MEDIA_READY: {"iso_a4_210x297mm"},
    A.MEDIA_COL_SUPPORTED: {"media-size"},
    A.PRINT_COLOR_MODE_SUPPORTED: {"auto", "color", "monochrome"},
    A.SIDES_SUPPORTED: {"one-sided", "two-sided-long-edge", "two-sided-short-edge"},
    A.PRINTER_MODE_SUPPORTED: {"release-printing", "passthrough"},
    A.JOB_HOLD_UNTIL_SUPPORTED: {"no-hold", "indefinite"},
    A.PRINTER_STATE_REASONS: {"none"},
}


@pytest.mark.parametrize("name", ONE)
async def test_ipp_everywhere_wants_one_value_of_this_kind(name: str) -> None:
    async with Gate() as gate:
        found = (await told(gate)).get(name)
        assert found is not None
        assert [value.tag for value in found.values] == [ONE[name]]


@pytest.mark.parametrize("name", AMONG)
async def test_ipp_everywhere_wants_these_values(name: str) -> None:
    async with Gate() as gate:
        assert set((await told(gate)).texts(name)) >= AMONG[name]


async def test_the_operations_told_are_those_that_are_answered() -> None:
    async with Gate() as gate:
        found = (await told(gate)).get(A.OPERATIONS_SUPPORTED)
        assert found is not None
        of_the_system = {Operation.GET_PRINTERS, Operation.GET_SYSTEM_ATTRIBUTES}
        assert set(found.integers()) == set(HANDLERS) - of_the_system
        assert {2, 4, 5, 6, 8, 9, 0xA, 0xB, 0xC, 0xD, 0x14, 0x39, 0x3B, 0x3C} <= set(found.integers())


async def test_media_is_described_size_by_size() -> None:
    async with Gate() as gate:
        printer = await told(gate, DATABASE, A.MEDIA_SIZE_SUPPORTED)
        database, sizes = printer.get(DATABASE), printer.get(A.MEDIA_SIZE_SUPPORTED)
        assert database is not None
        assert sizes is not None
        assert len(database.values) == len(sizes.values) == len(SAFE.media.sizes)
        for entry in database.values:
            size = entry.member(A.MEDIA_SIZE)
            assert size is not None
            assert {each.name for each in size.first.members} == {A.X_DIMENSION, A.Y_DIMENSION}
            assert entry.member(A.MEDIA_TOP_MARGIN) is not None


async def test_the_mode_of_a_queue_is_ipps_own_word() -> None:
    async with Gate() as gate:
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH)
        direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
        assert (await told(gate)).text(A.PRINTER_MODE_CONFIGURED) == "release-printing"
        assert (await told(gate)).text(A.JOB_SPOOLING_SUPPORTED) == "spool"
        printer = printer_of(await gate.operate(GET, target=direct))
        assert printer.text(A.PRINTER_MODE_CONFIGURED) == "passthrough"


# requested-attributes


@pytest.mark.parametrize("names", [(), ("all",), ("all", "printer-description")])
async def test_everything_leaves_out_the_database_of_media(names: tuple[str, ...]) -> None:
    async with Gate() as gate:
        printer = await told(gate, *names)
        assert DATABASE not in printer
        assert A.COPIES_SUPPORTED in printer
        assert A.PRINTER_NAME in printer


async def test_the_database_of_media_comes_when_it_is_named() -> None:
    async with Gate() as gate:
        assert [each.name for each in await told(gate, DATABASE)] == [DATABASE]
        assert DATABASE in await told(gate, "all", DATABASE)
        assert DATABASE in await told(gate, "job-template", "printer-description", DATABASE)


async def test_groups_divide_the_attributes() -> None:
    async with Gate() as gate:
        template = {each.name for each in await told(gate, "job-template")}
        description = {each.name for each in await told(gate, "printer-description")}
        assert template | description == {each.name for each in await told(gate)}
        assert not template & description
        assert {A.COPIES_DEFAULT, A.MEDIA_SUPPORTED, A.SIDES_SUPPORTED, A.MEDIA_COL_READY} <= template
        assert {A.PRINTER_STATE, A.DOCUMENT_FORMAT_SUPPORTED, A.PRINTER_UP_TIME} <= description


async def test_only_what_is_asked_for_is_told_and_what_nobody_knows_does_no_harm() -> None:
    async with Gate() as gate:
        printer = await told(gate, A.PRINTER_STATE, A.PRINTER_NAME, "x-vendor", "none")
        assert {each.name for each in printer} == {A.PRINTER_STATE, A.PRINTER_NAME}
        assert (await told(gate, "none")).attributes == []


async def test_whatever_is_asked_for_again_is_answered_the_same() -> None:
    async with Gate() as gate:
        names = [A.PRINTER_NAME, "all", "job-template", DATABASE]
        first = [[each.name for each in await told(gate, name)] for name in names]
        for number in range(300):
            await told(gate, f"x-{number}")
        assert [[each.name for each in await told(gate, name)] for name in names] == first


# what changes


async def test_a_changed_queue_is_told_at_once() -> None:
    async with Gate() as gate:
        assert (await told(gate)).text(A.PRINTER_INFO) == "Follow me"
        queues = gate.memory.all_queues
        changed = type(queues[0])(queues[0].id, queues[0].uuid, "followme", queues[0].mode, info="New", accepting=False)
        queues[0] = changed
        printer = await told(gate)
        assert printer.text(A.PRINTER_INFO) == "New"
        assert printer.boolean(A.PRINTER_IS_ACCEPTING_JOBS) is False


async def test_waiting_jobs_are_counted() -> None:
    async with Gate() as gate:
        await gate.print()
        assert (await told(gate)).integer(A.QUEUED_JOB_COUNT) == 1


@pytest.mark.parametrize("state", PrinterState)
async def test_a_passthrough_queue_is_in_the_state_of_its_device(state: PrinterState) -> None:
    async with Gate() as gate:
        gate.memory.add_device("mfp", state)
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=1)
        gate.memory.add_queue("orphan", QueueMode.PASSTHROUGH, device_id=77)
        for queue, shown in (("direct", state), ("orphan", PrinterState.IDLE), ("followme", PrinterState.IDLE)):
            target = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/{queue}")
            assert printer_of(await gate.operate(GET, target=target)).integer(A.PRINTER_STATE) == shown


# names of the gate (SECURITY S2)


@pytest.mark.parametrize(
    ("host", "authority"),
    [
        ("print.example.org:8631", "print.example.org:8631"),
        ("PRINT.Example.Org", "print.example.org:{port}"),
        ("192.0.2.7:631", "192.0.2.7:631"),
        ("[2001:db8::7]:631", "[2001:db8::7]:631"),
        ("my_printer", "my_printer:{port}"),
        ("evil.example/path", "127.0.0.1:{port}"),
        ("a b", "127.0.0.1:{port}"),
        ("user@evil.example", "127.0.0.1:{port}"),
        ("x:99999", "127.0.0.1:{port}"),
        ("x:0", "127.0.0.1:{port}"),
        ("x:", "127.0.0.1:{port}"),
        ("-rf", "127.0.0.1:{port}"),
        ('"><script>', "127.0.0.1:{port}"),
        ("x" * 300, "127.0.0.1:{port}"),
        ("", "127.0.0.1:{port}"),
        ("münchen.example", "127.0.0.1:{port}"),
    ],
)
async def test_only_a_plain_host_gets_into_uris(host: str, authority: str) -> None:
    async with Gate() as gate, gate.client() as client:
        answer = (await client.ask(post(message_of(GET, FOLLOWME), host=host))).ipp
        authority = authority.format(port=gate.server.port)
        printer = printer_of(answer)
        assert printer.text(A.PRINTER_URI_SUPPORTED) == f"ipp://{authority}/ipp/print/followme"
        assert printer.text(A.PRINTER_MORE_INFO) == f"http://{authority}/"


async def test_a_configured_name_counts_more_than_what_clients_say() -> None:
    async with Gate(DoorSettings(port=0, public_name="print.example.org")) as gate, gate.client() as client:
        answer = (await client.ask(post(message_of(GET, FOLLOWME), host="other.example:99"))).ipp
        wanted = f"ipp://print.example.org:{gate.server.port}/ipp/print/followme"
        assert printer_of(answer).text(A.PRINTER_URI_SUPPORTED) == wanted


# the target


@pytest.mark.parametrize("path", ["/ipp/print", "/ipp/print/", "/", "", "/ipp", "/printers/"])
async def test_the_gate_as_a_whole_is_its_default_queue(path: str) -> None:
    async with Gate() as gate:
        gate.memory.add_queue("second")
        target = attribute(A.PRINTER_URI, f"{HERE}{path}")
        assert printer_of(await gate.operate(GET, target=target)).text(A.PRINTER_NAME) == "followme"


@pytest.mark.parametrize(
    "path",
    [
        "/ipp/print/nobody",
        "/ipp/print/followme/../followme",
        "/ipp/print//followme",
        "/ipp//print/followme",
        "/ipp/print/%66ollowme",
        "/ipp/print/followme;x=1",
        "/ipp/print/followme?x",
        "/ipp/print/followme#x",
        "/ipp/print/followme/1",
        "/ipp/print/followme\n",
        "/jobs/1",
        "/classes/followme",
        "/etc/passwd",
        "/ipp/print/" + "x" * 200,
    ],
)
async def test_any_other_path_is_not_found(path: str) -> None:
    async with Gate() as gate:
        target = attribute(A.PRINTER_URI, f"{HERE}{path}")
        assert status_of(await gate.operate(GET, target=target)) == Status.CLIENT_ERROR_NOT_FOUND


async def test_a_gate_without_queues_says_what_to_do() -> None:
    async with Gate() as gate:
        gate.memory.all_queues.clear()
        root = attribute(A.PRINTER_URI, f"{HERE}/")
        for code in (GET, PRINTERS, DEFAULT):
            answer = await gate.operate(code, target=root)
            assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND
            assert "ippgate queue add" in sentence_of(answer)


async def test_a_format_that_cannot_be_printed_is_refused_here_too() -> None:
    async with Gate() as gate:
        good = attribute(A.DOCUMENT_FORMAT, "application/pdf")
        assert status_of(await gate.operate(GET, good)) == OK
        bad = attribute(A.DOCUMENT_FORMAT, "video/mp4")
        assert status_of(await gate.operate(GET, bad)) == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED


# Identify-Printer


@pytest.mark.parametrize("actions", [(), ("display",)])
async def test_a_queue_that_is_asked_to_show_itself_does_so_in_the_log(
    actions: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[Event, dict[str, object]]] = []
    monkeypatch.setattr("ippgate.doors.ipp.printer.note", lambda event, **facts: noted.append((event, facts)))
    async with Gate() as gate:
        wanted = [attribute(A.IDENTIFY_ACTIONS, *actions)] if actions else []
        answer = await gate.operate(IDENTIFY, *wanted, attribute(A.MESSAGE, "here\r\nI am"))
        assert status_of(answer) == OK
    ((event, facts),) = noted
    assert event is Event.PRINTER_IDENTIFIED
    assert (facts["queue"], facts["user"], facts["message"]) == ("followme", "alice", "here I am")


async def test_ways_to_show_itself_that_a_gate_does_not_have_are_named() -> None:
    async with Gate() as gate:
        answer = await gate.operate(IDENTIFY, attribute(A.IDENTIFY_ACTIONS, "sound", "display"))
        assert status_of(answer) == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        assert unsupported_of(answer).texts(A.IDENTIFY_ACTIONS) == ["sound"]


# CUPS


async def test_all_queues_are_listed_for_cups() -> None:
    async with Gate() as gate:
        for name in ("second", "third"):
            gate.memory.add_queue(name)
        answer = await gate.operate(PRINTERS, target=None)
        assert [group.text(A.PRINTER_NAME) for group in answer.groups_of(Tag.PRINTER)] == [
            "followme",
            "second",
            "third",
        ]
        limited = await gate.operate(
            PRINTERS,
            attribute(A.LIMIT, 1),
            attribute(A.FIRST_PRINTER_NAME, "second"),
            asked(A.PRINTER_NAME),
            target=None,
        )
        assert [[each.name for each in group] for group in limited.groups_of(Tag.PRINTER)] == [[A.PRINTER_NAME]]
        assert next(limited.groups_of(Tag.PRINTER)).text(A.PRINTER_NAME) == "second"


async def test_there_are_no_classes() -> None:
    async with Gate() as gate:
        only = (attribute(A.PRINTER_TYPE, 1), attribute("printer-type-mask", 1, tag=Tag.ENUM))
        answer = await gate.operate(PRINTERS, *only, target=None)
        assert (status_of(answer), answer.group(Tag.PRINTER)) == (OK, None)
        none = await gate.operate(0x4005, target=None)
        assert (status_of(none), none.group(Tag.PRINTER)) == (OK, None)


async def test_the_default_is_the_first_queue() -> None:
    async with Gate() as gate:
        gate.memory.add_queue("second")
        answer = await gate.operate(DEFAULT, asked(A.PRINTER_NAME), target=None)
        assert printer_of(answer).text(A.PRINTER_NAME) == "followme"


async def test_a_queue_that_goes_away_is_not_found_from_then_on() -> None:
    async with Gate() as gate:
        assert status_of(await gate.operate(GET)) == OK
        gate.memory.failure = NotFound("there is no queue followme")
        assert status_of(await gate.operate(GET)) == Status.CLIENT_ERROR_NOT_FOUND


async def test_nobody_is_asked_who_they_are_before_they_may_look() -> None:
    async with Gate() as gate:
        assert status_of(await gate.operate(GET, user=None)) == OK
        assert printer_of(await gate.operate(GET, ALICE, user=None)).get(A.JOB_K_OCTETS_SUPPORTED) == attribute(
            A.JOB_K_OCTETS_SUPPORTED, Range(0, 4 << 20)
        )
