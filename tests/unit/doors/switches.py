"""What operators ask of queues in memory; operators, people, sessions and private URIs that are known by a list."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ippgate.identity.secret import Secret, draw
from ippgate.ipp import JobState
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.private_uri import PrivateUri
from ippgate.model.queue import Queue
from ippgate.model.session import Session, SessionKind
from ippgate.model.station import Station
from tests.unit.doors.memory import Memory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT_DEVICE = (JobState.PROCESSING, JobState.PROCESSING_STOPPED)


@dataclass
class Switches:
    """The switches of the queues in `memory`; `asked` has who asked for what."""

    memory: Memory
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    scheduled: list[tuple[int, int | None, str]] = field(default_factory=list)

    async def pause(self, name: str, by: str) -> Queue:
        return self._switch("pause", name, by, paused=True)

    async def resume(self, name: str, by: str) -> Queue:
        return self._switch("resume", name, by, paused=False)

    async def enable(self, name: str, by: str) -> Queue:
        return self._switch("enable", name, by, accepting=True)

    async def disable(self, name: str, by: str) -> Queue:
        return self._switch("disable", name, by, accepting=False)

    async def hold_new(self, name: str, by: str) -> Queue:
        return self._switch("hold_new", name, by, holds_new=True)

    async def take_new(self, name: str, by: str) -> Queue:
        return self._switch("take_new", name, by, holds_new=False)

    async def current(self, queue: Queue) -> int:
        for job in self.memory.jobs.values():
            if job.queue_id == queue.id and job.state in AT_DEVICE:
                return job.id
        raise NotPossible(f"no job of {queue.name} is at a device at this moment")

    async def schedule(self, job_id: int, after: int | None, by: str) -> None:
        if self.memory.jobs[job_id].state is not JobState.PENDING:
            raise NotPossible(f"job {job_id} does not wait")
        self.scheduled.append((job_id, after, by))

    async def busy(self, queue_id: int) -> bool:
        return any(job.queue_id == queue_id and job.state in AT_DEVICE for job in self.memory.jobs.values())

    def _switch(self, what: str, name: str, by: str, **changes: bool) -> Queue:
        for place, queue in enumerate(self.memory.all_queues):
            if queue.name == name:
                self.asked.append((what, name, by))
                self.memory.all_queues[place] = replace(queue, **changes)  # type: ignore[arg-type]  # booleans all
                return self.memory.all_queues[place]
        raise NotFound(f"there is no queue {name}")


@dataclass
class Rest:
    """Jobs that rest at devices; `asked` has who asked for what."""

    asked: list[tuple[str, int, str]] = field(default_factory=list)
    failure: Exception | None = None

    async def suspend(self, job_id: int, by: str) -> None:
        self._ask("suspend", job_id, by)

    async def resume(self, job_id: int, by: str) -> None:
        self._ask("resume", job_id, by)

    def _ask(self, what: str, job_id: int, by: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.asked.append((what, job_id, by))


@dataclass
class Roster:
    """Operators with their passwords; `tried` has every claim that somebody looked at."""

    known: dict[str, str] = field(default_factory=dict)
    tried: list[tuple[str, str, str]] = field(default_factory=list)
    failure: Exception | None = None

    async def proves(self, name: str, password: str, source: str) -> bool:
        self.tried.append((name, password, source))
        if self.failure is not None:
            raise self.failure
        return self.known.get(name) == password


@dataclass
class Issued:
    """Private URIs by their secret; `asked` has every one that somebody looked up."""

    known: dict[str, PrivateUri] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    failure: Exception | None = None

    def add(self, secret: str, queue: str, *, person: str = "", workstation: str = "") -> str:
        issued = PrivateUri(len(self.known) + 1, queue, person, workstation, datetime(2026, 1, 2, tzinfo=UTC))
        self.known[secret] = issued
        return secret

    async def bearer(self, queue: str, secret: str, source: str) -> PrivateUri:
        self.asked.append((queue, secret, source))
        if self.failure is not None:
            raise self.failure
        found = self.known.get(secret)
        if found is None or found.queue != queue:
            raise NotFound("there is no such printer any more: ask its operator for a new URI")
        return found


@dataclass
class StationList:
    """Stations with their secrets and certificates; `tried` has every secret that somebody looked at."""

    known: dict[str, tuple[Station, str]] = field(default_factory=dict)
    tried: list[tuple[str, str]] = field(default_factory=list)
    failure: Exception | None = None

    def add(self, name: str, *devices: int, names_people: bool = True, fingerprint: bytes | None = None) -> str:
        """Its secret."""
        secret = draw("station", name).whole
        station = Station(len(self.known) + 1, name, NOON, NOON, frozenset(devices), names_people, None, fingerprint)
        self.known[name] = (station, secret)
        return secret

    async def by_secret(self, secret: Secret, source: str) -> Station | None:
        self.tried.append((secret.name, source))
        if self.failure is not None:
            raise self.failure
        station, known = self.known.get(secret.name, (None, ""))
        return station if known == secret.whole else None

    async def by_certificate(self, fingerprint: bytes) -> Station | None:
        return next((station for station, _ in self.known.values() if station.fingerprint == fingerprint), None)


@dataclass
class Passwords:
    """People with their passwords; `tried` has every claim that somebody looked at."""

    known: dict[str, str] = field(default_factory=dict)
    tried: list[tuple[str, str, str]] = field(default_factory=list)
    failure: Exception | None = None

    async def claims(self, name: str) -> str | None:
        own = name.rpartition("\\")[2].lower()
        return own if own in self.known else None

    async def proves(self, person: str, password: str, source: str) -> bool:
        self.tried.append((person, password, source))
        if self.failure is not None:
            raise self.failure
        return self.known[person] == password


@dataclass
class SessionList:
    """Sessions by their tokens; `tried` has every one that somebody looked at."""

    known: dict[str, Session] = field(default_factory=dict)
    tried: list[tuple[str, str]] = field(default_factory=list)
    failure: Exception | None = None

    def add(self, person: str, device: int | None = None) -> str:
        """Its token. device: it is a panel's, and good there."""
        number = len(self.known) + 1
        token = draw("session", str(number)).whole
        kind = SessionKind.API if device is None else SessionKind.PANEL
        until = NOON + timedelta(hours=1)
        self.known[token] = Session(number, kind, person, device, None, 60.0, NOON, NOON, until)
        return token

    async def by_token(self, token: Secret, source: str) -> Session | None:
        self.tried.append((token.name, source))
        if self.failure is not None:
            raise self.failure
        return self.known.get(token.whole)
