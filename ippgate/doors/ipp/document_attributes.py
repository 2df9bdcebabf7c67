"""A document's attributes, as the owner of its job and others may see them (PWG 5100.5)."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import uuid5

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import CHARSET, LANGUAGE
from ippgate.doors.ipp.requested import document_names
from ippgate.doors.site import Site
from ippgate.ipp import Attribute, DocumentState, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.model.document_state import is_last, reasons_of, state_of
from ippgate.model.job import Caller, Document, Job
from ippgate.model.privacy import Privacy

MAX_CHOICES: Final = 64
"""Different requested-attributes that are kept in mind: clients have a few each."""

SAYS: Final = {
    DocumentState.PENDING: "waits with its job",
    DocumentState.PROCESSING: "goes to the device, or is printed there",
    DocumentState.PROCESSING_STOPPED: "waits because the device has stopped",
    DocumentState.CANCELED: "was cancelled",
    DocumentState.ABORTED: "was given up",
    DocumentState.COMPLETED: "was printed",
}
"""document-state-message."""


class Told(NamedTuple):
    """A document, its job, and the moment and place at which they are told."""

    job: Job
    document: Document
    site: Site
    at: datetime

    @property
    def state(self) -> DocumentState:
        return state_of(self.job, self.document)


class DocumentTeller:
    """Tells documents to one caller: the same site, moment and choice of names for all of them. What is private of them
    is told of their jobs alone, where operators' looks at it are noted.
    """

    __slots__ = ("_at", "_caller", "_privacy", "_site", "_tells")

    def __init__(self, site: Site, caller: Caller, at: datetime, asked: tuple[str, ...], privacy: Privacy) -> None:
        self._site, self._caller, self._at, self._privacy = site, caller, at, privacy
        self._tells = _choice(asked)

    def attributes(self, job: Job, document: Document) -> list[Attribute]:
        """What was asked for, of what the document has and the caller may see."""
        told, open_to = Told(job, document, self._site, self._at), self._privacy.sees(self._caller, job)
        found = (tell(told) for name, tell in self._tells if open_to or not self._privacy.hides(name))
        return [attribute for attribute in found if attribute is not None]


Tell = Callable[[Told], Attribute | None]


@lru_cache(MAX_CHOICES)
def _choice(asked: tuple[str, ...]) -> list[tuple[str, Tell]]:
    chosen = document_names(asked, tuple(TELLS))
    return [(name, tell) for name, tell in TELLS.items() if name in chosen]


def _created(told: Told) -> datetime:
    return told.document.created_at or told.job.created_at


def _began(told: Told) -> datetime | None:
    return None if told.state in (DocumentState.PENDING, DocumentState.CANCELED) else told.job.processing_at


def _ended(told: Told) -> datetime | None:
    return told.document.canceled_at or told.job.completed_at


def _k_octets(told: Told) -> int:
    """Units of 1024 octets, rounded up."""
    return -(-(told.document.size or 0) // 1024)


def _processed(told: Told) -> int:
    return _k_octets(told) if told.state is DocumentState.COMPLETED else 0


def _pages(name: str) -> Tell:
    def tell(told: Told) -> Attribute | None:
        facts = told.document.facts
        return None if facts is None or facts.pages is None else quick.integer(name, facts.pages)

    return tell


def _detected(told: Told) -> Attribute | None:
    facts = told.document.facts
    if facts is None or facts.document_format is None:
        return None
    return quick.string(A.DOCUMENT_FORMAT_DETECTED, Tag.MIME, facts.document_format)


def _device(told: Told) -> Attribute | None:
    return quick.string(A.OUTPUT_DEVICE_ASSIGNED, Tag.NAME, told.job.device) if told.job.device else None


def _uuid(told: Told) -> Attribute:
    """The same for ever: made of the job's and the number (RFC 9562 section 5.5)."""
    return quick.string(A.DOCUMENT_UUID, Tag.URI, f"urn:uuid:{uuid5(told.job.uuid, str(told.document.number))}")


