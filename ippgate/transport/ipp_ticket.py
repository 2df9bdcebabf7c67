"""What of a job's ticket a device is asked for: only what it says it can do, value by value. Pure.

A device that is asked for more answers in its own way: some ignore, some refuse, some print garbage. So an attribute
goes out only where the device lists `<name>-supported` and the value is in it (RFC 8011 section 5.2, PWG 5100.7, 5100.3
for collections). What stays behind is named, so that its owner can be told.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ippgate.ipp import Attribute, BadValueError, Group, Operation, Range, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.syntaxes import GROUPS
from ippgate.model.capabilities import finishing
from ippgate.model.capabilities.overrides import SELECTORS
from ippgate.model.job import OCTET_STREAM
from ippgate.model.parcel import Parcel, Refused
from ippgate.model.until import DELAYS, HOLDS, RETENTIONS

KEPT_BACK = frozenset(
    {
        *(*HOLDS, *DELAYS, *RETENTIONS, A.JOB_SAVE_DISPOSITION),
        *(A.JOB_PRIORITY, A.JOB_CANCEL_AFTER, A.JOB_COMPLETE_BEFORE, A.JOB_COMPLETE_BEFORE_TIME),
        *(A.JOB_ACCOUNT_ID, A.JOB_ACCOUNT_TYPE, A.JOB_ACCOUNTING_USER_ID, A.OUTPUT_DEVICE),
        *(A.PROOF_COPIES, A.PROOF_PRINT, A.PDL_INIT_FILE, A.DESTINATION_URIS, A.COVER_SHEET_INFO),
        *(A.CONFIRMATION_SHEET_PRINT, A.NUMBER_OF_RETRIES, A.RETRY_INTERVAL, A.RETRY_TIME_OUT),
    }
)
"""The gate's own business: when, where and whether a job prints and who pays. No device is asked to hold it again."""

_SUPPORTED = "-supported"
_JOB_TEMPLATE = "Job Template"


@dataclass(frozen=True, slots=True)
class DeviceTicket:
    """What the device is asked for, and the names of what it was not asked for, wholly or in part."""

    attributes: tuple[Attribute, ...]
    dropped: tuple[str, ...] = ()


def ticket_for(device: Group, parcel: Parcel) -> DeviceTicket:
    """Return the job template attributes to send with a parcel to a device that described itself so."""
    wanted = {item.name: item for item in parcel.template if item.name not in KEPT_BACK}
    dropped: list[str] = []
    if A.MEDIA in wanted and A.MEDIA_COL in wanted:  # never both (PWG 5100.3 section 3.13)
        del wanted[A.MEDIA]
        dropped.append(A.MEDIA)
    _say_finishings(device, wanted, dropped)
    admission = _Admission(device, dropped)
    admitted = [admission.admit(item, item.name) for item in wanted.values() if admission.knows(item.name)]
    return DeviceTicket(tuple(item for item in admitted if item), tuple(dict.fromkeys(dropped)))


def _say_finishings(device: Group, wanted: dict[str, Attribute], dropped: list[str]) -> None:
    """finishings-col, or finishings in its place, never both (PWG 5100.1 section 5.2): templates it has, or
    the same as enums where it has all of these, else what it has of the templates.
    """
    asked = wanted.get(A.FINISHINGS_COL)
    if asked is None:
        return
    if wanted.pop(A.FINISHINGS, None) is not None:
        dropped.append(A.FINISHINGS)
    having = finishing.templates_told({item.name: item.values for item in device})
    known = tuple(each for each in asked.values if set(finishing.templates_in((each,))).intersection(having))
    if len(known) == len(asked.values):
        return
    numbers = finishing.numbers(finishing.templates_in(asked.values))
    listed = device.get(A.FINISHINGS_SUPPORTED)
    possible = [number for number in numbers if listed is not None and number in listed.integers()]
    if len(possible) > len(known):
        wanted[A.FINISHINGS] = attribute(A.FINISHINGS, *possible)
    elif known:
        wanted[A.FINISHINGS_COL] = Attribute(A.FINISHINGS_COL, known)
    if len(possible) > len(known) or not known:
        del wanted[A.FINISHINGS_COL]
    if max(len(possible), len(known)) < len(asked.values):
        dropped.append(A.FINISHINGS_COL)


