"""What was made of a document for a device goes when its job does, whoever comes first; nothing of it is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.lifecycle import Event
from ippgate.spool.sweep import orphans
from ippgate.store.jobs import Move
from ippgate.store.lanes import Load, Rendition
from ippgate.store.query import queries
from ippgate.store.renditions import RenditionStore
from tests.integration.gates import OPERATOR, Connection
from tests.integration.store.births import a_device, by_carrier, claimed
from tests.rig.eventually import eventually

RASTER, SHEET = "image/pwg-raster", "iso_a4_210x297mm color 300dpi one-sided normal"
DIGEST = bytes(range(32))
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"
TRASH = "SELECT oid FROM trash WHERE due <= now()"


@pytest.fixture
def store(gate: Gate) -> RenditionStore:
    return RenditionStore(gate.database, gate.lanes.worker)


@pytest.fixture
async def second(gate_dsn: str) -> AsyncIterator[Connection]:
    """Another connection beside the gate's."""
    connection = await asyncpg.connect(gate_dsn)
    yield connection
    await connection.close()


async def begun(store: RenditionStore, load: Load, sheet: str = SHEET) -> int:
    oid = await store.begin(load.claim, RASTER, sheet, "being converted")
    assert oid is not None
    return oid


async def made(store: RenditionStore, load: Load) -> int:
    oid = await begun(store, load)
    assert await store.finish(load.claim, oid, 7, DIGEST)
    return oid


async def trash(sql: Connection) -> set[int]:
    return {row["oid"] for row in await sql.fetch(TRASH)}


async def of(sql: Connection, load: Load) -> tuple[int | None, int | None]:
    """The object, and its size when it is whole."""
    row = await sql.fetchrow("SELECT rendition, rendition_size FROM job WHERE id = $1", load.parcel.job_id)
    assert row is not None
    return row["rendition"], row["rendition_size"]


async def test_what_is_whole_is_brought_along_at_the_next_claim(
    gate: Gate, sql: Connection, store: RenditionStore
) -> None:
    load = await claimed(gate)
    oid = await begun(store, load)
    assert (await gate.desk.get(load.parcel.job_id, OPERATOR)).message == "being converted"
    await sql.execute("UPDATE job SET lease_worker = NULL")
    [unfinished] = await gate.lanes.claim(load.device_id, 1)
    assert unfinished.rendition is None
    assert not await store.finish(load.claim, oid, 7, DIGEST), "the lease is another one now"
    oid = await made(store, unfinished)
    assert await store.finish(unfinished.claim, oid, 7, DIGEST), "its answer may have been lost"
    await sql.execute("UPDATE job SET lease_worker = NULL")
    [again] = await gate.lanes.claim(load.device_id, 1)
    assert again.rendition == Rendition(oid, RASTER, SHEET, 7)
    assert (await gate.desk.get(load.parcel.job_id, OPERATOR)).message == ""
    assert await orphans(gate.database) == []


async def test_one_takes_the_place_of_another(gate: Gate, sql: Connection, store: RenditionStore) -> None:
    load = await claimed(gate)
    first = await made(store, load)
    second = await begun(store, load, "another")
    assert first != second
    assert (await of(sql, load), await trash(sql)) == ((second, None), {first})
    assert not await store.finish(load.claim, first, 7, DIGEST)


async def test_nobody_makes_one_for_a_job_that_is_not_theirs(
    gate: Gate, sql: Connection, store: RenditionStore
) -> None:
    load = await claimed(gate)
    stranger = RenditionStore(gate.database, uuid4())
    job_id, lease = load.claim
    assert await stranger.begin(load.claim, RASTER, SHEET, "") is None
    assert await store.begin((job_id, lease - 1), RASTER, SHEET, "") is None
    await gate.jobs.move(by_carrier(gate, load, Event.START))
    assert await store.begin(load.claim, RASTER, SHEET, "") is None
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 1


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("event", [Event.CANCEL, Event.ABORT, Event.HOLD])
async def test_what_becomes_of_it_when_somebody_takes_the_job_away(
    gate: Gate, sql: Connection, store: RenditionStore, event: Event, *, whole: bool
) -> None:
    load = await claimed(gate)
    oid = await (made if whole else begun)(store, load)
    await gate.jobs.move(Move(load.parcel.job_id, event, ()))
    stays = event is Event.HOLD and whole
    assert (await of(sql, load))[0] == (oid if stays else None)
    assert (oid in await trash(sql)) is not stays
    assert not await store.finish(load.claim, oid, 7, DIGEST)
    assert await orphans(gate.database) == []


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_a_release_to_another_device_has_no_use_for_it(
    gate: Gate, sql: Connection, store: RenditionStore, *, elsewhere: bool
) -> None:
    load = await claimed(gate)
    oid = await made(store, load)
    await gate.jobs.move(Move(load.parcel.job_id, Event.HOLD, ()))
    target = await a_device(gate, "other") if elsewhere else await a_device(gate)
    await gate.jobs.move(Move(load.parcel.job_id, Event.RELEASE, (), device_id=target.id))
    assert await of(sql, load) == ((None, None) if elsewhere else (oid, 7))
    assert await trash(sql) == ({oid} if elsewhere else set())


