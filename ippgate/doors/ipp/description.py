"""What a queue tells of itself that changes only with its definition: names, formats, operations (PWG 5100.14)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from ippgate import __version__
from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import CHARSET, LANGUAGE, US_ASCII
from ippgate.doors.ipp.uri import MAX_PRINTER_ID
from ippgate.doors.ipp.which_jobs import which_jobs
from ippgate.doors.settings import DoorSettings
from ippgate.intake.changes import MAX_NAME, settable
from ippgate.intake.printer_changes import contact
from ippgate.intake.printer_changes import settable as printer_settable
from ippgate.intake.ticket import ESTIMATES
from ippgate.ipp import UNKNOWN, Attribute, Operation, Range, Tag, Value
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Capabilities
from ippgate.model.capabilities.printer_type import printer_type
from ippgate.model.job_password import MAX_OCTETS, MIN_LENGTH, Repertoire
from ippgate.model.queue import MAKE_AND_MODEL, Queue, QueueMode
from ippgate.model.release_action import RELEASE_ACTIONS
from ippgate.model.storage import NOT_STORED, Disposition
from ippgate.model.subscription import Subscribed
from ippgate.model.text import cut
from ippgate.notice.settings import NoticeSettings
from ippgate.notice.wish import DEFAULT_EVENTS, MAX_EVENTS, PULL_METHOD, leases

SERVICE: Final = "print"
IDENTIFY_ACTIONS: Final = ("display",)  # it is shown in the gate's log

MOPRIA: Final = "1.3"
"""The version of Mopria's set of attributes: its clients, and those of Windows, pass over printers that do not say."""

DOCUMENT_FORMAT_PREFERRED: Final = "document-format-preferred"
"""Nobody registered it; AirPrint and Windows read it."""

_ASKED_AT_CREATION: Final = (
    A.COMPRESSION,
    A.DOCUMENT_FORMAT,
    A.DOCUMENT_NAME,
    A.IPP_ATTRIBUTE_FIDELITY,
    A.JOB_MANDATORY_ATTRIBUTES,
    A.JOB_NAME,
    A.JOB_PASSWORD,
    A.JOB_PASSWORD_ENCRYPTION,
    A.JOB_RELEASE_ACTION,
    A.REQUESTING_USER_NAME,
    *ESTIMATES,
)
_COMMANDS: Final = {
    "application/pdf": "PDF",
    "application/postscript": "PS",
    "application/vnd.hp-PCL": "PCL",
    "application/vnd.hp-PCLXL": "PCLXL",
    "image/jpeg": "JPEG",
    "image/pwg-raster": "PWGRaster",
    "image/urf": "URF",
    "text/plain": "TXT",
}
_INPUT_TRAY: Final = b"type=other;mediafeed=0;mediaxfeed=0;maxcapacity=-2;level=-2;status=0;name=auto;"
_OUTPUT_TRAY: Final = b"type=unRemovableBin;maxcapacity=-2;remaining=-2;status=0;name=auto;stackingorder=firstToLast;"


def shown(queue: Queue) -> str:
    """printer-info: what people see."""
    return cut(queue.info or queue.name, 127)


def printer_id(queue: Queue) -> int | None:
    """printer-id (PWG 5100.22); None: its number is larger than one can be."""
    return queue.id if queue.id <= MAX_PRINTER_ID else None


