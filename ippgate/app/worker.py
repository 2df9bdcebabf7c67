"""A gate that serves: doors open, dispatcher and duties run, until it is asked to stop; then it drains."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from ippgate.app.gate import Gate
from ippgate.device.watch import Watch
from ippgate.doors.ipp import IppDoor, Services
from ippgate.doors.server import Server
from ippgate.doors.settings import DoorSettings
from ippgate.doors.web import WebDoor
from ippgate.model.lifecycle import keyword
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.observe.metrics import Metrics
from ippgate.observe.monitor import Monitor, Sources
from ippgate.spool.sweep import Sweeper
from ippgate.store.database import DatabaseSettings
from ippgate.store.listen import Listener
from ippgate.transport.open import open_transport

_ORPHAN_CHECK = 1.0  # seconds between looks whether the parent still lives


def stopping(parent: int | None = None) -> asyncio.Event:
    """An event that is set by SIGTERM, by SIGINT, and, in a worker process, by the parent's death."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if parent is None:
        loop.add_signal_handler(signal.SIGINT, stop.set)
    else:
        _watch_parent(loop, parent, stop)
    return stop


def _watch_parent(loop: asyncio.AbstractEventLoop, parent: int, stop: asyncio.Event) -> None:
    if os.getppid() != parent:
        stop.set()
    else:
        loop.call_later(_ORPHAN_CHECK, _watch_parent, loop, parent, stop)


class Worker:
    """One process's share of the gate. shared: the folder through which several workers share their figures."""

    def __init__(self, gate: Gate, *, shared: Path | None) -> None:
        settings = gate.settings
        self._gate, self._several = gate, shared is not None
        self._metrics = Metrics(shared)
        self._monitor = Monitor(self._metrics, _sources(gate), refresh=settings.metrics.refresh)
        self._listener = _listener(gate)
        self._sweeper = Sweeper(gate.database, gate.jobs, gate.lanes, interval=settings.spool.sweep_interval)
        self._watch = Watch(
            gate.fleet,
            gate.lanes,
            partial(open_transport, settings=gate.wires),
            interval=settings.device.watch_interval,
        )
        self.server = self._open_doors()

    async def run(self, stop: asyncio.Event, started: Callable[[], None]) -> None:
        """Serve until `stop` is set; then send clients elsewhere, let what is under way end, and give the rest back."""
        gate, drain = self._gate, self._gate.settings.server.drain
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(part.run(), name=type(part).__name__)
                for part in (self._listener, gate.dispatcher, self._sweeper, self._watch)
            ]
            await self.server.start(reuse_port=self._several)
            note(Noted.WORKER_STARTED, worker=str(gate.lanes.worker), pid=os.getpid(), port=self.server.port)
            started()
            await stop.wait()
            note(Noted.SERVER_DRAINING, seconds=drain)
            self._monitor.drain()
            await self.server.stop(drain)
            await gate.dispatcher.drain(drain)
            for task in running:
                task.cancel()
        await gate.lanes.leave()
        note(Noted.WORKER_STOPPED, worker=str(gate.lanes.worker))
