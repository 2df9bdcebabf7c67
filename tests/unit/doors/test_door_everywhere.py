"""Everything that IPP Everywhere 1.1, AirPrint, Mopria, Windows and Universal Print want a printer to tell, as a table
over a gate's real answer: for the safe profile, and for queues in front of real printers.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import UUID

import pytest

from ippgate.doors.ipp.claims import EVERYWHERE
from ippgate.ipp import Attribute, Group, Operation, PrinterState, Range, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, syntax_of
from ippgate.ipp.validate import check_values
from ippgate.model.capabilities import PJL, RAW, SAFE, Capabilities, intersection, read, union
from ippgate.model.device import DeviceReport
from ippgate.model.queue import QueueMode
from tests.property.model.printers import recorded
from tests.unit.doors.client import status_of
from tests.unit.doors.gate import HERE, Gate

PDF, RASTER, URF, JPEG = "application/pdf", "image/pwg-raster", "image/urf", "image/jpeg"
HOST = re.compile(r"https?://gate:\d+/")


class Told(NamedTuple):
    """An answer to Get-Printer-Attributes, all of it and media-col-database."""

    printer: Group

    def texts(self, name: str) -> list[str]:
        return self.printer.texts(name)

    def count(self, name: str) -> int:
        found = self.printer.get(name)
        return 0 if found is None else len(found.values)

    def pythons(self, name: str) -> list[object]:
        found = self.printer.get(name)
        return [] if found is None else [value.python for value in found.values]


Rule = Callable[[Told, Attribute], bool]
If = Callable[[Told], bool]


class Row(NamedTuple):
    """tags: those that values may have. times: how many there are; None: one at least. rule: what must be so. when: the
    attribute is told then alone.
    """

    tags: tuple[int, ...]
    times: int | None = None
    rule: Rule = lambda _told, _each: True
    when: If = lambda _told: True


def has(*wanted: str) -> Rule:
    return lambda _, each: set(each.texts()) >= set(wanted)


def among(*known: object) -> Rule:
    return lambda _, each: all((value.text or value.python) in known for value in each.values)


def positive(_told: Told, each: Attribute) -> bool:
    return all(number > 0 for number in each.integers())


def has_resolution(_told: Told, each: Attribute) -> bool:
    return any(word.startswith("RS") for word in each.texts())


def at_the_gate(_told: Told, each: Attribute) -> bool:
    return HOST.match(each.text() or "") is not None


def as_many_as(name: str) -> Rule:
    return lambda told, each: told.count(name) == len(each.values)


def is_supported(told: Told, each: Attribute) -> bool:
    """The default is one of what is supported."""
    offered = told.printer.get(f"{each.name.removesuffix('-default')}-supported")
    assert offered is not None
    found: list[object] = [value.text or value.python for value in offered.values]
    ranges = [one for one in found if isinstance(one, Range)]
    said = [value.text or value.python for value in each.values]
    return all(one in found or any(low <= int(str(one)) <= high for low, high in ranges) for one in said)


def members(*names: str) -> Rule:
    return lambda _, each: all(set(names) <= {member.name for member in value.members} for value in each.values)


def grammar(pattern: str) -> Rule:
    return lambda _, each: all(
        isinstance(value.raw, bytes) and re.fullmatch(pattern.encode(), value.raw) for value in each.values
    )


def takes(document_format: str) -> If:
    return lambda told: document_format in told.texts(A.DOCUMENT_FORMAT_SUPPORTED)


def colors(told: Told) -> bool:
    return told.printer.boolean(A.COLOR_SUPPORTED) is True


def duplex(told: Told) -> bool:
    return "two-sided-long-edge" in told.texts(A.SIDES_SUPPORTED)


def is_listed(name: str) -> Rule:
    return lambda told, each: set(each.texts()) <= set(told.texts(name))


def finishes(told: Told) -> bool:
    """It does anything to sheets, by enum or by a vendor's template."""
    return A.FINISHINGS_COL_SUPPORTED in told.printer or set(told.pythons(A.FINISHINGS_SUPPORTED)) > {3}