def max_k_octets(settings: DoorSettings) -> int:
    """The upper end of job-k-octets-supported."""
    return min(settings.max_document // 1024, quick.MAX_INTEGER)


def described(
    queue: Queue, capabilities: Capabilities, settings: DoorSettings, operations: Sequence[int]
) -> list[Attribute]:
    """The printer description of a queue."""
    return [
        *_identity(queue, capabilities),
        *_protocol(capabilities, operations),
        *_documents(capabilities, settings),
        *_jobs(queue, capabilities, settings),
        *_subscriptions(settings.notices),
    ]


def _identity(queue: Queue, capabilities: Capabilities) -> Iterator[Attribute]:
    seen, number = shown(queue), printer_id(queue)
    changed = queue.changed_at or datetime.now(UTC)
    commands = ",".join(_COMMANDS[each] for each in capabilities.formats if each in _COMMANDS)
    yield attribute(A.PRINTER_NAME, queue.name)
    yield attribute(A.PRINTER_INFO, seen)
    yield attribute(A.PRINTER_LOCATION, cut(queue.location, 127))
    yield attribute(A.PRINTER_DNS_SD_NAME, queue.dns_sd_name or cut(seen, 63))
    yield attribute(A.PRINTER_UUID, f"urn:uuid:{queue.uuid}")
    if number is not None:
        yield attribute(A.PRINTER_ID, number)
    yield attribute(A.PRINTER_SERVICE_TYPE, SERVICE)
    yield attribute(A.PRINTER_MAKE_AND_MODEL, MAKE_AND_MODEL)
    yield attribute(A.MOPRIA_CERTIFIED, MOPRIA)
    yield attribute(A.PRINTER_DEVICE_ID, f"MFG:ippgate;MDL:print gate;CMD:{commands};CLS:PRINTER;DES:{MAKE_AND_MODEL};")
    yield attribute(A.PRINTER_KIND, "document")
    yield attribute(A.PRINTER_TYPE, printer_type(capabilities))
    yield attribute(A.PRINTER_IS_SHARED, True)
    yield attribute(A.PRINTER_GEO_LOCATION, queue.geo_location or UNKNOWN)
    yield attribute(A.PRINTER_ORGANIZATION, queue.organization)
    yield attribute(A.PRINTER_ORGANIZATIONAL_UNIT, queue.organizational_unit)
    yield attribute(A.PRINTER_MESSAGE_FROM_OPERATOR, queue.message)
    yield attribute(A.PRINTER_CONTACT_COL, dict(contact(queue)) or UNKNOWN)
    yield attribute(A.PRINTER_FIRMWARE_NAME, "ippgate")
    yield attribute(A.PRINTER_FIRMWARE_PATCHES, "")
    yield attribute(A.PRINTER_FIRMWARE_STRING_VERSION, __version__)
    yield attribute(A.PRINTER_FIRMWARE_VERSION, __version__.encode())
    yield attribute(A.PRINTER_INPUT_TRAY, _INPUT_TRAY)
    yield attribute(A.PRINTER_OUTPUT_TRAY, _OUTPUT_TRAY)
    for time, date_time in (
        (A.PRINTER_CONFIG_CHANGE_TIME, A.PRINTER_CONFIG_CHANGE_DATE_TIME),
        (A.PRINTER_STATE_CHANGE_TIME, A.PRINTER_STATE_CHANGE_DATE_TIME),
    ):
        yield quick.integer(time, quick.ticks(changed))
        yield quick.moment(date_time, changed)


def _protocol(capabilities: Capabilities, operations: Sequence[int]) -> Iterator[Attribute]:
    may_set = Operation.SET_PRINTER_ATTRIBUTES in operations
    yield attribute(A.CHARSET_CONFIGURED, CHARSET)
    yield attribute(A.CHARSET_SUPPORTED, CHARSET, US_ASCII)
    yield attribute(A.NATURAL_LANGUAGE_CONFIGURED, LANGUAGE)
    yield attribute(A.GENERATED_NATURAL_LANGUAGE_SUPPORTED, LANGUAGE)
    yield attribute(A.OPERATIONS_SUPPORTED, *operations)
    yield attribute(A.PRINTER_GET_ATTRIBUTES_SUPPORTED, A.DOCUMENT_FORMAT)
    to_be_set = printer_settable(capabilities) if may_set else ["none"]
    yield attribute(A.PRINTER_SETTABLE_ATTRIBUTES_SUPPORTED, *to_be_set)
    yield attribute(A.IDENTIFY_ACTIONS_DEFAULT, *IDENTIFY_ACTIONS)
    yield attribute(A.IDENTIFY_ACTIONS_SUPPORTED, *IDENTIFY_ACTIONS)
    yield attribute(A.PREFERRED_ATTRIBUTES_SUPPORTED, False)


def features(queue: Queue, *, stores: bool) -> list[str]:
    """What the queue does of ipp-features-supported; `claims` adds what follows from all it tells. job-release wants
    every job spooled (PWG 5100.11), which a passthrough queue does only to those that are held.
    """
    holds = ["job-release"] if queue.mode is QueueMode.RELEASE_PRINTING else []
    return ["document-object", *holds, *(["job-storage"] if stores else [])]


def _documents(capabilities: Capabilities, settings: DoorSettings) -> Iterator[Attribute]:
    yield attribute(A.DOCUMENT_FORMAT_DEFAULT, capabilities.default_format)
    yield attribute(A.DOCUMENT_FORMAT_SUPPORTED, *capabilities.formats)
    yield attribute(DOCUMENT_FORMAT_PREFERRED, capabilities.preferred_format, tag=Tag.MIME)
    yield attribute(A.COMPRESSION_SUPPORTED, *capabilities.compressions)
    yield attribute(A.PDL_OVERRIDE_SUPPORTED, "attempted")
    yield attribute(A.DOCUMENT_PASSWORD_SUPPORTED, 0)
    yield attribute(A.DOCUMENT_CREATION_ATTRIBUTES_SUPPORTED, A.COMPRESSION, A.DOCUMENT_FORMAT, A.DOCUMENT_NAME)
    hidden = A.DOCUMENT_NAME if settings.privacy.hides(A.DOCUMENT_NAME) else "none"
    yield attribute(A.DOCUMENT_PRIVACY_ATTRIBUTES, hidden)
    yield attribute(A.DOCUMENT_PRIVACY_SCOPE, settings.privacy.scope.value)
    yield attribute(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, settings.several_documents)


def _jobs(queue: Queue, capabilities: Capabilities, settings: DoorSettings) -> Iterator[Attribute]:
    holds = queue.mode is QueueMode.RELEASE_PRINTING
    anything = Range(0, quick.MAX_INTEGER)
    yield attribute(A.PRINTER_MODE_CONFIGURED, queue.mode.value)
    yield attribute(A.PRINTER_MODE_SUPPORTED, *(mode.value for mode in QueueMode))
    yield attribute(A.JOB_SPOOLING_SUPPORTED, "spool" if holds else "automatic")
    asked = (*_ASKED_AT_CREATION, A.JOB_STORAGE) if settings.stores else _ASKED_AT_CREATION
    yield attribute(A.JOB_CREATION_ATTRIBUTES_SUPPORTED, *asked, *capabilities.template_names())
    yield attribute(A.JOB_SETTABLE_ATTRIBUTES_SUPPORTED, *settable(capabilities))
    yield attribute(A.JOB_IDS_SUPPORTED, True)
    yield attribute(A.JOB_MANDATORY_ATTRIBUTES_SUPPORTED, True)
    yield attribute(A.JOB_K_OCTETS_SUPPORTED, Range(0, max_k_octets(settings)))
    yield attribute(A.JOB_IMPRESSIONS_SUPPORTED, anything)
    yield attribute(A.JOB_MEDIA_SHEETS_SUPPORTED, anything)
    yield from _release(queue, settings)
    yield attribute(A.JOB_PRIVACY_ATTRIBUTES, *settings.privacy.attributes)
    yield attribute(A.JOB_PRIVACY_SCOPE, settings.privacy.scope.value)
    yield attribute(A.MULTIPLE_OPERATION_TIME_OUT, settings.multiple_operation_time_out)
    yield attribute(A.MULTIPLE_OPERATION_TIME_OUT_ACTION, "abort-job")
    yield attribute(A.WHICH_JOBS_SUPPORTED, *which_jobs(settings.storage_access))
    yield from _storage(settings)


def _release(queue: Queue, settings: DoorSettings) -> Iterator[Attribute]:
    """How jobs are released (PWG 5100.11-2024)."""
    yield attribute(A.JOB_RELEASE_ACTION_DEFAULT, queue.options.release_action)
    yield attribute(A.JOB_RELEASE_ACTION_SUPPORTED, *RELEASE_ACTIONS)
    yield attribute(A.JOB_PASSWORD_SUPPORTED, MAX_OCTETS)
    yield attribute(A.JOB_PASSWORD_LENGTH_SUPPORTED, Range(MIN_LENGTH, MAX_OCTETS))
    yield attribute(A.JOB_PASSWORD_REPERTOIRE_CONFIGURED, queue.options.password_repertoire)
    yield attribute(A.JOB_PASSWORD_REPERTOIRE_SUPPORTED, *Repertoire)
    yield attribute(A.PRINTER_SERVICE_CONTACT_COL, _contact(queue, settings))
    yield attribute(A.PRINTER_STORAGE, UNKNOWN)  # how much room its database has, a gate does not know
    yield attribute(A.PRINTER_STORAGE_DESCRIPTION, "the gate's database, where documents lie encrypted")


def _storage(settings: DoorSettings) -> Iterator[Attribute]:
    """How jobs are stored (PWG 5100.11-2024). Which groups there are is told to nobody: people know their own."""
    accesses = settings.storage_access
    if not accesses:
        return
    members = [A.JOB_STORAGE_ACCESS, A.JOB_STORAGE_DISPOSITION]
    yield attribute(A.JOB_STORAGE_SUPPORTED, *members, *([A.JOB_STORAGE_GROUP] if settings.storage_groups else []))
    yield attribute(A.JOB_STORAGE_ACCESS_SUPPORTED, *accesses)
    yield attribute(A.JOB_STORAGE_DISPOSITION_SUPPORTED, NOT_STORED, *Disposition)


def _contact(queue: Queue, settings: DoorSettings) -> Value:
    """Who helps people that print: the queue's own contact, else the gate's; unknown: nobody is named."""
    if own := dict(contact(queue)):
        return collection(own, A.PRINTER_SERVICE_CONTACT_COL)
    if not settings.contact_uri:
        return UNKNOWN
    name = cut(settings.contact_name, MAX_NAME)
    return collection({A.CONTACT_NAME: name, A.CONTACT_URI: settings.contact_uri}, A.PRINTER_SERVICE_CONTACT_COL)


def _subscriptions(settings: NoticeSettings) -> Iterator[Attribute]:
    """What can be asked of subscriptions (RFC 3995 section 5.3, RFC 3996 section 8)."""
    yield attribute(A.NOTIFY_PULL_METHOD_SUPPORTED, PULL_METHOD)
    yield attribute(A.NOTIFY_EVENTS_DEFAULT, *DEFAULT_EVENTS)
    yield attribute(A.NOTIFY_EVENTS_SUPPORTED, *Subscribed)
    yield attribute(A.NOTIFY_MAX_EVENTS_SUPPORTED, MAX_EVENTS)
    yield attribute(A.NOTIFY_LEASE_DURATION_DEFAULT, settings.lease)
    yield attribute(A.NOTIFY_LEASE_DURATION_SUPPORTED, *leases(settings))
    yield attribute(A.IPPGET_EVENT_LIFE, settings.event_life)
