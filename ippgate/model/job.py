"""A job, its document and its ticket, as every room of the gate sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState

OCTET_STREAM = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `operator` is true only for the command line; `name` is requesting-user-name until it is proven."""

    name: str
    host: str = ""
    operator: bool = False

    def owns(self, owner: str) -> bool:
        return self.operator or self.name == owner


@dataclass(frozen=True, slots=True)
class NewJob:
    """A creation request that has passed every check."""

    queue_id: int
    owner: str
    name: str
    host: str  # job-originating-host-name: the client's address
    template: tuple[Attribute, ...] = ()  # job template attributes, as sent and accepted
    priority: int = 50  # job-priority 1..100
    hold_until: str | None = None  # job-hold-until keyword; None: no-hold


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that is about to arrive."""

    document_format: str = OCTET_STREAM
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document."""

    number: int
    oid: int | None  # None: its bytes are gone
    document_format: str
    name: str
    size: int | None  # octets as received, uncompressed; None while it arrives
    sha256: bytes | None  # of those octets


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the store knows it."""

    id: int
    uuid: UUID
    queue_id: int
    queue: str  # its name
    owner: str
    name: str
    state: JobState
    reasons: tuple[str, ...]
    created_at: datetime
    host: str = ""
    message: str = ""
    priority: int = 50
    hold_until: str | None = None
    device_id: int | None = None
    device: str | None = None  # its name
    device_uuid: UUID | None = None
    template: tuple[Attribute, ...] = ()
    incoming: bool = False  # still open for documents
    documents: tuple[Document, ...] = field(default=())
    processing_at: datetime | None = None
    completed_at: datetime | None = None
    impressions: int | None = None  # job-impressions-completed as the device counted
    sheets: int | None = None  # job-media-sheets-completed as the device counted

    @property
    def size(self) -> int:
        """Octets of all its documents."""
        return sum(document.size or 0 for document in self.documents)
