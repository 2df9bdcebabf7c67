"""What may be held, counted in real PostgreSQL; what was cut leaves nothing (SECURITY S17)."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ippgate.app.gate import Gate
from ippgate.app.people import allowance_of, free_octets
from ippgate.config import Settings
from ippgate.config.people import LimitsSettings
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Busy, SpoolFull, TooLarge, TooManyJobs
from ippgate.model.job import NewDocument, NewJob
from ippgate.spool.frame import FRAME
from ippgate.spool.sweep import Sweeper
from ippgate.store.held import held
from tests.integration.gates import ALICE, BOB, OPERATOR, Connection, Feed, hold_queue, stream, submit
from tests.rig.documents import random_document
from tests.rig.eventually import eventually

LARGE = random_document(3 * FRAME)


async def limited(gates: Any, home: Path, **limits: int) -> Gate:
    gate: Gate = await gates(settings=replace(Settings(home=home), limits=LimitsSettings(**limits)))
    return gate


async def test_what_is_held_is_counted_by_queue_and_owner(gate: Gate) -> None:
    followme, other = await hold_queue(gate), await hold_queue(gate, "other")
    await submit(gate, followme, b"12345")
    await submit(gate, followme, LARGE)
    await submit(gate, other, b"123")
    cancelled = await submit(gate, followme, b"1234567", owner=BOB)
    await submit(gate, followme, b"12", owner=BOB)
    await gate.intake.create(other, NewJob(other.id, "bob", "open", "192.0.2.2"))
    await gate.desk.cancel(cancelled.id, BOB)
    assert sorted(await held(gate.database, by_owner=True)) == [
        ((followme.id, "alice"), 2, len(LARGE) + 5),
        ((followme.id, "bob"), 1, 2),
        ((other.id, "alice"), 1, 3),
        ((other.id, "bob"), 1, 0),
    ]
    assert sorted(await held(gate.database, by_owner=False)) == [
        ((followme.id, ""), 3, len(LARGE) + 7),
        ((other.id, ""), 2, 3),
    ]


async def test_several_workers_hold_a_person_to_one_bound_once_they_have_counted(gates: Any, tmp_path: Path) -> None:
    here, there = [await limited(gates, tmp_path, person_jobs=3) for _ in range(2)]
    queue = await hold_queue(here)
    jobs = [await submit(one, queue, b"x") for one in (here, there, here)]
    for one in (here, there):
        await one.allowance.refresh()
        with pytest.raises(TooManyJobs, match="3 of your jobs"):
            await submit(one, queue, b"x")
        await submit(one, queue, b"x", owner=BOB)
    await there.desk.cancel(jobs[0].id, ALICE)
    await there.allowance.refresh()
    await submit(there, queue, b"x")


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        ({"octets": 2 * FRAME}, SpoolFull),
        ({"queue_octets": 2 * FRAME}, SpoolFull),
        ({"person_octets": 2 * FRAME}, Busy),
    ],
)
async def test_a_document_that_grows_beyond_is_cut_and_leaves_no_object(
    gates: Any, tmp_path: Path, sql: Connection, limits: dict[str, int], kind: type[Exception]
) -> None:
    gate = await limited(gates, tmp_path, **limits)
    queue = await hold_queue(gate)
    with pytest.raises(kind):
        await gate.intake.submit(
            queue, NewJob(queue.id, "alice", "x", "192.0.2.1"), NewDocument(), stream(*_pieces(LARGE))
        )
    [job] = await gate.desk.listing(None, tuple(JobState), None, 10)
    assert job.state is JobState.ABORTED
    assert job.message
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=0).sweep()
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 0
    assert await gate.database.fetch("document_orphans", 10) == []
    await submit(gate, queue, bytes(FRAME))  # what was cut is not held


async def test_the_document_of_an_open_job_is_held_to_the_same_bound(
    gates: Any, tmp_path: Path, sql: Connection
) -> None:
    gate = await limited(gates, tmp_path, octets=2 * FRAME)
    queue = await hold_queue(gate)
    job = await gate.intake.create(queue, NewJob(queue.id, "alice", "x", "192.0.2.1"))
    with pytest.raises(SpoolFull):
        await gate.intake.add_document(job.id, ALICE, NewDocument(), stream(*_pieces(LARGE)), last=True)
    assert (await gate.desk.get(job.id, OPERATOR)).state is JobState.ABORTED
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=0).sweep()
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 0


async def test_a_job_that_never_fits_a_persons_share_is_too_large(gates: Any, tmp_path: Path) -> None:
    gate = await limited(gates, tmp_path, person_octets=1000)
    with pytest.raises(TooLarge):
        await gate.allowance.check(1, "alice", 1001)


async def test_what_arrives_at_one_worker_counts_while_it_arrives(gates: Any, tmp_path: Path) -> None:
    gate = await limited(gates, tmp_path, octets=FRAME)
    queue, feed = await hold_queue(gate), Feed()
    new = NewJob(queue.id, "alice", "x", "192.0.2.1")
    async with asyncio.TaskGroup() as tasks:
        arriving = tasks.create_task(gate.intake.submit(queue, new, NewDocument(), feed.body()))
        feed.send(bytes(FRAME - 100))
        await eventually(lambda: gate.allowance._of("all", 0).octets == FRAME - 100, "the octets to be counted")
        with pytest.raises(SpoolFull):
            await submit(gate, queue, bytes(101), owner=BOB)
        await submit(gate, queue, bytes(100), owner=BOB)
        feed.end()
        assert (await arriving).state is JobState.PENDING_HELD


async def test_a_disk_that_is_nearly_full_takes_nothing(gates: Any, tmp_path: Path) -> None:
    """An external database's disk is not looked at; the embedded one's is."""
    gate = await gates()
    free = free_octets(tmp_path)
    assert free is not None
    assert free > 0
    assert free_octets(tmp_path / "nowhere") is None
    embedded = Settings(home=tmp_path, limits=LimitsSettings(low_water=free * 2))
    settings = replace(embedded, database=replace(embedded.database, dsn="embedded"))
    assert settings.embedded
    settings.postgres.mkdir()
    allowance = allowance_of(settings, gate.database)
    await allowance.refresh()
    assert allowance.full(1)
    with pytest.raises(SpoolFull, match="nearly full"):
        await allowance.check(1, "alice", 0)
    external = replace(settings, database=replace(settings.database, dsn="postgresql://elsewhere/x"))
    allowance = allowance_of(external, gate.database)
    await allowance.refresh()
    assert not allowance.full(1)


def _pieces(document: bytes, size: int = 65_536) -> list[bytes]:
    return [document[start : start + size] for start in range(0, len(document), size)]
