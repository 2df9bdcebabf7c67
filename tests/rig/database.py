"""A private PostgreSQL cluster: what a test may do to a database, whichever PostgreSQL it is."""

import signal
import subprocess
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from tests.rig.process import Process, as_user
from tests.rig.where import directory, free_port

Stopping = Literal["smart", "fast", "immediate"]
STOP_SIGNALS: dict[Stopping, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}
"""PostgreSQL's own three ways to shut down: wait for clients, cut them off, or end without a checkpoint."""

PASSWORD = "rig"
UNSYNCED = {"fsync": "off"}
"""For tests that don't measure: a SIGKILL still loses nothing that was committed, only a power cut would."""


class Database(Protocol):
    """What tests ask of any PostgreSQL; DSNs stay the same over restarts."""

    @property
    def dsn(self) -> str:
        """The database `postgres` as superuser, through the Unix socket."""

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1, and the number in the socket's name."""

    @property
    def socket(self) -> Path:
        """The Unix socket itself, as a proxy's target."""

    @property
    def alive(self) -> bool:
        """Whether the postmaster runs."""

    def dsn_of(self, database: str, *, tcp_port: int | None = None) -> str:
        """Return another database's DSN; with `tcp_port` through 127.0.0.1 and a password (a proxy's port, say)."""

    def new_database(self) -> str:
        """Make an empty database and return its DSN, through the Unix socket."""

    def start(self) -> Self:
        """Start it and wait until it accepts connections."""

    def stop(self, mode: Stopping = "fast") -> None:
        """Stop it as PostgreSQL's own `pg_ctl stop -m MODE` does."""

    def restart(self, mode: Stopping = "fast") -> None:
        """Stop and start."""

    def kill(self) -> None:
        """SIGKILL the postmaster and every backend at once."""


class Cluster:
    """The Database made of the PostgreSQL programs in a directory; runs as `user` when we are root."""

    def __init__(
        self, root: Path, programs: Path, *, user: str | None, settings: Mapping[str, str] | None = None
    ) -> None:
        self._programs = programs
        self._user = user
        self._data = directory(root / "data", owner=user, mode=0o700)
        self._sockets = directory(root / "s", owner=user)
        self.port = free_port()
        self._numbers = count(1)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._sockets),
            **(settings or {}),
        }
        self._process = Process(
            root.name,
            [programs / "postgres", "-D", self._data, *(f"--{name}={value}" for name, value in settings.items())],
            log=root / "postgres.log",
            ready=self._accepts,
            user=user,
            cwd=self._data,
            stop_signal=signal.SIGINT,
        )

    @property
    def dsn(self) -> str:
        return self.dsn_of("postgres")

    @property
    def socket(self) -> Path:
        return self._sockets / f".s.PGSQL.{self.port}"

    @property
    def alive(self) -> bool:
        return self._process.alive

    def dsn_of(self, database: str, *, tcp_port: int | None = None) -> str:
        if tcp_port is not None:
            return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{tcp_port}/{database}"
        return f"postgresql://postgres@/{database}?host={self._sockets}&port={self.port}"

    def new_database(self) -> str:
        name = f"test_{next(self._numbers)}"
        self._run("psql", "-X", "-q", "-d", self.dsn, "-c", f"CREATE DATABASE {name}")
        return self.dsn_of(name)

    def start(self) -> Self:
        if not (self._data / "PG_VERSION").exists():
            self._init()
        self._process.start()
        return self

    def stop(self, mode: Stopping = "fast") -> None:
        self._process.stop(STOP_SIGNALS[mode])

    def restart(self, mode: Stopping = "fast") -> None:
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        self._process.kill()

    def _init(self) -> None:
        secret = self._sockets / "password"
        secret.write_text(PASSWORD)
        ways_in = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}")
        locale = ("--encoding=UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-D", self._data, "-U", "postgres", "--no-sync", *locale, *ways_in)

    def _accepts(self) -> bool:
        return self.socket.exists() and self._call("pg_isready", "-h", self._sockets, "-p", self.port).returncode == 0

    def _run(self, program: str, *words: object) -> None:
        done = self._call(program, *words)
        if done.returncode:
            raise AssertionError(f"{program} failed with {done.returncode}: {done.stdout}")

    def _call(self, program: str, *words: object) -> subprocess.CompletedProcess[str]:
        argv = [*as_user(self._user), str(self._programs / program), *map(str, words)]
        return subprocess.run(
            argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self._data.parent, check=False
        )

    def __enter__(self) -> Self:
        return self if self.alive else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