def lays_out(told: Told) -> bool:
    """Resolutions are told by whoever knows any."""
    return A.PRINTER_RESOLUTION_SUPPORTED in told.printer


ONE_TEXT, ONE_WORD, ONE_NUMBER = Row((Tag.TEXT,), 1), Row((Tag.KEYWORD,), 1), Row((Tag.INTEGER,), 1)
WORDS, ONE_TRUTH = Row((Tag.KEYWORD,)), Row((Tag.BOOLEAN,), 1)
MOMENT = Row((Tag.DATE_TIME, Tag.UNKNOWN, Tag.NO_VALUE), 1)
SIZES = members(A.MEDIA_SIZE, A.MEDIA_TOP_MARGIN, A.MEDIA_BOTTOM_MARGIN, A.MEDIA_LEFT_MARGIN, A.MEDIA_RIGHT_MARGIN)
TEMPLATES = members(A.FINISHING_TEMPLATE)
TRAY = grammar(r"(?:[a-z]+=[ -:<-~]+;)+")

EVERYBODY: Mapping[str, Row] = {
    # IPP Everywhere 1.1, self-certification test I-10
    A.CHARSET_CONFIGURED: Row((Tag.CHARSET,), 1),
    A.CHARSET_SUPPORTED: Row((Tag.CHARSET,), None, has("utf-8")),
    A.NATURAL_LANGUAGE_CONFIGURED: Row((Tag.LANGUAGE,), 1),
    A.GENERATED_NATURAL_LANGUAGE_SUPPORTED: Row((Tag.LANGUAGE,)),
    A.COLOR_SUPPORTED: ONE_TRUTH,
    A.JOB_IDS_SUPPORTED: Row((Tag.BOOLEAN,), 1, lambda _, each: each.boolean() is True),
    A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED: ONE_TRUTH,
    A.PREFERRED_ATTRIBUTES_SUPPORTED: ONE_TRUTH,
    A.PRINTER_IS_ACCEPTING_JOBS: ONE_TRUTH,
    A.PAGE_RANGES_SUPPORTED: Row((Tag.BOOLEAN,), 1, when=lambda told: A.PAGE_RANGES_SUPPORTED in told.printer),
    A.JOB_ACCOUNT_ID_SUPPORTED: Row((Tag.BOOLEAN,), 1, lambda _, each: each.boolean() is True),
    A.JOB_ACCOUNT_ID_DEFAULT: Row((Tag.NAME, Tag.NO_VALUE), 1),
    A.COMPRESSION_SUPPORTED: Row((Tag.KEYWORD,), None, has("none")),
    A.IPP_FEATURES_SUPPORTED: WORDS,
    A.IPP_VERSIONS_SUPPORTED: Row((Tag.KEYWORD,), None, has("1.1", "2.0")),
    A.JOB_CREATION_ATTRIBUTES_SUPPORTED: Row((Tag.KEYWORD,), None, has("media", "print-color-mode")),
    A.MULTIPLE_OPERATION_TIME_OUT: Row((Tag.INTEGER,), 1, positive),
    A.MULTIPLE_OPERATION_TIME_OUT_ACTION: ONE_WORD,
    A.PDL_OVERRIDE_SUPPORTED: ONE_WORD,
    A.PRINTER_GET_ATTRIBUTES_SUPPORTED: Row((Tag.KEYWORD,), None, has("document-format")),
    A.PRINTER_STATE_REASONS: WORDS,
    A.URI_AUTHENTICATION_SUPPORTED: Row((Tag.KEYWORD,), None, as_many_as(A.PRINTER_URI_SUPPORTED)),
    A.URI_SECURITY_SUPPORTED: Row((Tag.KEYWORD,), None, as_many_as(A.PRINTER_URI_SUPPORTED)),
    A.WHICH_JOBS_SUPPORTED: Row((Tag.KEYWORD,), None, has("completed", "not-completed")),
    A.IDENTIFY_ACTIONS_DEFAULT: Row((Tag.KEYWORD,), None, among("display", "flash", "sound", "speak")),
    A.IDENTIFY_ACTIONS_SUPPORTED: Row((Tag.KEYWORD,), None, among("display", "flash", "sound", "speak")),
    A.DOCUMENT_FORMAT_DEFAULT: Row((Tag.MIME,), 1),
    A.DOCUMENT_FORMAT_SUPPORTED: Row((Tag.MIME,), None, has("application/octet-stream")),
    A.PAGES_PER_MINUTE: Row((Tag.INTEGER,), 1, positive, when=lambda told: A.PAGES_PER_MINUTE in told.printer),
    A.PAGES_PER_MINUTE_COLOR: Row(
        (Tag.INTEGER,), 1, positive, when=lambda told: colors(told) and A.PAGES_PER_MINUTE in told.printer
    ),
    A.PRINTER_CONFIG_CHANGE_TIME: ONE_NUMBER,
    A.PRINTER_STATE_CHANGE_TIME: ONE_NUMBER,
    A.PRINTER_UP_TIME: Row((Tag.INTEGER,), 1, positive),
    A.QUEUED_JOB_COUNT: ONE_NUMBER,
    A.DOCUMENT_PASSWORD_SUPPORTED: ONE_NUMBER,
    A.PRINTER_CONFIG_CHANGE_DATE_TIME: MOMENT,
    A.PRINTER_CURRENT_TIME: MOMENT,
    A.PRINTER_STATE_CHANGE_DATE_TIME: MOMENT,
    A.OPERATIONS_SUPPORTED: Row(
        (Tag.ENUM,),
        None,
        lambda _, each: {2, 4, 5, 6, 8, 9, 0xA, 0xB, 0x39, 0x3B, 0x3C} <= set(each.integers()),
    ),
    A.PRINTER_STATE: Row((Tag.ENUM,), 1, among(3, 4, 5)),
    A.PRINTER_GEO_LOCATION: Row((Tag.URI, Tag.UNKNOWN), 1),
    A.PRINTER_ICONS: Row((Tag.URI,), None, at_the_gate),
    A.PRINTER_MORE_INFO: Row((Tag.URI,), 1, at_the_gate),
    A.PRINTER_SUPPLY_INFO_URI: Row((Tag.URI,), 1, at_the_gate),
    A.PRINTER_URI_SUPPORTED: Row((Tag.URI,)),
    A.PRINTER_UUID: Row((Tag.URI,), 1, lambda _, each: str(UUID((each.text() or "")[9:])) in (each.text() or "")),
    A.PRINTER_INFO: ONE_TEXT,
    A.PRINTER_LOCATION: ONE_TEXT,
    A.PRINTER_MAKE_AND_MODEL: ONE_TEXT,
    A.PRINTER_NAME: Row((Tag.NAME,), 1),
    A.PRINTER_ORGANIZATION: Row((Tag.TEXT,)),
    A.PRINTER_ORGANIZATIONAL_UNIT: Row((Tag.TEXT,)),
    A.PRINTER_STATE_MESSAGE: ONE_TEXT,
    A.PRINTER_SUPPLY: Row((Tag.OCTET_STRING,), None, grammar(r"(?:[A-Za-z][A-Za-z0-9-]*=[ -:<-~]*;)+")),
    A.PRINTER_SUPPLY_DESCRIPTION: Row((Tag.TEXT,), None, as_many_as(A.PRINTER_SUPPLY)),
    A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED: Row((Tag.RESOLUTION,), when=takes(RASTER)),
    A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED: Row((Tag.KEYWORD,), when=takes(RASTER)),
    A.PWG_RASTER_DOCUMENT_SHEET_BACK: Row(
        (Tag.KEYWORD,),
        1,
        among("flipped", "manual-tumble", "normal", "rotated"),
        lambda told: A.PWG_RASTER_DOCUMENT_SHEET_BACK in told.printer,
    ),
    A.COPIES_DEFAULT: Row((Tag.INTEGER,), 1, is_supported),
    A.COPIES_SUPPORTED: Row((Tag.RANGE,), 1),
    A.FINISHINGS_DEFAULT: Row((Tag.ENUM,), None, is_supported),
    A.FINISHINGS_SUPPORTED: Row((Tag.ENUM,), None, lambda _, each: 3 in each.integers()),
    A.FINISHINGS_READY: Row((Tag.ENUM,), None, lambda _, each: 3 in each.integers(), finishes),
    A.FINISHINGS_COL_DATABASE: Row((Tag.BEG_COLLECTION,), None, TEMPLATES, finishes),
    A.FINISHINGS_COL_DEFAULT: Row((Tag.BEG_COLLECTION,), 1, TEMPLATES, finishes),
    A.FINISHINGS_COL_READY: Row((Tag.BEG_COLLECTION,), None, TEMPLATES, finishes),
    A.FINISHINGS_COL_SUPPORTED: Row((Tag.KEYWORD,), None, has(A.FINISHING_TEMPLATE), finishes),
    A.FINISHING_TEMPLATE_SUPPORTED: Row((Tag.KEYWORD,), None, has("none"), finishes),
    A.MEDIA_DEFAULT: Row((Tag.KEYWORD,), 1, is_supported),
    A.MEDIA_READY: WORDS,
    A.MEDIA_SUPPORTED: WORDS,
    A.MEDIA_COL_DEFAULT: Row((Tag.BEG_COLLECTION,), 1, SIZES),
    A.MEDIA_COL_READY: Row((Tag.BEG_COLLECTION,), None, SIZES),
    A.MEDIA_COL_SUPPORTED: Row((Tag.KEYWORD,), None, has("media-size")),
    A.MEDIA_COL_DATABASE: Row((Tag.BEG_COLLECTION,), None, SIZES),
    A.MEDIA_SIZE_SUPPORTED: Row((Tag.BEG_COLLECTION,), None, members(A.X_DIMENSION, A.Y_DIMENSION)),
    A.MEDIA_BOTTOM_MARGIN_SUPPORTED: Row((Tag.INTEGER,)),
    A.MEDIA_LEFT_MARGIN_SUPPORTED: Row((Tag.INTEGER,)),
    A.MEDIA_RIGHT_MARGIN_SUPPORTED: Row((Tag.INTEGER,)),
    A.MEDIA_TOP_MARGIN_SUPPORTED: Row((Tag.INTEGER,)),
    A.MEDIA_SOURCE_SUPPORTED: Row((Tag.KEYWORD,), None, grammar(r"[a-z][a-z0-9._-]*")),  # a digit hangs Windows 11
    A.MEDIA_TYPE_SUPPORTED: WORDS,
    A.ORIENTATION_REQUESTED_DEFAULT: Row((Tag.ENUM,), 1, is_supported),
    A.ORIENTATION_REQUESTED_SUPPORTED: Row((Tag.ENUM,), None, among(3, 4, 5, 6, 7)),
    A.OUTPUT_BIN_DEFAULT: Row((Tag.KEYWORD,), 1, is_supported),
    A.OUTPUT_BIN_SUPPORTED: WORDS,
    A.PRINT_COLOR_MODE_DEFAULT: Row((Tag.KEYWORD,), 1, is_supported),
    A.PRINT_COLOR_MODE_SUPPORTED: WORDS,
    A.PRINT_QUALITY_DEFAULT: Row((Tag.ENUM,), 1, is_supported),
    A.PRINT_QUALITY_SUPPORTED: Row((Tag.ENUM,), None, among(3, 4, 5)),
    A.PRINTER_RESOLUTION_DEFAULT: Row((Tag.RESOLUTION,), 1, is_supported, lays_out),
    A.PRINTER_RESOLUTION_SUPPORTED: Row((Tag.RESOLUTION,), when=lays_out),
    A.SIDES_DEFAULT: Row((Tag.KEYWORD,), 1, is_supported),
    A.SIDES_SUPPORTED: Row((Tag.KEYWORD,), None, has("one-sided")),
    A.OVERRIDES_SUPPORTED: Row((Tag.KEYWORD,), None, has("pages"), lambda told: A.OVERRIDES_SUPPORTED in told.printer),
    # CUPS
    A.JOB_PASSWORD_SUPPORTED: Row((Tag.INTEGER,), 1, among(*range(256))),
    A.JOB_PASSWORD_ENCRYPTION_SUPPORTED: Row((Tag.KEYWORD,), None, has("sha2-256")),
    A.JOB_PASSWORD_REPERTOIRE_CONFIGURED: Row((Tag.KEYWORD,), 1, is_listed(A.JOB_PASSWORD_REPERTOIRE_SUPPORTED)),
    A.JOB_PASSWORD_REPERTOIRE_SUPPORTED: WORDS,
    # AirPrint
    A.URF_SUPPORTED: Row((Tag.KEYWORD,), None, has_resolution, takes(URF)),
    "document-format-preferred": Row((Tag.MIME,), 1),
    # Mopria, Windows
    A.MOPRIA_CERTIFIED: Row((Tag.TEXT,), 1, grammar(r"[0-9]\.[0-9]")),
    A.PRINTER_DNS_SD_NAME: Row((Tag.NAME,), 1, lambda _, each: 0 < len((each.text() or "").encode()) < 64),
    A.PRINTER_DEVICE_ID: Row((Tag.TEXT,), 1, grammar(r"(?:[A-Z]+:[^:;]*;)+")),
    A.PRINTER_FIRMWARE_NAME: Row((Tag.NAME,)),
    A.PRINTER_FIRMWARE_PATCHES: Row((Tag.TEXT,), None, as_many_as(A.PRINTER_FIRMWARE_NAME)),
    A.PRINTER_FIRMWARE_STRING_VERSION: Row((Tag.TEXT,), None, as_many_as(A.PRINTER_FIRMWARE_NAME)),
    A.PRINTER_FIRMWARE_VERSION: Row((Tag.OCTET_STRING,), None, as_many_as(A.PRINTER_FIRMWARE_NAME)),
    A.PRINTER_INPUT_TRAY: Row((Tag.OCTET_STRING,), None, TRAY),
    A.PRINTER_OUTPUT_TRAY: Row((Tag.OCTET_STRING,), None, TRAY),
    # Universal Print
    A.PDF_K_OCTETS_SUPPORTED: Row((Tag.RANGE,), 1),
    A.PDF_VERSIONS_SUPPORTED: Row((Tag.KEYWORD,), when=lambda told: A.PDF_VERSIONS_SUPPORTED in told.printer),
    A.PRINT_SCALING_DEFAULT: Row((Tag.KEYWORD,), 1, is_supported),
    A.PRINT_SCALING_SUPPORTED: Row((Tag.KEYWORD,), None, has("auto")),
    # IPP/2.1 and the system service
    A.PRINTER_SETTABLE_ATTRIBUTES_SUPPORTED: Row((Tag.KEYWORD,), None, has(A.PRINTER_INFO, A.SIDES_DEFAULT)),
    A.JOB_SETTABLE_ATTRIBUTES_SUPPORTED: Row((Tag.KEYWORD,), None, has(A.COPIES)),
    A.PRINTER_MESSAGE_FROM_OPERATOR: ONE_TEXT,
    A.PRINTER_CONTACT_COL: Row((Tag.BEG_COLLECTION, Tag.UNKNOWN), 1),
    A.PRINTER_ID: Row((Tag.INTEGER,), 1, positive),
    A.PRINTER_SERVICE_TYPE: Row((Tag.KEYWORD,), None, has("print")),
    A.PRINTER_XRI_SUPPORTED: Row((Tag.BEG_COLLECTION,), None, members("xri-uri", "xri-authentication", "xri-security")),
}  # fmt: skip
"""name → syntax, count, rule, and when it is told."""

