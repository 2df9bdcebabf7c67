"""The real doors on a real socket, with a gate in memory behind them."""

import ssl
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, cast

from ippgate.doors import DoorSettings, Server
from ippgate.doors.ipp import IppDoor, Services
from ippgate.doors.ipp.services import Allowance, Boundless
from ippgate.doors.web import open_door
from ippgate.ipp import Attribute, Message, Status
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE, Capabilities
from ippgate.model.capabilities.chosen import with_defaults
from ippgate.model.errors import Forbidden
from ippgate.model.owner import Owners
from ippgate.notice import Board, Notices
from ippgate.observe.monitor import Readiness
from ippgate.store.subscriptions import SubscriptionStore
from tests.unit.doors.client import Client, Reply, message_of, post, status_of
from tests.unit.doors.memory import Memory
from tests.unit.doors.papers import Papers
from tests.unit.doors.switches import Issued, Passwords, Rest, Roster, SessionList, StationList, Switches

HERE = "ipp://gate:8631"
FOLLOWME = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/followme")
ALICE = attribute(A.REQUESTING_USER_NAME, "alice")
BOB = attribute(A.REQUESTING_USER_NAME, "bob")


@dataclass
class Counted:
    """What the door counts, and what monitoring asks."""

    requests: list[tuple[str, str]] = field(default_factory=list)
    ready: Readiness = field(default_factory=lambda: Readiness(ready=True))

    def ipp_request(self, operation: str, status: str, seconds: float) -> None:
        assert seconds >= 0
        self.requests.append((operation, status))

    async def render(self) -> bytes:
        return b"ippgate_up 1\n"

    async def readiness(self) -> Readiness:
        return self.ready


@dataclass
class ShutOut:
    """People who are shut out, for whom others stand, and what they prefer."""

    names: Collection[str]
    standing: dict[str, set[str]] = field(default_factory=dict)
    preferred: dict[str, tuple[Attribute, ...]] = field(default_factory=dict)

    def preferences(self, name: str) -> tuple[Attribute, ...]:
        return self.preferred.get(name, ())

    def stands_for(self, name: str) -> frozenset[str]:
        return frozenset(self.standing.get(name, ()))

    def check_active(self, name: str) -> None:
        if name in self.names:
            raise Forbidden(f"{name} is shut out")


class Gate:
    """A queue `followme` that holds, and what else a test adds to `memory`."""

    def __init__(
        self,
        settings: DoorSettings | None = None,
        memory: Memory | None = None,
        *,
        metrics: bool = True,
        tls: Callable[[], ssl.SSLContext] | None = None,
        owners: Owners | None = None,
        allowance: Allowance | None = None,
        people: Callable[[bytes], str] | None = None,
        shut_out: Collection[str] = (),
    ) -> None:
        self.settings = settings or DoorSettings(port=0)
        self.memory = memory or Memory()
        self.counted = Counted()
        self.memory.add_queue("followme", info="Follow me", location="everywhere")
        self.switches, self.roster = Switches(self.memory), Roster({"olga": "correct horse"})
        papers = Papers(self.memory)
        self.issued, self.rest, self.stations = Issued(), Rest(), StationList()
        self.owners = owners or Owners()
        self.logins, self.sessions, self.people = Passwords(), SessionList(), ShutOut(shut_out)
        self.kept = self.memory.subscriptions
        self.kept.settings = self.settings.notices
        self.board = Board(self.settings.notices.waiting)
        notices = Notices(cast("SubscriptionStore", self.kept), self.board, self.settings.notices)
        services = Services(
            *(self.memory, self.memory, self.memory, self.memory),
            self.switches,
            self.rest,
            notices,
            self.roster,
            self.issued,
            self.stations,
            owners=lambda: self.owners,
            people=self.people,
            logins=self.logins,
            sessions=self.sessions,
            allowance=allowance or Boundless(),
            documents=papers,
            resubmission=papers,
        )
        self.able: Capabilities = SAFE  # what every queue can be asked for
        self.ipp = IppDoor(
            services,
            self.settings,
            self.counted,
            capabilities_of=lambda queue: with_defaults(self.able, queue.defaults),
            people=people,
        )
        self.web = open_door(self.memory, self.settings, self.counted, metrics=metrics)
        self.server = Server(
            self.settings, ipp=self.ipp.answer, web_pages=self.web.answer, takes=self.web.takes, tls=tls
        )

    async def __aenter__(self) -> Self:
        await self.server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.board.close()
        await self.server.stop()

    def client(self, *, source: str = "127.0.0.1") -> Client:
        return Client(self.server.port, source=source)

    async def ask(self, octets: bytes) -> Reply:
        """One request on a connection of its own."""
        async with self.client() as client:
            return await client.ask(octets)

    async def ipp_ask(self, body: bytes) -> Message:
        """One IPP request; the answer as IPP."""
        return (await self.ask(post(body))).ipp

    async def operate(
        self,
        code: int,
        *operation: Attribute,
        job: tuple[Attribute, ...] = (),
        subscriptions: Iterable[Iterable[Attribute]] = (),
        document: bytes = b"",
        user: Attribute | None = ALICE,
        target: Attribute | None = FOLLOWME,
    ) -> Message:
        """A sound request about `target`, by `user`."""
        given = [each for each in (target, user) if each is not None]
        return await self.ipp_ask(message_of(code, *given, *operation, job=job, subscriptions=subscriptions) + document)

    async def print(self, document: bytes = b"%PDF-1.7 a page", *operation: Attribute, user: Attribute = ALICE) -> int:
        """Print-Job; the job's id."""
        answer = await self.operate(0x0002, *operation, document=document, user=user)
        assert status_of(answer) == Status.SUCCESSFUL_OK, answer
        job = answer.group(0x02)
        assert job is not None
        job_id = job.integer(A.JOB_ID)
        assert job_id is not None
        return job_id
