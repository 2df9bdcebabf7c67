"""A program run to its end without stopping the event loop: the gate under test may live in the same one."""

import asyncio
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0
"""Seconds a command gets by default."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    argv: tuple[str, ...]
    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"$ {shlex.join(self.argv)}\n{self.out}{self.err}(exit {self.code})"


class CommandError(AssertionError):
    """A command that was expected to succeed did not; its text shows the command and all it said."""

    def __init__(self, finished: Finished) -> None:
        super().__init__(str(finished))
        self.finished = finished


async def run(
    *argv: str | Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    cwd: Path | None = None,
    check: bool = True,
    within: float = PATIENCE,
) -> Finished:
    """Run a command and return how it ended.

    Raises CommandError on a code other than 0 when `check`, TimeoutError (after killing it) past `within` seconds.
    """
    words = tuple(str(part) for part in argv)
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(env or {})},
        cwd=cwd,
    )
    try:
        async with asyncio.timeout(within):
            out, err = await process.communicate(stdin)
    except BaseException:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise
    finished = Finished(words, process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace"))
    if check and finished.code:
        raise CommandError(finished)
    return finished