PRINTERS = recorded()
ONES = {name: read(group) for name, group in PRINTERS.items()}
PROFILES: Mapping[str, Capabilities] = {
    "safe": SAFE,
    "pjl": PJL,
    "raw": RAW,
    **ONES,
    "what all do": intersection(list(ONES.values())),
    "what any does": union(list(ONES.values())),
    "what a raw and a real one do": intersection([PJL, *ONES.values()]),
}


async def told_by(gate: Gate) -> Told:
    asked = attribute(A.REQUESTED_ATTRIBUTES, "all", A.MEDIA_COL_DATABASE)
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, asked)
    assert status_of(answer) == 0
    printer = answer.group(Tag.PRINTER)
    assert printer is not None
    return Told(printer)


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_queue_tells_all_that_clients_want_and_each_in_its_form(profile: str) -> None:
    async with Gate() as gate:
        gate.able = PROFILES[profile]
        told = await told_by(gate)
    wrong = []
    for name, row in EVERYBODY.items():
        found = told.printer.get(name)
        if found is None or not row.when(told):
            wrong += [f"{name}: {'told' if found else 'not told'}"] if bool(found) != row.when(told) else []
        elif any(value.tag not in row.tags for value in found.values):
            wrong.append(f"{name}: {found.values}")
        elif row.times not in (None, len(found.values)) or not row.rule(told, found):
            wrong.append(f"{name}: {[value.text or value.python for value in found.values][:8]}")
    assert wrong == []


