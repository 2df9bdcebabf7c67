"""What a transport carries to a device, what it sees there, and what can go wrong on the way.

The distinction that matters is whether the device may have begun to print: everything before `sending` can be tried
again, everything after it can only be looked up or called unknown (never sent twice on a guess).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState

MarkSending = Callable[[int | None], Awaitable[None]]
"""Called by a transport once, when it is about to send the first byte of the document; the argument is the device's
job-id where the device has given one. It returns after the mark is durable; it raises `Withdrawn` when the job
was cancelled or held in the meantime: the transport then sends nothing, and clears the device's empty job."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One of several documents of a parcel."""

    document_format: str
    size: int  # octets
    name: str = ""  # document-name as the client gave it: hostile text


@dataclass(frozen=True, slots=True)
class Parcel:
    """One document on its way to a device, or several that go there as one job."""

    job_id: int
    uuid: UUID  # the gate's name of the job; also found in the name given to the device
    name: str  # job-name as the client gave it: hostile text
    user: str  # job-originating-user-name: hostile text
    document_format: str  # as stored; application/octet-stream when unknown
    template: tuple[Attribute, ...] = ()  # the job template attributes asked for
    size: int | None = None  # octets of the document; None while it still arrives
    part: str = ""  # which of the job's documents it is, where each goes by itself: a word
    enclosed: tuple[Enclosure, ...] = ()  # where several go together: all of them, in order

    @property
    def token(self) -> str:
        """What the job is found by at the device: short, unique, plain ASCII. The part comes before the digits, so that
        a name which is cut does not belong to two.
        """
        return f"{self.token_start}{self.uuid.hex[:16]}"

    @property
    def token_start(self) -> str:
        """What its digits follow."""
        return f"ippgate-{self.part}-" if self.part else "ippgate-"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The device has the whole document."""

    device_job_id: int | None  # None: the device gives no account of it (raw socket)
    dropped: tuple[
        str, ...
    ] = ()  # ticket attributes that the device cannot do, wholly or in part, and was not asked for


@dataclass(frozen=True, slots=True)
class Sighting:
    """A job as its device reports it."""

    device_job_id: int
    state: JobState
    reasons: tuple[str, ...] = ()
    message: str = ""
    impressions: int | None = None  # job-impressions-completed
    sheets: int | None = None  # job-media-sheets-completed
    documents: int | None = None  # number-of-documents: how many it was sent


class DeliveryError(Exception):
    """A delivery did not end as hoped. The text is a sentence for people."""


class Unreachable(DeliveryError):
    """The device did not answer or closed, and not a byte of the document was sent: safe to try again."""


class Busy(DeliveryError):
    """The device said that it cannot take the job now, and took nothing: safe to try again."""


class Refused(DeliveryError):
    """The device will not take this job (format, attribute, rights): trying again will not help."""


class OutcomeUnknown(DeliveryError):
    """Some of the document was sent and nobody knows what became of it."""


class Withdrawn(DeliveryError):
    """The job was cancelled or held before its document was sent: there is nothing to deliver."""


class SourceBroken(DeliveryError):
    """The document itself ended early: its client cut, or its stored frames are damaged."""
