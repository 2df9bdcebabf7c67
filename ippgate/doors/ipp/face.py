"""A queue's printer attributes: what stays the same is encoded once, what does not is added to each answer.

Clients ask for the same two or three lists of names again and again, so a list's octets are kept too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.claims import EVERYWHERE, is_everywhere, versions
from ippgate.doors.ipp.description import described, features
from ippgate.doors.ipp.requested import printer_names
from ippgate.doors.ipp.supplies import supply, supply_description
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site, Way
from ippgate.ipp import Attribute, PrinterState, Tag, Value, encode_attributes
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.capabilities import Capabilities
from ippgate.model.device import Device
from ippgate.model.job_password import encryptions
from ippgate.model.queue import Queue
from ippgate.model.text import cut

MAX_PLANS: Final = 256
"""Different requested-attributes whose octets are kept for a queue: whoever asks for ever new ones fills no memory."""


@dataclass(frozen=True, slots=True)
class Now:
    """What differs from answer to answer."""

    site: Site
    queue: Queue
    devices: Sequence[Device]  # where a passthrough queue prints; none: the queue holds
    waiting: int  # queued-job-count
    at: datetime
    ways: Sequence[Way]  # the URIs that are told
    stopping: bool = False  # the queue is paused, and a job of it is still at a device
    full: bool = False  # no more octets are taken


@dataclass(frozen=True, slots=True)
class Plan:
    """How a list of names is answered."""

    octets: bytes
    changing: tuple[str, ...]


class Face:
    """One queue, as long as its definition stays as it is."""

    def __init__(
        self,
        queue: Queue,
        capabilities: Capabilities,
        settings: DoorSettings,
        operations: Sequence[int],
        own: Iterable[Attribute] = (),
    ) -> None:
        """own: what it tells of itself in place of what queues do."""
        fixed = [*capabilities.attributes(), capabilities.media.database()]
        fixed += described(queue, capabilities, settings, operations)
        fixed += own
        fixed += _claimed(queue, {each.name: each for each in fixed}, operations)
        self._fixed = {attribute.name: encode_attributes([attribute]) for attribute in fixed}
        self._known = (*self._fixed, *CHANGING)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def plan(self, asked: tuple[str, ...]) -> Plan:
        """How `asked`, the values of requested-attributes, is answered."""
        plan = self._plans.get(asked)
        if plan is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            plan = self._plans[asked] = self._new_plan(asked)
        return plan

    def _new_plan(self, asked: Iterable[str]) -> Plan:
        names = printer_names(asked, self._known)
        octets = b"".join(encoded for name, encoded in self._fixed.items() if name in names)
        return Plan(octets, tuple(name for name in CHANGING if name in names))


def _claimed(queue: Queue, told: Mapping[str, Attribute], operations: Sequence[int]) -> Iterator[Attribute]:
    """What follows from all the others."""
    spoken = attribute(A.IPP_VERSIONS_SUPPORTED, *versions(operations, (*told, *CHANGING)))
    everywhere = [EVERYWHERE] if is_everywhere({**told, spoken.name: spoken}, CHANGING) else []
    yield spoken
    yield attribute(A.IPP_FEATURES_SUPPORTED, *(features(queue, stores=A.JOB_STORAGE_SUPPORTED in told) + everywhere))


class Faces:
    """The faces of all queues. What has changed, the queue or what can be asked of it, is another object, and gets
    another face.
    """

    def __init__(
        self,
        capabilities_of: Callable[[Queue], Capabilities],
        settings: DoorSettings,
        operations: Sequence[int],
    ) -> None:
        self._capabilities_of = capabilities_of
        self._settings = settings
        self._operations = operations
        self._faces: dict[int, tuple[Queue, Capabilities, Face]] = {}

    def of(self, queue: Queue) -> Face:
        """The face of a queue."""
        known, able = self._faces.get(queue.id), self._capabilities_of(queue)
        if known is not None and known[0] is queue and known[1] is able:
            return known[2]
        face = Face(queue, able, self._settings, self._operations)
        self._faces[queue.id] = (queue, able, face)
        return face


def completed(plan: Plan, now: Now) -> bytes:
    """A printer group, delimiter included."""
    changing = encode_attributes(CHANGING[name](now) for name in plan.changing)
    return b"".join((_DELIMITER, plan.octets, changing))


def state(now: Now) -> PrinterState:
    """A paused queue is stopped once what was being printed has ended (RFC 8011 section 4.2.7)."""
    if now.queue.paused:
        return PrinterState.PROCESSING if now.stopping else PrinterState.STOPPED
    return _state_of_devices(now)


def _state_of_devices(now: Now) -> PrinterState:
    """Of several devices: the best of theirs, for one that works is enough."""
    return min((device.report.state for device in now.devices), default=PrinterState.IDLE)


def reasons(now: Now) -> Sequence[str]:
    own = []
    if now.queue.paused:
        own.append(R.MOVING_TO_PAUSED if now.stopping else R.PAUSED)
    if now.queue.holds_new:
        own.append(R.HOLD_NEW_JOBS)
    if now.full:
        own.append(R.SPOOL_AREA_FULL)
    told = dict.fromkeys([*own, *(reason for device in _telling(now) for reason in device.report.reasons)])
    return tuple(told) or ("none",)


def xri(way: Way) -> Value:
    """A URI with what it takes to use it, as a collection (PWG 5100.22)."""
    members = {A.XRI_URI: way.uri, A.XRI_AUTHENTICATION: way.authentication, A.XRI_SECURITY: way.security}
    return collection(members, A.PRINTER_XRI_SUPPORTED)


def _message(now: Now) -> str:
    told = [(device.name, device.report.message) for device in _telling(now) if device.report.message]
    if len(now.devices) < 2:
        return told[0][1] if told else ""
    return cut("; ".join(f"{name}: {message}" for name, message in told), _LONGEST_TEXT)


def _telling(now: Now) -> Sequence[Device]:
    """One device's troubles are its queue's; those of several are only when none of them works."""
    stopped = _state_of_devices(now) is PrinterState.STOPPED
    return now.devices if stopped or len(now.devices) == 1 else ()


CHANGING: Final[dict[str, Callable[[Now], Attribute]]] = {
    A.PRINTER_URI_SUPPORTED: lambda now: quick.strings(A.PRINTER_URI_SUPPORTED, Tag.URI, (way.uri for way in now.ways)),
    A.URI_SECURITY_SUPPORTED: lambda now: quick.strings(
        A.URI_SECURITY_SUPPORTED, Tag.KEYWORD, (way.security for way in now.ways)
    ),
    A.URI_AUTHENTICATION_SUPPORTED: lambda now: quick.strings(
        A.URI_AUTHENTICATION_SUPPORTED, Tag.KEYWORD, (way.authentication for way in now.ways)
    ),
    A.PRINTER_XRI_SUPPORTED: lambda now: attribute(A.PRINTER_XRI_SUPPORTED, *map(xri, now.ways)),
    A.PRINTER_MORE_INFO: lambda now: quick.string(A.PRINTER_MORE_INFO, Tag.URI, now.site.page("/")),
    A.PRINTER_SUPPLY_INFO_URI: lambda now: quick.string(A.PRINTER_SUPPLY_INFO_URI, Tag.URI, now.site.page("/")),
    A.PRINTER_SUPPLY: lambda now: supply(now.devices),
    A.PRINTER_SUPPLY_DESCRIPTION: lambda now: supply_description(now.devices),
    A.PRINTER_ICONS: lambda now: quick.string(A.PRINTER_ICONS, Tag.URI, now.site.page("/icon.png")),
    A.PRINTER_STATE: lambda now: quick.enum(A.PRINTER_STATE, state(now)),
    A.PRINTER_STATE_REASONS: lambda now: quick.strings(A.PRINTER_STATE_REASONS, Tag.KEYWORD, reasons(now)),
    A.JOB_PASSWORD_ENCRYPTION_SUPPORTED: lambda now: quick.strings(
        A.JOB_PASSWORD_ENCRYPTION_SUPPORTED, Tag.KEYWORD, encryptions(secure=now.site.secure)
    ),
    A.PRINTER_STATE_MESSAGE: lambda now: quick.string(A.PRINTER_STATE_MESSAGE, Tag.TEXT, _message(now)),
    A.PRINTER_IS_ACCEPTING_JOBS: lambda now: quick.boolean(A.PRINTER_IS_ACCEPTING_JOBS, now.queue.accepting),
    A.QUEUED_JOB_COUNT: lambda now: quick.integer(A.QUEUED_JOB_COUNT, now.waiting),
    A.PRINTER_UP_TIME: lambda now: quick.integer(A.PRINTER_UP_TIME, quick.ticks(now.at)),
    A.PRINTER_CURRENT_TIME: lambda now: quick.moment(A.PRINTER_CURRENT_TIME, now.at),
}
"""What an answer adds: where the client is, and how the queue does at this moment."""

_DELIMITER: Final = bytes([Tag.PRINTER])
_LONGEST_TEXT: Final = 1023  # octets of a text (RFC 8011 section 5.1.2)


def clock() -> datetime:
    """The time of day, as the door tells it."""
    return datetime.now(UTC)
