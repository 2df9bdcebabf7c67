"""What a rule may know about one job: gathered by the services, read by conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ippgate.ipp import Attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import OCTET_STREAM, Job, NewDocument, NewJob
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.until import Until


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What the client asks for."""

    name: str = ""
    template: tuple[Attribute, ...] = ()  # job template attributes
    priority: int = 50
    hold_until: Until | None = None  # None: no-hold
    document_format: str = OCTET_STREAM  # as the client says
    document_name: str = ""
    size: int | None = None  # octets of the document; None: it has not arrived whole

    def wish(self, name: str) -> Attribute | None:
        """The template attribute of that name."""
        return next((attribute for attribute in self.template if attribute.name == name), None)


@dataclass(frozen=True, slots=True)
class UserFacts:
    """Who prints."""

    name: str = ""
    groups: tuple[str, ...] = ()
    department: str = ""
    cost_center: str = ""


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """Where it was sent."""

    name: str = ""
    mode: str = QueueMode.RELEASE_PRINTING.value
    info: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """Where it is to be printed; known at release only."""

    name: str = ""
    location: str = ""
    info: str = ""
    make_and_model: str = ""
    groups: tuple[str, ...] = ()  # names of the groups that it belongs to
    color: bool | None = None  # None: it does not say
    duplex: bool | None = None

    @classmethod
    def of(cls, device: Device, groups: Sequence[str] = ()) -> "DeviceFacts":
        """A device's facts from what it said of itself."""
        told = device.report.attributes
        sides = told.texts(A.SIDES_SUPPORTED) if told else []
        return cls(
            device.name,
            device.location,
            device.info,
            device.report.make_and_model,
            tuple(groups),
            told.boolean(A.COLOR_SUPPORTED) if told else None,
            any(side.startswith("two-sided") for side in sides) if sides else None,
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about one job at one moment. `now` is aware, in the zone of the people who print."""

    job: JobFacts
    now: datetime
    user: UserFacts = field(default=UserFacts())
    queue: QueueFacts = field(default=QueueFacts())
    client: str = ""  # its address; empty: not known
    document: DocumentFacts | None = None  # None: not examined
    device: DeviceFacts | None = None  # None: not chosen yet


def arriving(
    queue: Queue,
    new: NewJob,
    document: NewDocument,
    now: datetime,
    *,
    found: DocumentFacts | None = None,
    size: int | None = None,
    user: UserFacts | None = None,
) -> Facts:
    """The facts of a job that arrives. `found` and `size` once its document is there and was examined."""
    job = JobFacts(new.name, new.template, new.priority, new.hold_until, document.document_format, document.name, size)
    person = user or UserFacts(new.owner)
    return Facts(job, now, person, _queue(queue), new.host, found)


def leaving(
    queue: Queue,
    job: Job,
    device: Device,
    now: datetime,
    *,
    found: DocumentFacts | None = None,
    user: UserFacts | None = None,
    groups: Sequence[str] = (),
) -> Facts:
    """The facts of a held job that is to be printed at `device`, which belongs to `groups`."""
    whole = bool(job.documents) and all(document.size is not None for document in job.documents)
    wanted = JobFacts(
        job.name,
        job.template,
        job.priority,
        job.hold_until,
        job.document_format,
        job.documents[0].name if job.documents else "",
        job.size if whole else None,
    )
    person = user or UserFacts(job.owner)
    return Facts(wanted, now, person, _queue(queue), job.host, found, DeviceFacts.of(device, groups))


def _queue(queue: Queue) -> QueueFacts:
    return QueueFacts(queue.name, queue.mode.value, queue.info, queue.location)
