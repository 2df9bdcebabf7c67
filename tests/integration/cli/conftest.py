"""Operators' commands as programs of their own, on a real database, with and without a server."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ippgate.cli.root import app
from ippgate.observe import log
from ippgate.observe.foreign import Bridge
from tests.rig.command import CommandError, Finished, run
from tests.rig.process import Process
from tests.rig.where import answers, directory, free_ports

IPPGATE = (sys.executable, "-m", "ippgate.cli")
SERVER_PATIENCE = 60.0
"""Seconds a server gets to start on a busy machine."""


@dataclass
class Operator:
    """Somebody at a terminal of one gate.

    Commands run in this process, on a thread of their own, which spares the second that a new process needs to import
    the gate; with `processes` they run as programs.
    """

    env: dict[str, str]
    port: int
    home: Path
    processes: bool = False

    async def __call__(self, *words: object, check: bool = True) -> Finished:
        """Run `ippgate WORDS`."""
        argv = [str(word) for word in words]
        if self.processes:
            return await run(*IPPGATE, *argv, env=self.env, check=check)
        result = await asyncio.to_thread(CliRunner().invoke, app, argv, env=self.env, prog_name="ippgate")
        finished = Finished(("ippgate", *argv), result.exit_code, result.stdout, result.stderr)
        if check and finished.code:
            raise CommandError(finished)
        return finished

    async def json(self, *words: object) -> Any:
        """Run `ippgate WORDS --json` and read what it printed."""
        return json.loads((await self(*words, "--json")).out)

    async def refused(self, *words: object) -> str:
        """Run a command that must fail with one sentence; return the sentence."""
        done = await self(*words, check=False)
        assert done.code == 1, done
        assert done.out == "", done
        assert done.err.startswith("ippgate: "), done
        assert done.err.count("\n") == 1, done
        return done.err.removeprefix("ippgate: ").strip()

    def uri(self, queue: str = "followme") -> str:
        """The queue as clients address it."""
        return f"ipp://127.0.0.1:{self.port}/ipp/print/{queue}"


@pytest.fixture(autouse=True)
def _logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands in this process set logging up for themselves."""
    monkeypatch.setattr(log, "_log", log._log)
    yield
    logging.captureWarnings(capture=False)
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, Bridge)]


@pytest.fixture
def operator(rig_dir: Path, dsn: str) -> Operator:
    """An operator of a new gate on a database of its own."""
    return new_operator(rig_dir, dsn)


def new_operator(rig_dir: Path, dsn: str) -> Operator:
    home, (port, tls_port) = directory(rig_dir / "home", mode=0o711), free_ports(2)
    env = {
        "IPPGATE_HOME": str(home),
        "IPPGATE_PORT": str(port),
        "IPPGATE_TLS_PORT": str(tls_port),
        "IPPGATE_DATABASE_DSN": dsn,
        "IPPGATE_LOG_FORMAT": "json",
    }
    return Operator(env, port, home)


@pytest.fixture
def serving(operator: Operator) -> Iterator[Callable[..., Process]]:
    """Starts the operator's server: call it with options of `ippgate serve`; give `env` for more of an environment."""
    with ExitStack() as stack:

        def start(*options: str, env: dict[str, str] | None = None) -> Process:
            process = Process(
                "ippgate serve",
                [*IPPGATE, "serve", *options],
                log=operator.home / "serve.log",
                ready=lambda: answers(operator.port),
                env={**operator.env, **(env or {})},
            )
            stack.callback(process.stop)
            return process.start(within=SERVER_PATIENCE)

        yield start
