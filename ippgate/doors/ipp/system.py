"""The gate as a whole, at /ipp/system: Get-System-Attributes and Get-Printers (PWG 5100.22)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from ippgate import __version__
from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import CHARSET, LANGUAGE, US_ASCII, Answer
from ippgate.doors.ipp.description import SERVICE, printer_id, shown
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.face import Now, reasons, state, xri
from ippgate.doors.ipp.printer import now_of, printer_group
from ippgate.doors.ipp.requested import requested, system_names
from ippgate.doors.ipp.uri import check_system, is_printer_id
from ippgate.ipp import NO_VALUE, UNKNOWN, Attribute, Group, IppError, Operation, PrinterState, Status, Tag
from ippgate.ipp.builder import Members, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.validate import system_target
from ippgate.model.queue import MAKE_AND_MODEL, Queue

OPERATIONS: Final = (Operation.GET_PRINTERS, Operation.GET_SYSTEM_ATTRIBUTES)
"""What is asked of the system, and of no printer."""

VERSIONS: Final = ("1.1", "2.0")
"""Of the system service: it has no notifications."""

MAX_LISTED: Final = 1000
"""Queues in one answer, whatever limit the client sends: each has some fifteen thousand octets to tell."""


async def get_system_attributes(exchange: Exchange) -> Answer:
    """Everybody may ask."""
    check_system(system_target(exchange.operation))
    asked = requested(exchange.operation)
    told = await _system(exchange)
    names = system_names(asked, [each.name for each in told])
    return Answer(groups=[Group(Tag.SYSTEM, [each for each in told if each.name in names])])


async def get_printers(exchange: Exchange) -> Answer:
    """The queues, in the order in which they were made; `requested-attributes` as for Get-Printer-Attributes."""
    check_system(system_target(exchange.operation))
    asked = requested(exchange.operation)
    chosen = await _chosen(exchange)
    return Answer(encoded=b"".join([await printer_group(exchange, queue, asked) for queue in chosen]))


# ── which printers ──


class _Seen(NamedTuple):
    queue: Queue
    now: Now


_WHICH: Final[dict[str, Callable[[_Seen], bool]]] = {
    "all": lambda _: True,
    "accepting": lambda seen: seen.queue.accepting,
    "not-accepting": lambda seen: not seen.queue.accepting,
    "idle": lambda seen: state(seen.now) is PrinterState.IDLE,
    "processing": lambda seen: state(seen.now) is PrinterState.PROCESSING,
    "stopped": lambda seen: state(seen.now) is PrinterState.STOPPED,
    "shutdown": lambda _: False,  # no queue ever is
    "testing": lambda _: False,
}


async def _chosen(exchange: Exchange) -> Sequence[Queue]:
    operation = exchange.operation
    first, limit = _count(exchange, A.FIRST_INDEX), _count(exchange, A.LIMIT)
    wanted = operation.text(A.WHICH_PRINTERS) or "all"
    if wanted not in _WHICH:
        offending = operation.get(A.WHICH_PRINTERS)
        sentence = f"which-printers {wanted} is not known here: use {', '.join(_WHICH)}"
        status = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
        raise IppError(status, sentence, [offending] if offending else None)
    queues = await _named(exchange, await exchange.services.fleet.queues())
    queues = [queue for queue in queues if _suits(exchange, queue)]
    if wanted != "all":
        queues = [queue for queue in queues if _WHICH[wanted](_Seen(queue, await now_of(exchange, queue)))]
    start = (first or 1) - 1
    return queues[start : start + min(limit or MAX_LISTED, MAX_LISTED)]


async def _named(exchange: Exchange, queues: Sequence[Queue]) -> Sequence[Queue]:
    """Those of printer-ids, if it is there: each of them, or the answer is that there is none."""
    asked = exchange.operation.get(A.PRINTER_IDS)
    if asked is None:
        return queues
    wanted = list(dict.fromkeys(asked.integers()))
    if not wanted or not all(map(is_printer_id, wanted)):
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, "printer-ids takes numbers from 1 to 65535")
    known = {queue.id for queue in queues}
    if missing := [number for number in wanted if number not in known]:
        sentence = f"there is no printer {', '.join(map(str, missing[:10]))} here"
        raise IppError(Status.CLIENT_ERROR_NOT_FOUND, sentence, [attribute(A.PRINTER_IDS, *missing)])
    return [queue for queue in queues if queue.id in wanted]


def _suits(exchange: Exchange, queue: Queue) -> bool:
    """The filters that look at what a queue is."""
    operation = exchange.operation
    document_format, location = operation.text(A.DOCUMENT_FORMAT), operation.text(A.PRINTER_LOCATION)
    services = operation.texts(A.PRINTER_SERVICE_TYPE)
    return (
        (not services or SERVICE in services)
        and (document_format is None or exchange.capabilities(queue).format_of(document_format) is not None)
        and (location is None or queue.location.casefold() == location.casefold())
    )


def _count(exchange: Exchange, name: str) -> int | None:
    number = exchange.operation.integer(name)
    if number is not None and number < 1:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, f"{name} {number} is not greater than 0")
    return number


# ── what the system tells ──


async def _system(exchange: Exchange) -> list[Attribute]:
    fleet, at = exchange.services.fleet, exchange.room.clock()
    queues = await fleet.queues()
    seen = [_Seen(queue, await now_of(exchange, queue)) for queue in queues[:MAX_LISTED]]
    configured = [attribute(A.SYSTEM_CONFIGURED_PRINTERS, _configured(each)).first for each in seen]
    return [
        *_identity(),
        *_protocol(exchange),
        *_condition(exchange, seen),
        attribute(A.SYSTEM_UUID, f"urn:uuid:{await fleet.system_uuid()}"),
        quick.integer(A.SYSTEM_UP_TIME, quick.ticks(at)),
        quick.moment(A.SYSTEM_CURRENT_TIME, at),
        quick.integer(A.SYSTEM_DEFAULT_PRINTER_ID, printer_id(queues[0]) if queues else None),
        Attribute(A.SYSTEM_CONFIGURED_PRINTERS, tuple(configured) or (NO_VALUE,)),
    ]


def _identity() -> Iterator[Attribute]:
    yield attribute(A.SYSTEM_NAME, "ippgate")
    yield attribute(A.SYSTEM_DNS_SD_NAME, "ippgate")
    yield attribute(A.SYSTEM_INFO, MAKE_AND_MODEL)
    yield attribute(A.SYSTEM_LOCATION, "")
    yield attribute(A.SYSTEM_GEO_LOCATION, UNKNOWN)
    yield attribute(A.SYSTEM_CONTACT_COL, UNKNOWN)
    yield attribute(A.SYSTEM_MAKE_AND_MODEL, MAKE_AND_MODEL)
    yield attribute(A.SYSTEM_FIRMWARE_NAME, "ippgate")
    yield attribute(A.SYSTEM_FIRMWARE_PATCHES, "")
    yield attribute(A.SYSTEM_FIRMWARE_STRING_VERSION, __version__)
    yield attribute(A.SYSTEM_FIRMWARE_VERSION, __version__.encode())
    yield attribute(A.SYSTEM_SETTABLE_ATTRIBUTES_SUPPORTED, "none")


def _protocol(exchange: Exchange) -> Iterator[Attribute]:
    ways = exchange.site.systems()
    yield attribute(A.CHARSET_CONFIGURED, CHARSET)
    yield attribute(A.CHARSET_SUPPORTED, CHARSET, US_ASCII)
    yield attribute(A.NATURAL_LANGUAGE_CONFIGURED, LANGUAGE)
    yield attribute(A.GENERATED_NATURAL_LANGUAGE_SUPPORTED, LANGUAGE)
    yield attribute(A.IPP_VERSIONS_SUPPORTED, *VERSIONS)
    yield attribute(A.IPP_FEATURES_SUPPORTED, "system-service")
    yield attribute(A.OPERATIONS_SUPPORTED, *OPERATIONS)
    yield attribute(A.SYSTEM_XRI_SUPPORTED, *(xri(way) for way in ways))
    yield attribute(A.XRI_AUTHENTICATION_SUPPORTED, *dict.fromkeys(way.authentication for way in ways))
    yield attribute(A.XRI_SECURITY_SUPPORTED, *(way.security for way in ways))
    yield attribute(A.XRI_URI_SCHEME_SUPPORTED, *(way.uri.partition(":")[0] for way in ways))


def _condition(exchange: Exchange, seen: Sequence[_Seen]) -> Iterator[Attribute]:
    """The system works while any of its printers does, and stands when all of them stand."""
    states = {state(each.now) for each in seen}
    whole = PrinterState.IDLE if not states or PrinterState.IDLE in states else min(states)
    whole = PrinterState.PROCESSING if PrinterState.PROCESSING in states else whole
    changed = max([exchange.room.since, *(each.queue.changed_at for each in seen if each.queue.changed_at)])
    yield quick.enum(A.SYSTEM_STATE, whole)
    yield attribute(A.SYSTEM_STATE_MESSAGE, "")
    yield attribute(A.SYSTEM_STATE_REASONS, "none")
    for time, date_time in (
        (A.SYSTEM_STATE_CHANGE_TIME, A.SYSTEM_STATE_CHANGE_DATE_TIME),
        (A.SYSTEM_CONFIG_CHANGE_TIME, A.SYSTEM_CONFIG_CHANGE_DATE_TIME),
    ):
        yield quick.integer(time, quick.ticks(changed))
        yield quick.moment(date_time, changed)


def _configured(seen: _Seen) -> Members:
    queue, number = seen.queue, printer_id(seen.queue)
    return {
        **({A.PRINTER_ID: number} if number is not None else {}),
        A.PRINTER_INFO: shown(queue),
        A.PRINTER_IS_ACCEPTING_JOBS: queue.accepting,
        A.PRINTER_NAME: queue.name,
        A.PRINTER_SERVICE_TYPE: SERVICE,
        A.PRINTER_STATE: state(seen.now),
        A.PRINTER_STATE_REASONS: list(reasons(seen.now)),
        A.PRINTER_XRI_SUPPORTED: xri(seen.now.ways[0]),
    }
