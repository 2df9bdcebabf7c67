"""Documents go into PostgreSQL and come back octet for octet, or not at all."""

import asyncio
import hashlib
from uuid import uuid4

import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import DocumentDamaged, Overtaken, TooLarge
from ippgate.model.lifecycle import Event
from ippgate.spool import Spool, SpoolSettings
from ippgate.spool.frame import FRAME, LARGEST
from ippgate.spool.spool import Stored, frames
from ippgate.store.jobs import Move
from tests.integration.gates import OPERATOR, Connection, Feed, stream
from tests.integration.spool.writings import LARGE_OBJECTS, PDF, Writing, begun, read, written
from tests.integration.store.births import born
from tests.rig.documents import random_document

NOISE = random_document(3 * FRAME + 5)
TEXT = b"%!PS-Adobe-3.0 the same again\n" * 90_000


@pytest.mark.parametrize("size", [0, 1, 2047, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, len(NOISE)])
async def test_a_document_of_any_size_comes_back(gate: Gate, size: int) -> None:
    writing = await written(gate, NOISE[:size])
    assert await read(gate, writing) == NOISE[:size]
    [document] = (await gate.desk.get(writing.job_id, OPERATOR)).documents
    assert (document.size, document.sha256) == (size, hashlib.sha256(NOISE[:size]).digest())


async def test_what_shrinks_is_stored_small_and_what_does_not_as_it_is(gate: Gate, sql: Connection) -> None:
    text, noise = await written(gate, TEXT), await written(gate, NOISE)
    assert await read(gate, text) == TEXT
    size = "SELECT length(lo_get($1))"
    assert await sql.fetchval(size, text.oid) < len(TEXT) / 20
    assert len(NOISE) < await sql.fetchval(size, noise.oid) <= 4 * LARGEST
    assert TEXT[:30] not in await sql.fetchval("SELECT lo_get($1)", text.oid)


async def test_a_document_larger_than_the_limit_is_refused_as_soon_as_it_is_known(gate: Gate) -> None:
    small = Spool(gate.database, gate.keys, SpoolSettings(max_document=FRAME + 10))
    writing = await begun(gate)
    with pytest.raises(TooLarge, match=f"exceeds {FRAME + 10} octets"):
        await small.write(writing.oid, 1, writing.key, frames(stream(NOISE)))
    tiny = Spool(gate.database, gate.keys, SpoolSettings(max_document=10))
    with pytest.raises(TooLarge):
        await tiny.seal_small(writing.key, 1, b"eleven octe")
    assert (await tiny.seal_small(writing.key, 1, b"ten octets")).size == 10


async def test_a_job_has_one_document_however_many_arrive_at_once(gate: Gate, sql: Connection) -> None:
    writing = await begun(gate)
    sealed = await gate.spool.seal_small(writing.key, 1, b"second")
    for second in (gate.spool.begin(writing.job_id, 1, PDF), gate.spool.store_small(writing.job_id, 1, PDF, sealed)):
        with pytest.raises(Overtaken):
            await second
    assert await sql.fetchval(LARGE_OBJECTS) == 1


async def test_a_job_that_is_closed_or_ended_takes_no_document(gate: Gate, sql: Connection) -> None:
    whole = await born(gate)
    sealed = await gate.spool.seal_small(gate.keys.new_key(uuid4()), 1, b"late")
    await gate.jobs.move(Move(whole, Event.CANCEL, ()))
    for job_id in (whole, 10**6):
        assert await gate.spool.begin(job_id, 2, PDF) is None
        assert not await gate.spool.store_small(job_id, 2, PDF, sealed)
    assert await sql.fetchval(LARGE_OBJECTS) == 1


async def test_saying_twice_that_a_document_is_whole_does_no_harm(gate: Gate) -> None:
    writing = await written(gate, NOISE)
    stored = Stored(len(NOISE), hashlib.sha256(NOISE).digest())
    assert await gate.spool.finish(writing.job_id, 1, stored)
    assert not await gate.spool.finish(writing.job_id, 1, Stored(1, bytes(32)))


# ── damage ──


async def damaged(gate: Gate, writing: Writing) -> str:
    with pytest.raises(DocumentDamaged) as told:
        await read(gate, writing)
    return str(told.value)


async def test_frames_that_changed_places_do_not_open(gate: Gate, sql: Connection) -> None:
    writing = await written(gate, NOISE)
    first, second = [await sql.fetchval("SELECT lo_get($1, $2, $3)", writing.oid, n * LARGEST, LARGEST) for n in (0, 1)]
    await sql.execute("SELECT lo_put($1, 0, $2)", writing.oid, second)
    await sql.execute("SELECT lo_put($1, $2, $3)", writing.oid, LARGEST, first)
    assert "frame 1 where frame 0 belongs" in await damaged(gate, writing)


async def test_an_altered_octet_is_noticed_after_the_frames_before_it(gate: Gate, sql: Connection) -> None:
    writing = await written(gate, NOISE)
    await sql.execute("SELECT lo_put($1, $2, $3)", writing.oid, LARGEST + 5000, b"\0\1\2\3")
    reading = gate.spool.read(writing.oid, 1, writing.key)
    assert await anext(reading) == NOISE[:FRAME]
    with pytest.raises(DocumentDamaged, match="frame 1 of the stored document is damaged"):
        await anext(reading)


