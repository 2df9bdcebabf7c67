"""One function moves a job: where the law allows it, for whoever carries it, and with everything that goes with it."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.lifecycle import LIFECYCLE, TERMINAL, Event
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, OPERATOR, Connection
from tests.integration.store.births import PATHS, a_device, a_queue, birth, born, by_carrier, claimed, in_state


async def row(sql: Connection, job_id: int) -> asyncpg.Record:
    found = await sql.fetchrow("SELECT * FROM job WHERE id = $1", job_id)
    assert found is not None
    return found


@pytest.mark.parametrize("state", list(JobState), ids=lambda state: state.name)
async def test_every_event_happens_where_the_law_allows_it_and_nowhere_else(gate: Gate, state: JobState) -> None:
    for event in Event:
        job_id, load = await in_state(gate, state)
        device_id = (await a_device(gate)).id if event is Event.RELEASE else None
        move = by_carrier(gate, load, event, "r") if load else Move(job_id, event, ("r",), device_id=device_id)
        before = await gate.desk.get(job_id, OPERATOR)
        moved = await gate.jobs.move(move)
        allowed = None if event is Event.STORE else LIFECYCLE.get((state, event))  # none of them asked to be stored
        assert (moved.state if moved else None) == allowed, event
        after = await gate.desk.get(job_id, OPERATOR)
        assert after == before if moved is None else after.reasons == ("r",)


async def test_a_worker_moves_only_what_it_carries_by_its_own_lease(gate: Gate, sql: Connection) -> None:
    load = await claimed(gate)
    job_id = load.parcel.job_id
    strangers = [
        Move(job_id, Event.START, (), worker=uuid4(), lease=load.lease, edge="sending"),
        Move(job_id, Event.START, (), worker=gate.lanes.worker, lease=load.lease + 1, edge="sending"),
        Move(job_id, Event.START, (), worker=gate.lanes.worker, lease=load.lease - 1, edge="sending"),
    ]
    assert [await gate.jobs.move(move) for move in strangers] == [None] * 3
    assert (await row(sql, job_id))["state"] == JobState.PENDING
    assert await gate.jobs.move(by_carrier(gate, load, Event.START)) is not None


async def test_a_job_that_was_held_and_released_again_is_no_longer_the_former_carriers(gate: Gate) -> None:
    former = await claimed(gate)
    job_id, device = former.parcel.job_id, await a_device(gate)
    await gate.desk.hold(job_id, ALICE, None)
    await gate.release.release(job_id, ALICE, device.name)
    [present] = await gate.lanes.claim(device.id, 10)
    assert await gate.jobs.move(by_carrier(gate, former, Event.START)) is None
    assert await gate.jobs.move(by_carrier(gate, present, Event.START)) is not None
    assert await gate.jobs.move(by_carrier(gate, former, Event.RETRY)) is None
    assert (await gate.desk.get(job_id, OPERATOR)).state is JobState.PROCESSING


async def test_of_many_that_release_a_job_at_once_one_does(gate: Gate) -> None:
    job_id, device = await born(gate), await a_device(gate)
    moves = (gate.jobs.move(Move(job_id, Event.RELEASE, (), device_id=device.id)) for _ in range(20))
    assert [moved is not None for moved in await asyncio.gather(*moves)].count(True) == 1


async def test_a_job_that_goes_back_keeps_its_carrier_only_if_that_wants_it(gate: Gate, sql: Connection) -> None:
    for keep in (True, False):
        load = await claimed(gate)
        await gate.jobs.move(by_carrier(gate, load, Event.START, device_job_id=7))
        await gate.jobs.move(by_carrier(gate, load, Event.RETRY, keep=keep))
        after = await row(sql, load.parcel.job_id)
        assert (after["lease_worker"] == gate.lanes.worker, after["edge"], after["device_job_id"]) == (keep, None, None)


async def test_an_overdue_move_spares_a_job_whose_client_came_back(gate: Gate, sql: Connection) -> None:
    made = birth(gate, await a_queue(gate))
    job_id = (await gate.jobs.create(made, open_for=60)).job_id
    abort = Move(job_id, Event.ABORT, (R.ABORTED_BY_SYSTEM,), overdue=True)
    assert await gate.jobs.move(abort) is None
    await sql.execute("UPDATE job SET incoming_until = now() - interval '1 second' WHERE id = $1", job_id)
    assert await gate.jobs.move(abort) is not None
    whole = await born(gate)
    assert await gate.jobs.move(Move(whole, Event.ABORT, (), overdue=True)) is None


@pytest.mark.parametrize("by", ["user", "operator"])
@pytest.mark.parametrize("event", [Event.HOLD, Event.RETRY])
@pytest.mark.parametrize("state", [JobState.PROCESSING, JobState.PROCESSING_STOPPED], ids=lambda state: state.name)
async def test_a_job_that_is_to_be_cancelled_is_not_held_nor_sent_again(
    gate: Gate, state: JobState, event: Event, by: str
) -> None:
    job_id, load = await in_state(gate, state)
    assert load is not None
    assert await gate.jobs.ask_cancel(job_id, by, ("processing-to-stop-point",))
    moved = await gate.jobs.move(by_carrier(gate, load, event, "other"))
    if (state, event) == (JobState.PROCESSING_STOPPED, Event.RETRY):
        assert moved is not None  # a stopped job has no retry of its own, but it has a cancel
    assert moved is not None
    ended = await gate.desk.get(job_id, OPERATOR)
    assert (ended.state, ended.reasons) == (JobState.CANCELED, (f"job-canceled-by-{by}",))


async def test_a_job_goes_on_saying_that_it_is_being_cancelled(gate: Gate) -> None:
    job_id, load = await in_state(gate, JobState.PROCESSING)
    assert load is not None
    reasons = (R.PROCESSING_TO_STOP_POINT, R.JOB_CANCELED_BY_USER)
    await gate.jobs.ask_cancel(job_id, "user", reasons)
    assert not await gate.jobs.ask_cancel(job_id, "user", reasons)
    await gate.lanes.reach_edge(load, 5, ("job-printing",))
    for event in (Event.STOP, Event.RESUME):
        await gate.jobs.move(by_carrier(gate, load, event, "media-empty"))
        assert (await gate.desk.get(job_id, OPERATOR)).reasons == reasons
    await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE, R.JOB_COMPLETED_SUCCESSFULLY))
    assert (await gate.desk.get(job_id, OPERATOR)).reasons == (R.JOB_COMPLETED_SUCCESSFULLY,)


async def test_each_delivery_is_remembered_with_its_outcome(gate: Gate) -> None:
    load = await claimed(gate)
    device, job_id = await a_device(gate), load.parcel.job_id
    await gate.jobs.move(by_carrier(gate, load, Event.START, device_job_id=41))
    await gate.jobs.move(by_carrier(gate, load, Event.RETRY, message="busy"))
    [load] = await gate.lanes.claim(device.id, 10)
    await gate.jobs.move(by_carrier(gate, load, Event.START, device_job_id=42))
    await gate.jobs.move(by_carrier(gate, load, Event.HOLD, message="out of paper", impressions=3))
    await gate.release.release(job_id, ALICE, device.name)
    [load] = await gate.lanes.claim(device.id, 10)
    assert load.attempts == 0  # what its owner releases again begins anew
    await gate.jobs.move(by_carrier(gate, load, Event.START))
    await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE, impressions=9))
    told = [
        (one["number"], one["outcome"], one["message"], one["device_job_id"], one["impressions"], one["device"])
        for one in await gate.jobs.attempts(job_id)
    ]
    assert told == [
        (1, "retry", "busy", 41, None, "printer"),
        (2, "hold", "out of paper", 42, 3, "printer"),
        (3, "complete", "", None, 9, "printer"),
    ]


@pytest.mark.parametrize("state", sorted(TERMINAL), ids=lambda state: state.name)
async def test_an_ended_job_leaves_no_key_and_its_document_to_the_sweeper(
    gate: Gate, sql: Connection, state: JobState
) -> None:
    assert state in PATHS
    job_id, _ = await in_state(gate, state)
    ended = await row(sql, job_id)
    assert (ended["key"], ended["lease_worker"], ended["edge"]) == (None, None, None)
    assert ended["completed_at"] is not None
    trash = await sql.fetch("SELECT trash.job_id FROM trash JOIN document USING (oid) WHERE due <= now()")
    assert [one["job_id"] for one in trash] == [job_id]


async def test_a_batch_moves_each_of_its_jobs_on_its_own(gate: Gate) -> None:
    held = [await born(gate) for _ in range(3)]
    device = await a_device(gate)
    moves = [Move(job_id, Event.RELEASE, (f"r{job_id}",), device_id=device.id) for job_id in held]
    moves[1:1] = [Move(held[0], Event.STOP, ()), Move(10**6, Event.CANCEL, ())]
    results = await asyncio.gather(*(gate.jobs.move(move) for move in moves))
    assert [result is not None for result in results] == [True, False, False, True, True]
    assert [job.reasons for job in await gate.jobs.get(held)] == [(f"r{job_id}",) for job_id in held]
