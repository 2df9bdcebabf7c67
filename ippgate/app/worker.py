"""A gate that serves: doors open, dispatcher and duties run, until it is asked to stop; then it drains."""

import asyncio
import os
import signal
import socket
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from ippgate.app.gate import Gate, notice_settings
from ippgate.config import Settings
from ippgate.config.zone import zone_of
from ippgate.device.watch import Watch
from ippgate.discovery import Herald, HeraldSettings
from ippgate.discovery.address import is_loopback
from ippgate.discovery.label import host_name
from ippgate.discovery.place import Place
from ippgate.doors.ipp import IppDoor, Services
from ippgate.doors.reader import ReaderDoor, ReaderDoorSettings
from ippgate.doors.server import Server
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import ClientCertificates, TlsKeeper, TlsSettings
from ippgate.doors.tls.people import NamedBy, People
from ippgate.doors.web import Services as PageServices
from ippgate.doors.web import web_door
from ippgate.hold.clock import HoldClock
from ippgate.model.errors import NotPossible
from ippgate.model.lifecycle import keyword
from ippgate.model.privacy import Privacy, Scope
from ippgate.notice import NoticeSweeper
from ippgate.observe import Event as Noted
from ippgate.observe import note, supervisor
from ippgate.observe.metrics import Metrics
from ippgate.observe.monitor import Monitor, Sources
from ippgate.spool.sweep import Sweeper
from ippgate.store.database import DatabaseSettings
from ippgate.store.listen import Listener

_ORPHAN_CHECK = 1.0  # seconds between looks whether the parent still lives