async def test_a_try_that_is_repeated_and_one_that_ends(gate: Gate, sql: Connection, store: RenditionStore) -> None:
    load = await claimed(gate)
    oid = await made(store, load)
    for move in (by_carrier(gate, load, Event.START), by_carrier(gate, load, Event.RETRY, keep=True)):
        assert await gate.jobs.move(move) is not None
        assert await of(sql, load) == (oid, 7)
    await gate.jobs.move(by_carrier(gate, load, Event.START))
    await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE))
    assert oid in await trash(sql)
    assert (await gate.desk.get(load.parcel.job_id, OPERATOR)).converted_to == RASTER


async def test_a_job_that_ends_at_the_very_moment_leaves_nothing_behind(
    gate: Gate, sql: Connection, second: Connection
) -> None:
    load = await claimed(gate)
    job_id, lease = load.claim
    async with second.transaction():
        begin = queries()["rendition_begin"]
        oid = await second.fetchval(begin, job_id, gate.lanes.worker, lease, RASTER, SHEET, "")
        ending = asyncio.create_task(gate.jobs.move(Move(job_id, Event.CANCEL, ())))
        await eventually(lambda: sql.fetchval(BLOCKED), "it to wait for the lock")
    assert await ending is not None
    assert oid in await trash(sql)
    assert await of(sql, load) == (None, None)


async def test_a_job_that_changed_at_the_very_moment_gets_one_object(
    gate: Gate, sql: Connection, second: Connection, store: RenditionStore
) -> None:
    load = await claimed(gate)
    async with second.transaction():
        await second.execute("UPDATE job SET message = 'changed' WHERE id = $1", load.parcel.job_id)
        beginning = asyncio.create_task(begun(store, load))
        await eventually(lambda: sql.fetchval(BLOCKED), "it to wait for the lock")
    oid = await beginning
    assert (await of(sql, load))[0] == oid
    assert await orphans(gate.database) == []
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 2


async def test_the_key_of_a_kept_document_outlives_what_was_made_of_it(
    gate: Gate, sql: Connection, store: RenditionStore
) -> None:
    load = await claimed(gate)
    await made(store, load)
    keeping = type(gate.jobs)(gate.database, keep_printed=3600)
    async with keeping:
        assert await keeping.move(Move(load.parcel.job_id, Event.CANCEL, ())) is not None
    assert await gate.database.value("trash_reap", 100) == 1
    assert await sql.fetchval("SELECT key IS NOT NULL FROM job")
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 1


async def test_whoever_makes_one_is_told_that_it_is_wanted_no_more(
    gate: Gate, second: Connection, store: RenditionStore
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    await second.add_listener("ippgate_cancel", lambda *told: heard.put_nowait(str(told[-1])))
    load = await claimed(gate)
    await begun(store, load)
    job = await gate.desk.get(load.parcel.job_id, OPERATOR)
    await gate.desk.change(job.id, OPERATOR, template=(attribute(A.COPIES, 2),))
    assert await asyncio.wait_for(heard.get(), 5) == str(job.id)
    await gate.desk.hold(job.id, OPERATOR, None)
    assert await asyncio.wait_for(heard.get(), 5) == str(job.id)


@pytest.mark.parametrize("open_still", [True, False])
async def test_a_job_that_still_arrives_is_put_off_until_it_is_whole(
    gate: Gate, sql: Connection, store: RenditionStore, *, open_still: bool
) -> None:
    load = await claimed(gate)
    if open_still:
        await sql.execute("UPDATE job SET incoming_until = now() + interval '1 minute'")
    await store.put_off(load.claim)
    assert len(await gate.lanes.claim(load.device_id, 1)) == (0 if open_still else 1)
    if open_still:
        assert await gate.jobs.close(load.parcel.job_id)
        assert len(await gate.lanes.claim(load.device_id, 1)) == 1