UNTOLD = (
    A.JOB_ACCOUNTING_USER_ID_SUPPORTED,  # not claimed: who pays is job-account-id's affair
    A.PRINTER_ALERT,  # a queue has none of its own
    A.PRINTER_MANDATORY_JOB_ATTRIBUTES,  # nothing is: left out when empty (PWG 5100.16)
    A.PRINTER_STRINGS_URI,  # nothing is told that the registry has no words for
)
"""What clients read where it is there, and a queue of the gate leaves out."""


async def test_what_is_left_out_is_left_out() -> None:
    async with Gate() as gate:
        told = await told_by(gate)
    assert [name for name in UNTOLD if name in told.printer or name in EVERYBODY] == []


@pytest.mark.parametrize("profile", PROFILES)
async def test_nothing_that_a_queue_tells_is_malformed_or_told_twice(profile: str) -> None:
    async with Gate() as gate:
        gate.able = PROFILES[profile]
        printer = (await told_by(gate)).printer
    check_values(printer)
    names = [each.name for each in printer]
    assert len(names) == len(set(names))
    assert [each.name for each in printer if not fits(each)] == []
    assert {name for name in names if syntax_of(name) is None} == {"document-format-preferred"}
    repeated = [each.name for each in printer if len(set(each.values)) < len(each.values)]
    assert repeated in ([], [A.URI_AUTHENTICATION_SUPPORTED])


