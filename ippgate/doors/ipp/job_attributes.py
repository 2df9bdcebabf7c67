"""A job's attributes, as its owner and others may see them (RFC 8011 section 5.3).

A list of a thousand jobs is made of this, so a name is looked up once for a list, not once for a job.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import CHARSET, LANGUAGE
from ippgate.doors.ipp.requested import ALL, job_names
from ippgate.doors.site import Site
from ippgate.ipp import Attribute, JobState, Tag
from ippgate.ipp.builder import Plain, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import Caller, Job
from ippgate.model.lifecycle import TERMINAL
from ippgate.model.privacy import Privacy
from ippgate.model.release_action import NO_ACTION
from ippgate.model.until import NO_HOLD

MAX_CHOICES: Final = 256
"""Different requested-attributes that are kept in mind: clients have a few each."""

MAX_STATE_MESSAGE: Final = 1023
"""Octets of a text (RFC 8011 section 5.1.2)."""

USUAL: Final = Privacy()

SAYS: Final = {
    JobState.PENDING: "waits for its device",
    JobState.PENDING_HELD: "waits until it is released at a device",
    JobState.PROCESSING: "goes to its device, or is printed there",
    JobState.PROCESSING_STOPPED: "waits because its device has stopped",
    JobState.CANCELED: "was cancelled",
    JobState.ABORTED: "was given up",
    JobState.COMPLETED: "was printed",
}
"""job-state-message of a job about which nothing special is to be said."""


ONLY_STORED: Final = "is stored, and was not printed"
"""The same of a stored one that went to no device."""


class Teller:
    """Tells jobs to one caller: the same site, moment and choice of names for a whole list.

    `looked_at`: jobs of which an operator was told what is private, because they asked for it by its name.
    """

    __slots__ = ("_caller", "_groups", "_looks", "_privacy", "_tells", "_template", "at", "looked_at", "site")

    def __init__(
        self,
        site: Site,
        caller: Caller,
        at: datetime,
        asked: tuple[str, ...],
        privacy: Privacy = USUAL,
        groups: frozenset[str] = frozenset(),
    ) -> None:
        self.site = site
        self.at = at
        self.looked_at: list[int] = []
        self._caller, self._privacy, self._groups = caller, privacy, groups
        self._looks = privacy.looks(caller, asked)
        self._tells, self._template = _choice(asked)

    def attributes(self, job: Job) -> list[Attribute]:
        """What was asked for, of what the job has and the caller may see."""
        told = [told for _, tell in self._tells if (told := tell(job, self)) is not None]
        if self._template is None:
            told += job.template
        elif self._template:
            told += [attribute for attribute in job.template if attribute.name in self._template]
        return told if self._privacy.sees(self._caller, job) or self._is_for_them(job) else self._seen(job, told)

    def _is_for_them(self, job: Job) -> bool:
        """A job that is stored for others has no secrets from them: they may print it."""
        return job.stored and job.storage is not None and job.storage.opens_to(self._groups)

    def _seen(self, job: Job, told: list[Attribute]) -> list[Attribute]:
        """Without what is private, but for what an operator insists on."""
        if any(attribute.name in self._looks for attribute in told):
            self.looked_at.append(job.id)
        hides = self._privacy.hides
        return [attribute for attribute in told if attribute.name in self._looks or not hides(attribute.name)]


Tell = Callable[[Job, Teller], Attribute | None]


@lru_cache(MAX_CHOICES)
def _choice(asked: tuple[str, ...]) -> tuple[list[tuple[str, Tell]], frozenset[str] | None]:
    """How `asked`, the values of requested-attributes, is told: the attributes, and those of the ticket (None: all)."""
    names = frozenset(asked)
    chosen = job_names(names, tuple(TELLS))
    template = None if not names or names & {ALL, "job-template"} else names
    return [(name, tell) for name, tell in TELLS.items() if name in chosen], template


def _k_octets(job: Job) -> int:
    """Units of 1024 octets, rounded up."""
    return -(-job.size // 1024)


def _told_message(job: Job) -> str:
    said = ONLY_STORED if job.stored and job.only_stored else SAYS[job.state]
    return job.message.encode()[:MAX_STATE_MESSAGE].decode("utf-8", "ignore") or said


def _hold_until(job: Job, _teller: Teller) -> Attribute | None:
    """None: it is held until a moment that has no name."""
    until = job.hold_until or NO_HOLD
    return _worded(A.JOB_HOLD_UNTIL, until) if isinstance(until, str) else None


def _hold_until_time(job: Job, _teller: Teller) -> Attribute | None:
    until = job.hold_until
    return quick.moment(A.JOB_HOLD_UNTIL_TIME, until) if isinstance(until, datetime) else None


def _worded(name: str, until: str) -> Attribute:
    """A keyword, or a time of day or a moment, which are names."""
    return quick.string(name, Tag.NAME if ":" in until else Tag.KEYWORD, until)


def _device(job: Job, _teller: Teller) -> Attribute | None:
    return quick.string(A.OUTPUT_DEVICE_ASSIGNED, Tag.NAME, job.device) if job.device else None


def _device_uuid(job: Job, _teller: Teller) -> Attribute | None:
    if job.device_uuid is None:
        return None
    return quick.string(A.OUTPUT_DEVICE_UUID_ASSIGNED, Tag.URI, f"urn:uuid:{job.device_uuid}")


def _format(job: Job, _teller: Teller) -> Attribute | None:
    if not job.documents:
        return None
    return quick.string(A.DOCUMENT_FORMAT_SUPPLIED, Tag.MIME, job.documents[0].document_format)


def _detected(job: Job, _teller: Teller) -> Attribute | None:
    """By the document's own octets (PWG 5100.7); absent while nobody has looked, and where nothing was recognised."""
    facts = job.documents[0].facts if job.documents else None
    if facts is None or facts.document_format is None:
        return None
    return quick.string(A.DOCUMENT_FORMAT_DETECTED, Tag.MIME, facts.document_format)


