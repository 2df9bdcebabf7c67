"""A gate in memory behind the real doors: the services' signatures, the real lifecycle, no database, no device.

A passthrough job completes as soon as its document is here, as if its device were very fast; `patient` devices wait.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import count
from typing import Final
from uuid import UUID, uuid4

from ippgate.intake.verdict import waiting_reasons
from ippgate.ipp import Attribute, JobState, PrinterState
from ippgate.ipp.registry import reasons as R
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import (
    DeviceNotReady,
    NotAccepting,
    NotAuthorized,
    NotFound,
    NotPossible,
    TooManyDocuments,
    WrongPassword,
)
from ippgate.model.job import Caller, Document, Job, NewDocument, NewJob
from ippgate.model.job_password import JobPassword, same
from ippgate.model.lifecycle import AT_DEVICE, TERMINAL, Event, IllegalMove, after
from ippgate.model.queue import Description, Queue, QueueMode, own_queue
from ippgate.model.storage import Access
from ippgate.model.until import Until, held_words
from tests.unit.doors.subscriptions import Kept

NO_HOLD: Final = "no-hold"


class Offenders(NotPossible):
    def __init__(self, sentence: str, job_ids: list[int]) -> None:
        super().__init__(sentence)
        self.job_ids = job_ids


@dataclass
class Memory:
    """Intake, desk, release and fleet in one: what it keeps is there to be looked at."""

    patient: bool = False  # passthrough jobs stay pending
    most: int = 3  # documents in a job
    jobs: dict[int, Job] = field(default_factory=dict)
    documents: dict[int, bytes] = field(default_factory=dict)
    passwords: dict[int, JobPassword] = field(default_factory=dict)
    failure: Exception | None = None  # raised by whatever is asked next
    gone: list[BaseException] = field(default_factory=list)  # what ended a document early
    receiving: asyncio.Event = field(default_factory=asyncio.Event)  # set when octets of a document have arrived
    received: int = 0  # octets of documents, whole or not
    all_queues: list[Queue] = field(default_factory=list)
    all_devices: list[Device] = field(default_factory=list)
    own_queues: list[Queue] = field(default_factory=list)  # of devices
    identified: list[tuple[str, list[str], str]] = field(default_factory=list)  # device, actions, message
    subscriptions: Kept = field(default_factory=Kept)
    changes: list[Attribute] = field(default_factory=list)  # what the last release was to change
    described: list[tuple[str, Description, str]] = field(default_factory=list)
    checked: list[tuple[str, list[str]]] = field(default_factory=list)  # what was held against which device
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def add_queue(self, name: str, mode: QueueMode = QueueMode.RELEASE_PRINTING, **facts: object) -> Queue:
        changed = datetime(2026, 1, 2, tzinfo=UTC)
        queue = Queue(len(self.all_queues) + 1, uuid4(), name, mode, changed_at=changed)
        self.all_queues.append(replace(queue, **facts))  # type: ignore[arg-type]  # tests name the fields
        return self.all_queues[-1]

    def add_device(self, name: str, state: PrinterState = PrinterState.IDLE) -> Device:
        device = Device(
            len(self.all_devices) + 1, uuid4(), name, f"socket://{name}.example", report=DeviceReport(state)
        )
        self.all_devices.append(device)
        own = Queue(1000 + device.id, uuid4(), own_queue(name), QueueMode.PASSTHROUGH, device.id, of_device=True)
        self.own_queues.append(own)
        return device

    # intake

    async def submit(self, queue: Queue, new: NewJob, document: NewDocument, body: AsyncIterator[bytes]) -> Job:
        self._fail()
        if not queue.accepting:
            raise NotAccepting(f"the queue {queue.name} takes no jobs at the moment: ask its operator")
        data = await self._take(body)
        job = self._born(queue, new)
        return self._store(job, document, data, last=True)

    async def create(self, queue: Queue, new: NewJob) -> Job:
        self._fail()
        if not queue.accepting:
            raise NotAccepting(f"the queue {queue.name} takes no jobs at the moment: ask its operator")
        job = self._born(queue, new)
        return self._keep(replace(job, incoming=True, reasons=(*job.reasons, R.JOB_INCOMING)))

    async def add_document(
        self, job_id: int, caller: Caller, document: NewDocument, body: AsyncIterator[bytes], last: bool
    ) -> Job:
        job = self._open(job_id, caller)
        if job.next_number > self.most:
            raise TooManyDocuments(f"this printer takes {self.most} documents in a job: send the others by themselves")
        return self._store(job, document, await self._take(body), last=last)

    async def close(self, job_id: int, caller: Caller) -> Job:
        job = self._open(job_id, caller)
        if not job.documents:
            return self._move(job, Event.ABORT, R.ABORTED_BY_SYSTEM)
        return self._closed(job)

    # desk

    async def get(self, job_id: int, caller: Caller) -> Job:
        self._fail()
        if job_id not in self.jobs:
            raise NotFound(f"there is no job {job_id}")
        return self.jobs[job_id]

    async def get_many(self, job_ids: Sequence[int]) -> list[Job]:
        return [self.jobs[job_id] for job_id in job_ids if job_id in self.jobs]

    async def listing(
        self,
        queue_id: int | None,
        states: Collection[JobState],
        owner: str | None,
        limit: int,
        device_id: int | None = None,
    ) -> list[Job]:
        self._fail()
        chosen = [
            job
            for job in self.jobs.values()
            if job.state in states
            and queue_id in (None, job.queue_id)
            and owner in (None, job.owner)
            and device_id in (None, job.device_id)
        ]
        waiting = sorted((job for job in chosen if job.state not in TERMINAL), key=lambda job: job.id)
        ended = sorted((job for job in chosen if job.state in TERMINAL), key=lambda job: -job.id)
        return [*waiting, *ended][:limit]

    async def listing_at(
        self,
        device_id: int,
        states: Collection[JobState],
        owner: str | None,
        limit: int,
        others: Collection[str] = (),
    ) -> list[Job]:
        listed = await self.listing(None, states, None, len(self.jobs) + 1)
        asks = Caller(owner or "", operator=owner is None, stands_for=frozenset(others))
        here = [job for job in listed if job.state is JobState.PENDING_HELD or job.device_id == device_id]
        return [job for job in here if asks.sees(job)][:limit]

    async def stored(
        self,
        access: Access,
        *,
        owner: str | None = None,
        group: str | None = None,
        queue_id: int | None = None,
        limit: int,
    ) -> list[Job]:
        return [
            job
            for job in self.jobs.values()
            if job.stored
            and job.storage is not None
            and job.storage.access is access
            and owner in (None, job.owner)
            and group in (None, job.storage.group)
            and queue_id in (None, job.queue_id)
        ][:limit]

    async def hold(self, job_id: int, caller: Caller, hold_until: Until | None) -> Job:
        job = self._owned(job_id, caller)
        if job.state in AT_DEVICE:
            raise NotPossible(f"job {job_id} is at its device: it is too late to hold it")
        reasons = tuple(dict.fromkeys((*job.reasons, R.JOB_HOLD_UNTIL_SPECIFIED)))
        held = replace(job, hold_until=hold_until or "indefinite", held_until=held_words(hold_until or "indefinite"))
        return (
            self._keep(replace(held, reasons=reasons))
            if job.state is JobState.PENDING_HELD
            else self._move(held, Event.HOLD, *reasons)
        )

    async def change(
        self,
        job_id: int,
        caller: Caller,
        *,
        template: tuple[Attribute, ...] | None = None,
        name: str | None = None,
        priority: int | None = None,
        hold_until: Until | None = None,
    ) -> Job:
        job = self._owned(job_id, caller)
        if job.state not in (JobState.PENDING, JobState.PENDING_HELD):
            raise NotPossible(f"job {job_id} is not waiting: only a job that waits can be changed")
        job = replace(
            job,
            template=job.template if template is None else template,
            name=name or job.name,
            priority=priority or job.priority,
        )
        if hold_until is not None:
            job = replace(job, hold_until=None if hold_until == NO_HOLD else hold_until)
        return self._keep(job)

    async def cancel(self, job_id: int, caller: Caller) -> Job:
        return self._move(self._owned(job_id, caller), Event.CANCEL, R.JOB_CANCELED_BY_USER)

    async def cancel_mine(self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None) -> list[int]:
        mine = {
            job.id
            for job in self.jobs.values()
            if job.owner == caller.name and job.state not in TERMINAL and queue_id in (None, job.queue_id)
        }
        wanted = sorted(mine) if job_ids is None else list(job_ids)
        if offenders := [job_id for job_id in wanted if job_id not in mine]:
            raise Offenders(f"no job was cancelled: {offenders} cannot be", offenders)
        for job_id in wanted:
            await self.cancel(job_id, caller)
        return wanted

    async def cancel_all(self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None) -> list[int]:
        assert caller.operator
        known = {job.id for job in self.jobs.values() if job.state not in TERMINAL and queue_id in (None, job.queue_id)}
        wanted = sorted(known) if job_ids is None else list(job_ids)
        if offenders := [job_id for job_id in wanted if job_id not in known]:
            raise Offenders(f"no job was cancelled: {offenders} cannot be", offenders)
        for job_id in wanted:
            await self.cancel(job_id, caller)
        return wanted

    # release

    async def release(
        self,
        job: int | Job,
        caller: Caller,
        device: str | UUID | None = None,
        *,
        changes: Iterable[Attribute] = (),
        password: JobPassword | None = None,
        keep: bool = False,
    ) -> Job:
        self._fail()
        self.changes = list(changes)
        self.kept = keep
        job_id = job if isinstance(job, int) else job.id
        job = await self.get(job_id, caller)
        if not caller.sees(job):
            raise NotAuthorized(f"job {job_id} belongs to somebody else")
        if job.state in TERMINAL:
            raise NotPossible(f"job {job_id} has ended: it cannot be released")
        if job.state is not JobState.PENDING_HELD:
            return job
        wants = None if caller.operator else self.passwords.get(job_id)
        if wants is not None and (password is None or not same(wants, password)):
            raise WrongPassword(f"that is not the password of job {job_id}")
        target = await self._target(job, device)
        if target is None:
            reasons = tuple(reason for reason in job.reasons if reason != R.JOB_HOLD_UNTIL_SPECIFIED)
            return self._keep(replace(job, hold_until=None, reasons=reasons))
        if target.report.state is PrinterState.STOPPED:
            raise DeviceNotReady(f"{target.name} is stopped: choose another device")
        return self._go(replace(job, device_id=target.id, device=target.name, device_uuid=target.uuid, hold_until=None))

    async def check_changes(self, job: Job, device: Device, changes: Iterable[Attribute]) -> None:
        self._fail()
        self.checked.append((device.name, [change.name for change in changes]))

    # fleet

    async def device(self, name: str) -> Device:
        self._fail()
        for device in self.all_devices:
            if device.name == name:
                return device
        raise NotFound(f"there is no device {name}")

    async def on_their_way(self, devices: Iterable[Device]) -> dict[int, int]:
        going = [job.device_id for job in self.jobs.values() if job.state not in (*TERMINAL, JobState.PENDING_HELD)]
        return {device.id: going.count(device.id) for device in devices}

    async def identify(self, device: Device, actions: Sequence[str], message: str) -> bool:
        self.identified.append((device.name, list(actions), message))
        return device.uri.startswith("ipp")

    async def queue(self, name: str) -> Queue:
        self._fail()
        for queue in (*self.all_queues, *self.own_queues):
            if queue.name == name:
                return queue
        raise NotFound(f"there is no queue {name}")

    async def queues(self) -> list[Queue]:
        self._fail()
        return list(self.all_queues)

    async def default_queue(self) -> Queue | None:
        return self.all_queues[0] if self.all_queues else None

    async def describe_queue(self, seen: Queue, said: Description, by: str) -> Queue:
        self._fail()
        self.described.append((seen.name, said, by))
        changes = {each.name: value for each in fields(said) if (value := getattr(said, each.name)) is not None}
        place = self.all_queues.index(seen)
        self.all_queues[place] = replace(seen, **changes)
        return self.all_queues[place]

    async def system_uuid(self) -> UUID:
        return UUID(int=1)

    async def device_by_id(self, device_id: int) -> Device:
        for device in self.all_devices:
            if device.id == device_id:
                return device
        raise NotFound(f"there is no device {device_id}")

    async def devices_of(self, queue: Queue) -> list[Device]:
        return [device for device in self.all_devices if device.id == queue.device_id]

    async def device_by_uuid(self, uuid: UUID) -> Device:
        for device in self.all_devices:
            if device.uuid == uuid:
                return device
        raise NotFound(f"there is no device urn:uuid:{uuid}")

    async def waiting(self, queue_id: int) -> int:
        return sum(job.queue_id == queue_id and job.state not in TERMINAL for job in self.jobs.values())

    # within

    def _fail(self) -> None:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    async def _take(self, body: AsyncIterator[bytes]) -> bytes:
        data = bytearray()
        try:
            async for chunk in body:
                data += chunk
                self.received += len(chunk)
                self.receiving.set()
        except BaseException as error:
            self.gone.append(error)
            raise
        return bytes(data)

    def _born(self, queue: Queue, new: NewJob) -> Job:
        reasons = waiting_reasons(queue, hold_until=new.hold_until, action=new.release_action)
        device = next((device for device in self.all_devices if device.id == queue.device_id), None)
        job_id = next(self._ids)
        if new.password is not None:
            self.passwords[job_id] = new.password
        self.subscriptions.born(job_id, queue.id, new.owner, new.subscriptions)
        return Job(
            id=job_id,
            uuid=uuid4(),
            queue_id=queue.id,
            queue=queue.name,
            owner=new.owner,
            name=new.name,
            state=JobState.PENDING_HELD if reasons else JobState.PENDING,
            reasons=reasons,
            created_at=datetime.now(UTC),
            host=new.host,
            priority=new.priority,
            hold_until=new.hold_until,
            held_until=held_words(new.hold_until),
            device_id=queue.device_id,
            device=device.name if device else None,
            device_uuid=device.uuid if device else None,
            template=new.template,
            release_action=new.release_action,
            said=new.said,
            unclaimed=new.unclaimed,
        )

    def _store(self, job: Job, document: NewDocument, data: bytes, *, last: bool) -> Job:
        self.documents[job.id] = self.documents.get(job.id, b"") + data  # of several: all of them
        facts = (document.document_format, document.name, len(data), hashlib.sha256(data).digest())
        job = self._keep(job.having(Document(job.next_number, 1, *facts)))
        return self._closed(job) if last else job

    def _closed(self, job: Job) -> Job:
        reasons = tuple(reason for reason in job.reasons if reason != R.JOB_INCOMING)
        job = self._keep(replace(job, incoming=False, reasons=reasons))
        return self._printed(job) if job.state is JobState.PENDING and not self.patient else job

    def _go(self, job: Job) -> Job:
        job = self._move(job, Event.RELEASE)
        return job if self.patient else self._printed(job)

    def _printed(self, job: Job) -> Job:
        job = replace(self._move(job, Event.START, R.JOB_PRINTING), processing_at=datetime.now(UTC))
        return self._move(replace(job, impressions=1, sheets=1), Event.COMPLETE, R.JOB_COMPLETED_SUCCESSFULLY)

    def _move(self, job: Job, event: Event, *reasons: str) -> Job:
        try:
            state = after(job.state, event)
        except IllegalMove as error:
            raise NotPossible(str(error)) from error
        ended = datetime.now(UTC) if state in TERMINAL else None
        return self._keep(replace(job, state=state, reasons=reasons, completed_at=ended, incoming=False))

    def _keep(self, job: Job) -> Job:
        self.jobs[job.id] = job
        return job

    def _owned(self, job_id: int, caller: Caller) -> Job:
        self._fail()
        if job_id not in self.jobs:
            raise NotFound(f"there is no job {job_id}")
        if not caller.owns(self.jobs[job_id].owner):
            raise NotAuthorized(f"job {job_id} belongs to somebody else")
        return self.jobs[job_id]

    def _open(self, job_id: int, caller: Caller) -> Job:
        job = self._owned(job_id, caller)
        if not job.incoming:
            raise NotPossible(f"job {job_id} takes no more documents: it is closed")
        return job

    async def _target(self, job: Job, device: str | UUID | None) -> Device | None:
        if isinstance(device, UUID):
            return await self.device_by_uuid(device)
        return await self.device_by_id(job.device_id) if job.device_id is not None else None
