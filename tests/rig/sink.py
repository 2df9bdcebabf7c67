"""A raw 9100 device in this process: it keeps what each connection brings, and misbehaves on cue."""

import asyncio
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from tests.rig.changes import Changes
from tests.rig.crew import Crew
from tests.rig.eventually import PATIENCE
from tests.rig.listener import LOOPBACK, Listener, reset
from tests.rig.pjl_device import PjlDevice
from tests.rig.received import Keep, Received, kept_in

PIECE = 262_144
"""Octets read at once by a device in good health."""

WINDOW = 65_536
"""The receive buffer of a misbehaving device: about what the kernel still takes in after the last read."""

Ending = Literal["open", "whole", "cut", "closed", "lost"]
"""Still open; the sender ended it; the sink sent RST; the sink closed it in order; the sender sent RST."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a connection is treated; the default is a device in good health. Octets are counted from its beginning."""

    accept_after: float = 0.0
    """Seconds of silence before the first read."""

    stall_after: int | None = None
    """Read no further than this until `Sink.resume`: the window closes."""

    cut_after: int | None = None
    """Send RST once this many octets are read."""

    close_after: int | None = None
    """Close in order once this many octets are read, though more come."""

    drip: int | None = None
    """Read only this many octets at a time, `drip_every` seconds apart."""

    drip_every: float = 0.01

    pjl: PjlDevice | None = None
    """Answer PJL as this device would; None stays silent, as many network cards do."""

    @property
    def healthy(self) -> bool:
        return self.stall_after is self.cut_after is self.close_after is self.drip is None

    def allowance(self, size: int) -> int:
        """Return how many octets may be read now, `size` being already read."""
        bounds = [bound - size for bound in (self.cut_after, self.close_after) if bound is not None]
        return min([self.drip or PIECE, *bounds])


HEALTHY = Manners()


@dataclass
class SinkJob(Received):
    """What one connection brought; times are of time.monotonic()."""

    connected_at: float = field(default_factory=time.monotonic)
    first_byte_at: float | None = None
    ended_at: float | None = None
    ended: Ending = "open"


class Sink:
    """The device. `keep` says where octets go: "memory", a directory, or only the "hash" of them.

    `manners` may be set at any time and holds for later connections; `next_manners` go first, one for each connection.
    """

    def __init__(self, *, keep: Keep = "memory", manners: Manners = HEALTHY) -> None:
        self.manners = manners
        self.next_manners: list[Manners] = []
        self.jobs: list[SinkJob] = []
        self._keep = keep
        self._crew = Crew()
        self._changes = Changes()
        self._listener = Listener(self._crew, self._serve)
        self._reading = asyncio.Event()
        self._reading.set()
        self._resumed = asyncio.Event()
        self._open: dict[asyncio.Task[None], SinkJob] = {}

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def uri(self) -> str:
        """The device as the gate and cupsd register it."""
        return f"socket://{LOOPBACK}:{self.port}"

    # ── cues ──

    def stall(self) -> None:
        """Read at most one piece more on each connection until `resume`."""
        self._reading.clear()

    def resume(self) -> None:
        """Read on, also where manners had stalled."""
        self._reading.set()
        self._resumed.set()

    async def cut(self) -> None:
        """Send RST on every open connection now."""
        for job in self._open.values():
            self._end(job, "cut")
        if self._open:
            await self._crew.dismiss(*self._open)

    async def sleep(self) -> None:
        """Refuse connections until `wake`."""
        await self._listener.close()

    def wake(self) -> None:
        """Listen again, on the same port."""
        self._listener.open()

    # ── what tests wait for ──

    async def job(self, number: int = 1, *, within: float = PATIENCE) -> SinkJob:
        """Wait until the `number`th connection (from 1) has ended, whichever way, and return what it brought."""
        return await self._changes.until(
            lambda: next((job for job in self.jobs[number - 1 : number] if job.ended != "open"), None),
            f"job {number} at the sink",
            within=within,
        )

    async def whole_jobs(self, count: int, *, within: float = PATIENCE) -> list[SinkJob]:
        """Wait until `count` connections have ended whole, and return those."""
        await self._changes.until(lambda: len(self._whole()) >= count, f"{count} whole jobs", within=within)
        return self._whole()

    def _whole(self) -> list[SinkJob]:
        return [job for job in self.jobs if job.ended == "whole"]

    async def receiving(self, octets: int = 0, *, number: int = 1, within: float = PATIENCE) -> SinkJob:
        """Wait until the `number`th connection is there and has brought at least `octets`."""
        return await self._changes.until(
            lambda: next((job for job in self.jobs[number - 1 : number] if job.size >= octets), None),
            f"{octets} octets on connection {number}",
            within=within,
        )

    # ── the device ──

    async def _serve(self, connection: socket.socket) -> None:
        manners = self.next_manners.pop(0) if self.next_manners else self.manners
        if not manners.healthy:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        job = SinkJob(*kept_in(self._keep, f"job-{len(self.jobs) + 1}"))
        self.jobs.append(job)
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = job
        self._changes.happened()
        try:
            await asyncio.sleep(manners.accept_after)
            self._end(job, await self._read(connection, manners, job))
        finally:
            job.close()
            del self._open[task]
            if job.ended == "cut":
                reset(connection)

    async def _read(self, connection: socket.socket, manners: Manners, job: SinkJob) -> Ending:
        while True:
            await self._may_read(manners, job)
            if (allowance := manners.allowance(job.size)) <= 0:
                return "cut" if job.size == manners.cut_after else "closed"
            try:
                data = await asyncio.get_running_loop().sock_recv(connection, allowance)
            except OSError:
                return "lost"
            if not data:
                return "whole"
            if job.first_byte_at is None:
                job.first_byte_at = time.monotonic()
            job.take(data)
            self._changes.happened()
            await self._speak(connection, manners, data)

    async def _may_read(self, manners: Manners, job: SinkJob) -> None:
        await asyncio.sleep(0)  # a socket that always has octets would never let anything else run
        await self._reading.wait()
        if manners.stall_after is not None and job.size >= manners.stall_after:
            await self._resumed.wait()
        if manners.drip is not None:
            await asyncio.sleep(manners.drip_every)

    async def _speak(self, connection: socket.socket, manners: Manners, data: bytes) -> None:
        answer = manners.pjl.feed(data) if manners.pjl else b""
        if answer:
            with suppress(OSError):  # a sender that doesn't listen may be gone
                await asyncio.get_running_loop().sock_sendall(connection, answer)

    def _end(self, job: SinkJob, ended: Ending) -> None:
        if job.ended == "open":
            job.ended, job.ended_at = ended, time.monotonic()
            self._changes.happened()

    async def __aenter__(self) -> Self:
        self._listener.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close()
        await self._crew.dismiss()
