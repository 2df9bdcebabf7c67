"""One request under way, as operations see it: who asks, for what, by which name of the gate, with which document."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from ippgate.doors import basic
from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.bearer import Bearer
from ippgate.doors.ipp.body import Body
from ippgate.doors.ipp.client_type import client_names, client_type
from ippgate.doors.ipp.device_face import DeviceFaces
from ippgate.doors.ipp.face import Faces
from ippgate.doors.ipp.job_attributes import Teller
from ippgate.doors.ipp.person import People
from ippgate.doors.ipp.place import Place
from ippgate.doors.ipp.services import Services
from ippgate.doors.ipp.shown import MISLED, shown
from ippgate.doors.ipp.uri import Target, is_job_id, target_of
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site
from ippgate.ipp import Group, IppError, Message, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.validate import job_target, operation_name, printer_target
from ippgate.model.capabilities import Capabilities
from ippgate.model.errors import NotAuthenticated, NotAuthorized, NotFound
from ippgate.model.job import Caller, Job
from ippgate.model.owner import ANONYMOUS, MAX_NAME
from ippgate.model.queue import Queue
from ippgate.model.text import cut, plain
from ippgate.notice.board import Presence
from ippgate.observe import Event as Noted
from ippgate.observe import note

_NOTED = 50  # jobs that one line of the log names


@dataclass(frozen=True, slots=True)
class Room:
    """What is the same for every request."""

    services: Services
    settings: DoorSettings
    faces: Faces
    faces_for_people: Faces  # what Get-User-Printer-Attributes tells those who are no operators
    faces_for_old: Faces  # for clients that stumble over operations which are newer than they
    device_faces: DeviceFaces
    capabilities_of: Callable[[Queue], Capabilities]
    clock: Callable[[], datetime]
    since: datetime  # when this door was opened
    people: People | None = None  # whose certificates are; None: nobody is known by one


@dataclass(slots=True)
class Exchange:
    """A request whose message is sound; whether it makes sense is for its operation to say."""

    room: Room
    message: Message
    operation: Group
    caller: Caller
    named: bool  # the request says who asks
    site: Site
    body: Body
    declared: int | None  # octets of the whole HTTP body, if they were announced
    bearer: Bearer | None = None  # who came by a private URI
    agent: str = ""  # HTTP's User-Agent
    place: Place | None = None  # the device at which it is asked for; None: at a queue, or the gate as a whole
    client: Presence | None = None  # whether the client is still there; None: nobody can tell
    open: bool = False  # asked before anybody knows who they are
    came: Caller = field(init=False)  # who asks, before their name is mapped

    def __post_init__(self) -> None:
        self.came = self.caller
        self._meet()

    @property
    def services(self) -> Services:
        return self.room.services

    @property
    def job_group(self) -> Group:
        """The job attributes; empty if there are none."""
        return self.message.group(Tag.JOB) or Group(Tag.JOB)

    @property
    def groups(self) -> tuple[Group, Group]:
        """The operation attributes and the job's, where clients put operation attributes as well."""
        return self.operation, self.job_group

    def capabilities(self, queue: Queue) -> Capabilities:
        """What can be asked of a queue."""
        return self.room.capabilities_of(queue)

    def target(self) -> Target:
        """What printer-uri points to. Raises IppError."""
        target = target_of(printer_target(self.operation))
        if target.job_id is not None:
            raise IppError(Status.CLIENT_ERROR_NOT_FOUND, "printer-uri is that of a job: send a printer's")
        if target.device is not None and self.place is None:
            raise IppError(
                Status.CLIENT_ERROR_NOT_FOUND, "printer-uri is a device's and job-uri is not: send one of them"
            )
        return target

    async def queue(self) -> Queue:
        """The queue that printer-uri names, or the device's own; the default queue for the gate as a whole. Raises
        IppError and NotFound.
        """
        name = self.target().queue
        if self.place is not None:
            queue: Queue | None = self.place.queue
        elif name is not None:
            queue = await self.services.fleet.queue(name)
        else:
            queue = await self.services.fleet.default_queue()
        if queue is None:
            raise NotFound("there is no queue yet: its operator adds one with `ippgate queue add`")
        self._meet(queue.name)
        return queue

    async def queue_or_all(self) -> Queue | None:
        """The queue that printer-uri names; None for the gate as a whole. Raises IppError and NotFound."""
        return None if self.target().queue is None else await self.queue()

    async def named_queue(self) -> Queue:
        """The same, where the gate as a whole is no answer. Raises IppError and NotFound."""
        name = self.target().queue
        if name is None:
            raise NotFound("printer-uri names no queue: which one is meant?")
        return await self.services.fleet.queue(name)

    async def job(self) -> Job:
        """The job that job-uri, or printer-uri and job-id, names. At a device nobody else's is there to be found
        (SECURITY S20), but what those hold for whom the caller stands. Raises IppError and NotFound.
        """
        uri, job_id = job_target(self.operation)
        target = target_of(uri)
        job_id = target.job_id if job_id is None else job_id
        if job_id is None or not is_job_id(job_id):
            raise NotFound("that names no job: send job-uri, or printer-uri and job-id")
        job = await self.services.desk.get(job_id, self.caller)
        if target.queue not in (None, job.queue):
            raise NotFound(f"there is no job {job_id} in {target.queue}")
        self._meet(job.queue)
        if not self.finds(job):
            raise NotFound(f"there is no job {job_id}")
        return job

    def finds(self, job: Job) -> bool:
        """Whether a job is there for the caller. A stored one is for those whom it was stored for (SECURITY S20)."""
        if self.caller.sees(job):
            return True
        return self.is_for_them(job) if job.stored else self.place is None

    def is_for_them(self, job: Job) -> bool:
        """Whether it is somebody else's job, stored for the caller too."""
        return job.stored and job.storage is not None and job.storage.opens_to(self.groups_of_caller())

    def groups_of_caller(self) -> frozenset[str]:
        """The groups of people that the caller belongs to."""
        return self.services.groups_of(self.caller)

    def teller(self, *names: str) -> Teller:
        """Tells jobs to this caller."""
        privacy, groups = self.room.settings.privacy, self.groups_of_caller()
        return Teller(self.site, self.caller, self.room.clock(), names, privacy, groups)

    def told(self, job: Job, *names: str) -> Group:
        """A job group."""
        teller = self.teller(*names)
        group = Group(Tag.JOB, teller.attributes(job))
        self.note_looks(teller)
        return group

    def note_looks(self, teller: Teller) -> None:
        """An operator was told what is private: that is written down (SECURITY S19)."""
        if teller.looked_at:
            jobs = teller.looked_at[:_NOTED]
            note(
                Noted.PRIVATE_READ,
                user=self.caller.name,
                client=self.caller.host,
                jobs=" ".join(map(str, jobs)),
                more=len(teller.looked_at) - len(jobs),
            )

    async def shown(self, job: Job, *names: str) -> Group:
        """A job group for the client that the job is from, which may have to be shown something else."""
        client = client_type(self.agent, self.message.version, client_names(self.operation))
        if client in MISLED and self.place is None:
            queue = await self.services.fleet.queue(job.queue)
            job = shown(job, queue, client, self.caller, self.room.clock())
        return self.told(job, *names)

    def check_owns(self, job: Job) -> None:
        """Raises NotAuthorized unless the job is the caller's own to change. Services check again as they act."""
        if not self.caller.owns(job.owner):
            raise NotAuthorized(f"job {job.id} belongs to somebody else")

    def check_may_release(self, job: Job) -> None:
        """The same for a release, which is for those as well who stand for the owner."""
        if not self.caller.sees(job):
            raise NotAuthorized(f"job {job.id} belongs to somebody else")

    def check_operator(self) -> None:
        """Raises NotAuthenticated unless an operator asks: over plain IPP that cannot be."""
        if self.caller.operator:
            return
        operation = operation_name(self.message.code)
        if self.site.secure:
            raise basic.wanted(operation)
        way = f"use ipps://{self.site.tls}/ with an operator's name and password" if self.site.tls else "use `ippgate`"
        raise NotAuthenticated(f"{operation} is for operators, who prove it over TLS: {way}")

    def check_may_print(self, queue: Queue) -> None:
        """Raises Forbidden for a name that is nobody's, where operators want none of these."""
        self.services.owners().check_may_print(self.caller, queue.name)

    def _meet(self, queue: str = "") -> None:
        """Who asks is known by the name that their jobs bear, in the queue that is meant, once that is known. Only who
        has proven that name stands for others. Raises Forbidden for somebody who is shut out, but for what everybody
        may ask.
        """
        self.caller = self.services.owners().known(self.came, queue)
        if not self.caller.operator and not self.open:
            self.services.people.check_active(self.caller.name)
            if self.caller.proven:
                self.caller = replace(self.caller, stands_for=self.services.people.stands_for(self.caller.name))

    def text(self, name: str, fallback: str = "") -> str:
        """An operation attribute that people read: cleaned, and no longer than a name may be."""
        return cut(plain(self.operation.text(name) or "", MAX_NAME), MAX_NAME) or fallback


