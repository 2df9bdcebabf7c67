"""Debian's cups-lpd in front of a cupsd, started for each connection as inetd would."""

import asyncio
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.rig.crew import Crew
from tests.rig.cupsd import Cupsd
from tests.rig.cupsd_files import SYSTEM_PROGRAMS
from tests.rig.listener import LOOPBACK, Listener
from tests.rig.where import directory

PROGRAM = SYSTEM_PROGRAMS / "daemon" / "cups-lpd"


class CupsLpd:
    """The daemon. Its temporary files are under `root`; it prints to the queues of `cupsd`, which must be shared."""

    def __init__(self, root: Path, cupsd: Cupsd) -> None:
        self._root = directory(root)
        self._cupsd = cupsd
        self._crew = Crew()
        self._listener = Listener(self._crew, self._serve)
        self.served = 0
        """Connections that have ended."""

    def uri(self, queue: str) -> str:
        return f"lpd://{LOOPBACK}:{self._listener.port}/{queue}"

    @property
    def left(self) -> list[Path]:
        """Files of jobs that it still has: what it was sent and has not handed to cupsd."""
        return sorted(self._root.iterdir())

    async def _serve(self, connection: socket.socket) -> None:
        connection.setblocking(True)
        daemon = await asyncio.create_subprocess_exec(
            *(PROGRAM, "-n", "-h", self._cupsd.host),
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            env={"PATH": os.defpath, "TMPDIR": str(self._root), "HOME": str(self._root)},
        )
        connection.close()
        try:
            await daemon.wait()
            self.served += 1
        finally:
            if daemon.returncode is None:
                daemon.kill()
                await daemon.wait()

    async def __aenter__(self) -> Self:
        self._listener.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close()
        await self._crew.dismiss()
