"""The services of a gate on its database: what the server runs on and what operators' commands use, server or none."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from ippgate.config import Settings
from ippgate.delivery import DeliverySettings, Dispatcher
from ippgate.device import Fleet
from ippgate.hold import Desk
from ippgate.intake import Intake, IntakeSettings
from ippgate.model.device import Device
from ippgate.observe.counting import UNCOUNTED, Counting
from ippgate.release import Release
from ippgate.spool import KeyRing, Spool, SpoolSettings
from ippgate.spool.rotate import KeyRotation, check_masters
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.embedded import Embedded
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import JobStore
from ippgate.store.lanes import LaneStore
from ippgate.store.migrate import MigrationRefused, migrate, migration_status
from ippgate.transport.certificate import fetch_certificate
from ippgate.transport.open import open_transport
from ippgate.transport.port import Transport, TransportSettings


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that is put together, ready for use."""

    settings: Settings
    dsn: str
    database: Database
    jobs: JobStore
    lanes: LaneStore
    fleet: Fleet
    desk: Desk
    release: Release
    intake: Intake
    spool: Spool
    keys: KeyRing
    rotation: KeyRotation
    dispatcher: Dispatcher
    open_transport: Callable[[Device], Transport]


@asynccontextmanager
async def open_database(
    settings: Settings, *, pool_size: int | None = None, warm: bool = False
) -> AsyncIterator[tuple[Database, str]]:
    """The database, started first where it is the embedded one, and its DSN; warm: for a server. Raises Unavailable."""
    async with AsyncExitStack() as stack:
        dsn = settings.database.dsn
        if settings.embedded:
            prepare_home(settings)
            dsn = (await stack.enter_async_context(Embedded(settings.postgres))).dsn
        chosen = settings.database
        size = pool_size or chosen.pool_size
        database = Database(DatabaseSettings(dsn, size, chosen.connect_timeout, chosen.statement_timeout, warm))
        await database.open()
        stack.push_async_callback(database.close)
        yield database, dsn


@asynccontextmanager
async def open_gate(
    settings: Settings, *, migrate: bool = False, warm: bool = False, counting: Counting = UNCOUNTED
) -> AsyncIterator[Gate]:
    """The services, on a database of this version. Raises Unavailable and MigrationRefused, with what to do."""
    async with open_database(settings, warm=warm) as (database, dsn):
        await _bring_up_to_date(database, settings) if migrate else await _check_up_to_date(database)
        prepare_home(settings)
        gate = assemble(settings, database, dsn, counting=counting)
        await check_masters(FleetStore(database), gate.keys, settings.keys)
        async with gate.jobs, gate.lanes:
            yield gate


def assemble(
    settings: Settings, database: Database, dsn: str, *, worker: UUID | None = None, counting: Counting = UNCOUNTED
) -> Gate:
    """Put the services together; nothing runs yet."""
    jobs = JobStore(database, keep_printed=settings.spool.keep_printed)
    lanes = LaneStore(database, worker or uuid4(), lease=settings.delivery.lease)
    keys = KeyRing(settings.keys)
    spool = Spool(database, keys, SpoolSettings(settings.spool.max_document))
    wires = _wires(settings)

    def open_wire(device: Device) -> Transport:
        return open_transport(device, wires)

    async def pin(uri: str) -> bytes:
        return (await fetch_certificate(uri, wires.connect_timeout)).fingerprint

    fleet = Fleet(FleetStore(database), jobs, lambda device, ask: open_transport(device, wires, ask_pjl=ask), pin)
    dispatcher = Dispatcher(jobs, lanes, spool, fleet, open_wire, _delivery(settings), counting)
    arrivals = IntakeSettings(settings.intake.multiple_operation_time_out, settings.intake.max_uploads)
    return Gate(
        settings=settings,
        dsn=dsn,
        database=database,
        jobs=jobs,
        lanes=lanes,
        fleet=fleet,
        desk=Desk(jobs),
        release=Release(jobs, fleet, dispatcher.wake),
        intake=Intake(jobs, spool, arrivals, dispatcher.wake, counting),
        spool=spool,
        keys=keys,
        rotation=KeyRotation(database, keys),
        dispatcher=dispatcher,
        open_transport=open_wire,
    )


def prepare_home(settings: Settings) -> None:
    """Make the home; what is secret in it has folders that only its owner can enter."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o711)


async def _bring_up_to_date(database: Database, settings: Settings) -> None:
    await migrate(database, phases=("pre", "post") if settings.embedded else ("pre",))
    if settings.embedded:
        await database.value("tuning_embedded")


async def _check_up_to_date(database: Database) -> None:
    missing = [step for step in await migration_status(database) if not step.applied and step.phase == "pre"]
    if missing:
        raise MigrationRefused(f"the database lacks migration {missing[0].number:04d}: run `ippgate db migrate`")


def _wires(settings: Settings) -> TransportSettings:
    chosen = settings.delivery
    return TransportSettings(
        connect_timeout=chosen.connect_timeout,
        answer_timeout=chosen.answer_timeout,
        stall_timeout=chosen.stall_timeout,
        close_timeout=chosen.close_timeout,
        answer_limit=chosen.answer_limit,
    )


def _delivery(settings: Settings) -> DeliverySettings:
    chosen = settings.delivery
    return DeliverySettings(
        lease=chosen.lease,
        poll=chosen.poll,
        lane_depth=chosen.lane_depth,
        at_device=chosen.at_device,
        busy_limit=chosen.busy_limit,
    )
