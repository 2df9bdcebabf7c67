"""What ended jobs and crashes leave is removed, in batches, and nothing else is."""

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.config.settings import SpoolSettings
from ippgate.ipp.registry.enums import JobState
from ippgate.model.lifecycle import Event
from ippgate.spool.sweep import Sweeper, orphans
from ippgate.store.jobs import Move
from ippgate.store.query import queries
from tests.integration.gates import ALICE, OPERATOR, Connection
from tests.integration.spool.writings import LARGE_OBJECTS, begun, written
from tests.integration.store.births import a_queue, birth, born
from tests.rig.crew import Crew
from tests.rig.eventually import eventually

MANY = 3000
OVERDUE = "UPDATE job SET incoming_until = now() - interval '1 second'"


def sweeper(gate: Gate) -> Sweeper:
    return Sweeper(gate.database, gate.jobs, gate.lanes, interval=0.05)


async def test_documents_of_ended_jobs_go_and_those_of_others_stay(gate: Gate, sql: Connection) -> None:
    kept, gone = await born(gate), await born(gate)
    large = await written(gate, bytes(3_000_000))
    await gate.desk.cancel(gone, ALICE)
    await gate.desk.cancel(large.job_id, ALICE)
    assert await sweeper(gate).sweep() == 2
    assert await sql.fetchval(LARGE_OBJECTS) == 1
    assert await sql.fetchval("SELECT count(*) FROM trash") == 0
    documents = {job_id: (await gate.desk.get(job_id, OPERATOR)).documents[0] for job_id in (kept, gone)}
    assert documents[kept].oid is not None
    assert (documents[gone].oid, documents[gone].size) == (None, documents[kept].size)
    assert await orphans(gate.database) == []
    assert await sweeper(gate).sweep() == 0