def stopping(parent: int | None = None) -> asyncio.Event:
    """An event that is set by SIGTERM, by SIGINT, and, in a worker process, by the parent's death."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if parent is None:

        def stop_and_tell() -> None:
            stop.set()
            supervisor.stopping()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop_and_tell)
    else:
        _watch_parent(loop, parent, stop)
    return stop


def _watch_parent(loop: asyncio.AbstractEventLoop, parent: int, stop: asyncio.Event) -> None:
    if os.getppid() != parent:
        stop.set()
    else:
        loop.call_later(_ORPHAN_CHECK, _watch_parent, loop, parent, stop)


class Part(Protocol):
    """A part of a worker that runs until it is cancelled."""

    async def run(self) -> None: ...


class Worker:
    """One process's share of the gate. several: others listen on the same port."""

    def __init__(self, gate: Gate, metrics: Metrics, *, several: bool = False) -> None:
        settings = gate.settings
        self._gate, self._several = gate, several
        self._monitor = Monitor(metrics, _sources(gate), refresh=settings.metrics.refresh)
        self._listener = _listener(gate)
        self._herald = self._new_herald() if announces(settings) else None
        self._sweeper = Sweeper(gate.database, gate.jobs, gate.lanes, interval=settings.spool.sweep_interval)
        self._watch = Watch(
            gate.fleet,
            gate.lanes,
            gate.open_transport,
            interval=settings.device.watch_interval,
        )
        doors = _door_settings(gate)
        book = gate.owners
        services = Services(
            gate.intake,
            gate.desk,
            gate.release,
            gate.fleet,
            gate.traffic,
            gate.suspension,
            gate.notices,
            gate.operators,
            gate.private_uris,
            gate.stations,
            owners=lambda: book.owners,
            people=gate.people_book,
            groups_of=lambda caller: frozenset(gate.people_book.facts(caller.name).groups),
            logins=gate.logins,
            sessions=gate.sessions,
            allowance=gate.allowance,
            documents=gate.documents,
            resubmission=gate.resubmission,
        )
        people = _people(settings)
        knows = people.name if people else None
        ipp = IppDoor(services, doors, metrics, capabilities_of=gate.abilities.of_queue, people=knows)
        web = web_door(page_services(gate), doors, self._monitor, metrics=settings.metrics.enabled)
        self._holds = HoldClock(gate.jobs, gate.lanes, retention=settings.spool.keep_held)
        self._notices = NoticeSweeper(
            gate.subscriptions, gate.lanes, doors.notices, interval=settings.spool.sweep_interval
        )
        self._tls = TlsKeeper(tls_settings(settings)) if settings.server.tls else None
        tls = self._shown if self._tls else None
        shown = [gate.stations.certificates, gate.readers.certificates, *([people.certificates] if people else [])]
        self._clients = ClientCertificates(self._tls, shown) if self._tls else None
        if self._clients is not None:
            self._listener.subscribe("ippgate_station", self._clients.wake)
            self._listener.subscribe("ippgate_reader", self._clients.wake)
        self._readers = self._new_reader_door() if settings.readers.port else None
        self.server = Server(doors, ipp=ipp.answer, web_pages=web.answer, takes=web.takes, tls=tls)

    async def run(self, stop: asyncio.Event, started: Callable[[], None]) -> None:
        """Serve until `stop` is set; then send clients elsewhere, let what is under way end, and give the rest back."""
        gate, drain = self._gate, self._gate.settings.server.drain
        parts: list[Part] = [
            self._listener,
            gate.dispatcher,
            self._sweeper,
            self._holds,
            self._notices,
            self._watch,
            gate.examining,
            gate.rules,
            gate.owners,
            gate.people_book,
            gate.allowance,
        ]
        if self._tls is not None and self._clients is not None:
            await asyncio.to_thread(self._tls.open)
            await self._clients.look()
            parts += [self._tls, self._clients]
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, gate.rules.wake)
        async with asyncio.TaskGroup() as tasks:
            if self._readers is not None:
                await self._readers.open(reuse_port=self._several)
                parts.append(self._readers)
            running = [tasks.create_task(part.run(), name=type(part).__name__) for part in parts]
            await self.server.start(reuse_port=self._several)
            heralding = tasks.create_task(self._herald.run(), name="Herald") if self._herald else None
            note(Noted.WORKER_STARTED, worker=str(gate.lanes.worker), pid=os.getpid(), port=self.server.port)
            started()
            await stop.wait()
            note(Noted.SERVER_DRAINING, seconds=drain)
            self._monitor.drain()
            if heralding is not None:
                heralding.cancel()  # it says goodbye while the rest drains
            gate.board.close()
            gate.taps.close()
            await self.server.stop(drain)
            await gate.dispatcher.drain(drain)
            for task in running:
                task.cancel()
        await gate.lanes.leave()
        note(Noted.WORKER_STOPPED, worker=str(gate.lanes.worker))

    def _new_herald(self) -> Herald:
        gate, settings = self._gate, self._gate.settings
        names = tuple(word.strip() for word in settings.discovery.interfaces.split(",") if word.strip())
        herald = Herald(
            gate.fleet, gate.lanes, gate.abilities.of_queue, self._place, HeraldSettings(settings.server.host, names)
        )
        self._listener.subscribe("ippgate_fleet", herald.wake)
        return herald

    def _new_reader_door(self) -> ReaderDoor:
        chosen, server = self._gate.settings.readers, self._gate.settings.server
        host = chosen.host or server.host
        if not (chosen.tls or chosen.plain or is_loopback(host)):
            raise NotPossible(f"readers without TLS are not listened to on {host}: readers.plain allows it")
        bounds = ReaderDoorSettings(host, chosen.port, chosen.max_connections, silence=chosen.silence)
        door = ReaderDoor(self._gate.readers, bounds, self._shown if chosen.tls else None)
        self._listener.subscribe("ippgate_reader", door.heard)
        return door

    def _place(self) -> Place:
        return Place(host_name(socket.gethostname()), self.server.port, self.server.tls_port)

    def _shown(self) -> ssl.SSLContext:
        assert self._tls is not None
        return self._tls.context


def page_services(gate: Gate) -> PageServices:
    """What the pages ask of the gate."""
    return PageServices(
        fleet=gate.fleet,
        desk=gate.desk,
        release=gate.release,
        everything=gate.everything,
        tidings=gate.tidings,
        people_book=gate.people_book,
        stations=gate.stations,
        logins=gate.logins,
        sessions=gate.sessions,
        secrets=gate.secrets,
        zone=zone_of(gate.settings.server.time_zone),
        panel_idle=gate.settings.people.panel_idle,
    )


