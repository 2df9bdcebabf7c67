"""A line printer daemon in this process (RFC 1179): it keeps what each job brings, and misbehaves on cue."""

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from tests.rig.changes import Changes
from tests.rig.crew import Crew
from tests.rig.eventually import PATIENCE
from tests.rig.listener import LOOPBACK, Listener, reset
from tests.rig.received import Keep, Received, kept_in
from tests.rig.sink import HEALTHY, PIECE, WINDOW, Ending, Manners

LINE = 1024
"""A command that is longer is none."""

YES = b"\0"
RECEIVE_JOB, STATE_SHORT, STATE_LONG = 2, 3, 4
ABORT, CONTROL_FILE, DATA_FILE = 1, 2, 3

Step = Literal["job", "control", "control file", "data", "data file", "state"]
"""What a daemon answers to: the command, each subcommand, each file; and the question for its state."""


class _GoneError(Exception):
    """The sender ended the connection, or we did."""

    def __init__(self, ended: Ending) -> None:
        super().__init__(ended)
        self.ended: Ending = ended


@dataclass(frozen=True, slots=True)
class LpdManners:
    """How a connection is treated; the default is a daemon in good health."""

    answers: Mapping[Step, bytes] = field(default_factory=dict)
    """Said at a step instead of the octet zero."""

    silent_at: Step | None = None
    """Nothing is said at that step, nor after it, until the sender goes."""

    cut_at: Step | None = None
    """RST instead of an answer."""

    close_at: Step | None = None
    """An orderly end instead of an answer."""

    early: bytes = b""
    """Said as soon as the first octet of the data file is there."""

    data: Manners = HEALTHY
    """How the data file is read; octets are counted from its beginning."""

    state: bytes = b"lp is ready\n"


GOOD = LpdManners()


@dataclass
class LpdReceived(Received):
    """A job: what its connection brought. `data` is its data file."""

    control: bytes = b""
    control_name: str = ""
    data_name: str = ""
    promised: int | None = None
    """The octets that its data file was said to have."""

    ended: Ending = "open"

    @property
    def lines(self) -> list[str]:
        """The lines of its control file."""
        return self.control.decode("latin-1").splitlines()


@dataclass
class _Line:
    """One connection, read by hand."""

    connection: socket.socket
    held: bytes = b""
    job: LpdReceived | None = None

    async def more(self, at_most: int) -> bytes:
        """Read something; raise _GoneError when there is no more."""
        if self.held:
            got, self.held = self.held[:at_most], self.held[at_most:]
            return got
        try:
            got = await asyncio.get_running_loop().sock_recv(self.connection, at_most)
        except OSError:
            raise _GoneError("lost") from None
        if not got:
            raise _GoneError("closed")
        return got

    async def command(self) -> bytes:
        read = b""
        while b"\n" not in read and len(read) < LINE:
            read += await self.more(LINE)
        line, _, rest = read.partition(b"\n")
        self.held = rest + self.held
        return line

    async def exactly(self, size: int) -> bytes:
        read = b""
        while len(read) < size:
            read += await self.more(size - len(read))
        return read

    async def say(self, octets: bytes) -> None:
        with suppress(OSError):
            await asyncio.get_running_loop().sock_sendall(self.connection, octets)