async def test_thousands_go_a_hundred_at_a_time(gate: Gate, sql: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each unlink holds a lock until its transaction ends."""
    batches: list[int] = []
    ask = gate.database.value

    async def counted(name: str, *arguments: Any) -> Any:
        answer = await ask(name, *arguments)
        if name == "trash_reap":
            batches.append(answer)
        return answer

    monkeypatch.setattr(gate.database, "value", counted)
    await sql.execute(
        "INSERT INTO trash SELECT lo_from_bytea(0, 'x'), 1, now() FROM generate_series(1, $1::integer)", MANY
    )
    assert await sweeper(gate).sweep() == MANY
    assert batches == [100] * (MANY // 100) + [0]
    assert await sql.fetchval(LARGE_OBJECTS) == 0


async def test_what_is_gone_already_stops_nothing(gate: Gate, sql: Connection) -> None:
    await sql.execute("INSERT INTO trash SELECT n, 1, now() - interval '1 hour' FROM generate_series(1, 250) AS n")
    await sql.execute("INSERT INTO trash VALUES (lo_from_bytea(0, 'x'), 1, now())")
    assert await sweeper(gate).sweep() == 251
    assert await sql.fetchval(LARGE_OBJECTS) == 0


async def test_two_that_sweep_at_once_do_not_meet(gate: Gate, sql: Connection) -> None:
    await sql.execute("INSERT INTO trash SELECT lo_from_bytea(0, 'x'), 1, now() FROM generate_series(1, 400)")
    swept = await asyncio.gather(*(sweeper(gate).sweep() for _ in range(4)))
    assert sum(swept) == 400
    assert await sql.fetchval(LARGE_OBJECTS) == 0


async def test_a_kept_document_and_its_key_go_when_their_time_has_come(
    gates: Any, tmp_path: Path, sql: Connection
) -> None:
    gate = await gates(settings=Settings(home=tmp_path, spool=SpoolSettings(keep_printed=3600)))
    job_id = await born(gate)
    await gate.desk.cancel(job_id, ALICE)
    assert await sweeper(gate).sweep() == 0
    assert (await gate.spool.key_of(job_id)).octets
    await sql.execute("UPDATE trash SET due = now()")
    assert await sweeper(gate).sweep() == 1
    assert await sql.fetchval("SELECT key FROM job") is None


async def test_jobs_whose_clients_fell_silent_are_aborted_and_say_so(gate: Gate, sql: Connection) -> None:
    silent, alive = await begun(gate), await begun(gate)
    empty = (await gate.jobs.create(birth(gate, await a_queue(gate)), open_for=60)).job_id
    await sql.execute(f"{OVERDUE} WHERE id = ANY($1)", [silent.job_id, empty])
    await sweeper(gate).sweep()
    for job_id in (silent.job_id, empty):
        job = await gate.desk.get(job_id, OPERATOR)
        assert (job.state, job.reasons) == (JobState.ABORTED, ("aborted-by-system", "submission-interrupted"))
        assert job.message == "its documents did not come in time"
    assert (await gate.desk.get(alive.job_id, OPERATOR)).incoming
    assert await sql.fetchval(LARGE_OBJECTS) == 1


async def test_a_client_that_came_back_a_moment_ago_is_not_aborted(
    gate: Gate, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last frame may come between the sweeper's look and its deed."""
    late = await begun(gate)
    await sql.execute(OVERDUE)
    found = await gate.jobs.abandoned(10)
    assert await gate.jobs.close(late.job_id)

    async def as_it_was(limit: int) -> list[tuple[int, JobState]]:
        return found

    monkeypatch.setattr(gate.jobs, "abandoned", as_it_was)
    await sweeper(gate).sweep()
    assert (await gate.desk.get(late.job_id, OPERATOR)).state is JobState.PENDING_HELD


async def test_one_worker_sweeps(gates: Any, sql: Connection) -> None:
    one, two = await gates(), await gates()
    await one.lanes.beat()
    await two.lanes.beat()
    assert await one.lanes.take_duty("sweep")
    job_id = await born(one)
    await one.desk.cancel(job_id, ALICE)
    crew = Crew()
    crew.hire(sweeper(two).run())
    crew.hire(sweeper(one).run())
    swept = "SELECT true FROM pg_largeobject_metadata HAVING count(*) = 0"
    await eventually(partial(sql.fetchval, swept), "the sweep", every=0.02)
    assert await sql.fetchval("SELECT worker FROM duty") == one.lanes.worker
    await crew.dismiss()


async def test_killed_writers_leave_nothing_once_their_time_is_over(
    gate: Gate, gate_dsn: str, sql: Connection, tmp_path: Path
) -> None:
    await a_queue(gate)
    writers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.integration.spool.endless_writer", gate_dsn, str(tmp_path)
        )
        for _ in range(2)
    ]
    under_way = "SELECT true FROM pg_largeobject WHERE pageno = 600 HAVING count(*) = 2"
    await eventually(partial(sql.fetchval, under_way), "both documents to arrive", within=60)
    for writer in writers:
        writer.kill()
        await writer.wait()
    assert await orphans(gate.database) == []
    await sql.execute(OVERDUE)
    await sweeper(gate).sweep()
    assert await sql.fetchval(LARGE_OBJECTS) == 0
    assert {job.state for job in await gate.jobs.get([1, 2])} == {JobState.ABORTED}


async def test_an_object_that_nobody_knows_is_found(gate: Gate, sql: Connection) -> None:
    await born(gate)
    assert await orphans(gate.database) == []
    stray = await sql.fetchval("SELECT lo_create(0)")
    assert await orphans(gate.database) == [stray]


@pytest.mark.parametrize("size", ["large", "small"])
async def test_a_job_that_ends_while_its_document_begins_leaves_it_to_the_sweeper(
    gate: Gate, sql: Connection, size: str
) -> None:
    """The end waits for the beginning, and sees a document that is younger than the end's own view of the database."""
    made = birth(gate, await a_queue(gate))
    job_id = (await gate.jobs.create(made, open_for=60)).job_id
    text = queries()["document_begin" if size == "large" else "document_store"]
    sealed = await gate.spool.seal_small(gate.keys.unwrap(made.key), 1, b"x")
    whole = () if size == "large" else (sealed.frame, sealed.size, sealed.sha256)
    async with sql.transaction():
        assert await sql.fetchval(text, job_id, 1, "application/pdf", "", *whole)
        ending = asyncio.create_task(gate.jobs.move(Move(job_id, Event.ABORT, ())))
        await _waits_for_a_lock(gate)
    assert await ending is not None
    await sweeper(gate).sweep()
    assert await sql.fetchval(LARGE_OBJECTS) == 0


async def _waits_for_a_lock(gate: Gate) -> None:
    connection = await asyncpg.connect(gate.dsn)
    waits = "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    await eventually(partial(connection.fetchval, waits), "a statement to wait")
    await connection.close()
