"""The master key is rotated under running workers; every document stays readable, and old masters go when unused."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import DocumentDamaged
from ippgate.model.job import NewDocument
from ippgate.spool import rotate
from tests.integration.gates import ALICE, Connection
from tests.integration.store.births import DOCUMENT, a_queue, birth, born


async def readable(gate: Gate, job_id: int) -> bool:
    [job] = await gate.jobs.get([job_id])
    oid = job.documents[0].oid
    assert oid is not None
    key = await gate.spool.key_of(job_id)
    return b"".join([chunk async for chunk in gate.spool.read(oid, 1, key)]) == DOCUMENT


async def rotated(gate: Gate) -> None:
    async for _count in gate.rotation.rotate():
        pass


def an_hour_passes(folder: Path) -> None:
    for file in folder.iterdir():
        at = file.stat().st_mtime - 3601
        os.utime(file, (at, at))


async def masters(sql: Connection) -> list[int | None]:
    rows = await sql.fetch("SELECT CASE WHEN key IS NOT NULL THEN key_id END AS key_id FROM job ORDER BY id")
    return [row["key_id"] for row in rows]


async def test_every_jobs_key_is_wrapped_anew_in_batches_and_documents_stay(
    gate: Gate, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate, "_BATCH", 4)
    jobs = [await born(gate) for _ in range(10)]
    await gate.desk.cancel(jobs[3], ALICE)
    stored = await sql.fetch("SELECT lo_get(oid) AS octets FROM document ORDER BY job_id")
    assert await gate.rotation.pending() == 0
    assert [count async for count in gate.rotation.rotate()] == [4, 4, 1]
    assert await gate.rotation.pending() == 0
    assert await masters(sql) == [2, 2, 2, None, 2, 2, 2, 2, 2, 2]
    assert stored == await sql.fetch("SELECT lo_get(oid) AS octets FROM document ORDER BY job_id")
    assert all([await readable(gate, job_id) for job_id in jobs if job_id != jobs[3]])


async def test_a_worker_that_runs_through_rotations_goes_on(gates: Any, sql: Connection, tmp_path: Path) -> None:
    worker, operator = await gates(), await gates()
    jobs = [await born(worker)]
    for _ in range(3):
        await rotated(operator)
        an_hour_passes(tmp_path / "keys")
        jobs.append(await born(worker))
    assert [await readable(worker, job_id) for job_id in jobs] == [True] * 4
    assert [await readable(operator, job_id) for job_id in jobs] == [True] * 4
    assert sorted(file.name for file in (tmp_path / "keys").glob("master-*")) == ["master-0003.key", "master-0004.key"]
    restarted = await gates()
    assert [await readable(restarted, job_id) for job_id in jobs] == [True] * 4


async def test_a_master_that_a_job_still_needs_is_kept(gates: Any, sql: Connection, tmp_path: Path) -> None:
    """A worker may store a last job with an older master after everything was wrapped."""
    operator = await gates()
    straggler = await born(operator)
    key = await sql.fetchval("SELECT key FROM job")
    await rotated(operator)
    await sql.execute("UPDATE job SET key = $1, key_id = 1", key)

    async def nothing(number: int) -> AsyncIterator[int]:
        for _ in ():
            yield 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operator.rotation, "_wrap_all", nothing)
        an_hour_passes(tmp_path / "keys")
        await rotated(operator)
    assert await readable(operator, straggler)
    an_hour_passes(tmp_path / "keys")
    await rotated(operator)
    assert await readable(operator, straggler)
    assert operator.keys.known == (3, 4)


async def test_a_job_on_its_way_survives_rotations_in_a_row(gate: Gate, sql: Connection) -> None:
    """Its key was wrapped before them and is stored after them."""
    made = birth(gate, await a_queue(gate))
    sealed = await gate.spool.seal_small(gate.keys.unwrap(made.key), 1, DOCUMENT)
    for _ in range(3):
        await rotated(gate)
    accepted = await gate.jobs.accept(made, NewDocument(), sealed)
    assert await readable(gate, accepted.job_id)
    await rotated(gate)
    assert await readable(gate, accepted.job_id)
    assert await masters(sql) == [5]


async def test_a_key_that_does_not_open_stops_the_rotation_and_is_named(gate: Gate, sql: Connection) -> None:
    good, bad = await born(gate), await born(gate)
    await sql.execute("UPDATE job SET key = 'nonsense' WHERE id = $1", bad)
    with pytest.raises(DocumentDamaged, match=f"among jobs {good} to {bad} was not wrapped anew"):
        await rotated(gate)
    assert await readable(gate, good)


async def test_a_job_that_ends_while_its_key_is_wrapped_stays_without(
    gate: Gate, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [await born(gate) for _ in range(3)]
    fetch = gate.database.fetch

    async def ends_in_between(name: str, *arguments: Any) -> Any:
        rows = await fetch(name, *arguments)
        if name == "job_keys_to_wrap" and rows:
            await gate.desk.cancel(jobs[1], ALICE)
        return rows

    monkeypatch.setattr(gate.database, "fetch", ends_in_between)
    await rotated(gate)
    assert await masters(sql) == [2, None, 2]
