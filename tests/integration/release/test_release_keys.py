"""A release with a key happens once: however often it is asked for, wherever, and whatever becomes of the answer."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotAuthorized, NotPossible, Unavailable
from ippgate.model.job import Caller, Job
from ippgate.spool.sweep import KEY_LIFE, Sweeper
from ippgate.store.jobs import Move, Moved
from tests.integration.gates import (
    ALICE,
    BOB,
    OPERATOR,
    Connection,
    attempts,
    hold_queue,
    job_of,
    papers,
    register,
    serving,
    submit,
    until,
)
from tests.integration.stages import device
from tests.rig.proxy import Proxy
from tests.rig.sink import Sink

HELD, PENDING = JobState.PENDING_HELD, JobState.PENDING
PAGE = b"%PDF-1.7 a page"
KEY = "4f5c-press-1"
ELSEWHERE = Caller("alice", "192.0.2.9")


async def kept(gate: Gate, job: Job) -> Job:
    return await until(gate, job, HELD, where=lambda seen: seen.message.endswith("is kept"))


async def test_the_same_key_prints_nothing_again_also_of_a_job_that_is_kept(gate: Gate, sink: Sink) -> None:
    printer, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await submit(gate, queue, PAGE)
    async with serving(gate):
        await gate.release.release(job.id, ALICE, printer.name, keep=True, key=KEY)
        there = await kept(gate, job)
        again = await gate.release.release(job.id, ELSEWHERE, printer.name, keep=True, key=KEY)
        assert again == there
        await gate.release.release(job.id, ALICE, printer.name, keep=True, key=KEY + "-other")
        await until(gate, job, HELD, where=lambda seen: seen.waits_since != there.waits_since)
        for key in (KEY, KEY + "-other"):
            assert (await gate.release.release(job.id, ALICE, printer.name, key=key)).state is HELD
        await gate.release.release(job.id, ALICE, printer.name, key="for good")
        ended = await until(gate, job, JobState.COMPLETED)
        assert await gate.release.release(job.id, ALICE, printer.name, key="for good") == ended
        with pytest.raises(NotPossible, match="is completed"):
            await gate.release.release(job.id, ALICE, printer.name, key="too late")
    assert len(papers(sink)) == len(await attempts(gate, job)) == 3


async def test_two_gates_that_are_asked_at_once_release_it_once(
    gates: Callable[..., Awaitable[Gate]], sink: Sink
) -> None:
    several = [await gates() for _ in range(2)]
    printer, queue = await register(several[0], sink.uri), await hold_queue(several[0])
    async with serving(several[0]):
        for _ in range(3):
            job = await submit(several[0], queue, PAGE)
            asked = [
                gate.release.release(job.id, ALICE, printer.name, keep=True, key=KEY) for gate in several for _ in "xyz"
            ]
            assert {each.id for each in await asyncio.gather(*asked)} == {job.id}
            await kept(several[0], job)
            for gate in several:
                await gate.release.release(job.id, ALICE, printer.name, keep=True, key=KEY)
            assert await attempts(several[0], job) == ["complete"]


async def test_what_was_refused_may_be_asked_for_again_with_the_same_key(gate: Gate, sql: Connection) -> None:
    job = await submit(gate, await hold_queue(gate), PAGE)
    with pytest.raises(NotPossible):
        await gate.release.release(job.id, ALICE, (await device(gate)).name, group="none", key=KEY)
    assert await sql.fetchval("SELECT count(*) FROM release_key") == 0
    assert (await gate.release.release(job.id, ALICE, "printer", key=KEY)).state is PENDING


async def test_a_key_is_its_person_s_for_one_job_and_counts_where_another_came_first(gate: Gate) -> None:
    queue, here = await hold_queue(gate), await device(gate)
    job, other = await submit(gate, queue, PAGE), await submit(gate, queue, PAGE)
    await gate.release.release(job.id, ALICE, here.name, key=KEY)
    assert (await gate.release.release(other.id, ALICE, here.name, key=KEY)).state is PENDING
    await gate.release.release(job.id, ALICE, here.name, key="second")  # it goes there already
    await gate.desk.hold(job.id, ALICE, None)
    for key in (KEY, "second"):
        assert (await gate.release.release(job.id, ALICE, here.name, key=key)).state is HELD
    with pytest.raises(NotAuthorized):
        await gate.release.release(job.id, BOB, here.name, key=KEY)
    assert (await gate.release.release(job.id, OPERATOR, here.name, key=KEY)).state is PENDING


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9" * 128, "a\nb", "a\x00b"])
async def test_what_is_no_key_is_refused(gate: Gate, key: str) -> None:
    job = await submit(gate, await hold_queue(gate), PAGE)
    with pytest.raises(NotPossible, match="255 octets"):
        await gate.release.release(job.id, ALICE, (await device(gate)).name, key=key)
    assert (await job_of(gate, job)).state is HELD


async def test_keys_are_forgotten_after_a_day(gate: Gate, sql: Connection) -> None:
    queue, here = await hold_queue(gate), await device(gate)
    for _ in range(2):
        await gate.release.release((await submit(gate, queue, PAGE)).id, ALICE, here.name, key=KEY)
    aged = "UPDATE release_key SET released_at = now() - $1 * interval '1 second' WHERE job_id = 1"
    await sql.execute(aged, KEY_LIFE)
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    assert [row["job_id"] for row in await sql.fetch("SELECT job_id FROM release_key")] == [2]


async def test_a_release_whose_answer_was_lost_has_happened_when_it_is_asked_for_again(
    gates: Callable[..., Awaitable[Gate]],
    proxy: Proxy,
    proxied_dsn: str,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there, cut_off = await gates(), await gates(dsn=proxied_dsn, pool_size=1)
    printer, queue = await register(there, sink.uri), await hold_queue(there)
    job, before = await submit(there, queue, PAGE), await submit(there, queue, PAGE)
    await cut_off.release.release(before.id, ALICE, printer.name, key=KEY)  # its connection has prepared the statement
    move = cut_off.jobs.move

    async def moved_and_not_answered(wanted: Move) -> Moved | None:
        proxy.stall("down")
        return await move(wanted)

    monkeypatch.setattr(cut_off.jobs, "move", moved_and_not_answered)
    asked = asyncio.create_task(cut_off.release.release(job.id, ALICE, printer.name, keep=True, key=KEY))
    await until(there, job, PENDING)
    await proxy.cut()
    with pytest.raises(Unavailable):
        await asked
    async with serving(there):
        kept_once = await kept(there, job)
        assert await there.release.release(job.id, ALICE, printer.name, keep=True, key=KEY) == kept_once
    assert await attempts(there, job) == ["complete"]
