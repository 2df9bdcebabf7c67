"""What a device tells, told on: as it says it where that is sound, and nothing of what is not (SECURITY S9)."""

import struct
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from ippgate.doors.ipp.device_face import LONGEST, MOST_VALUES, TOLD_ON, DeviceFaces, told_by, ways
from ippgate.doors.ipp.face import CHANGING
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site
from ippgate.ipp import Attribute, Group, Operation, PrinterState, Tag, Value
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, syntax_of
from ippgate.model.capabilities import SAFE
from ippgate.model.device import Device, DeviceReport
from ippgate.model.queue import Queue, QueueMode

DEVICE = Device(7, UUID(int=7), "kyocera", "ipp://192.0.2.7/ipp/print", location="floor 2")
OWN = Queue(9, UUID(int=9), "device/kyocera", QueueMode.PASSTHROUGH, 7, of_device=True)
CONTROL = "\x1b[2J\u202e<script>\x00\r\n"


def saying(*attributes: Attribute, model: str = "") -> Device:
    report = DeviceReport(PrinterState.IDLE, make_and_model=model, attributes=Group(Tag.PRINTER, list(attributes)))
    return replace(DEVICE, report=report)


def told(device: Device) -> dict[str, Attribute]:
    return {each.name: each for each in told_by(device)}


def test_supplies_and_trays_are_told_as_the_device_says_them() -> None:
    said = [
        attribute(A.MARKER_NAMES, "Black", "Cyan"),
        attribute(A.MARKER_LEVELS, 80, -2),
        attribute(A.MARKER_TYPES, "toner-cartridge", "toner-cartridge"),
        attribute(A.PRINTER_INPUT_TRAY, b"type=sheetFeedAutoRemovableTray;level=-2;", b"type=other;level=80;"),
        attribute(A.PRINTER_DEVICE_ID, "MFG:Kyocera;MDL:TASKalfa;"),
        attribute(A.PRINTER_IMPRESSIONS_COMPLETED, 4711),
    ]
    assert told(saying(*said)) == {each.name: each for each in said}


def test_a_device_that_says_nothing_is_told_by_what_its_operator_says() -> None:
    assert told_by(DEVICE) == []
    assert told(saying(model="TASKalfa 2554ci")) == {
        A.PRINTER_MAKE_AND_MODEL: attribute(A.PRINTER_MAKE_AND_MODEL, "TASKalfa 2554ci")
    }


@pytest.mark.parametrize(
    "name",
    [
        *(A.PRINTER_MORE_INFO, A.PRINTER_ICONS, A.PRINTER_SUPPLY_INFO_URI, A.PRINTER_URI_SUPPORTED, A.PRINTER_UUID),
        *(A.PRINTER_NAME, A.PRINTER_INFO, A.PRINTER_LOCATION, A.OPERATIONS_SUPPORTED, A.PRINTER_STATE_REASONS),
        *(A.URI_AUTHENTICATION_SUPPORTED, A.URI_SECURITY_SUPPORTED, A.PRINTER_DNS_SD_NAME, "x-vendor"),
    ],
)
def test_addresses_names_and_abilities_are_the_gate_s_own(name: str) -> None:
    assert told_by(saying(Attribute(name, (Value(Tag.URI, b"http://attacker.example/"),)))) == []


