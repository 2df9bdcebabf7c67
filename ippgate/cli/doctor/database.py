"""The database: reached, of this version, nothing lost in it; workers, queues and devices as it knows them."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

from ippgate.app import open_database
from ippgate.app.gate import STALE_WATCHES
from ippgate.config import Settings
from ippgate.config.render import masked
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged, Refusal, Unavailable
from ippgate.model.finding import Finding, fail, ok, warn
from ippgate.spool import KeyRing
from ippgate.spool.sweep import orphans
from ippgate.store.database import Database
from ippgate.store.fleet import FleetStore
from ippgate.store.health import KeyUse, WorkerLife, health, keys_in_use, workers
from ippgate.store.migrate import migration_status


async def examine(settings: Settings) -> AsyncIterator[Finding | list[WorkerLife]]:
    """Findings about the database; once, in between, the workers it knows (for what follows from them)."""
    where = f"embedded, in {settings.postgres}" if settings.embedded else masked(settings.database.dsn)
    if settings.embedded and not settings.postgres.is_dir():
        yield warn("database", f"{where}: not made yet", "`ippgate serve` or `ippgate db migrate` makes it")
        return
    try:
        async with open_database(settings, pool_size=2) as (database, _):
            yield ok("database", where)
            async for finding in _inside(settings, database):
                yield finding
    except Unavailable as error:
        yield fail("database", f"{where}: {error}", "start PostgreSQL, or correct database.dsn")


async def _inside(settings: Settings, database: Database) -> AsyncIterator[Finding | list[WorkerLife]]:
    try:
        missing = [step for step in await migration_status(database) if not step.applied]
    except Refusal as error:
        yield fail("migrations", str(error), "run the version of ippgate that made it")
        return
    if missing:
        sentence = f"{len(missing)} are missing, from {missing[0].number:04d}_{missing[0].name}"
        yield (warn if missing[0].phase == "post" else fail)("migrations", sentence, "ippgate db migrate")
        if any(step.phase == "pre" for step in missing):
            return
    else:
        yield ok("migrations", "all applied")
    living = await workers(database)
    yield living
    for finding in [*await _work(database, living), *await _objects(database), *await _keys(settings, database)]:
        yield finding
    for finding in await _fleet(settings, database, watched=any(worker.lives for worker in living)):
        yield finding


async def _work(database: Database, registered: list[WorkerLife]) -> list[Finding]:
    facts = await health(database)
    lives = [worker for worker in registered if worker.lives]
    dead = [worker for worker in registered if not worker.lives]
    found = [ok("postgresql", facts.version)]
    if lives:
        found.append(ok("workers", f"{len(lives)} at work: {', '.join(f'{w.machine}/{w.pid}' for w in lives)}"))
    else:
        found.append(warn("workers", "none is at work: jobs are held, none is delivered", "start `ippgate serve`"))
    if dead and facts.carried_by_nobody:
        sentence = f"{facts.carried_by_nobody} jobs were at a device when their worker died"
        found.append(warn("deliveries", sentence, "a running server finds out what became of them within a minute"))
    if facts.waiting_long:
        sentence = f"{facts.waiting_long} released jobs wait for more than ten minutes"
        found.append(warn("deliveries", sentence, "see the devices below; `ippgate job list --state pending`"))
    if facts.overdue_trash or facts.open_long:
        sentence = f"{facts.overdue_trash} documents and {facts.open_long} abandoned jobs wait to be swept"
        found.append(warn("sweeper", sentence, "a running server sweeps them; see its log if it does not"))
    return found


async def _objects(database: Database) -> list[Finding]:
    lost = await orphans(database)
    if not lost:
        return [ok("documents", "no large object without a job")]
    remedy = "please report this: it should never happen; remove them with SELECT lo_unlink(OID)"
    return [fail("documents", f"{len(lost)} large objects belong to no job: {', '.join(map(str, lost[:5]))}", remedy)]


async def _keys(settings: Settings, database: Database) -> list[Finding]:
    """Whether every job's key opens: one of each master key is tried, for a new file may have an old one's number."""
    used = await keys_in_use(database)
    found = []
    try:
        # A key ring makes a first key where there is none: not the doctor's business.
        ring = KeyRing(settings.keys) if any(settings.keys.glob("master-*.key")) else None
        for use in used:
            if not _opens(ring, use):
                needed = f"master-{use.number:04d}.key"
                sentence = f"the documents of {use.jobs} jobs need the {needed} that {settings.keys} does not hold"
                found.append(fail("master keys", sentence, f"restore {needed} from a backup"))
    except (ValueError, OSError) as error:
        found.append(fail("master keys", str(error), "the files belong to the gate's user, mode 0600"))
    return found or ([ok("master keys", "every job's key can be opened")] if used else [])


def _opens(ring: KeyRing | None, use: KeyUse) -> bool:
    try:
        return ring is not None and bool(ring.unwrap(use.sample))
    except DocumentDamaged:
        return False


async def _fleet(settings: Settings, database: Database, *, watched: bool) -> list[Finding]:
    fleet = FleetStore(database)
    queues, devices = await fleet.queues(), await fleet.devices()
    found = [ok("queues", ", ".join(queue.name for queue in queues))] if queues else []
    if not queues:
        found.append(warn("queues", "there is none: nobody can print", "ippgate queue add NAME"))
    if not devices:
        found.append(warn("devices", "there is none: nothing can be released", "ippgate device add NAME URI"))
    stale = timedelta(seconds=STALE_WATCHES * settings.device.watch_interval) if watched else None
    return [*found, *_devices(devices, stale)]


def _devices(devices: list[Device], stale: timedelta | None) -> Iterator[Finding]:
    for device in devices:
        subject, report = f"device {device.name}", device.report
        why = report.message or ", ".join(report.reasons)
        if device.probed_at is None:
            yield warn(subject, "has never answered", f"ippgate device test {device.name}")
        elif report.state is PrinterState.STOPPED:
            yield warn(subject, f"stopped ({why or 'it does not say why'})", f"see to it at {device.uri}")
        elif stale is not None and datetime.now(UTC) - device.probed_at > stale:
            yield warn(subject, f"was last asked at {device.probed_at:%Y-%m-%d %H:%M} UTC", "see the server's log")
        else:
            yield ok(subject, f"{report.state.name.lower()}{f' ({why})' if why else ''}")
