"""A device's printer attributes as the gate tells them: what it said of itself, cleaned, under the gate's own names.

Everything a device says is a stranger's (SECURITY S9). What it can be asked for was read when it said it
(`model.capabilities`). Of the rest a few attributes are told on, those by which people know it and its supplies: each
of the syntax that it is registered with, its texts in one line of plain characters, bounded in number and length.
Addresses, names and the uuid are the gate's; so is what can be done here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ippgate.doors.ipp.face import Face
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site, Way
from ippgate.ipp import Attribute, Group, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import Kind, Syntax, syntax_of
from ippgate.model.capabilities import Capabilities
from ippgate.model.device import Device
from ippgate.model.queue import Queue
from ippgate.model.text import cut, plain

TOLD_ON: Final = (
    A.MARKER_COLORS,
    A.MARKER_HIGH_LEVELS,
    A.MARKER_LEVELS,
    A.MARKER_LOW_LEVELS,
    A.MARKER_NAMES,
    A.MARKER_TYPES,
    A.PRINTER_ALERT,
    A.PRINTER_ALERT_DESCRIPTION,
    A.PRINTER_DEVICE_ID,
    A.PRINTER_FINISHER,
    A.PRINTER_FINISHER_DESCRIPTION,
    A.PRINTER_FINISHER_SUPPLIES,
    A.PRINTER_FINISHER_SUPPLIES_DESCRIPTION,
    A.PRINTER_FIRMWARE_NAME,
    A.PRINTER_FIRMWARE_PATCHES,
    A.PRINTER_FIRMWARE_STRING_VERSION,
    A.PRINTER_IMPRESSIONS_COMPLETED,
    A.PRINTER_INPUT_TRAY,
    A.PRINTER_MEDIA_SHEETS_COMPLETED,
    A.PRINTER_OUTPUT_TRAY,
    A.PRINTER_PAGES_COMPLETED,
)
"""What of a device's attributes is told as the device says it; its supplies are told by whoever shows its state."""

MOST_VALUES: Final = 64
"""Of one attribute: a large MFP has some thirty supplies, trays and bins together."""

LONGEST: Final = 1023
"""Octets of a text and of an octetString; of a name it is 255 (RFC 8011 section 5.1)."""

INTEGER_OCTETS: Final = 4

_KEYWORD: Final = re.compile(rb"[A-Za-z][A-Za-z0-9._-]{0,254}")
_LONGEST_OF: Final = {"text": LONGEST, "name": 255}
_PRINTABLE: Final = frozenset(range(0x20, 0x7F))
_TEXTS: Final = {"text": Tag.TEXT, "name": Tag.NAME}


class DeviceFaces:
    """The faces of all devices; one that has said something else gets another face."""

    def __init__(
        self, capabilities_of: Callable[[Queue], Capabilities], settings: DoorSettings, operations: Sequence[int]
    ) -> None:
        self._capabilities_of, self._settings, self._operations = capabilities_of, settings, operations
        self._faces: dict[int, tuple[Device, Queue, Capabilities, Face]] = {}

    def of(self, device: Device, queue: Queue) -> Face:
        """The face of a device, whose own queue that is."""
        known, able = self._faces.get(device.id), self._capabilities_of(queue)
        if known is not None and known[0] is device and known[1] is queue and known[2] is able:
            return known[3]
        face = Face(_shown(device, queue), able, self._settings, self._operations, told_by(device))
        self._faces[device.id] = (device, queue, able, face)
        return face


def ways(site: Site, queue: Queue) -> list[Way]:
    """Where a device is reached: over TLS, for nobody proves anything else; without it only its attributes are told."""
    found = site.ways(queue.name)
    secure = [way._replace(authentication="basic") for way in found if way.security == "tls"]
    return secure or [way._replace(authentication="none") for way in found]


def told_by(device: Device) -> list[Attribute]:
    """What a device tells of itself, fit for anybody."""
    told = list(_told_on(device.report.attributes))
    if device.report.make_and_model:
        told.append(attribute(A.PRINTER_MAKE_AND_MODEL, cut(device.report.make_and_model, 127)))
    return told


def _shown(device: Device, queue: Queue) -> Queue:
    """What people call it, and its uuid at the gate, in the place of its queue's."""
    info = device.info or device.report.make_and_model or device.name
    return replace(queue, name=device.name, uuid=device.uuid, info=info, location=device.location)


def _told_on(said: Group | None) -> Iterator[Attribute]:
    for name in TOLD_ON if said is not None else ():
        found, syntax = said.get(name) if said is not None else None, syntax_of(name)
        if found is not None and syntax is not None and (values := _cleaned(found.values, syntax)):
            yield Attribute(name, values)


def _cleaned(values: Iterable[Value], syntax: Syntax) -> tuple[Value, ...]:
    """Values of that syntax, cleaned; those that are of another, or of which nothing is left, are left out."""
    most = MOST_VALUES if syntax.many else 1
    kinds = {kind.name: kind for kind in syntax.kinds}
    found: list[Value] = []
    for value in values:
        if len(found) == most:
            break
        if (clean := _clean(value, kinds)) is not None:
            found.append(clean)
    return tuple(found)


def _clean(value: Value, kinds: Mapping[str, Kind]) -> Value | None:
    if value.tag == Tag.INTEGER and (bound := kinds.get("integer")) is not None:
        number = value.python if len(value.raw) == INTEGER_OCTETS else None
        return value if isinstance(number, int) and bound.low <= number <= bound.high else None
    if value.tag == Tag.OCTET_STRING and "octetString" in kinds:
        sound = isinstance(value.raw, bytes) and 0 < len(value.raw) <= LONGEST and _PRINTABLE.issuperset(value.raw)
        return value if sound else None
    if value.tag == Tag.KEYWORD and "keyword" in kinds:
        return value if isinstance(value.raw, bytes) and _KEYWORD.fullmatch(value.raw) else None
    kind = next((kind for kind in _TEXTS if kind in kinds), None)
    if kind is None:
        return None
    octets = cut(plain(value.text or "", LONGEST), min(kinds[kind].high, _LONGEST_OF[kind])).encode()
    return Value(_TEXTS[kind], octets) if octets else None