def _printer(told: Told) -> Attribute:
    return quick.string(A.DOCUMENT_PRINTER_URI, Tag.URI, told.site.printer(told.job.queue))


def _reasons(told: Told) -> Attribute:
    reasons = reasons_of(told.job, told.document) or ("none",)
    return quick.strings(A.DOCUMENT_STATE_REASONS, Tag.KEYWORD, reasons)


TELLS: Final[dict[str, Tell]] = {
    A.DOCUMENT_NUMBER: lambda told: quick.integer(A.DOCUMENT_NUMBER, told.document.number),
    A.DOCUMENT_UUID: _uuid,
    A.DOCUMENT_JOB_ID: lambda told: quick.integer(A.DOCUMENT_JOB_ID, told.job.id),
    A.DOCUMENT_JOB_URI: lambda told: quick.string(
        A.DOCUMENT_JOB_URI, Tag.URI, told.site.job(told.job.id, told.job.queue)
    ),
    A.DOCUMENT_PRINTER_URI: _printer,
    A.DOCUMENT_NAME: lambda told: quick.string(A.DOCUMENT_NAME, Tag.NAME, told.document.name),
    A.DOCUMENT_STATE: lambda told: quick.enum(A.DOCUMENT_STATE, told.state),
    A.DOCUMENT_STATE_REASONS: _reasons,
    A.DOCUMENT_STATE_MESSAGE: lambda told: quick.string(A.DOCUMENT_STATE_MESSAGE, Tag.TEXT, SAYS[told.state]),
    A.DOCUMENT_FORMAT: lambda told: quick.string(A.DOCUMENT_FORMAT, Tag.MIME, told.document.document_format),
    A.DOCUMENT_FORMAT_SUPPLIED: lambda told: quick.string(
        A.DOCUMENT_FORMAT_SUPPLIED, Tag.MIME, told.document.document_format
    ),
    A.DOCUMENT_FORMAT_DETECTED: _detected,
    A.LAST_DOCUMENT: lambda told: quick.boolean(A.LAST_DOCUMENT, is_last(told.job, told.document)),
    A.K_OCTETS: lambda told: quick.integer(A.K_OCTETS, _k_octets(told)),
    A.K_OCTETS_PROCESSED: lambda told: quick.integer(A.K_OCTETS_PROCESSED, _processed(told)),
    A.PAGES: _pages(A.PAGES),
    A.IMPRESSIONS: _pages(A.IMPRESSIONS),
    A.OUTPUT_DEVICE_ASSIGNED: _device,
    A.TIME_AT_CREATION: lambda told: quick.integer(A.TIME_AT_CREATION, quick.ticks(_created(told))),
    A.TIME_AT_PROCESSING: lambda told: quick.integer(A.TIME_AT_PROCESSING, quick.ticks(_began(told))),
    A.TIME_AT_COMPLETED: lambda told: quick.integer(A.TIME_AT_COMPLETED, quick.ticks(_ended(told))),
    A.DATE_TIME_AT_CREATION: lambda told: quick.moment(A.DATE_TIME_AT_CREATION, _created(told)),
    A.DATE_TIME_AT_PROCESSING: lambda told: quick.moment(A.DATE_TIME_AT_PROCESSING, _began(told)),
    A.DATE_TIME_AT_COMPLETED: lambda told: quick.moment(A.DATE_TIME_AT_COMPLETED, _ended(told)),
    A.PRINTER_UP_TIME: lambda told: quick.integer(A.PRINTER_UP_TIME, quick.ticks(told.at)),
    A.ATTRIBUTES_CHARSET: lambda _: quick.string(A.ATTRIBUTES_CHARSET, Tag.CHARSET, CHARSET),
    A.ATTRIBUTES_NATURAL_LANGUAGE: lambda _: quick.string(A.ATTRIBUTES_NATURAL_LANGUAGE, Tag.LANGUAGE, LANGUAGE),
}
"""Every attribute of a document: a ticket of its own it has none. None: the document has none of that name."""