@pytest.mark.parametrize("name", TOLD_ON)
def test_of_whatever_a_device_says_only_what_is_sound_is_told(name: str) -> None:
    """Every tag there is, with hostile octets, a thousand times over."""
    hostile = [
        Value(tag, raw)
        for tag in (*range(0x21, 0x24), *range(0x30, 0x4B), 0x10, 0x12, 0x13, 0x7F)
        for raw in (b"", b"\xff\xfe", CONTROL.encode(), b"\x00\x00\x00", b"\x7f\xff\xff\xff\xff", b"A" * 30_000)
    ]
    hostile += [Value(Tag.INTEGER, struct.pack(">i", number)) for number in (-(2**31), -99, 2**31 - 1)]
    hostile += [collection({A.MEDIA_TYPE: "stationery"}, A.MEDIA_COL)] * 3
    for each in told_by(saying(Attribute(name, tuple(hostile * 30)))):
        syntax = syntax_of(each.name)
        assert syntax is not None
        assert fits(each)
        assert 0 < len(each.values) <= (MOST_VALUES if syntax.many else 1)
        for value in each.values:
            assert isinstance(value.raw, bytes)
            assert len(value.raw) <= LONGEST
            shown = value.raw.decode() if value.tag != Tag.INTEGER else "1"
            assert shown.isprintable(), shown
            number = value.python
            if isinstance(number, int):
                [bound] = [kind for kind in syntax.kinds if kind.name == "integer"]
                assert bound.low <= number <= bound.high


def test_nothing_is_told_twice() -> None:
    """What changes from answer to answer is not among what stays the same."""
    faces = DeviceFaces(lambda _queue: SAFE, DoorSettings(), (Operation.GET_JOBS,))
    said = [attribute(A.MARKER_LEVELS, 80), attribute(A.PRINTER_SUPPLY, b"type=toner;level=80;")]
    assert not set(TOLD_ON) & set(CHANGING)
    octets = faces.of(saying(*said, model="TASKalfa"), OWN).plan(("all",)).octets
    assert octets.count(A.MARKER_LEVELS.encode()) == octets.count(A.PRINTER_MAKE_AND_MODEL.encode()) == 1


def test_text_is_made_plain_and_cut() -> None:
    device = saying(
        attribute(A.PRINTER_ALERT_DESCRIPTION, f"paper {CONTROL} jam", "x" * 1023),
        attribute(A.MARKER_NAMES, "schwarz \u00e4" * 20),
        model="m" * 500,
    )
    found = told(device)
    assert found[A.PRINTER_ALERT_DESCRIPTION].text() == "paper [2J<script> jam"
    [name] = found[A.MARKER_NAMES].texts()
    assert len(name.encode()) <= 255
    assert len(found[A.PRINTER_MAKE_AND_MODEL].text() or "") == 127


def test_a_face_changes_with_what_the_device_says_and_only_then() -> None:
    faces = DeviceFaces(lambda _queue: SAFE, DoorSettings(), (Operation.GET_JOBS,))
    quiet, other = saying(model="one"), saying(model="two")
    assert faces.of(quiet, OWN) is faces.of(quiet, OWN)
    assert faces.of(other, OWN) is not faces.of(quiet, OWN)
    assert b"two" in faces.of(other, OWN).plan(("all",)).octets
    paused = replace(OWN, paused=True, changed_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert faces.of(other, paused) is not faces.of(other, OWN)


def test_people_see_the_operator_s_words_before_the_device_s() -> None:
    faces = DeviceFaces(lambda _queue: SAFE, DoorSettings(), (Operation.GET_JOBS,))
    named = faces.of(replace(saying(model="TASKalfa"), info="By the stairs"), OWN).plan((A.PRINTER_INFO,)).octets
    unnamed = faces.of(saying(model="TASKalfa"), OWN).plan((A.PRINTER_INFO,)).octets
    assert (b"By the stairs" in named, b"TASKalfa" in unnamed) == (True, True)
    assert b"floor 2" in faces.of(DEVICE, OWN).plan((A.PRINTER_LOCATION,)).octets


def test_a_device_is_reached_over_tls_where_there_is_tls() -> None:
    plain, secure = Site("gate:8631", other="gate:8632"), Site("gate:8632", secure=True, other="gate:8631")
    there = [("ipps://gate:8632/ipp/device/kyocera", "tls", "basic")]
    assert [*map(tuple, ways(plain, OWN))] == [*map(tuple, ways(secure, OWN))] == there
    assert [*map(tuple, ways(Site("gate:8631"), OWN))] == [("ipp://gate:8631/ipp/device/kyocera", "none", "none")]
