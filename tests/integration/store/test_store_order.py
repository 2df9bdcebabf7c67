"""The order of a lane, as operators change it: a job comes next, or right behind another; no other changes places."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.lifecycle import AT_DEVICE, Event
from ippgate.store.jobs import Move
from tests.integration.gates import Connection
from tests.integration.store.births import a_device, born, in_state

Gates = Callable[..., Awaitable[Gate]]
OLGA = "olga"


async def order(gate: Gate, device_id: int) -> list[int]:
    """In which the lane would carry its jobs; they wait again afterwards."""
    await gate.lanes.beat()
    loads = await gate.lanes.claim(device_id, 100)
    await gate.lanes.leave_lane(device_id)
    return [load.parcel.job_id for load in loads]


async def priority(gate: Gate, job_id: int) -> int:
    (job,) = await gate.jobs.get([job_id])
    return job.priority


async def test_a_promoted_job_is_the_next_whatever_the_priority_of_others(gate: Gate) -> None:
    device = await a_device(gate)
    first, second, third = [await born(gate, device) for _ in range(3)]
    urgent = await born(gate, device, priority=100)
    await gate.traffic.schedule(third, None, OLGA)
    assert await order(gate, device.id) == [third, urgent, first, second]
    assert await priority(gate, third) == 100
    await gate.traffic.schedule(first, None, OLGA)
    assert await order(gate, device.id) == [first, third, urgent, second]
    await gate.traffic.schedule(first, None, OLGA)  # it is that already
    assert await order(gate, device.id) == [first, third, urgent, second]


async def test_a_job_goes_right_behind_another_and_has_its_priority(gate: Gate) -> None:
    device = await a_device(gate)
    first, second, third, fourth = [await born(gate, device) for _ in range(4)]
    low = await born(gate, device, priority=1)
    await gate.traffic.schedule(low, first, OLGA)
    assert await order(gate, device.id) == [first, low, second, third, fourth]
    assert await priority(gate, low) == 50
    await gate.traffic.schedule(first, fourth, OLGA)
    assert await order(gate, device.id) == [low, second, third, fourth, first]
    await gate.traffic.schedule(third, low, OLGA)
    assert await order(gate, device.id) == [low, third, second, fourth, first]


async def test_jobs_of_one_moment_keep_their_order_around_the_one_that_is_moved(gate: Gate, sql: Connection) -> None:
    """Jobs released by one statement have the same time, and what follows by the microsecond must not be overtaken."""
    device = await a_device(gate)
    jobs = [await born(gate, device) for _ in range(8)]
    await sql.execute("UPDATE job SET released_at = '2026-01-01'")
    await sql.execute(
        "UPDATE job SET released_at = released_at + interval '1 microsecond' WHERE id = ANY($1)", jobs[4:6]
    )
    await sql.execute(
        "UPDATE job SET released_at = released_at + interval '2 microsecond' WHERE id = ANY($1)", jobs[6:]
    )
    await gate.traffic.schedule(jobs[7], jobs[1], OLGA)
    assert await order(gate, device.id) == [*jobs[:2], jobs[7], *jobs[2:7]]
    await gate.traffic.schedule(jobs[0], jobs[4], OLGA)
    assert await order(gate, device.id) == [jobs[1], jobs[7], *jobs[2:5], jobs[0], *jobs[5:7]]


async def test_after_a_job_that_is_at_the_device_comes_the_next(gate: Gate) -> None:
    device = await a_device(gate)
    current, _ = await in_state(gate, JobState.PROCESSING)
    first, second = [await born(gate, device) for _ in range(2)]
    await gate.traffic.schedule(second, current, OLGA)
    assert await order(gate, device.id) == [second, first]


async def test_what_a_worker_has_leased_ahead_is_given_back_for_the_new_order(gate: Gate) -> None:
    device = await a_device(gate)
    jobs = [await born(gate, device) for _ in range(3)]
    await gate.lanes.beat()
    loads = await gate.lanes.claim(device.id, 3)
    assert [load.parcel.job_id for load in loads] == jobs
    await gate.traffic.schedule(jobs[2], None, OLGA)
    assert await gate.jobs.move(Move(jobs[0], Event.START, (), worker=gate.lanes.worker, lease=loads[0].lease)) is None
    assert await order(gate, device.id) == [jobs[2], jobs[0], jobs[1]]


async def test_another_lane_is_left_as_it_is(gate: Gate, sql: Connection) -> None:
    device, other = await a_device(gate), await a_device(gate, "other")
    mine, theirs = [await born(gate, device) for _ in range(2)], [await born(gate, other) for _ in range(2)]
    before = await sql.fetch("SELECT * FROM job WHERE device_id = $1 ORDER BY id", other.id)
    await gate.traffic.schedule(mine[1], None, OLGA)
    assert await sql.fetch("SELECT * FROM job WHERE device_id = $1 ORDER BY id", other.id) == before
    with pytest.raises(NotPossible, match="goes to another device"):
        await gate.traffic.schedule(mine[0], theirs[0], OLGA)


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.PENDING])
async def test_only_a_pending_job_has_a_place(gate: Gate, state: JobState) -> None:
    job, _ = await in_state(gate, state)
    other = await born(gate, await a_device(gate))
    with pytest.raises(NotPossible, match="only a pending job has a place among others"):
        await gate.traffic.schedule(job, None, OLGA)
    if state not in AT_DEVICE:
        with pytest.raises(NotPossible, match="nothing can come after it"):
            await gate.traffic.schedule(other, job, OLGA)


async def test_a_job_is_not_its_own_predecessor_nor_one_that_is_not_there(gate: Gate) -> None:
    device = await a_device(gate)
    job = await born(gate, device)
    with pytest.raises(NotPossible, match="cannot come after itself"):
        await gate.traffic.schedule(job, job, OLGA)
    with pytest.raises(NotFound, match="there is no job 999"):
        await gate.traffic.schedule(job, 999, OLGA)
    with pytest.raises(NotFound, match="there is no job 998"):
        await gate.traffic.schedule(998, None, OLGA)


async def test_a_predecessor_that_goes_at_this_very_moment_changes_nothing(gate: Gate) -> None:
    """Between the look and the statement."""
    device = await a_device(gate)
    job, other = await born(gate, device), await born(gate, device)
    await gate.jobs.move(Move(other, Event.CANCEL, ()))
    assert not await gate.traffic._store.schedule(job, other)
    assert await gate.traffic._store.schedule(job, None)
    going, _ = await in_state(gate, JobState.PROCESSING)
    assert not await gate.traffic._store.schedule(going, None)
    (seen,) = await gate.jobs.get([going])
    assert (seen.state, seen.priority) == (JobState.PROCESSING, 50)


async def test_operators_who_all_promote_at_once_leave_an_order(gate: Gate, gates: Gates) -> None:
    device = await a_device(gate)
    jobs = [await born(gate, device) for _ in range(6)]
    others = [gate, *[await gates() for _ in range(2)]]
    await asyncio.gather(*(one.traffic.schedule(job, None, OLGA) for one in others for job in jobs[3:]))
    after = await order(gate, device.id)
    assert after[3:] == jobs[:3]
    assert sorted(after[:3]) == jobs[3:]