async def test_a_cut_object_is_noticed(gate: Gate, sql: Connection) -> None:
    writing = await written(gate, NOISE)
    for size in (3 * LARGEST + 10, 2 * LARGEST, LARGEST + 30, 0):
        async with sql.transaction():
            handle = await sql.fetchval("SELECT lo_open($1, 131072)", writing.oid)
            await sql.execute("SELECT lo_truncate64($1, $2)", handle, size)
        assert await damaged(gate, writing)


async def test_an_object_that_is_gone_is_noticed(gate: Gate, sql: Connection) -> None:
    writing = await written(gate, NOISE)
    await sql.execute("SELECT lo_unlink($1)", writing.oid)
    assert "gone" in await damaged(gate, writing)


async def test_documents_of_two_jobs_that_were_exchanged_do_not_open(gate: Gate, sql: Connection) -> None:
    mine, theirs = await written(gate, NOISE), await written(gate, TEXT)
    for key, oid in ((mine.key, theirs.oid), (theirs.key, mine.oid)):
        assert "damaged" in await damaged(gate, Writing(0, oid, key))


async def test_with_its_key_gone_a_document_can_never_be_read_again(gate: Gate, sql: Connection) -> None:
    job_id = await born(gate)
    copy = await sql.fetchval("SELECT lo_get(oid) FROM document WHERE job_id = $1", job_id)
    assert copy
    await gate.jobs.move(Move(job_id, Event.CANCEL, ()))
    assert await sql.fetchval("SELECT key FROM job WHERE id = $1", job_id) is None
    with pytest.raises(DocumentDamaged, match="are gone"):
        await gate.spool.key_of(job_id)
    with pytest.raises(DocumentDamaged, match="are gone"):
        await gate.spool.key_of(10**6)


# ── while it arrives ──


async def test_a_document_is_read_while_it_still_arrives(gate: Gate) -> None:
    writing, feed = await begun(gate), Feed()
    reading = gate.spool.read(writing.oid, 1, writing.key)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        storing = tasks.create_task(gate.spool.write(writing.oid, 1, writing.key, frames(feed.body())))
        feed.send(NOISE[: FRAME + 1])
        assert await anext(reading) == NOISE[:FRAME]
        feed.send(NOISE[FRAME + 1 :])
        feed.end()
        assert b"".join([chunk async for chunk in reading]) == NOISE[FRAME:]
    assert storing.result().size == len(NOISE)


async def test_several_may_read_what_arrives(gate: Gate) -> None:
    writing, feed = await begun(gate), Feed()
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read(gate, writing)) for _ in range(3)]
        tasks.create_task(gate.spool.write(writing.oid, 1, writing.key, frames(feed.body())))
        for start in range(0, len(NOISE), 400_000):
            feed.send(NOISE[start : start + 400_000])
            await asyncio.sleep(0)
        feed.end()
    assert [reader.result() for reader in readers] == [NOISE] * 3


@pytest.mark.parametrize("ending", ["aborted", "overdue and closed"])
async def test_who_reads_what_will_never_be_whole_is_told(gate: Gate, ending: str) -> None:
    writing, feed = await begun(gate), Feed()
    reading = gate.spool.read(writing.oid, 1, writing.key)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        storing = tasks.create_task(gate.spool.write(writing.oid, 1, writing.key, frames(feed.body())))
        feed.send(NOISE[: FRAME + 1])
        assert await anext(reading) == NOISE[:FRAME]
        if ending == "aborted":
            await gate.jobs.move(Move(writing.job_id, Event.ABORT, ()))
        else:
            await gate.jobs.close(writing.job_id)
        with pytest.raises(DocumentDamaged, match="never sent the rest"):
            await anext(reading)
        storing.cancel()


async def test_a_writer_whose_job_was_ended_and_swept_is_told(gate: Gate, sql: Connection) -> None:
    writing, feed = await begun(gate), Feed()
    async with asyncio.timeout(20):
        storing = asyncio.create_task(gate.spool.write(writing.oid, 1, writing.key, frames(feed.body())))
        feed.send(NOISE[: FRAME + 1])
        await gate.jobs.move(Move(writing.job_id, Event.CANCEL, ()))
        await sql.execute("SELECT lo_unlink($1)", writing.oid)
        feed.send(NOISE)
        feed.end()
        with pytest.raises(DocumentDamaged, match="ended while its document arrived"):
            await storing


async def test_what_a_body_raises_comes_out_as_it_is(gate: Gate) -> None:
    for error in (ValueError("odd"), TooLarge("too much")):
        writing, feed = await begun(gate), Feed()
        feed.send(NOISE[: FRAME + 1])
        feed.fail(error)
        with pytest.raises(type(error)) as told:
            await gate.spool.write(writing.oid, 1, writing.key, frames(feed.body()))
        assert told.value is error
