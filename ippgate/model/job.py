"""A job, its document and its ticket, as every room of the gate sees them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState
from ippgate.model.facts import DocumentFacts, together
from ippgate.model.job_password import JobPassword
from ippgate.model.release_action import ReleaseAction
from ippgate.model.storage import Storage
from ippgate.model.subscription import NewSubscription
from ippgate.model.until import NO_TIMES, Times, Until

OCTET_STREAM = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `operator` is true for the command line and for whoever has proven to be one; `name` is what was
    proven, else what requesting-user-name says, and owners are compared with it.
    """

    name: str
    host: str = ""
    operator: bool = False
    said: str = ""  # requesting-user-name as it came, proven or not; empty: the request has none
    proven: bool = False  # the name was proven, by whatever means
    station: str = ""  # the station at a device that says who it is, and is believed
    unclaimed: bool = False  # the name names nobody: what they print waits until somebody claims it
    stands_for: frozenset[str] = frozenset()  # owners whose held jobs they may see and release, as a delegate

    def owns(self, owner: str) -> bool:
        return self.operator or self.name == owner

    def sees(self, job: "Job") -> bool:
        """Whether a job is theirs to see: their own, or, of those for whom they stand, what is held and what they
        released.
        """
        if self.owns(job.owner):
            return True
        delegated = job.state is JobState.PENDING_HELD or job.released_by == self.name
        return delegated and job.owner in self.stands_for


@dataclass(frozen=True, slots=True)
class NewJob:
    """A creation request that has passed every check."""

    queue_id: int
    owner: str
    name: str
    host: str  # job-originating-host-name: the client's address
    template: tuple[Attribute, ...] = ()  # job template attributes, as sent and accepted
    priority: int = 50  # job-priority 1..100
    hold_until: Until | None = None  # job-hold-until or job-hold-until-time; None: no hold
    times: Times = NO_TIMES  # the moments that these and the template come to
    release_action: ReleaseAction | None = None  # what is to be done before it may go
    password: JobPassword | None = None  # with the action of that name
    said: str = ""  # requesting-user-name as it came, where it is not the owner
    unclaimed: bool = False  # nobody knows whose it is: it waits until somebody claims it
    storage: Storage | None = None  # how it is to be kept; None: not at all
    subscriptions: tuple[NewSubscription, ...] = ()  # made together with the job, as far as there is room


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that is about to arrive, or has just arrived whole."""

    document_format: str = OCTET_STREAM
    name: str = ""
    facts: DocumentFacts | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document."""

    number: int
    oid: int | None  # None: its bytes are gone
    document_format: str
    name: str
    size: int | None  # octets as received, uncompressed; None while it arrives
    sha256: bytes | None  # of those octets
    facts: DocumentFacts | None = None  # what it was found to be; None: nobody has looked yet
    created_at: datetime | None = None  # None: with its job
    canceled_at: datetime | None = None  # it will not be printed; None: it was not cancelled
    printed: int = 0  # how often it came out while others of its job were left


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
    hold_until: Until | None = None
    hold_ends: datetime | None = None  # None: it has no end of its own
    held_until: str | None = None  # until when it was last held, in words; None: it never was
    delayed_until: datetime | None = None  # it goes to no device before
    retained_until: datetime | None = (
        None  # of an ended job: how long its documents stay; None: not for its client's sake
    )
    device_id: int | None = None
    device: str | None = None  # its name
    device_uuid: UUID | None = None
    template: tuple[Attribute, ...] = ()
    incoming: bool = False  # still open for documents
    documents: tuple[Document, ...] = field(default=())  # in their order, but those that were cancelled
    processing_at: datetime | None = None
    completed_at: datetime | None = None
    impressions: int | None = None  # job-impressions-completed as the device counted
    sheets: int | None = None  # job-media-sheets-completed as the device counted
    tags: tuple[str, ...] = ()  # what rules have marked it with
    expires_at: datetime | None = None  # a job that still waits then is given up
    waits_since: datetime | None = None  # it was held again, or its hold ended then; None: since it was made
    keeps: bool = False  # once it is printed it is held again
    released_by: str = ""  # who released it last, its owner or another; empty: nobody did
    judged: bool = True  # False: rules wait for its document
    ruled: bool = False  # rules had a say; what they decided is kept
    release_action: ReleaseAction | None = None  # what is to be done before it may go, whenever it is held
    wrong_passwords: int = 0  # since somebody last gave the right one
    said: str = ""  # requesting-user-name as it came, where it is not the owner
    unclaimed: bool = False  # nobody knows whose it is: it goes nowhere before it is claimed
    converted_to: str | None = None  # the format in which its device gets the document, where that is another one

    canceled: tuple[Document, ...] = field(default=())  # documents that were
    edition: int = 0  # counts what came or went of its documents: who saw one knows whether it is the last
    storage: Storage | None = None  # how it is to be kept; None: not at all
    stored: bool = False  # it has ended, and is here to be printed again
    sending: int | None = None  # at its device: the document that alone is under way; None: all that are left

    @property
    def only_stored(self) -> bool:
        """Whether it goes to no device."""
        return self.storage is not None and self.storage.only

    @property
    def next_number(self) -> int:
        """The number of a document that comes now: none is given twice."""
        return 1 + max((document.number for document in (*self.documents, *self.canceled)), default=0)

    @property
    def size(self) -> int:
        """Octets of all its documents."""
        return sum(document.size or 0 for document in self.documents)

    @property
    def pages(self) -> int | None:
        """Pages of one copy of all its documents as they were found; None: not known."""
        found = [document.facts.pages if document.facts else None for document in self.documents]
        return None if not found or None in found else sum(number or 0 for number in found)

    @property
    def facts(self) -> DocumentFacts | None:
        """What its documents were found to be, taken together; None: nobody has looked at all of them."""
        return together([document.facts for document in self.documents])

    @property
    def document_format(self) -> str:
        """What its client says that each of its documents is; of different ones it is not known."""
        said = {document.document_format for document in self.documents}
        return said.pop() if len(said) == 1 else OCTET_STREAM

    def having(self, document: Document) -> "Job":
        """The job with a document that just came."""
        return replace(self, documents=(*self.documents, document), edition=self.edition + 1)
