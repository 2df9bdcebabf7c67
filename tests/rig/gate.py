"""The gate itself, as a program: `ippgate serve` with its own home and port, and an operator at its terminal."""

import asyncio
import json
import os
import pwd
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ippgate.app import Gate as Services
from ippgate.app import open_gate
from ippgate.config import read
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import NotFound
from ippgate.model.queue import QueueMode
from tests.rig.command import Finished, run
from tests.rig.eventually import PATIENCE, eventually, wait_until
from tests.rig.ipp_client import IppClient
from tests.rig.process import Process
from tests.rig.where import directory, free_ports

SOURCES = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "ippgate.cli")
CHANGES = count(1)
MARKER = "rig-marker"
"""A queue by which tests see how far the server has followed changes."""

START_PATIENCE = 60.0
"""Seconds a server gets to start on a busy machine, its database included."""

BRISK = {
    "IPPGATE_LOG_FORMAT": "json",
    "IPPGATE_SERVER_DRAIN": "5",
    "IPPGATE_DELIVERY_LEASE": "2",
    "IPPGATE_DELIVERY_POLL": "0.5",
    "IPPGATE_DELIVERY_CLOSE_TIMEOUT": "2",
    "IPPGATE_SPOOL_SWEEP_INTERVAL": "1",
}
"""What makes a gate quick to notice; everything else is as people have it."""


