"""One process that serves, or a parent with several workers that share the port.

The parent runs the embedded PostgreSQL, migrates and starts the demo; a worker that dies is started again, and what it
carried is inherited by the others.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from multiprocessing.connection import Connection

import uvloop

from ippgate.app.demo import demo
from ippgate.app.gate import Gate, open_gate, prepare_home
from ippgate.app.worker import Worker, stopping, tls_settings
from ippgate.config import Settings
from ippgate.doors.tls import TlsKeeper
from ippgate.observe import Event as Noted
from ippgate.observe import configure, note, supervisor, workers
from ippgate.observe.metrics import Metrics

_RESTART_PAUSE = 1.0  # seconds before a worker that died is started again
_KILL_AFTER = 10.0  # seconds after its time to drain that a worker is killed


def serve(settings: Settings, *, demo: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; then drain and stop. Raises Unavailable and Refusal when the gate cannot start."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there are rules to be read again
    configure(settings.log.format, settings.log.level)
    prepare_home(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, with_demo=demo))


async def _serve(settings: Settings, *, with_demo: bool) -> None:
    stop, metrics = stopping(), Metrics()
    async with (
        open_gate(settings, migrate=True, warm=settings.server.workers == 1, counting=metrics) as gate,
        AsyncExitStack() as stack,
    ):
        steps = await stack.enter_async_context(demo(gate)) if with_demo else ""
        if settings.server.workers == 1:
            await Worker(gate, metrics).run(stop, started=lambda: _announce(settings, steps))
        else:
            if settings.server.tls:  # a certificate that will not do is said once, before any worker fails on it
                await asyncio.to_thread(TlsKeeper(tls_settings(settings)).open)
            await Crew(gate).run(stop, started=lambda: _announce(settings, steps))


def _announce(settings: Settings, steps: str) -> None:
    server = settings.server
    secure = f", and with TLS on port {server.tls_port}" if server.tls else ""
    supervisor.ready(f"Listening on {server.host}:{server.port}{secure}")
    if steps:
        sys.stdout.write(steps + "\n")
        sys.stdout.flush()


class Crew:
    """The parent's view of its workers."""

    def __init__(self, gate: Gate) -> None:
        database = replace(gate.settings.database, dsn=gate.dsn)
        self._settings = replace(gate.settings, database=database)
        self._shared = workers.begin(gate.settings.run)
        self._context = multiprocessing.get_context("spawn")
        self._running: dict[int, multiprocessing.process.BaseProcess] = {}  # by the worker's number

    async def run(self, stop: asyncio.Event, started: Callable[[], None]) -> None:
        """Keep all workers running until `stop`; `started` is called when the first of them listens."""
        listening = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._pass_on, signal.SIGHUP)
        async with asyncio.TaskGroup() as tasks:
            for number in range(self._settings.server.workers):
                tasks.create_task(self._keep(number, stop, listening))
            note(Noted.SERVER_STARTED, workers=self._settings.server.workers, port=self._settings.server.port)
            await _first_of(listening, stop)
            if listening.is_set():
                started()

    def _pass_on(self, number: signal.Signals) -> None:
        for process in self._running.values():
            if process.pid is not None and process.is_alive():
                os.kill(process.pid, number)

    async def _keep(self, number: int, stop: asyncio.Event, listening: asyncio.Event) -> None:
        while not stop.is_set():
            heard, told = self._context.Pipe(duplex=False)
            process = self._context.Process(
                target=work, args=(self._settings, os.getpid(), told), name=f"ippgate-worker-{number}"
            )
            process.start()
            self._running[number] = process
            told.close()
            with heard:
                await self._until_dead_or(process, stop, heard, listening)
            if stop.is_set():
                process.terminate()
                await asyncio.to_thread(process.join, self._settings.server.drain + _KILL_AFTER)
                if process.is_alive():
                    process.kill()
                return
            note(Noted.WORKER_DIED, pid=process.pid, status=process.exitcode)
            workers.forget(self._shared, process.pid or 0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _RESTART_PAUSE)

    async def _until_dead_or(
        self,
        process: "multiprocessing.process.BaseProcess",
        stop: asyncio.Event,
        heard: Connection,
        listening: asyncio.Event,
    ) -> None:
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def hear() -> None:
            loop.remove_reader(heard.fileno())
            with contextlib.suppress(EOFError):  # it died before it listened
                heard.recv_bytes()
                listening.set()

        loop.add_reader(heard.fileno(), hear)
        loop.add_reader(process.sentinel, changed.set)
        try:
            await _first_of(changed, stop)
        finally:
            loop.remove_reader(process.sentinel)
            loop.remove_reader(heard.fileno())


async def _first_of(*events: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as tasks:
        waits = [tasks.create_task(event.wait()) for event in events]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


def work(settings: Settings, parent: int, told: Connection) -> None:
    """The main function of a worker process. told: where it says that it listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent says when to stop
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there are rules to be read again
    configure(settings.log.format, settings.log.level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings, parent, told))


async def _work(settings: Settings, parent: int, told: Connection) -> None:
    stop, metrics = stopping(parent=parent), Metrics(settings.run / workers.FOLDER)

    def tell() -> None:
        with contextlib.suppress(OSError):  # a parent that stops, or is gone, does not hear it
            told.send_bytes(b"listening")

    async with open_gate(settings, warm=True, counting=metrics) as gate:
        await Worker(gate, metrics, several=True).run(stop, started=tell)