@pytest.mark.parametrize("profile", PROFILES)
async def test_ipp_everywhere_is_said_only_where_all_of_it_is_true(profile: str) -> None:
    """What a claim hangs by: overrides by page where PDF is taken, and finishings-col where more than none is done."""
    async with Gate() as gate:
        gate.able = PROFILES[profile]
        told = await told_by(gate)
    more = set(told.pythons(A.FINISHINGS_SUPPORTED)) - {3}
    true = (
        takes(RASTER)(told)
        and (not takes(PDF)(told) or "pages" in told.texts(A.OVERRIDES_SUPPORTED))
        and (not takes(PDF)(told) or told.printer.boolean(A.PAGE_RANGES_SUPPORTED) is True)
        and (not more or A.FINISHINGS_COL_SUPPORTED in told.printer)
        and (not colors(told) or takes(JPEG)(told))
        and (not duplex(told) or A.PWG_RASTER_DOCUMENT_SHEET_BACK in told.printer)
        and colors(told) == (A.PAGES_PER_MINUTE_COLOR in told.printer)
        and all(name in told.printer for name, row in EVERYBODY.items() if row.when(told))
        and A.PAGES_PER_MINUTE in told.printer
        and lays_out(told)
    )
    assert (EVERYWHERE in told.texts(A.IPP_FEATURES_SUPPORTED)) == true