class Gate:
    """One gate under `root`. Without a `dsn` it runs the embedded PostgreSQL; `env` is more of its environment.

    `serve` is the command that starts it, in the folder of the sources; `options` follow.
    """

    def __init__(
        self,
        root: Path,
        *,
        dsn: str | None = None,
        serve: Sequence[str] = (*COMMAND, "serve"),
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.home = directory(root / "home", mode=0o711)
        self.port, self.tls_port = free_ports(2)
        ports = {"IPPGATE_PORT": str(self.port), "IPPGATE_TLS_PORT": str(self.tls_port)}
        self.env = {**BRISK, "IPPGATE_HOME": str(self.home), **ports, **(env or {})}
        if dsn is not None:
            self.env["IPPGATE_DATABASE_DSN"] = dsn
        self._embedded = dsn is None
        self._process = Process(
            "ippgate serve",
            [*serve, *options],
            log=root / "serve.log",
            ready=self._ready,
            env=self.env,
            cwd=SOURCES,
        )

    @property
    def host(self) -> str:
        """Host and port, as `lp -h` takes them."""
        return f"127.0.0.1:{self.port}"

    def uri(self, queue: str = "followme") -> str:
        """A queue as clients address it."""
        return f"ipp://{self.host}/ipp/print/{queue}"

    def tls_uri(self, queue: str = "followme", who: str = "") -> str:
        """The same over TLS; `who`: name:password@."""
        return f"ipps://{who}127.0.0.1:{self.tls_port}/ipp/print/{queue}"

    @property
    def certificate(self) -> Path:
        """What a client is given to trust it."""
        return self.home / "tls" / "gate.crt"

    def client(self, user: str = "jake") -> IppClient:
        """Somebody who prints."""
        return IppClient(self.port, user=user)

    def secure_client(self, user: str = "jake", login: str = "") -> IppClient:
        """Somebody who trusts the gate's certificate and prints over TLS; `login`: name:password."""
        return IppClient(self.tls_port, user=user, tls=ssl.create_default_context(cafile=self.certificate), login=login)

    # ── the process ──

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.alive

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers, as they told the log; with one worker that is the server itself."""
        started = [line["pid"] for line in self.log() if line["event"] == "worker.started"]
        return [pid for pid in started if _runs(pid)]

    async def crew(self, size: int) -> list[int]:
        """Wait until so many workers run; their process ids."""

        def there() -> list[int]:
            return found if len(found := self.workers) == size else []

        return await eventually(there, f"{size} workers", within=START_PATIENCE)

    async def kill_worker(self, pid: int) -> None:
        """SIGKILL one worker, and wait until its parent has noticed."""
        os.kill(pid, signal.SIGKILL)
        await eventually(
            lambda: any(line["pid"] == pid for line in self.log("worker.died")),
            f"the death of worker {pid} to be noticed",
        )

    def launch(self) -> Self:
        """Start it and wait until it is ready."""
        self._process.start(within=START_PATIENCE)
        return self

    async def start(self) -> Self:
        """Launch it without stopping the event loop, in which its devices may live."""
        return await asyncio.to_thread(self.launch)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """Have it drain and end; its exit code."""
        return await asyncio.to_thread(self._process.stop, number, within=START_PATIENCE)

    async def kill(self) -> None:
        """SIGKILL the server and its workers; an embedded PostgreSQL lives on, as it would."""
        await asyncio.to_thread(self._process.kill)

    async def start_again(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        await self.start()

    async def ended(self) -> int:
        """Wait until it ends; its exit code."""
        return await asyncio.to_thread(self._process.wait, within=START_PATIENCE)

    def said(self) -> str:
        """All that it wrote, over all its lives."""
        return self._process.log.read_text(errors="replace") if self._process.log.exists() else ""

    def log(self, *events: str, job: int | None = None) -> list[dict[str, Any]]:
        """The log's lines, of these events only, about that job only."""
        lines = [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]
        return [
            line
            for line in lines
            if (not events or line["event"] in events) and (job is None or line.get("job") == job)
        ]

    async def logged(self, event: str, *, job: int | None = None, within: float = PATIENCE) -> dict[str, Any]:
        """Wait for an event in the log; the first of it."""
        return (await eventually(lambda: self.log(event, job=job), f"{event} in the log", within=within))[0]

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.host}/readyz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    # ── its operator ──

    async def cli(self, *words: object, check: bool = True) -> Finished:
        """Run `ippgate WORDS`."""
        return await run(*COMMAND, *map(str, words), env=self.env, check=check)

    async def told(self, *words: object) -> Any:
        """Run `ippgate WORDS --json` and read what it printed."""
        return json.loads((await self.cli(*words, "--json")).out)

    async def refused(self, *words: object) -> str:
        """Run a command that must fail with code 1, nothing on standard output and one sentence; the sentence."""
        done = await self.cli(*words, check=False)
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1), done
        return done.err.strip().removeprefix("ippgate: ")

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[Services]:
        """The gate's services in this process, on the same database: an operator quicker than a command."""
        settings = read(None, {**os.environ, **self.env}).settings
        async with open_gate(replace(settings, database=replace(settings.database, pool_size=2))) as services:
            yield services

    async def caught_up(self, services: Services) -> None:
        """Wait until the server has heard of every change that these services made to queues and devices."""
        info = f"change {next(CHANGES)}"
        try:
            await services.fleet.set_queue(MARKER, info=info)
        except NotFound:
            await services.fleet.add_queue(MARKER, QueueMode.RELEASE_PRINTING, info=info)

        async def heard() -> bool:
            printer = await self.client().printer(MARKER, A.PRINTER_INFO)
            return printer is not None and printer.text(A.PRINTER_INFO) == info

        await eventually(heard, "the server to hear of changes", every=0.005)

    # ── its embedded PostgreSQL ──

    @property
    def postmaster(self) -> int | None:
        """Its process id; None when it does not run."""
        file = self.home / "postgres" / "postmaster.pid"
        pid = int(file.read_text().split()[0]) if file.exists() else 0
        return pid if pid and _runs(pid) else None

    def pg_ctl(self, *words: str) -> None:
        """Run pg_ctl of the wheel on the embedded PostgreSQL, as the user whom it belongs to."""
        data = self.home / "postgres"
        pid = self.postmaster
        assert pid is not None
        program = Path(f"/proc/{pid}/exe").readlink().with_name("pg_ctl")
        owner = pwd.getpwuid(data.stat().st_uid).pw_name
        user = ["setpriv", f"--reuid={owner}", f"--regid={data.stat().st_gid}", "--clear-groups", "--"]
        argv = [*(user if os.geteuid() == 0 else []), str(program), "-D", str(data), "-l", str(data / "log"), *words]
        done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/")
        assert done.returncode == 0, f"{argv} failed: {done.stderr}"

    def leave(self) -> None:
        """End the server, and the PostgreSQL that a killed one has left behind."""
        self._process.stop(within=START_PATIENCE)
        if self._embedded and (pid := self.postmaster) is not None:
            os.kill(pid, signal.SIGQUIT)
            wait_until(lambda: self.postmaster is None, "the embedded PostgreSQL to end")

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.leave)


def _runs(pid: int) -> bool:
    """Whether a process is there and not a mere zombie: field 3 of /proc/PID/stat, after the name in parentheses."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
