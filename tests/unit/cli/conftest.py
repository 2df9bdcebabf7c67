"""The command line over a gate of paper: services that remember what was asked of them."""

import sys
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from ippgate.cli.root import app
from ippgate.config import Settings
from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.capabilities import SAFE, Capabilities
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import DeviceNotReady, NotFound, NotPossible
from ippgate.model.group import DeviceGroup
from ippgate.model.job import Caller, Document, Job
from ippgate.model.queue import Description, Queue, QueueMode
from ippgate.model.station import Station, StationCode
from ippgate.model.until import Until
from ippgate.observe import log

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Run = Callable[..., Result]


def paper_job(job_id: int, **changes: Any) -> Job:
    """A held job of jake."""
    document = Document(1, 9, "application/pdf", "", 65536, bytes(32))
    job = Job(
        job_id, UUID(int=job_id), 1, "followme", "jake", f"letter {job_id}", JobState.PENDING_HELD,
        ("job-held-for-release",), NOON, documents=(document,),
    )  # fmt: skip
    return replace(job, **changes)


@dataclass
class Paper:
    """A gate of paper."""

    jobs_by_id: dict[int, Job] = field(default_factory=dict)
    queue_list: list[Queue] = field(default_factory=list)
    device_list: list[Device] = field(default_factory=list)
    group_list: list[DeviceGroup] = field(default_factory=list)
    station_list: list[Station] = field(default_factory=list)
    station_codes: list[StationCode] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    ended: int = 0
    served: bool = True
    settings: Settings | None = None
    broken: Exception | None = None
    private_uris: SimpleNamespace = field(default_factory=SimpleNamespace)

    # jobs
    async def get(self, job_id: int, caller: Caller) -> Job:
        if job_id not in self.jobs_by_id:
            raise NotFound(f"there is no job {job_id}")
        return self.jobs_by_id[job_id]

    async def listing(
        self, queue_id: int | None, states: Collection[JobState], owner: str | None, limit: int
    ) -> list[Job]:
        self.asked.append(("listing", queue_id, frozenset(states), owner, limit))
        return [j for j in self.jobs_by_id.values() if j.state in states and owner in (None, j.owner)][:limit]

    async def hold(self, job_id: int, caller: Caller, until: Until | None) -> Job:
        self.asked.append(("hold", job_id, caller, until))
        return await self.get(job_id, caller)

    async def cancel(self, job_id: int, caller: Caller) -> Job:
        self.asked.append(("cancel", job_id, caller))
        job = await self.get(job_id, caller)
        if job.state is JobState.COMPLETED:
            raise NotPossible(f"job {job_id} is completed: it cannot be cancelled")
        return replace(job, state=JobState.CANCELED, reasons=("job-canceled-by-operator",))

    async def attempts(self, job_id: int) -> list[dict[str, object]]:
        return [{"number": 1, "device": "copier", "started_at": NOON, "outcome": "hold", "message": "out of paper"}]

    async def purge(self, older_than: float, limit: int) -> int:
        self.asked.append(("purge", older_than))
        gone, self.ended = min(limit, self.ended), max(0, self.ended - limit)
        return gone

    async def abandoned(self, limit: int) -> list[tuple[int, JobState]]:
        return []

    async def fetch(self, query: str) -> list[dict[str, Any]]:
        until = datetime.now(UTC)
        return [{"id": UUID(int=1), "host": "here pid:[1]", "pid": 1, "until": until, "lives": self.served}]

    async def value(self, query: str, *arguments: object) -> int:
        return 0

    # fleet
    async def queues(self) -> list[Queue]:
        return self.queue_list

    async def queue(self, name: str) -> Queue:
        for queue in self.queue_list:
            if queue.name == name:
                return queue
        raise NotFound(f"there is no queue {name}")

    async def queue_by_id(self, queue_id: int) -> Queue:
        return self.queue_list[0]

    async def waiting(self, queue_id: int) -> int:
        return 3

    async def add_queue(
        self, name: str, mode: QueueMode, device: str | None = None, info: str = "", location: str = "", **more: Any
    ) -> Queue:
        self.asked.append(("add_queue", name, mode, device, info, location, more))
        queue = Queue(7, UUID(int=7), name, mode, 1 if device else None, info, location)
        return replace(queue, group_id=1 if more["group"] else None, capabilities=more["capabilities"])

    async def set_queue(self, name: str, **changes: Any) -> Queue:
        self.asked.append(("set_queue", name, changes))
        return await self.queue(name)

    async def schedule(self, job_id: int, after: int | None, by: str) -> None:
        self.asked.append(("schedule", job_id, after))

    async def suspend(self, job_id: int, by: str) -> None:
        self.asked.append(("suspend", job_id))

    async def resume(self, job_id: int, by: str) -> None:
        self.asked.append(("resume", job_id))

    async def describe_queue(self, seen: Queue, said: Description, by: str) -> Queue:
        self.asked.append(("describe_queue", seen.name, said))
        return seen

    def of_queue(self, queue: Queue) -> Capabilities:
        return SAFE

    async def remove_queue(self, name: str) -> None:
        await self.queue(name)

    async def devices(self) -> list[Device]:
        return self.device_list

    async def device(self, name: str) -> Device:
        for device in self.device_list:
            if device.name == name:
                return device
        raise NotFound(f"there is no device {name}")

    async def device_by_id(self, device_id: int) -> Device:
        return self.device_list[0]

    async def add_device(self, name: str, uri: str, **options: Any) -> Device:
        self.asked.append(("add_device", name, uri, options))
        return Device(2, UUID(int=2), name, uri, report=DeviceReport(PrinterState.IDLE, make_and_model="Copier 9000"))

    async def probe(self, name: str) -> DeviceReport:
        if (await self.device(name)).report.state is PrinterState.STOPPED:
            raise DeviceNotReady(f"{name} does not answer: connection refused")
        return DeviceReport(PrinterState.IDLE, formats=("application/pdf",))

    async def remove_device(self, name: str) -> None:
        await self.device(name)

    # groups
    async def groups(self) -> list[DeviceGroup]:
        return self.group_list

    async def group(self, name: str) -> DeviceGroup:
        for group in self.group_list:
            if group.name == name:
                return group
        raise NotFound(f"there is no group {name}")

    async def group_by_id(self, group_id: int) -> DeviceGroup:
        return self.group_list[0]

    async def members(self, group: DeviceGroup) -> list[Device]:
        return [device for device in self.device_list if device.id in group.members]

    async def on_their_way(self, devices: Sequence[Device]) -> dict[int, int]:
        return {device.id: 4 for device in devices}

    async def add_group(self, name: str, devices: Sequence[str], info: str, location: str) -> DeviceGroup:
        self.asked.append(("add_group", name, tuple(devices), info, location))
        members = tuple([(await self.device(device)).id for device in devices])
        return DeviceGroup(1, UUID(int=3), name, members, info, location)

    async def set_group(self, name: str, **changes: Any) -> DeviceGroup:
        self.asked.append(("set_group", name, changes))
        return await self.group(name)

    async def remove_group(self, name: str) -> None:
        await self.group(name)

    async def unlock(self, job_id: int, by: str) -> None:
        self.asked.append(("unlock", job_id, bool(by)))
        await self.get(job_id, Caller(by))

    # stations
    async def stations(self) -> list[Station]:
        return self.station_list

    async def codes(self) -> list[StationCode]:
        return self.station_codes

    async def code(self, name: str, devices: Sequence[int], **options: Any) -> tuple[str, StationCode]:
        self.asked.append(("station_code", name, tuple(devices), options))
        return "WXYZ-2345-ABCD", StationCode(name, NOON)

    async def add(self, name: str, devices: Sequence[int], **options: Any) -> tuple[Station, str | None]:
        self.asked.append(("add_station", name, tuple(devices), options))
        proof = options["certificate"]
        added = Station(1, name, NOON, NOON, frozenset(devices), options["names_people"], proof, proof and bytes(32))
        return added, None if proof else f"station~{name}~secret"

    async def set(self, name: str, **changes: Any) -> Station:
        self.asked.append(("set_station", name, changes))
        return Station(1, name, NOON, NOON, frozenset(changes["add"]), bool(changes["names_people"]))

    async def release(
        self,
        job_id: int,
        caller: Caller,
        device: str | None,
        *,
        group: str | None = None,
        changes: tuple[Attribute, ...] = (),
        keep: bool = False,
    ) -> Job:
        self.asked.append(("release", job_id, caller, device, group, changes, *(["keep"] if keep else [])))
        job = await self.get(job_id, caller)
        if device == "stopped":
            raise DeviceNotReady("stopped is stopped (out of paper): choose another device")
        return replace(job, state=JobState.PENDING, reasons=(), device=device)


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Paper:
    """A gate of paper in place of the real one; logging is left as it was."""
    gate = Paper()
    monkeypatch.setattr(log, "_log", log._log)

    @asynccontextmanager
    async def open_gate(settings: Settings, *, migrate: bool = False) -> AsyncIterator[SimpleNamespace]:
        gate.settings = settings
        if gate.broken is not None:
            raise gate.broken
        names = (
            "abilities",
            "traffic",
            "suspension",
            "fleet",
            "desk",
            "jobs",
            "release",
            "guard",
            "database",
            "lanes",
            "stations",
        )
        parts = {**dict.fromkeys(names, gate), "private_uris": gate.private_uris}
        yield SimpleNamespace(settings=settings, **parts)

    stub = ModuleType("ippgate.app")
    stub.open_gate = open_gate  # type: ignore[attr-defined]
    stub.serve = lambda settings, *, demo: gate.asked.append(("serve", settings, demo))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ippgate.app", stub)
    return gate


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call a command with a home of its own; gives what it printed and its exit code."""
    monkeypatch.setenv("IPPGATE_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], prog_name="ippgate")
