"""How jobs, errors and names are told: the pure parts of the IPP door."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from ippgate.doors import DoorSettings
from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.face import CHANGING, Faces, Now
from ippgate.doors.ipp.job_attributes import TELLS, Teller
from ippgate.doors.ipp.requested import job_names, printer_names
from ippgate.doors.ipp.status import STATUS, refusal
from ippgate.doors.ipp.table import HANDLERS
from ippgate.doors.ipp.uri import Target, target_of, uuid_of
from ippgate.doors.site import Site, site_of
from ippgate.ipp import IppError, JobState, PrinterState, Status, Tag, decode
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.syntax import fits, syntax_of
from ippgate.ipp.validate import check_values
from ippgate.model import errors
from ippgate.model.capabilities import RAW, SAFE, read
from ippgate.model.capabilities.printer_type import printer_type
from ippgate.model.device import Device, DeviceReport
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Caller, Document, Job
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.storage import Disposition, Storage

SITE = Site("gate:8631")
AT = datetime(2026, 11, 20, 12, 0, 0, 700_000, tzinfo=UTC)
ALICE, BOB = Caller("alice"), Caller("bob")


def a_job(**facts: object) -> Job:
    known = {
        "id": 7,
        "uuid": UUID(int=7),
        "queue_id": 1,
        "queue": "followme",
        "owner": "alice",
        "name": "Letter",
        "state": JobState.COMPLETED,
        "reasons": (R.JOB_COMPLETED_SUCCESSFULLY,),
        "created_at": AT,
        "device": "mfp",
        "device_uuid": UUID(int=9),
        "template": (attribute(A.COPIES, 2),),
        "documents": (Document(1, 1, "application/pdf", "l.pdf", 3000, None, DocumentFacts("image/urf", 4)),),
        "processing_at": AT,
        "completed_at": AT,
        "impressions": 3,
        "sheets": 2,
    }
    return Job(**{**known, **facts})  # type: ignore[arg-type]  # tests name the fields


@pytest.mark.parametrize(
    "job", [a_job(), a_job(documents=(), device=None, device_uuid=None, completed_at=None, reasons=())]
)
def test_everything_told_of_a_job_is_written_as_registered(job: Job) -> None:
    told = Teller(SITE, ALICE, AT, ()).attributes(job)
    check_values(told)
    assert [each.name for each in told if syntax_of(each.name) is None or not fits(each)] == []
    assert len(told) == len({each.name for each in told})


def test_every_attribute_can_be_asked_for_by_its_name() -> None:
    for name in TELLS:
        until = {"hold_until": AT} if name == A.JOB_HOLD_UNTIL_TIME else {}
        kept = {"storage": Storage(Disposition.STORE_ONLY)} if name == A.JOB_STORAGE else {}
        told = Teller(SITE, ALICE, AT, (name,)).attributes(a_job(**until, **kept))
        assert [each.name for each in told] == [name]


def test_what_nobody_has_found_out_of_a_document_is_not_told() -> None:
    asked = (A.JOB_PAGES, A.JOB_IMPRESSIONS, A.DOCUMENT_FORMAT_DETECTED)
    for facts in (None, DocumentFacts(unknown="its format is not recognised")):
        document = Document(1, 1, "application/pdf", "", 3000, None, facts)
        assert Teller(SITE, ALICE, AT, asked).attributes(a_job(documents=(document,))) == []
    assert [each.first.python for each in Teller(SITE, ALICE, AT, asked).attributes(a_job())] == [4, 4, "image/urf"]


def test_what_a_device_did_not_count_is_unknown_once_the_job_has_ended() -> None:
    (told,) = Teller(SITE, ALICE, AT, (A.JOB_IMPRESSIONS_COMPLETED,)).attributes(a_job(impressions=None))
    assert told.first.tag == Tag.NO_VALUE
    going = a_job(impressions=None, state=JobState.PROCESSING)
    (told,) = Teller(SITE, ALICE, AT, (A.JOB_IMPRESSIONS_COMPLETED,)).attributes(going)
    assert told.integer() == 0


@pytest.mark.parametrize(("octets", "units"), [(0, 0), (1, 1), (1024, 1), (1025, 2)])
def test_size_is_told_in_units_of_1024_octets_rounded_up(octets: int, units: int) -> None:
    job = a_job(documents=(Document(1, 1, "application/pdf", "", octets, None),))
    (told,) = Teller(SITE, ALICE, AT, (A.JOB_K_OCTETS,)).attributes(job)
    assert told.integer() == units


def test_a_number_too_large_for_ipp_is_cut() -> None:
    job = a_job(documents=(Document(1, 1, "application/pdf", "", 1 << 50, None),))
    (told,) = Teller(SITE, ALICE, AT, (A.JOB_K_OCTETS,)).attributes(job)
    assert told.integer() == 2**31 - 1


def test_ticks_are_seconds_on_the_clock_of_printer_up_time() -> None:
    told = Teller(SITE, ALICE, AT, (A.TIME_AT_CREATION, A.JOB_PRINTER_UP_TIME)).attributes(a_job())
    assert [each.integer() for each in told] == [int(AT.timestamp())] * 2


def test_a_long_message_is_cut_at_a_character() -> None:
    (told,) = Teller(SITE, BOB, AT, (A.JOB_STATE_MESSAGE,)).attributes(a_job(message="ü" * 2000))
    assert told.text() == "ü" * 511


def test_a_list_of_names_is_encoded_once() -> None:
    queue = Queue(1, UUID(int=1), "followme", QueueMode.RELEASE_PRINTING)
    faces = Faces(lambda _: SAFE, DoorSettings(), tuple(HANDLERS))
    first = faces.of(queue).plan((A.PRINTER_NAME, A.PRINTER_STATE))
    assert faces.of(queue).plan((A.PRINTER_NAME, A.PRINTER_STATE)) is first
    assert first.changing == (A.PRINTER_STATE,)
    assert faces.of(replace(queue, info="changed")).plan((A.PRINTER_NAME, A.PRINTER_STATE)) is not first


def test_what_can_be_asked_for_has_changed_so_has_the_face() -> None:
    queue = Queue(1, UUID(int=1), "followme", QueueMode.RELEASE_PRINTING)
    able = SAFE
    faces = Faces(lambda _: able, DoorSettings(), tuple(HANDLERS))
    first = faces.of(queue)
    assert faces.of(queue) is first
    able = replace(SAFE, formats=SAFE.formats[:2])
    assert faces.of(queue) is not first


@pytest.mark.parametrize(
    ("devices", "state", "reasons", "message"),
    [
        ([], PrinterState.IDLE, ["none"], ""),
        ([(PrinterState.STOPPED, "media-jam", "Jam")], PrinterState.STOPPED, ["media-jam"], "Jam"),
        ([(PrinterState.IDLE, "toner-low", "Soon")], PrinterState.IDLE, ["toner-low"], "Soon"),
        ([(PrinterState.STOPPED, "media-jam", "Jam"), (PrinterState.IDLE, "toner-low", "Soon")],
         PrinterState.IDLE, ["none"], ""),
        ([(PrinterState.STOPPED, "media-jam", "Jam"), (PrinterState.PROCESSING, "", "")],
         PrinterState.PROCESSING, ["none"], ""),
        ([(PrinterState.STOPPED, "media-jam", "Jam"), (PrinterState.STOPPED, "door-open", "Door")],
         PrinterState.STOPPED, ["media-jam", "door-open"], "d0: Jam; d1: Door"),
    ],
)  # fmt: skip
def test_a_queue_of_several_devices_is_as_well_as_the_best_of_them(
    devices: list[tuple[PrinterState, str, str]], state: PrinterState, reasons: list[str], message: str
) -> None:
    several = [
        Device(n, UUID(int=n), f"d{n}", "socket://d", report=DeviceReport(at, tuple(why.split()), said))
        for n, (at, why, said) in enumerate(devices)
    ]
    queue = Queue(1, UUID(int=1), "direct", QueueMode.PASSTHROUGH)
    now = Now(SITE, queue, several, 0, AT, ())
    told = {name: CHANGING[name](now) for name in (A.PRINTER_STATE, A.PRINTER_STATE_REASONS, A.PRINTER_STATE_MESSAGE)}
    assert told[A.PRINTER_STATE].integer() == state
    assert told[A.PRINTER_STATE_REASONS].texts() == reasons
    assert told[A.PRINTER_STATE_MESSAGE].text() == message


def test_cups_is_told_by_bits_what_a_printer_does() -> None:
    assert printer_type(SAFE) == 0x0004 | 0x0008 | 0x0010 | 0x00C0 | 0x1000 | 0x2000
    assert printer_type(RAW) == 0x0004 | 0x0008 | 0x1000 | 0x2000
    plain = read([attribute(A.MEDIA_SUPPORTED, "iso_a4_210x297mm"), attribute(A.FINISHINGS_SUPPORTED, 3, 20, 74)])
    assert printer_type(plain) == 0x0004 | 0x0020 | 0x0100 | 0x1000


def test_a_sentence_too_long_for_a_status_message_is_told_in_detail_too() -> None:
    long = "ü" * 600
    for message, detailed in (("short", None), (long, "ü" * 511)):
        answer, _ = decode(Answer(Status.CLIENT_ERROR_NOT_POSSIBLE, message).octets((2, 0), 1, "utf-8"))
        check_values(answer.operation)
        assert answer.operation.text(A.STATUS_MESSAGE) == message[:127]
        assert answer.operation.text(A.DETAILED_STATUS_MESSAGE) == detailed


# errors


def all_kinds(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(each for child in kind.__subclasses__() for each in all_kinds(child))]


@pytest.mark.parametrize("kind", [*all_kinds(errors.Refusal), *all_kinds(errors.Unavailable)])
def test_every_error_of_a_service_has_a_status_of_its_family(kind: type[Exception]) -> None:
    if kind is errors.ClientGone or not kind.__module__.startswith("ippgate.model"):
        return
    assert kind in STATUS
    printers = errors.NotAccepting | errors.TooManyDocuments | errors.TooManyJobs
    ours = issubclass(kind, errors.Unavailable | printers)
    assert (STATUS[kind] >= Status.SERVER_ERROR_INTERNAL_ERROR) == ours


def test_an_error_that_nobody_listed_has_the_status_of_its_parent() -> None:
    class Stolen(errors.NotFound):
        pass

    told = refusal(Stolen("it was here a moment ago"))
    assert (told.status, told.sentence) == (Status.CLIENT_ERROR_NOT_FOUND, "it was here a moment ago")


def test_a_long_sentence_is_cut_to_what_a_status_message_takes() -> None:
    octets = Answer(Status.CLIENT_ERROR_NOT_FOUND, "ü" * 300).octets((2, 0), 1, "utf-8")
    message, _ = decode(octets)
    assert message.operation.text(A.STATUS_MESSAGE) == "ü" * 127


# names


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("ipp://host/ipp/print/followme", Target("followme", None)),
        ("ipps://host:631/ipp/print/Follow.Me_2", Target("follow.me_2", None)),
        ("HTTP://host/printers/q", Target("q", None)),
        ("ipp://host/ipp/print/q/12", Target("q", 12)),
        ("ipp://host/jobs/12", Target(None, 12)),
        ("ipp://host", Target(None, None)),
        ("ipp://[::1]:631/", Target(None, None)),
        ("ipp:///ipp/print/q", Target("q", None)),
        ("ipp:/ipp/print/q", Target("q", None)),
    ],
)
def test_a_uri_points_to_a_queue_a_job_or_the_gate(uri: str, target: Target) -> None:
    assert target_of(uri) == target


@pytest.mark.parametrize("uri", ["", "followme", "/ipp/print/q", "file:///etc/passwd", "javascript:alert(1)", "ipp//x"])
def test_what_is_no_printing_uri_has_no_scheme_that_is_supported(uri: str) -> None:
    with pytest.raises(IppError) as caught:
        target_of(uri)
    assert caught.value.status == Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED


@pytest.mark.parametrize(
    "uri", ["", "urn:uuid:", "urn:uuid:x", f"urn:uuid:{UUID(int=1)}x", f"{UUID(int=1)}", "urn:oid:1"]
)
def test_only_a_uuid_is_a_uuid(uri: str) -> None:
    with pytest.raises(IppError) as caught:
        uuid_of(uri)
    assert caught.value.status == Status.CLIENT_ERROR_BAD_REQUEST
    assert uuid_of(f"urn:uuid:{UUID(int=5)}") == UUID(int=5)


def test_an_address_of_ipv6_is_put_in_brackets() -> None:
    assert site_of(None, "", "fe80::1%eth0", 8631).printer("q") == "ipp://[fe80::1]:8631/ipp/print/q"


def test_names_that_nobody_knows_are_left_out() -> None:
    known = (A.COPIES_DEFAULT, A.MEDIA_COL_DATABASE, A.PRINTER_NAME)
    assert printer_names(["nothing"], known) == set()
    assert printer_names([], known) == {A.COPIES_DEFAULT, A.PRINTER_NAME}
    assert printer_names(["printer-defaults"], known) == {A.COPIES_DEFAULT}
    assert job_names(["all"], (A.COPIES, A.JOB_ID)) == {A.COPIES, A.JOB_ID}
