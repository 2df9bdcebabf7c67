"""Who works on what: workers and their pulse, lanes of devices, leases of jobs, singular duties."""

import os
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState
from ippgate.model import ticket
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import OCTET_STREAM
from ippgate.model.parcel import Parcel, Sighting
from ippgate.store.database import Database
from ippgate.store.gather import Gather
from ippgate.store.row import facts_from
from ippgate.store.sealed import WrappedKey

INLINE = 128 * 1024
"""Octets: a document up to this size comes along with its claim; a larger one is read as a stream."""

_LANES_AT_ONCE = 64

_HERE = f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"
"""Where a process id means this process: containers may share a host name, not a name space."""


Lease = tuple[int, int]
"""A job's id, and which of its leases."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A job's document in another format, whole and stored."""

    oid: int
    document_format: str
    sheet: str  # what it was laid out for
    size: int  # octets


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One of several documents of a leased job."""

    number: int
    oid: int | None
    document_format: str
    name: str
    size: int  # octets
    facts: DocumentFacts | None
    printed: int  # how often it came out
    frame: bytes | None = None  # as in a load

    @property
    def kind(self) -> str:
        """What its client said that it is, or, where that did not know, what it was found to be."""
        return _kind(self.document_format, self.facts)


@dataclass(frozen=True, slots=True)
class Leg:
    """A load that is one document of several, going by itself."""

    number: int  # the document's
    last: bool  # the job is done with it
    template: tuple[Attribute, ...]  # the ticket of the job as a whole


@dataclass(frozen=True, slots=True)
class Load:
    """A leased job with all that a lane needs to carry it."""

    parcel: Parcel
    device_id: int
    state: JobState
    key: WrappedKey | None  # None: its documents are gone
    oid: int | None
    frame: bytes | None  # the whole sealed document, when it is small
    edge: str | None  # how far an earlier attempt is known to have come
    device_job_id: int | None
    cancel_by: str | None
    lease: int  # which of the job's leases this is: what is stored of it later must name it
    attempts: int  # deliveries that were begun since its release, one that is inherited included
    age: float  # seconds since the attempt under way began, for one that is inherited
    number: int = 1  # the document's number, to which its frames are bound
    facts: DocumentFacts | None = None  # what the document was found to be; None: nobody has looked yet
    rendition: Rendition | None = None
    enclosed: tuple[Enclosed, ...] = ()  # of a job of several documents: all that were not cancelled, in order
    leg: Leg | None = None
    sending: int | None = None  # inherited: the document that alone was under way
    impressions: int | None = None  # that came out of the job in former legs
    sheets: int | None = None

    @property
    def claim(self) -> Lease:
        """By what this load is held."""
        return (self.parcel.job_id, self.lease)

    @property
    def document_format(self) -> str:
        """What its client said that the document is, or, where that did not know, what it was found to be."""
        return _kind(self.parcel.document_format, self.facts)


class LaneStore:
    """One worker's view of the work that is shared among workers. lease: seconds a worker counts as alive after a
    beat.
    """

    def __init__(self, database: Database, worker: UUID, *, lease: float) -> None:
        self._db = database
        self.worker = worker
        self.lease = lease
        self.claiming = Gather(self._claim, most=_LANES_AT_ONCE, apart=lambda wish: wish[0])

    async def __aenter__(self) -> Self:
        await self.claiming.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.claiming.__aexit__(kind, error, trace)

    async def beat(self) -> None:
        """Live for another lease."""
        await self._db.value("worker_beat", self.worker, self.lease, _HERE, os.getpid())

    async def leave(self) -> None:
        """Give everything back that is not under way."""
        await self._db.value("worker_leave", self.worker)

    async def bury_neighbours(self) -> None:
        """Workers that ran where this one runs and whose process is gone are dead at once, before their lease ends."""
        rows = await self._db.fetch("worker_list")
        dead = [
            row["id"] for row in rows if row["host"] == _HERE and row["id"] != self.worker and not _runs(row["pid"])
        ]
        if dead:
            await self._db.value("worker_remove", dead)

    async def bury(self) -> None:
        """Forget workers that are long gone."""
        await self._db.value("worker_bury")

    async def take_duty(self, name: str) -> bool:
        """Whether this worker does a duty that only one may do."""
        return await self._db.value("duty_take", name, self.worker) is not None

    async def waiting(self) -> list[int]:
        """Devices with work in a lane that is free or mine."""
        return [row["id"] for row in await self._db.fetch("lane_waiting", self.worker)]

    async def claim(self, device_id: int, room: int) -> list[Load]:
        """Lease up to `room` jobs of a device, in the order in which they go."""
        return await self.claiming((device_id, room))

    async def leave_lane(self, device_id: int) -> None:
        """Others may serve this device. What is still leased there waits again, what is at the device gets an heir."""
        await self._db.fetch("lane_leave", device_id, self.worker)

    async def cancels(self) -> dict[int, str]:
        """Jobs that this worker carries and that somebody (user, operator) wants cancelled."""
        return {row["id"]: row["cancel_by"] for row in await self._db.fetch("lease_cancels", self.worker)}

    async def free_pending(self) -> int:
        """Have jobs of dead workers wait again; how many."""
        return len(await self._db.fetch("lease_free_pending"))

    async def inherit(self, limit: int) -> list[Load]:
        """Take over jobs that dead workers were carrying."""
        return await self._loads(await self._db.fetch("lease_inherit", self.worker, limit))

    async def leases(self) -> set[Lease]:
        """Everything that is leased to this worker, as the database knows it."""
        return {(row["id"], row["lease"]) for row in await self._db.fetch("lease_list", self.worker)}

    async def disown(self, leases: Collection[Lease]) -> None:
        """What this worker does not carry after all waits again, or is for an heir to look into."""
        columns = [list(column) for column in zip(*leases, strict=True)]
        if columns:
            await self._db.fetch("lease_disown", self.worker, *columns)

    async def reach_edge(self, load: Load, device_job_id: int | None, reasons: Sequence[str]) -> bool:
        """The device has the whole document. False: somebody else carries the job."""
        facts = (load.parcel.job_id, self.worker, load.lease, device_job_id, list(reasons))
        return await self._db.value("job_reach_edge", *facts) is not None

    async def report(self, load: Load, sighting: Sighting) -> None:
        """What the device says of a job that goes on."""
        counts = (added(load.impressions, sighting.impressions), added(load.sheets, sighting.sheets))
        facts = (list(sighting.reasons), sighting.message, *counts)
        await self._db.value("job_report", load.parcel.job_id, self.worker, load.lease, *facts)

    async def _claim(self, batch: Sequence[tuple[int, int]]) -> Sequence[list[Load]]:
        devices, rooms = [list(column) for column in zip(*batch, strict=True)]
        loads = await self._loads(await self._db.fetch("lane_claim", self.worker, devices, rooms, INLINE))
        return [[load for load in loads if load.device_id == device_id] for device_id, _ in batch]

    async def _loads(self, rows: Sequence[Any]) -> list[Load]:
        """What was leased. Only of jobs whose documents came one by one the others are asked for."""
        loads = [_load(row) for row in rows]
        several = [row["id"] for row in rows if row["edition"] > 1]
        if not several:
            return loads
        enclosed: dict[int, list[Enclosed]] = {}
        for row in await self._db.fetch("lane_enclosed", several):
            enclosed.setdefault(row["job_id"], []).append(_enclosed(row))
        counts = {row["id"]: (row["sending"], row["impressions_before"], row["sheets_before"]) for row in rows}
        return [
            _filled(load, enclosed.get(load.parcel.job_id, []), *counts[load.parcel.job_id])
            if load.parcel.job_id in several
            else load
            for load in loads
        ]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _load(row: Any) -> Load:
    parcel = Parcel(
        job_id=row["id"],
        uuid=row["uuid"],
        name=row["name"],
        user=row["owner"],
        document_format=row["format"] or OCTET_STREAM,
        template=ticket.unpack(row["ticket"]),
        size=row["size"],
    )
    return Load(
        parcel=parcel,
        device_id=row["device_id"],
        state=JobState(row["state"]),
        key=WrappedKey(row["key"], row["key_id"], row["uuid"]) if row["key"] is not None else None,
        oid=row["oid"],
        frame=row["frame"],
        edge=row["edge"],
        device_job_id=row["device_job_id"],
        cancel_by=row["cancel_by"],
        lease=row["lease"],
        attempts=row["attempts"],
        age=row["age"],
        facts=facts_from(row["facts"]),
        rendition=_rendition(row),
    )


def _enclosed(row: Any) -> Enclosed:
    facts = facts_from(row["facts"])
    return Enclosed(row["number"], row["oid"], row["format"], row["name"], row["size"], facts, row["printed"])


def _filled(
    load: Load, enclosed: list[Enclosed], sending: int | None, impressions: int | None, sheets: int | None
) -> Load:
    """A load with its documents. Where one alone is left of what its client sent, it is like any other."""
    enclosed = [replace(each, frame=load.frame) if each.number == load.number else each for each in enclosed]
    if len(enclosed) != 1 or enclosed[0].printed:
        counted = replace(load, sending=sending, impressions=impressions, sheets=sheets)
        return replace(counted, enclosed=tuple(enclosed), oid=load.oid if enclosed else None)
    [one] = enclosed
    parcel = replace(load.parcel, document_format=one.document_format, size=one.size)
    return replace(load, parcel=parcel, oid=one.oid, frame=one.frame, number=one.number, facts=one.facts)


def added(before: int | None, now: int | None) -> int | None:
    """What came out by now of a job whose documents go one by one; None: the device does not say."""
    return None if now is None else (before or 0) + now


def _kind(said: str, facts: DocumentFacts | None) -> str:
    found = facts.document_format if facts else None
    return found if found and said == OCTET_STREAM else said


def _rendition(row: Any) -> Rendition | None:
    if row["rendition"] is None or row["rendition_size"] is None:
        return None
    return Rendition(row["rendition"], row["rendition_format"], row["rendition_sheet"], row["rendition_size"])