class LpdDevice:
    """The daemon. `manners` may be set at any time and holds for later connections."""

    def __init__(self, *, keep: Keep = "memory", manners: LpdManners = GOOD) -> None:
        self.manners = manners
        self.jobs: list[LpdReceived] = []
        self.commands: list[bytes] = []
        """Each first line of a connection."""
        self._keep = keep
        self._crew = Crew()
        self._changes = Changes()
        self._listener = Listener(self._crew, self._serve)
        self._resumed = asyncio.Event()

    @property
    def uri(self) -> str:
        return f"lpd://{LOOPBACK}:{self._listener.port}/lp"

    # ── cues ──

    def resume(self) -> None:
        """Read on where manners had stalled."""
        self._resumed.set()

    async def sleep(self) -> None:
        """Refuse connections until `wake`."""
        await self._listener.close()

    def wake(self) -> None:
        """Listen again, on the same port."""
        self._listener.open()

    # ── what tests wait for ──

    async def job(self, number: int = 1, *, within: float = PATIENCE) -> LpdReceived:
        """Wait until the `number`th job (from 1) has ended, whichever way."""
        return await self._changes.until(
            lambda: next((job for job in self.jobs[number - 1 : number] if job.ended != "open"), None),
            f"job {number} at the line printer daemon",
            within=within,
        )

    async def receiving(self, octets: int, *, within: float = PATIENCE) -> LpdReceived:
        """Wait until the last job has brought at least `octets`."""
        return await self._changes.until(
            lambda: next((job for job in self.jobs[-1:] if job.size >= octets), None),
            f"{octets} octets at the line printer daemon",
            within=within,
        )

    # ── the device ──

    async def _serve(self, connection: socket.socket) -> None:
        manners = self.manners
        if not manners.data.healthy:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        line, ended = _Line(connection), "lost"
        try:
            await self._converse(line, manners)
        except _GoneError as gone:
            ended = gone.ended
            if ended == "cut":
                reset(connection)
        finally:
            if line.job is not None:
                line.job.close()
                if line.job.ended == "open":
                    line.job.ended = "cut" if ended == "cut" else "lost"
                self._changes.happened()

    async def _converse(self, line: _Line, manners: LpdManners) -> None:
        command = await line.command()
        self.commands.append(command)
        match command[0]:
            case int(code) if code in (STATE_SHORT, STATE_LONG):
                await self._answer(line, manners, "state", manners.state)
            case int(code) if code == RECEIVE_JOB:
                await self._answer(line, manners, "job")
                while True:
                    await self._file(line, manners, await line.command())
            case code:
                raise AssertionError(f"no command of RFC 1179 that a sender needs: {code}")

    async def _file(self, line: _Line, manners: LpdManners, command: bytes) -> None:
        size, _, name = command[1:].decode("ascii").partition(" ")
        if line.job is None:
            line.job = LpdReceived(*kept_in(self._keep, f"job-{len(self.jobs) + 1}"))
            self.jobs.append(line.job)
        job = line.job
        if command[0] == CONTROL_FILE:
            job.control_name = name
            await self._answer(line, manners, "control")
            job.control = await line.exactly(int(size))
            await self._end_mark(line)
            await self._answer(line, manners, "control file")
        elif command[0] == DATA_FILE:
            job.data_name, job.promised = name, int(size)
            await self._answer(line, manners, "data")
            await self._data(line, manners, job, int(size))
            await self._end_mark(line)
            await self._answer(line, manners, "data file")
            job.ended = "whole" if manners.answers.get("data file", YES) == YES else "closed"
            self._changes.happened()
        else:
            raise AssertionError(f"no subcommand of RFC 1179 that a sender needs: {command!r}")

    async def _data(self, line: _Line, manners: LpdManners, job: LpdReceived, size: int) -> None:
        reading = manners.data
        while job.size < size:
            await asyncio.sleep(0 if reading.drip is None else reading.drip_every)
            if reading.stall_after is not None and job.size >= reading.stall_after:
                await self._resumed.wait()
            if (allowance := reading.allowance(job.size)) <= 0:
                raise _GoneError("cut" if job.size == reading.cut_after else "closed")
            got = await line.more(min(allowance, PIECE, size - job.size))
            if not job.size:
                await line.say(manners.early)
            job.take(got)
            self._changes.happened()

    async def _end_mark(self, line: _Line) -> None:
        mark = await line.exactly(1)
        assert mark == YES, f"a file ends with {mark!r}"

    async def _answer(self, line: _Line, manners: LpdManners, step: Step, usual: bytes = YES) -> None:
        if step == manners.cut_at:
            raise _GoneError("cut")
        if step == manners.close_at:
            raise _GoneError("closed")
        if step == manners.silent_at:
            while True:
                await line.more(PIECE)
        await line.say(manners.answers.get(step, usual))
        self._changes.happened()

    async def __aenter__(self) -> Self:
        self._listener.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close()
        await self._crew.dismiss()