def format_for(device: Group, document_format: str) -> str | None:
    """Return the document-format to send; None to leave it to the device.

    Raises Refused when the device lists its formats and can neither take this one nor find out by itself.
    """
    formats = [item.lower() for item in texts(device.get(A.DOCUMENT_FORMAT_SUPPORTED))]
    if not formats:
        return None if document_format == OCTET_STREAM else document_format
    if document_format.lower() in formats:
        return document_format
    if OCTET_STREAM in formats:
        return OCTET_STREAM
    if document_format == OCTET_STREAM:
        return None
    raise Refused(f"the device does not print {document_format}: it takes {', '.join(formats[:8])}")


def fills_jobs(device: Group) -> bool:
    """Whether a device has Create-Job and Send-Document: then a job has a number before its document leaves."""
    operations = device.get(A.OPERATIONS_SUPPORTED)
    return operations is not None and {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= set(operations.integers())


def takes_several(device: Group) -> bool:
    """Whether a device takes several documents in a job."""
    supported = device.get(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED)
    return supported is not None and _meant(supported.first) is True and fills_jobs(device)


def texts(attribute: Attribute | None) -> list[str]:
    """Return what an attribute's string values say; those whose octets mean nothing are left out."""
    return [text for value in (attribute.values if attribute else ()) if isinstance(text := _meant(value), str)]


class _Admission:
    """Asks a device's -supported attributes; what it turns away goes into `dropped`, by its path."""

    def __init__(self, device: Group, dropped: list[str]) -> None:
        self._supported = {item.name.removesuffix(_SUPPORTED): item for item in device if _SUPPORTED in item.name}
        self._dropped = dropped

    def knows(self, name: str) -> bool:
        """Whether the name is a job template attribute that the device has."""
        if _JOB_TEMPLATE in GROUPS.get(name, ()) and name in self._supported:
            return True
        self._dropped.append(name)
        return False

    def admit(self, asked: Attribute, path: str) -> Attribute | None:
        """Return the attribute with the values that the device supports, None when none is left."""
        listed = self._supported[asked.name].values
        if len(listed) == 1 and listed[0].tag == Tag.BOOLEAN:
            values = asked.values if _meant(listed[0]) else ()
        else:
            admitted = (self._admit_value(value, listed, path) for value in asked.values)
            values = tuple(value for value in admitted if value is not None)
        if len(values) < len(asked.values):
            self._dropped.append(path)
        return Attribute(asked.name, values) if values else None

    def _admit_value(self, asked: Value, listed: tuple[Value, ...], path: str) -> Value | None:
        if asked.members and not any(value.members for value in listed):
            return self._admit_members(asked, {text for value in listed if (text := value.text)}, path)
        return asked if any(_contains(value, asked) for value in listed) else None

    def _admit_members(self, asked: Value, names: set[str], path: str) -> Value | None:
        """A collection's -supported lists the names of its members; each has a -supported of its own, or none."""
        kept = []
        if path == A.OVERRIDES and any(one.name in SELECTORS and one.name not in names for one in asked.members):
            return None  # without every one of its selectors it would count for other pages too
        for member in asked.members:
            inner = f"{path}/{member.name}"
            if member.name not in names:
                self._dropped.append(inner)
            elif member.name not in self._supported:
                kept.append(member)
            elif (admitted := self.admit(member, inner)) is not None:
                kept.append(admitted)
        if path == A.OVERRIDES and all(one.name in SELECTORS for one in kept):
            return None  # nothing is wished for these pages any more
        return Value(asked.tag, tuple(kept)) if kept else None


def _contains(listed: Value, asked: Value) -> bool:
    """Whether a supported value covers the one asked for: equal, in the range, or a collection that fits."""
    if listed.members or asked.members:
        return bool(asked.members) and all(_covers(listed, member) for member in asked.members)
    have, want = _meant(listed), _meant(asked)
    if isinstance(have, Range) and isinstance(want, Range):
        return have.low <= want.low <= want.high <= have.high
    if isinstance(have, Range) and isinstance(want, int):
        return not isinstance(want, bool) and have.low <= want <= have.high
    return have is not None and type(have) is type(want) and have == want


def _covers(listed: Value, asked: Attribute) -> bool:
    member = listed.member(asked.name)
    return member is not None and all(_any_contains(member.values, value) for value in asked.values)


def _any_contains(listed: Iterable[Value], asked: Value) -> bool:
    return any(_contains(value, asked) for value in listed)


def _meant(value: Value) -> object:
    """Return the Python value, of any string its text; None where there is none or the octets mean nothing."""
    try:
        return value.python if (text := value.text) is None else text
    except BadValueError:
        return None
