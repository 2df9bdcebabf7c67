"""A TCP proxy that makes trouble on cue, in front of PostgreSQL or a device: it cuts, stalls, drips and refuses."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from tests.rig.changes import Changes
from tests.rig.crew import Crew
from tests.rig.eventually import PATIENCE
from tests.rig.listener import LOOPBACK, Listener, reset

PIECE = 65_536

Way = Literal["up", "down"]
"""Up: from client to target."""


@dataclass
class Lane:
    """One way through the proxy, for all its links: counters, and the trouble on it."""

    carried: int = 0
    budget: int | None = None
    """Octets until every link is cut."""

    drip: int | None = None
    every: float = 0.0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def allowance(self) -> int:
        return min(self.drip or PIECE, PIECE if self.budget is None else self.budget)


class Proxy:
    """Listens on 127.0.0.1:`port` and carries each connection to `target`: (host, port), or a Unix socket's path."""

    def __init__(self, target: tuple[str, int] | Path) -> None:
        self._target = target
        self._crew = Crew()
        self._changes = Changes()
        self._listener = Listener(self._crew, self._serve)
        self._links: set[asyncio.Task[None]] = set()
        self.seen = 0
        """How many clients ever came."""

        self._lanes: dict[Way, Lane] = {"up": Lane(), "down": Lane()}
        self.flow()

    @classmethod
    def to(cls, uri: str) -> Self:
        """Return a proxy in front of a device's or printer's URI; `through` gives the URI to use instead."""
        parts = urlsplit(uri)
        assert parts.hostname, f"{uri} names no host"
        return cls((parts.hostname, parts.port or {"ipp": 631, "ipps": 631}.get(parts.scheme, 9100)))

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def links(self) -> int:
        """How many connections it carries now."""
        return len(self._links)

    def through(self, uri: str) -> str:
        """Return `uri` with this proxy's address."""
        return urlsplit(uri)._replace(netloc=f"{LOOPBACK}:{self.port}").geturl()

    def carried(self, way: Way) -> int:
        """Return how many octets went that way in all."""
        return self._lanes[way].carried

    # ── cues ──

    async def cut(self) -> None:
        """Send RST to both sides of every link now."""
        if self._links:
            await self._crew.dismiss(*self._links)

    def cut_after(self, octets: int, way: Way) -> None:
        """Cut every link once, when this many further octets have gone that way."""
        self._lanes[way].budget = octets

    def stall(self, *ways: Way) -> None:
        """Carry nothing (that way) until `flow`; links stay open."""
        for way in ways or self._lanes:
            self._lanes[way].open.clear()

    def drip(self, octets: int, *, every: float = 0.01) -> None:
        """Carry at most this many octets each `every` seconds, both ways."""
        for lane in self._lanes.values():
            lane.drip, lane.every = octets, every

    def flow(self) -> None:
        """End all trouble but `refuse`."""
        for lane in self._lanes.values():
            lane.drip, lane.every, lane.budget = None, 0.0, None
            lane.open.set()

    async def refuse(self) -> None:
        """Accept no further clients until `accept`."""
        await self._listener.close()

    def accept(self) -> None:
        """Listen again, on the same port."""
        self._listener.open()

    # ── what tests wait for ──

    async def until(self, look: Callable[["Proxy"], bool], what: str, *, within: float = PATIENCE) -> None:
        """Wait until `look(proxy)`, asked after each change (a link, some octets), is true."""
        await self._changes.until(lambda: look(self), what, within=within)

    # ── the proxy ──

    async def _serve(self, client: socket.socket) -> None:
        self.seen += 1
        try:
            target = await self._connect()
        except OSError:
            reset(client)
            return
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        self._changes.happened()
        with target:
            await self._link(client, target)
        self._links.discard(task)
        self._changes.happened()

    async def _link(self, client: socket.socket, target: socket.socket) -> None:
        """Carry both ways until both ends are done; what breaks one side, or a cue, breaks the other."""
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._carry(client, target, "up"))
                ways.create_task(self._carry(target, client, "down"))
        except* (OSError, asyncio.CancelledError):
            reset(client)
            reset(target)

    async def _connect(self) -> socket.socket:
        unix = isinstance(self._target, Path)
        address = str(self._target) if isinstance(self._target, Path) else self._target
        target = socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM)
        target.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(target, address)
        except BaseException:
            target.close()
            raise
        return target

    async def _carry(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        lane = self._lanes[way]
        while data := await self._next(source, lane):
            await asyncio.get_running_loop().sock_sendall(sink, data)
            self._count(lane, len(data))
        sink.shutdown(socket.SHUT_WR)

    async def _next(self, source: socket.socket, lane: Lane) -> bytes:
        await asyncio.sleep(lane.every)  # also when it is 0: a busy link must let others run
        await lane.open.wait()
        data = await asyncio.get_running_loop().sock_recv(source, lane.allowance())
        await lane.open.wait()  # the cue may have come while it waited for octets
        return data

    def _count(self, lane: Lane, octets: int) -> None:
        lane.carried += octets
        self._changes.happened()
        if lane.budget is not None:
            lane.budget -= octets
            if lane.budget <= 0:
                lane.budget = None
                for link in self._links:
                    link.cancel()
                raise ConnectionResetError("cut by the test")

    async def __aenter__(self) -> Self:
        self._listener.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close()
        await self._crew.dismiss()