async def test_media_col_database_says_how_sheets_lie_and_nobody_is_asked_for_that() -> None:
    async with Gate() as gate:
        told = await told_by(gate)
        for name in (A.MEDIA_COL_DATABASE, A.MEDIA_COL_READY):
            found = told.printer.get(name)
            assert found is not None
            for entry in found.values:
                properties = entry.member(A.MEDIA_SOURCE_PROPERTIES)
                assert properties is not None
                direction = properties.first.member(A.MEDIA_SOURCE_FEED_DIRECTION)
                assert direction is not None
                assert direction.text() == "short-edge-first"
        assert A.MEDIA_SOURCE_PROPERTIES not in told.texts(A.MEDIA_COL_SUPPORTED)
        database = told.printer.get(A.MEDIA_COL_DATABASE)
        assert database is not None
        copied = Attribute(A.MEDIA_COL, (database.values[1],))
        answer = await gate.operate(Operation.PRINT_JOB, job=(copied,), document=b"%PDF")
        assert status_of(answer) == 0
        (kept,) = gate.memory.jobs[1].template
        assert A.MEDIA_SOURCE_PROPERTIES not in [member.name for member in kept.first.members]
        assert kept.first.member(A.MEDIA_SIZE) == database.values[1].member(A.MEDIA_SIZE)


