"""What a queue tells of itself that changes only with its definition: names, formats, operations (PWG 5100.14)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from ippgate import __version__
from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import CHARSET, LANGUAGE, US_ASCII
from ippgate.doors.ipp.privacy import PRIVATE
from ippgate.doors.ipp.which_jobs import WHICH_JOBS
from ippgate.doors.settings import DoorSettings
from ippgate.intake.changes import MAX_NAME, settable
from ippgate.intake.ticket import ESTIMATES
from ippgate.ipp import UNKNOWN, Attribute, Range, Tag, Value
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Capabilities
from ippgate.model.capabilities.printer_type import printer_type
from ippgate.model.job_password import ENCRYPTIONS, MAX_OCTETS, MIN_LENGTH, Repertoire
from ippgate.model.queue import MAKE_AND_MODEL, Queue, QueueMode
from ippgate.model.release_action import RELEASE_ACTIONS
from ippgate.model.text import cut

VERSIONS: Final = ("1.1", "2.0")
IDENTIFY_ACTIONS: Final = ("display",)  # it is shown in the gate's log

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


def max_k_octets(settings: DoorSettings) -> int:
    """The upper end of job-k-octets-supported."""
    return min(settings.max_document // 1024, quick.MAX_INTEGER)


def described(
    queue: Queue, capabilities: Capabilities, settings: DoorSettings, operations: Sequence[int]
) -> list[Attribute]:
    """The printer description of a queue."""
    return [
        *_identity(queue, capabilities),
        *_protocol(queue, operations),
        *_documents(capabilities),
        *_jobs(queue, capabilities, settings),
    ]


def _identity(queue: Queue, capabilities: Capabilities) -> Iterator[Attribute]:
    shown = cut(queue.info or queue.name, 127)
    changed = queue.changed_at or datetime.now(UTC)
    commands = ",".join(_COMMANDS[each] for each in capabilities.formats if each in _COMMANDS)
    yield attribute(A.PRINTER_NAME, queue.name)
    yield attribute(A.PRINTER_INFO, shown)
    yield attribute(A.PRINTER_LOCATION, cut(queue.location, 127))
    yield attribute(A.PRINTER_DNS_SD_NAME, queue.dns_sd_name or cut(shown, 63))
    yield attribute(A.PRINTER_UUID, f"urn:uuid:{queue.uuid}")
    yield attribute(A.PRINTER_MAKE_AND_MODEL, MAKE_AND_MODEL)
    yield attribute(A.PRINTER_DEVICE_ID, f"MFG:ippgate;MDL:print gate;CMD:{commands};CLS:PRINTER;DES:{MAKE_AND_MODEL};")
    yield attribute(A.PRINTER_KIND, "document")
    yield attribute(A.PRINTER_TYPE, printer_type(capabilities))
    yield attribute(A.PRINTER_IS_SHARED, True)
    yield attribute(A.PRINTER_GEO_LOCATION, UNKNOWN)
    yield attribute(A.PRINTER_ORGANIZATION, "")
    yield attribute(A.PRINTER_ORGANIZATIONAL_UNIT, "")
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


def _protocol(queue: Queue, operations: Sequence[int]) -> Iterator[Attribute]:
    yield attribute(A.CHARSET_CONFIGURED, CHARSET)
    yield attribute(A.CHARSET_SUPPORTED, CHARSET, US_ASCII)
    yield attribute(A.NATURAL_LANGUAGE_CONFIGURED, LANGUAGE)
    yield attribute(A.GENERATED_NATURAL_LANGUAGE_SUPPORTED, LANGUAGE)
    yield attribute(A.IPP_VERSIONS_SUPPORTED, *VERSIONS)
    yield attribute(A.IPP_FEATURES_SUPPORTED, *_features(queue))
    yield attribute(A.OPERATIONS_SUPPORTED, *operations)
    yield attribute(A.PRINTER_GET_ATTRIBUTES_SUPPORTED, A.DOCUMENT_FORMAT)
    yield attribute(A.IDENTIFY_ACTIONS_DEFAULT, *IDENTIFY_ACTIONS)
    yield attribute(A.IDENTIFY_ACTIONS_SUPPORTED, *IDENTIFY_ACTIONS)
    yield attribute(A.PREFERRED_ATTRIBUTES_SUPPORTED, False)


def _features(queue: Queue) -> Sequence[str]:
    """ipp-features-supported. job-release wants every job spooled (PWG 5100.11), which a passthrough queue does only to
    those that are held.
    """
    return ("job-release",) if queue.mode is QueueMode.RELEASE_PRINTING else ("none",)


def _documents(capabilities: Capabilities) -> Iterator[Attribute]:
    yield attribute(A.DOCUMENT_FORMAT_DEFAULT, capabilities.default_format)
    yield attribute(A.DOCUMENT_FORMAT_SUPPORTED, *capabilities.formats)
    yield attribute(DOCUMENT_FORMAT_PREFERRED, capabilities.preferred_format, tag=Tag.MIME)
    yield attribute(A.COMPRESSION_SUPPORTED, *capabilities.compressions)
    yield attribute(A.PDL_OVERRIDE_SUPPORTED, "attempted")
    yield attribute(A.DOCUMENT_PASSWORD_SUPPORTED, 0)
    yield attribute(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, False)


def _jobs(queue: Queue, capabilities: Capabilities, settings: DoorSettings) -> Iterator[Attribute]:
    holds = queue.mode is QueueMode.RELEASE_PRINTING
    anything = Range(0, quick.MAX_INTEGER)
    yield attribute(A.PRINTER_MODE_CONFIGURED, queue.mode.value)
    yield attribute(A.PRINTER_MODE_SUPPORTED, *(mode.value for mode in QueueMode))
    yield attribute(A.JOB_SPOOLING_SUPPORTED, "spool" if holds else "automatic")
    yield attribute(A.JOB_CREATION_ATTRIBUTES_SUPPORTED, *_ASKED_AT_CREATION, *capabilities.template_names())
    yield attribute(A.JOB_SETTABLE_ATTRIBUTES_SUPPORTED, *settable(capabilities))
    yield attribute(A.JOB_IDS_SUPPORTED, True)
    yield attribute(A.JOB_MANDATORY_ATTRIBUTES_SUPPORTED, True)
    yield attribute(A.JOB_K_OCTETS_SUPPORTED, Range(0, max_k_octets(settings)))
    yield attribute(A.JOB_IMPRESSIONS_SUPPORTED, anything)
    yield attribute(A.JOB_MEDIA_SHEETS_SUPPORTED, anything)
    yield from _release(queue, settings)
    yield attribute(A.JOB_PRIVACY_ATTRIBUTES, *PRIVATE)
    yield attribute(A.JOB_PRIVACY_SCOPE, "owner")
    yield attribute(A.MULTIPLE_OPERATION_TIME_OUT, settings.multiple_operation_time_out)
    yield attribute(A.MULTIPLE_OPERATION_TIME_OUT_ACTION, "abort-job")
    yield attribute(A.WHICH_JOBS_SUPPORTED, *WHICH_JOBS)


def _release(queue: Queue, settings: DoorSettings) -> Iterator[Attribute]:
    """How jobs are released (PWG 5100.11-2024)."""
    yield attribute(A.JOB_RELEASE_ACTION_DEFAULT, queue.options.release_action)
    yield attribute(A.JOB_RELEASE_ACTION_SUPPORTED, *RELEASE_ACTIONS)
    yield attribute(A.JOB_PASSWORD_SUPPORTED, MAX_OCTETS)
    yield attribute(A.JOB_PASSWORD_LENGTH_SUPPORTED, Range(MIN_LENGTH, MAX_OCTETS))
    yield attribute(A.JOB_PASSWORD_ENCRYPTION_SUPPORTED, *ENCRYPTIONS)
    yield attribute(A.JOB_PASSWORD_REPERTOIRE_CONFIGURED, queue.options.password_repertoire)
    yield attribute(A.JOB_PASSWORD_REPERTOIRE_SUPPORTED, *Repertoire)
    yield attribute(A.PRINTER_SERVICE_CONTACT_COL, _contact(settings))
    yield attribute(A.PRINTER_STORAGE, UNKNOWN)  # how much room its database has, a gate does not know
    yield attribute(A.PRINTER_STORAGE_DESCRIPTION, "the gate's database, where documents lie encrypted")


def _contact(settings: DoorSettings) -> Value:
    """Who helps people that print; unknown: nobody is named."""
    if not settings.contact_uri:
        return UNKNOWN
    name = cut(settings.contact_name, MAX_NAME)
    return collection({A.CONTACT_NAME: name, A.CONTACT_URI: settings.contact_uri}, A.PRINTER_SERVICE_CONTACT_COL)
