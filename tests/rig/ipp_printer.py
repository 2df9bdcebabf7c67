"""A faithful minimal IPP printer without a wire: requests in, answers out, and its jobs to look at (RFC 8011).

Its panel is the test: jobs print at once, or when told; they are cancelled, aborted and forgotten on cue.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from ippgate.ipp import (
    NO_VALUE,
    Attribute,
    Group,
    JobState,
    Message,
    Operation,
    PrinterState,
    Status,
    Tag,
    attribute,
)
from ippgate.ipp.registry import attributes as A
from tests.rig.lies import replaced
from tests.rig.printer_attributes import FIXED
from tests.rig.received import Keep, Received, kept_in

UP_TIME = 1000
"""Seconds since it was switched on, for ever: its clock stands still."""

ENDED = frozenset((JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED))

REASONS = {
    JobState.PENDING: "none",
    JobState.PROCESSING: "job-printing",
    JobState.CANCELED: "job-canceled-by-user",
    JobState.ABORTED: "aborted-by-system",
    JobState.COMPLETED: "job-completed-successfully",
}


class RefusalError(Exception):
    """The operation is not done; carries the status to answer."""

    def __init__(self, status: Status, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


@dataclass
class PrinterJob:
    """A job at the printer."""

    id: int
    name: str
    user: str
    template: list[Attribute]
    document: Received
    document_format: str = "application/octet-stream"
    state: JobState = JobState.PENDING
    reasons: tuple[str, ...] = ("none",)
    message: str = ""
    impressions: int = 0
    open: bool = True
    """Documents may still come."""

    earlier: list[Received] = field(default_factory=list)
    """Documents that came before the last one, where the printer takes several."""

    @property
    def documents(self) -> list[bytes]:
        """All that came, in order."""
        return [each.data for each in (*self.earlier, self.document)]

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def described(self, printer_uri: str) -> list[Attribute]:
        """Return its attributes, as Get-Job-Attributes gives them."""
        return [
            attribute(A.JOB_ID, self.id),
            attribute(A.JOB_URI, f"{printer_uri}/{self.id}"),
            attribute(A.JOB_PRINTER_URI, printer_uri),
            attribute(A.JOB_NAME, self.name, tag=Tag.NAME),
            attribute(A.JOB_ORIGINATING_USER_NAME, self.user, tag=Tag.NAME),
            attribute(A.JOB_STATE, self.state),
            attribute(A.JOB_STATE_REASONS, *self.reasons),
            attribute(A.JOB_STATE_MESSAGE, self.message),
            attribute(A.JOB_IMPRESSIONS_COMPLETED, self.impressions),
            attribute(A.JOB_K_OCTETS, -(-self.document.size // 1024)),
            attribute(A.JOB_PRINTER_UP_TIME, UP_TIME),
            attribute(A.TIME_AT_CREATION, UP_TIME),
            attribute(A.TIME_AT_PROCESSING, NO_VALUE if self.open else UP_TIME),
            attribute(A.TIME_AT_COMPLETED, UP_TIME if self.ended else NO_VALUE),
            *self.template,
        ]


@dataclass
class IppPrinter:
    """The printer. `at_once`: whole jobs are printed at once, as `impressions` each; else when told by `finish`."""

    uri: str
    at_once: bool = True
    impressions: int = 1
    single: bool = False
    """Takes one job at a time, as small printers do: busy until it has ended."""

    several: bool = False
    """Takes several documents in a job."""

    keep: Keep = "memory"
    state: PrinterState = PrinterState.IDLE
    state_reasons: tuple[str, ...] = ("none",)
    accepting: bool = True
    changed: Callable[[], None] = lambda: None
    """Called after each change of a job."""

    jobs: dict[int, PrinterJob] = field(default_factory=dict)
    """By id, also the ended ones, until they are forgotten."""

    operations: tuple[Operation, ...] = (
        Operation.PRINT_JOB,
        Operation.VALIDATE_JOB,
        Operation.CREATE_JOB,
        Operation.SEND_DOCUMENT,
        Operation.CANCEL_JOB,
        Operation.GET_JOB_ATTRIBUTES,
        Operation.GET_JOBS,
        Operation.GET_PRINTER_ATTRIBUTES,
        Operation.IDENTIFY_PRINTER,
    )
    identified: list[tuple[list[str], str]] = field(default_factory=list)
    """How often it was asked to show itself: by which actions, with which message."""

    _overrides: list[Attribute] = field(default_factory=list)
    _removed: set[str] = field(default_factory=set)
    _last_id: int = 0

    # ── its panel ──

    def set(self, *attributes: Attribute) -> None:
        """Describe itself with these attributes instead of its own."""
        self._overrides += attributes

    def remove(self, *names: str) -> None:
        """Describe itself without these attributes."""
        self._removed.update(names)

    def named(self, part: str) -> list[PrinterJob]:
        """Return the jobs with that text in their name."""
        return [job for job in self.jobs.values() if part in job.name]

    def finish(self, job_id: int, *, impressions: int | None = None) -> None:
        """Print a job to its end."""
        self.jobs[job_id].impressions = self.impressions if impressions is None else impressions
        self._end(self.jobs[job_id], JobState.COMPLETED)

    def abort(self, job_id: int, *reasons: str, message: str = "") -> None:
        """Give a job up."""
        self._end(self.jobs[job_id], JobState.ABORTED, *reasons, message=message)

    def cancel(self, job_id: int, *reasons: str) -> None:
        """Cancel a job, as somebody at the panel would."""
        self._end(self.jobs[job_id], JobState.CANCELED, *(reasons or ("job-canceled-at-device",)))

    def forget(self, job_id: int) -> None:
        """Drop a job from the history."""
        del self.jobs[job_id]

    def _end(self, job: PrinterJob, state: JobState, *reasons: str, message: str = "") -> None:
        job.state, job.reasons, job.message, job.open = state, reasons or (REASONS[state],), message, False
        job.document.close()
        self.changed()

    # ── its operations: `begin` sees the request before its document, `finish_request` after it ──

    def begin(self, request: Message) -> PrinterJob | None:
        """Check a request and return the job that its document belongs to, if any. Raises RefusalError."""
        if request.version[0] not in (1, 2):
            raise RefusalError(Status.SERVER_ERROR_VERSION_NOT_SUPPORTED)
        if request.code not in self.operations:
            raise RefusalError(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED)
        if request.request_id < 1:
            raise RefusalError(Status.CLIENT_ERROR_BAD_REQUEST, "request-id is not greater than 0")
        self._check_head(request.operation)
        match request.code:
            case Operation.PRINT_JOB | Operation.CREATE_JOB:
                return self._new_job(request)
            case Operation.VALIDATE_JOB:
                self._check_new(request)
            case Operation.SEND_DOCUMENT:
                return self._job_to_fill(request)
        return None

    def complete(self, request: Message, job: PrinterJob | None) -> Message:
        """Do the operation, its document being read, and return the answer. Raises RefusalError."""
        match request.code:
            case Operation.PRINT_JOB | Operation.CREATE_JOB | Operation.SEND_DOCUMENT:
                assert job is not None
                last = request.operation.boolean(A.LAST_DOCUMENT)
                if request.code == Operation.PRINT_JOB or last:
                    self._print(job)
                return self.answer(request, Group(Tag.JOB, self._brief(job)))
            case Operation.CANCEL_JOB:
                found = self._job(request.operation)
                if found.ended:
                    raise RefusalError(Status.CLIENT_ERROR_NOT_POSSIBLE, f"job {found.id} has ended")
                self._end(found, JobState.CANCELED)
            case Operation.SUSPEND_CURRENT_JOB | Operation.RESUME_JOB:
                self._rest(self._job(request.operation), resume=request.code == Operation.RESUME_JOB)
            case Operation.GET_JOB_ATTRIBUTES:
                found = self._job(request.operation)
                return self.answer(request, _chosen(Group(Tag.JOB, found.described(self.uri)), request))
            case Operation.GET_JOBS:
                return self.answer(request, *self._listed(request))
            case Operation.IDENTIFY_PRINTER:
                actions, message = request.operation.get(A.IDENTIFY_ACTIONS), request.operation.text(A.MESSAGE)
                self.identified.append((actions.texts() if actions else [], message or ""))
            case Operation.GET_PRINTER_ATTRIBUTES:
                return self.answer(request, _chosen(Group(Tag.PRINTER, self.described()), request))
        return self.answer(request)

    def answer(
        self, request: Message, *groups: Group, status: Status = Status.SUCCESSFUL_OK, sentence: str = ""
    ) -> Message:
        """Return an answer to a request, with its version and request-id."""
        head = Group(
            Tag.OPERATION,
            [attribute(A.ATTRIBUTES_CHARSET, "utf-8"), attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, "en")],
        )
        if sentence:
            head.add(attribute(A.STATUS_MESSAGE, sentence))
        return Message(request.version, status, request.request_id, [head, *groups])

    def described(self) -> list[Attribute]:
        """Return its attributes, as Get-Printer-Attributes gives them."""
        waiting = [job for job in self.jobs.values() if not job.ended]
        state = PrinterState.PROCESSING if waiting and self.state == PrinterState.IDLE else self.state
        own = [
            *FIXED,
            attribute(A.PRINTER_URI_SUPPORTED, self.uri),
            attribute(A.URI_SECURITY_SUPPORTED, "tls" if self.uri.startswith("ipps:") else "none"),
            attribute(A.PRINTER_UUID, f"urn:uuid:{uuid5(NAMESPACE_URL, self.uri)}"),
            attribute(A.OPERATIONS_SUPPORTED, *self.operations),
            attribute(A.PRINTER_STATE, state),
            attribute(A.PRINTER_STATE_REASONS, *self.state_reasons),
            attribute(A.PRINTER_IS_ACCEPTING_JOBS, self.accepting),
            attribute(A.QUEUED_JOB_COUNT, len(waiting)),
            attribute(A.PRINTER_UP_TIME, UP_TIME),
        ]
        if self.several:
            own = list(replaced(Group(Tag.PRINTER, own), attribute(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED, True)))
        group = replaced(Group(Tag.PRINTER, own), *self._overrides)
        return [one for one in group if one.name not in self._removed]

    def _check_head(self, head: Group) -> None:
        names = [one.name for one in head]
        if names[:2] != [A.ATTRIBUTES_CHARSET, A.ATTRIBUTES_NATURAL_LANGUAGE]:
            raise RefusalError(Status.CLIENT_ERROR_BAD_REQUEST, "charset and language do not come first")
        if A.PRINTER_URI not in head and A.JOB_URI not in head:
            raise RefusalError(Status.CLIENT_ERROR_BAD_REQUEST, "no target")

    def _check_new(self, request: Message) -> None:
        head = request.operation
        if not self.accepting:
            raise RefusalError(Status.SERVER_ERROR_NOT_ACCEPTING_JOBS)
        if self.single and any(not job.ended for job in self.jobs.values()):
            raise RefusalError(Status.SERVER_ERROR_BUSY, "Currently printing another job.")
        self._check_document(head)

    def _check_document(self, head: Group) -> None:
        supported = next(one for one in self.described() if one.name == A.DOCUMENT_FORMAT_SUPPORTED).texts()
        if (asked := head.text(A.DOCUMENT_FORMAT)) is not None and asked not in supported:
            raise RefusalError(Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, f"no {asked} here")
        if head.text(A.COMPRESSION) not in (None, "none"):
            raise RefusalError(Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED)

    def _new_job(self, request: Message) -> PrinterJob:
        self._check_new(request)
        head, template = request.operation, request.group(Tag.JOB)
        self._last_id += 1
        job = PrinterJob(
            self._last_id,
            head.text(A.JOB_NAME) or "Untitled",
            head.text(A.REQUESTING_USER_NAME) or "anonymous",
            list(template or ()),
            Received(*kept_in(self.keep, f"job-{self._last_id}")),
            head.text(A.DOCUMENT_FORMAT) or "application/octet-stream",
            reasons=("job-incoming",),
        )
        self.jobs[job.id] = job
        self.changed()
        return job

    def _job_to_fill(self, request: Message) -> PrinterJob:
        job = self._job(request.operation)
        if A.LAST_DOCUMENT not in request.operation:
            raise RefusalError(Status.CLIENT_ERROR_BAD_REQUEST, "no last-document")
        if not job.open:
            raise RefusalError(Status.CLIENT_ERROR_NOT_POSSIBLE, f"job {job.id} takes no more documents")
        if job.document.size and not self.several:
            raise RefusalError(Status.SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED)
        self._check_document(request.operation)
        if job.document.size:
            job.earlier.append(job.document)
            job.document = Received(*kept_in(self.keep, f"job-{job.id}-{len(job.earlier) + 1}"))
        job.document_format = request.operation.text(A.DOCUMENT_FORMAT) or job.document_format
        return job

    def _job(self, head: Group) -> PrinterJob:
        job_id = head.integer(A.JOB_ID)
        if uri := head.text(A.JOB_URI):
            job_id = int(uri.rpartition("/")[2])
        if job_id not in self.jobs:
            raise RefusalError(Status.CLIENT_ERROR_NOT_FOUND, f"no job {job_id}")
        return self.jobs[job_id]

    def _print(self, job: PrinterJob) -> None:
        if job.ended:
            return
        job.open, job.state, job.reasons = False, JobState.PROCESSING, (REASONS[JobState.PROCESSING],)
        job.document.close()
        self.changed()
        if self.at_once and self.state != PrinterState.STOPPED:
            self.finish(job.id)

    def _rest(self, job: PrinterJob, *, resume: bool) -> None:
        expected = JobState.PROCESSING_STOPPED if resume else JobState.PROCESSING
        if job.state != expected:
            raise RefusalError(Status.CLIENT_ERROR_NOT_POSSIBLE, f"job {job.id} is not {expected.name.lower()}")
        job.state = JobState.PROCESSING if resume else JobState.PROCESSING_STOPPED
        job.reasons = (REASONS[JobState.PROCESSING],) if resume else ("job-suspended",)
        self.changed()

    def _listed(self, request: Message) -> list[Group]:
        head = request.operation
        ended = head.text(A.WHICH_JOBS) == "completed"
        jobs = [job for job in self.jobs.values() if job.ended == ended]
        if head.boolean(A.MY_JOBS):
            jobs = [job for job in jobs if job.user == head.text(A.REQUESTING_USER_NAME)]
        if ended:
            jobs.reverse()
        limited = jobs[: head.integer(A.LIMIT) or len(jobs)]
        groups = (Group(Tag.JOB, job.described(self.uri)) for job in limited)
        return [_chosen(group, request, default=(A.JOB_ID, A.JOB_URI)) for group in groups]

    def _brief(self, job: PrinterJob) -> list[Attribute]:
        wanted = (A.JOB_ID, A.JOB_URI, A.JOB_STATE, A.JOB_STATE_REASONS)
        return [one for one in job.described(self.uri) if one.name in wanted]


def _chosen(group: Group, request: Message, default: tuple[str, ...] = ("all",)) -> Group:
    """Return what requested-attributes asks for; group names are all the same to this printer."""
    wanted = set(request.operation.texts(A.REQUESTED_ATTRIBUTES) or default)
    if wanted & {"all", "job-description", "job-template", "printer-description"}:
        return group
    return Group(group.tag, [one for one in group if one.name in wanted])
