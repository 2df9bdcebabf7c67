"""What a device's answers mean. Every one is a stranger's (SECURITY S9): strings are made plain, counts are bounded,
and what makes no sense is `NonsenseError`, never an exception of another kind. Pure.
"""

from ippgate.ipp import BadValueError, Group, JobState, Message, PrinterState, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import DeviceReport
from ippgate.model.parcel import Busy, DeliveryError, OutcomeUnknown, Parcel, Refused, Sighting
from ippgate.model.text import plain
from ippgate.transport.ipp_request import FIND_LIMIT, job_name
from ippgate.transport.ipp_ticket import texts
from ippgate.transport.printer_model import make_and_model

MESSAGE_LIMIT = 200
REASON_LIMIT = 80
MAX_REASONS = 32
MAX_FORMATS = 200

LATER = frozenset(
    {
        Status.SERVER_ERROR_SERVICE_UNAVAILABLE,
        Status.SERVER_ERROR_TEMPORARY_ERROR,
        Status.SERVER_ERROR_NOT_ACCEPTING_JOBS,
        Status.SERVER_ERROR_BUSY,
        Status.SERVER_ERROR_PRINTER_IS_DEACTIVATED,
        Status.SERVER_ERROR_TOO_MANY_JOBS,
        Status.SERVER_ERROR_TOO_MANY_DOCUMENTS,
    }
)
"""The device took nothing, and may take it later."""

UNCLEAR = frozenset({Status.SERVER_ERROR_INTERNAL_ERROR, Status.SERVER_ERROR_DEVICE_ERROR})
"""Something broke in the device; of a document on its way nobody knows what became (RFC 8011 appendix B.1.5)."""

GONE = frozenset({Status.CLIENT_ERROR_NOT_FOUND, Status.CLIENT_ERROR_GONE})

TOKEN_DIGITS_NEEDED = 8
"""A device that cuts job names must leave at least this many digits of the token for the job to be recognised."""


class NonsenseError(Exception):
    """The device answered, and the answer cannot be right. The text is the end of a sentence."""


def succeeded(answer: Message) -> bool:
    """Whether the status is one of successful-ok (RFC 8011 appendix B.1.2)."""
    return 0 <= answer.code <= 0xFF


def complaint(answer: Message) -> str:
    """Return status keyword and the device's own words, fit to show."""
    try:
        status = Status(answer.code).keyword
    except ValueError:
        status = f"status 0x{answer.code & 0xFFFF:04X}"
    message = _text(answer.operation, A.STATUS_MESSAGE)
    return f"{status} ({message})" if message else status


def refusal(answer: Message, *, sent: bool) -> DeliveryError:
    """Return what a status other than successful-ok means; `sent`: part of the document was already on its way."""
    sentence = f"the device answered {complaint(answer)}"
    if answer.code in LATER:
        return Busy(sentence)
    if answer.code in UNCLEAR or answer.code > Status.SERVER_ERROR_TOO_MANY_DOCUMENTS:
        return OutcomeUnknown(sentence) if sent else Busy(sentence)
    return Refused(sentence)


def job_id_of(answer: Message) -> int:
    """Return the id of the job that the device made; raises NonsenseError when it named none."""
    group = answer.group(Tag.JOB)
    job_id = _number(group, A.JOB_ID) if group else None
    if not job_id:
        raise NonsenseError("took a job and gave it no job-id")
    return job_id


def sighting_of(answer: Message, job_id: int) -> Sighting:
    """Return the job as the device reports it; raises NonsenseError when it speaks of another job or of no state."""
    group = answer.group(Tag.JOB)
    if group is None:
        raise NonsenseError(f"said nothing about job {job_id}")
    told = _number(group, A.JOB_ID)
    if told is not None and told != job_id:
        raise NonsenseError(f"was asked about job {job_id} and answered about job {told}")
    try:
        state = JobState(_number(group, A.JOB_STATE) or 0)
    except ValueError:
        raise NonsenseError(f"gave job {job_id} no state that exists") from None
    return Sighting(
        job_id,
        state,
        _reasons(group, A.JOB_STATE_REASONS),
        _text(group, A.JOB_STATE_MESSAGE),
        _number(group, A.JOB_IMPRESSIONS_COMPLETED),
        _number(group, A.JOB_MEDIA_SHEETS_COMPLETED),
        _number(group, A.NUMBER_OF_DOCUMENTS),
    )


def find_in(answer: Message, parcel: Parcel) -> int | None:
    """Return the id of the listed job that carries the parcel's token; None when none does.

    Raises NonsenseError when the list cannot tell: it is cut at the limit, or jobs in it have no name.
    """
    groups = list(answer.groups_of(Tag.JOB))
    nameless = False
    for group in groups:
        name, job_id = _text(group, A.JOB_NAME, 1023), _number(group, A.JOB_ID)
        if name and job_id and _is_ours(name, parcel):
            return job_id
        nameless = nameless or not name
    if nameless:
        raise NonsenseError("hides the names of its jobs")
    if len(groups) >= FIND_LIMIT:
        raise NonsenseError(f"has more than {FIND_LIMIT} jobs")
    return None


def _is_ours(name: str, parcel: Parcel) -> bool:
    """The token is in it, or it is our name cut short inside the token."""
    if parcel.token in name:
        return True
    given = job_name(parcel)
    needed = len(given) - len(parcel.token) + len(parcel.token_start) + TOKEN_DIGITS_NEEDED
    return len(name) >= needed and given.startswith(name)


def report_of(answer: Message) -> DeviceReport:
    """Return what a device says about itself; raises NonsenseError when it names no state that exists."""
    group = answer.group(Tag.PRINTER)
    if group is None:
        raise NonsenseError("said nothing about itself")
    try:
        state = PrinterState(_number(group, A.PRINTER_STATE) or 0)
    except ValueError:
        raise NonsenseError("named no printer-state that exists") from None
    accepting = group.boolean(A.PRINTER_IS_ACCEPTING_JOBS)
    formats = (plain(text, REASON_LIMIT) for text in texts(group.get(A.DOCUMENT_FORMAT_SUPPORTED))[:MAX_FORMATS])
    return DeviceReport(
        state,
        _reasons(group, A.PRINTER_STATE_REASONS),
        _text(group, A.PRINTER_STATE_MESSAGE),
        accepting is not False,
        make_and_model(group),
        tuple(formats),
        attributes=group,
    )


def _text(group: Group, name: str, limit: int = MESSAGE_LIMIT) -> str:
    found = texts(group.get(name))
    return plain(found[0], limit) if found else ""


def _reasons(group: Group, name: str) -> tuple[str, ...]:
    """`none` is how IPP spells an empty set of keywords."""
    found = (plain(text, REASON_LIMIT) for text in texts(group.get(name))[:MAX_REASONS])
    return tuple(reason for reason in found if reason and reason != "none")


def _number(group: Group, name: str) -> int | None:
    """Return a number that is not negative: a device's -1 or -2 says that it does not know."""
    try:
        number = group.integer(name)
    except BadValueError:
        return None
    return number if number is not None and number >= 0 else None