def _people(settings: Settings) -> People | None:
    """Who knows people by their certificates, where somebody issues them."""
    server = settings.server
    return People(Path(server.client_ca), NamedBy(server.client_name)) if server.client_ca else None


def announces(settings: Settings) -> bool:
    """Whether queues are announced to the network: not where the server listens on loopback alone, unless asked to."""
    chosen = settings.discovery
    return chosen.enabled and (bool(chosen.interfaces) or not is_loopback(settings.server.host))


def tls_settings(settings: Settings) -> TlsSettings:
    """Where the certificate is, and for which names the gate makes its own."""
    server = settings.server
    announced = host_name(socket.gethostname()) if announces(settings) else ""
    return TlsSettings(
        folder=settings.tls,
        certificate=Path(server.tls_certificate) if server.tls_certificate else None,
        key=Path(server.tls_key) if server.tls_key else None,
        names=tuple(name for name in (server.public_name, server.host, announced) if name),
    )


def _door_settings(gate: Gate) -> DoorSettings:
    server, intake = gate.settings.server, gate.settings.intake
    return DoorSettings(
        host=server.host,
        port=server.port,
        tls_port=server.tls_port if server.tls else None,
        public_name=server.public_name,
        contact_name=server.contact_name,
        contact_uri=server.contact_uri,
        plain_pages=server.plain_pages,
        max_document=gate.settings.spool.max_document,
        inflate_ratio=intake.inflate_ratio,
        header_timeout=intake.header_timeout,
        body_timeout=intake.body_timeout,
        rate=intake.rate,
        rate_grace=intake.rate_grace,
        answer_timeout=intake.answer_timeout,
        idle_timeout=intake.idle_timeout,
        max_connections=intake.max_connections,
        max_connections_per_address=intake.max_connections_per_address,
        privacy=privacy(gate.settings),
        multiple_operation_time_out=intake.multiple_operation_time_out,
        notices=notice_settings(gate.settings),
        stores=gate.settings.spool.stored_limit > 0,
        storage_groups=True,
        several_documents=intake.max_documents > 1,
    )


def privacy(settings: Settings) -> Privacy:
    """What of a job others do not see."""
    chosen = settings.privacy
    names = tuple(name.strip() for name in chosen.attributes.split(","))
    return Privacy(names, Scope(chosen.scope), operators=chosen.operators == "see")


def _listener(gate: Gate) -> Listener:
    chosen = gate.settings.database
    listener = Listener(DatabaseSettings(gate.dsn, 1, chosen.connect_timeout, chosen.statement_timeout))
    listener.subscribe("ippgate_lane", gate.dispatcher.heard)
    listener.subscribe("ippgate_cancel", gate.dispatcher.heard_cancel)
    listener.subscribe("ippgate_fleet", gate.fleet.forget)
    listener.subscribe("ippgate_operator", gate.operators.forget)
    listener.subscribe("ippgate_private_uri", gate.private_uris.forget)
    listener.subscribe("ippgate_station", gate.stations.forget)
    listener.subscribe("ippgate_owner", gate.owners.forget)
    listener.subscribe("ippgate_person", gate.people_book.heard)
    listener.subscribe("ippgate_person", gate.logins.forget)
    listener.subscribe("ippgate_session", gate.sessions.forget)
    listener.subscribe("ippgate_notice", gate.board.heard)
    listener.subscribe("ippgate_tap", gate.taps.heard)
    return listener


def _sources(gate: Gate) -> Sources:
    async def jobs() -> Mapping[str, int]:
        return {keyword(state): count for state, count in (await gate.jobs.count_states()).items()}

    async def devices() -> Mapping[str, str]:
        return {device.name: device.report.state.keyword for device in await gate.fleet.devices()}

    async def ping() -> object:
        return await gate.database.value("database_clock")

    return Sources(jobs, devices, ping, lambda: gate.database.idle, gate.notices.count)