def _pages(name: str) -> "Tell":
    return lambda job, _: None if job.pages is None else quick.integer(name, job.pages)


def _document_name(job: Job, _teller: Teller) -> Attribute | None:
    if not job.documents or not job.documents[0].name:
        return None
    return quick.string(A.DOCUMENT_NAME_SUPPLIED, Tag.NAME, job.documents[0].name)


def _storage(job: Job, _teller: Teller) -> Attribute | None:
    """How it is or was to be stored, whether or not it still is."""
    if job.storage is None:
        return None
    storage = job.storage
    members: dict[str, Plain] = {A.JOB_STORAGE_ACCESS: storage.access, A.JOB_STORAGE_DISPOSITION: storage.disposition}
    if storage.group:
        members[A.JOB_STORAGE_GROUP] = storage.group
    return attribute(A.JOB_STORAGE, members)


_CHARSET: Final = quick.string(A.ATTRIBUTES_CHARSET, Tag.CHARSET, CHARSET)
_LANGUAGE: Final = quick.string(A.ATTRIBUTES_NATURAL_LANGUAGE, Tag.LANGUAGE, LANGUAGE)

TELLS: Final[dict[str, Tell]] = {
    A.JOB_ID: lambda job, _: quick.integer(A.JOB_ID, job.id),
    A.JOB_URI: lambda job, teller: quick.string(A.JOB_URI, Tag.URI, teller.site.job(job.id, job.queue)),
    A.JOB_UUID: lambda job, _: quick.string(A.JOB_UUID, Tag.URI, f"urn:uuid:{job.uuid}"),
    A.JOB_PRINTER_URI: lambda job, teller: quick.string(A.JOB_PRINTER_URI, Tag.URI, teller.site.printer(job.queue)),
    A.JOB_NAME: lambda job, _: quick.string(A.JOB_NAME, Tag.NAME, job.name),
    A.JOB_ORIGINATING_USER_NAME: lambda job, _: quick.string(A.JOB_ORIGINATING_USER_NAME, Tag.NAME, job.owner),
    A.ORIGINAL_REQUESTING_USER_NAME: lambda job, _: quick.string(
        A.ORIGINAL_REQUESTING_USER_NAME, Tag.NAME, job.said or job.owner
    ),
    A.JOB_STATE: lambda job, _: quick.enum(A.JOB_STATE, job.state),
    A.JOB_STATE_REASONS: lambda job, _: quick.strings(A.JOB_STATE_REASONS, Tag.KEYWORD, job.reasons or ("none",)),
    A.JOB_STATE_MESSAGE: lambda job, _: quick.string(A.JOB_STATE_MESSAGE, Tag.TEXT, _told_message(job)),
    A.JOB_PRIORITY: lambda job, _: quick.integer(A.JOB_PRIORITY, job.priority),
    A.JOB_HOLD_UNTIL: _hold_until,
    A.JOB_HOLD_UNTIL_TIME: _hold_until_time,
    A.JOB_HOLD_UNTIL_ACTUAL: lambda job, _: _worded(A.JOB_HOLD_UNTIL_ACTUAL, job.held_until or NO_HOLD),
    A.JOB_RELEASE_ACTION: lambda job, _: quick.string(
        A.JOB_RELEASE_ACTION, Tag.KEYWORD, job.release_action or NO_ACTION
    ),
    A.JOB_STORAGE: _storage,
    A.TIME_AT_CREATION: lambda job, _: quick.integer(A.TIME_AT_CREATION, quick.ticks(job.created_at)),
    A.TIME_AT_PROCESSING: lambda job, _: quick.integer(A.TIME_AT_PROCESSING, quick.ticks(job.processing_at)),
    A.TIME_AT_COMPLETED: lambda job, _: quick.integer(A.TIME_AT_COMPLETED, quick.ticks(job.completed_at)),
    A.DATE_TIME_AT_CREATION: lambda job, _: quick.moment(A.DATE_TIME_AT_CREATION, job.created_at),
    A.DATE_TIME_AT_PROCESSING: lambda job, _: quick.moment(A.DATE_TIME_AT_PROCESSING, job.processing_at),
    A.DATE_TIME_AT_COMPLETED: lambda job, _: quick.moment(A.DATE_TIME_AT_COMPLETED, job.completed_at),
    A.JOB_PRINTER_UP_TIME: lambda _, teller: quick.integer(A.JOB_PRINTER_UP_TIME, quick.ticks(teller.at)),
    A.JOB_K_OCTETS: lambda job, _: quick.integer(A.JOB_K_OCTETS, _k_octets(job)),
    A.JOB_K_OCTETS_PROCESSED: lambda job, _: quick.integer(
        A.JOB_K_OCTETS_PROCESSED, _k_octets(job) if job.state is JobState.COMPLETED else 0
    ),
    A.JOB_PAGES: _pages(A.JOB_PAGES),
    A.JOB_IMPRESSIONS: _pages(A.JOB_IMPRESSIONS),
    A.JOB_IMPRESSIONS_COMPLETED: lambda job, _: quick.integer(
        A.JOB_IMPRESSIONS_COMPLETED, _counted(job.impressions, job)
    ),
    A.JOB_MEDIA_SHEETS_COMPLETED: lambda job, _: quick.integer(A.JOB_MEDIA_SHEETS_COMPLETED, _counted(job.sheets, job)),
    A.NUMBER_OF_DOCUMENTS: lambda job, _: quick.integer(A.NUMBER_OF_DOCUMENTS, len(job.documents)),
    A.DOCUMENT_FORMAT_SUPPLIED: _format,
    A.DOCUMENT_FORMAT_DETECTED: _detected,
    A.DOCUMENT_NAME_SUPPLIED: _document_name,
    A.OUTPUT_DEVICE_ASSIGNED: _device,
    A.OUTPUT_DEVICE_UUID_ASSIGNED: _device_uuid,
    A.ATTRIBUTES_CHARSET: lambda _job, _teller: _CHARSET,
    A.ATTRIBUTES_NATURAL_LANGUAGE: lambda _job, _teller: _LANGUAGE,
}
"""Every attribute of a job but those of its ticket. None: the job has none."""


def _counted(number: int | None, job: Job) -> int | None:
    """What the device counted. A job that has not ended has printed nothing yet; of an ended one it may be unknown."""
    return 0 if number is None and job.state not in TERMINAL else number