# ── supplies ──


async def supplies_of(report: DeviceReport | None) -> tuple[list[object], list[str]]:
    """What a passthrough queue in front of that device tells."""
    async with Gate() as gate:
        device = gate.memory.add_device("mfp")
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=device.id)
        if report is not None:
            gate.memory.all_devices[0] = type(device)(1, device.uuid, "mfp", "ipp://192.0.2.9/", report=report)
        target = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
        answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=target)
        printer = answer.group(Tag.PRINTER)
        assert printer is not None
        told = Told(printer)
        return told.pythons(A.PRINTER_SUPPLY), told.texts(A.PRINTER_SUPPLY_DESCRIPTION)


def reporting(supplies: list[bytes], descriptions: list[str]) -> DeviceReport:
    told = [
        Attribute(A.PRINTER_SUPPLY, tuple(Value(Tag.OCTET_STRING, each) for each in supplies)),
        Attribute(A.PRINTER_SUPPLY_DESCRIPTION, tuple(Value(Tag.TEXT, each.encode()) for each in descriptions)),
    ]
    return DeviceReport(PrinterState.IDLE, attributes=Group(Tag.PRINTER, told))


BLACK = b"index=1;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=40;colorantname=black;"


async def test_a_queue_in_front_of_one_device_tells_its_supplies() -> None:
    assert await supplies_of(reporting([BLACK], ["Black\ttoner"])) == ([BLACK], ["Black toner"])


@pytest.mark.parametrize(
    "report",
    [
        None,
        reporting([BLACK, BLACK], ["one"]),
        reporting([b"level"], ["no pairs"]),
        reporting([b"level=\x00;"], ["octets"]),
        reporting([b"level=1;" * 40], ["endless"]),
        reporting([BLACK] * 33, ["too many"] * 33),
    ],
    ids=["nothing", "counts differ", "no pairs", "octets", "endless", "too many"],
)
async def test_supplies_that_make_no_sense_are_those_of_any_device(report: DeviceReport | None) -> None:
    supplies, descriptions = await supplies_of(report)
    assert supplies == [b"index=1;class=other;type=other;unit=other;maxcapacity=-2;level=-2;colorantname=none;"]
    assert descriptions == ["supplies of the device that prints the job"]