Handler = Callable[[Exchange], Awaitable[Answer]]
"""An operation. Raises IppError, and what services raise."""


def caller_of(
    operation: Group,
    host: str,
    proven: str | None = None,
    bearer: Bearer | None = None,
    person: str = "",
    *,
    login: str = "",
) -> tuple[Caller, bool]:
    """Who asks, as far as they say; whether they say it. An operator who has proven it is that operator, and a person
    who has logged in is that person; so is whoever came by a person's own printer URI, or with their certificate,
    whatever requesting-user-name says (SECURITY S18).
    """
    host = (bearer.uri.workstation if bearer else "") or host
    said = said_by(operation)
    if proven is not None:
        return Caller(proven, host, operator=True, said=said, proven=True), True
    if login:
        return Caller(login, host, said=said, proven=True), True
    if bearer is not None and bearer.uri.person:
        return Caller(bearer.uri.person, host, said=said, proven=True), True
    if person:
        return Caller(person, host, said=said, proven=True), True
    return Caller(said or ANONYMOUS, host, said=said), bool(said)


def said_by(operation: Group) -> str:
    """requesting-user-name, made fit to be shown; "": there is none."""
    return cut(plain(operation.text(A.REQUESTING_USER_NAME) or "", MAX_NAME), MAX_NAME)
