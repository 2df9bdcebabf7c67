"""A queue's printer attributes: what stays the same is encoded once, what does not is added to each answer.

Clients ask for the same two or three lists of names again and again, so a list's octets are kept too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.description import described
from ippgate.doors.ipp.requested import printer_names
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site
from ippgate.ipp import Attribute, PrinterState, Tag, encode_attributes
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Capabilities
from ippgate.model.device import Device
from ippgate.model.queue import Queue

MAX_PLANS: Final = 256
"""Different requested-attributes whose octets are kept for a queue: whoever asks for ever new ones fills no memory."""


@dataclass(frozen=True, slots=True)
class Now:
    """What differs from answer to answer."""

    site: Site
    queue: Queue
    device: Device | None  # where a passthrough queue prints
    waiting: int  # queued-job-count
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """How a list of names is answered."""

    octets: bytes
    changing: tuple[str, ...]


class Face:
    """One queue, as long as its definition stays as it is."""

    def __init__(
        self, queue: Queue, capabilities: Capabilities, settings: DoorSettings, operations: Sequence[int]
    ) -> None:
        fixed = [*capabilities.attributes(), capabilities.media.database()]
        fixed += described(queue, capabilities, settings, operations)
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


class Faces:
    """The faces of all queues. A queue that was changed is another object, and gets another face."""

    def __init__(
        self,
        capabilities_of: Callable[[Queue], Capabilities],
        settings: DoorSettings,
        operations: Sequence[int],
    ) -> None:
        self._capabilities_of = capabilities_of
        self._settings = settings
        self._operations = operations
        self._faces: dict[int, tuple[Queue, Face]] = {}

    def of(self, queue: Queue) -> Face:
        """The face of a queue."""
        known = self._faces.get(queue.id)
        if known is not None and known[0] is queue:
            return known[1]
        face = Face(queue, self._capabilities_of(queue), self._settings, self._operations)
        self._faces[queue.id] = (queue, face)
        return face


def completed(plan: Plan, now: Now) -> bytes:
    """A printer group, delimiter included."""
    changing = encode_attributes(CHANGING[name](now) for name in plan.changing)
    return b"".join((_DELIMITER, plan.octets, changing))


def _state(now: Now) -> PrinterState:
    return now.device.report.state if now.device else PrinterState.IDLE


def _reasons(now: Now) -> Sequence[str]:
    return (now.device.report.reasons if now.device else ()) or ("none",)


def _message(now: Now) -> str:
    return now.device.report.message if now.device else ""


CHANGING: Final[dict[str, Callable[[Now], Attribute]]] = {
    A.PRINTER_URI_SUPPORTED: lambda now: quick.string(
        A.PRINTER_URI_SUPPORTED, Tag.URI, now.site.printer(now.queue.name)
    ),
    A.PRINTER_MORE_INFO: lambda now: quick.string(A.PRINTER_MORE_INFO, Tag.URI, now.site.page("/")),
    A.PRINTER_SUPPLY_INFO_URI: lambda now: quick.string(A.PRINTER_SUPPLY_INFO_URI, Tag.URI, now.site.page("/")),
    A.PRINTER_ICONS: lambda now: quick.string(A.PRINTER_ICONS, Tag.URI, now.site.page("/icon.png")),
    A.PRINTER_STATE: lambda now: quick.enum(A.PRINTER_STATE, _state(now)),
    A.PRINTER_STATE_REASONS: lambda now: quick.strings(A.PRINTER_STATE_REASONS, Tag.KEYWORD, _reasons(now)),
    A.PRINTER_STATE_MESSAGE: lambda now: quick.string(A.PRINTER_STATE_MESSAGE, Tag.TEXT, _message(now)),
    A.PRINTER_IS_ACCEPTING_JOBS: lambda now: quick.boolean(A.PRINTER_IS_ACCEPTING_JOBS, now.queue.accepting),
    A.QUEUED_JOB_COUNT: lambda now: quick.integer(A.QUEUED_JOB_COUNT, now.waiting),
    A.PRINTER_UP_TIME: lambda now: quick.integer(A.PRINTER_UP_TIME, quick.ticks(now.at)),
    A.PRINTER_CURRENT_TIME: lambda now: quick.moment(A.PRINTER_CURRENT_TIME, now.at),
}
"""What an answer adds: where the client is, and how the queue does at this moment."""

_DELIMITER: Final = bytes([Tag.PRINTER])


def clock() -> datetime:
    """The time of day, as the door tells it."""
    return datetime.now(UTC)
