"""Who works on what: one worker serves a device, what the dead left is found, and nothing is taken from the living."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Sighting
from ippgate.store.jobs import Move
from ippgate.store.lanes import INLINE, Load
from tests.integration.gates import ALICE, OPERATOR, Connection
from tests.integration.store.births import DOCUMENT, a_device, a_queue, birth, born, by_carrier, claimed, in_state
from tests.rig.documents import random_document

Gates = Callable[..., Awaitable[Gate]]


@pytest.fixture
async def other(gate: Gate, gates: Gates) -> Gate:
    """Another worker on the same database; both live."""
    other = await gates()
    await gate.lanes.beat()
    await other.lanes.beat()
    return other


async def dies(sql: Connection, gate: Gate) -> None:
    await sql.execute("UPDATE worker SET until = now() - interval '1 second' WHERE id = $1", gate.lanes.worker)


def ids(loads: list[Load]) -> list[int]:
    return [load.parcel.job_id for load in loads]


async def test_jobs_go_by_priority_then_in_the_order_of_their_release(gate: Gate) -> None:
    device = await a_device(gate)
    low, first = await born(gate, device, priority=1), await born(gate, device)
    held = await born(gate)
    second, urgent = await born(gate, device), await born(gate, device, priority=100)
    await gate.jobs.move(Move(held, Event.RELEASE, (), device_id=device.id))
    await gate.lanes.beat()
    assert ids(await gate.lanes.claim(device.id, 10)) == [urgent, first, second, held, low]


async def test_no_more_are_leased_than_there_is_room(gate: Gate) -> None:
    device = await a_device(gate)
    jobs = [await born(gate, device) for _ in range(3)]
    await gate.lanes.beat()
    assert await gate.lanes.claim(device.id, 0) == []
    assert ids(await gate.lanes.claim(device.id, 2)) == jobs[:2]
    assert ids(await gate.lanes.claim(device.id, 2)) == jobs[2:]


async def test_a_load_has_all_that_is_needed_to_carry_it(gate: Gate) -> None:
    load = await claimed(gate, name="report")
    assert (load.parcel.name, load.parcel.user, load.parcel.document_format) == ("report", "alice", "application/pdf")
    assert (load.state, load.edge, load.attempts, load.lease) == (JobState.PENDING, None, 0, 1)
    assert load.key is not None
    assert load.frame is not None
    assert gate.spool.open_small(load.frame, 1, gate.keys.unwrap(load.key)) == DOCUMENT


async def test_a_larger_document_does_not_come_along(gate: Gate) -> None:
    at_most, larger = await claimed(gate, document=random_document(INLINE)), None
    larger = await claimed(gate, document=random_document(INLINE + 1))
    assert at_most.frame is not None
    assert (larger.frame, larger.parcel.size) == (None, INLINE + 1)


async def test_a_job_that_still_arrives_is_taken_once_it_is_ready(gate: Gate) -> None:
    device = await a_device(gate)
    job_id = (await gate.jobs.create(birth(gate, await a_queue(gate), device), open_for=60)).job_id
    await gate.lanes.beat()
    assert await gate.lanes.claim(device.id, 10) == []
    assert await gate.lanes.waiting() == []
    await gate.jobs.make_ready(job_id)
    assert await gate.lanes.waiting() == [device.id]
    assert ids(await gate.lanes.claim(device.id, 10)) == [job_id]


async def test_a_lane_has_one_worker(gate: Gate, other: Gate) -> None:
    device = await a_device(gate)
    mine = await claimed(gate, device)
    waits = await born(gate, device)
    assert await other.lanes.waiting() == []
    assert await other.lanes.claim(device.id, 10) == []
    await gate.lanes.leave_lane(device.id)
    assert await other.lanes.waiting() == [device.id]
    assert ids(await other.lanes.claim(device.id, 10)) == [mine.parcel.job_id, waits]


async def test_many_workers_that_claim_at_once_share_out_no_job_twice(gate: Gate, gates: Gates) -> None:
    device = await a_device(gate)
    jobs = [await born(gate, device) for _ in range(30)]
    workers = [gate, *[await gates() for _ in range(4)]]
    await asyncio.gather(*(one.lanes.beat() for one in workers))
    claims = await asyncio.gather(*(one.lanes.claim(device.id, 3) for one in workers for _ in range(5)))
    taken = [job_id for loads in claims for job_id in ids(loads)]
    assert taken == sorted(set(taken))
    assert taken == jobs[:15]  # the one worker that got the lane


async def test_the_lane_of_a_dead_worker_is_free(gate: Gate, other: Gate, sql: Connection) -> None:
    device = await a_device(gate)
    leased, waits = await claimed(gate, device), await born(gate, device)
    await dies(sql, gate)
    assert ids(await other.lanes.claim(device.id, 10)) == [waits]
    assert await other.lanes.free_pending() == 1
    assert ids(await other.lanes.claim(device.id, 10)) == [leased.parcel.job_id]


async def test_what_a_dead_worker_carried_is_inherited_once(gate: Gate, other: Gate, sql: Connection) -> None:
    _, load = await in_state(gate, JobState.PROCESSING)
    assert load is not None
    await gate.lanes.reach_edge(load, 17, ("job-printing",))
    assert await other.lanes.inherit(10) == []
    await dies(sql, gate)
    [heir] = await other.lanes.inherit(10)
    assert (heir.parcel, heir.edge, heir.device_job_id, heir.attempts) == (load.parcel, "accepted", 17, 1)
    assert heir.age >= 0
    assert await other.lanes.inherit(10) == []
    assert await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE)) is None
    assert await other.jobs.move(by_carrier(other, heir, Event.COMPLETE)) is not None


async def test_a_worker_does_not_inherit_from_itself_however_late_its_pulse_is(gate: Gate, sql: Connection) -> None:
    await in_state(gate, JobState.PROCESSING)
    await dies(sql, gate)
    assert await gate.lanes.inherit(10) == []


async def test_what_an_heir_cannot_look_into_is_for_the_next(gate: Gate, other: Gate, sql: Connection) -> None:
    await in_state(gate, JobState.PROCESSING)
    await dies(sql, gate)
    [heir] = await other.lanes.inherit(10)
    await other.lanes.disown([heir.claim])
    await other.lanes.disown([])
    await gate.lanes.beat()
    assert ids(await gate.lanes.inherit(10)) == [heir.parcel.job_id]


async def test_a_lease_is_given_up_by_its_number_and_by_nobody_else(gate: Gate, other: Gate) -> None:
    device = await a_device(gate)
    load, kept = await claimed(gate, device), await claimed(gate, device)
    assert await gate.lanes.leases() == {load.claim, kept.claim}
    await other.lanes.disown([load.claim])
    await gate.lanes.disown([(load.parcel.job_id, load.lease + 1), (10**6, 1)])
    assert await gate.lanes.leases() == {load.claim, kept.claim}
    await gate.lanes.disown([load.claim])
    assert await gate.lanes.leases() == {kept.claim}
    assert ids(await gate.lanes.claim(device.id, 10)) == [load.parcel.job_id]


async def test_leaving_a_lane_gives_back_what_waits_and_leaves_the_rest_to_an_heir(gate: Gate, other: Gate) -> None:
    device = await a_device(gate)
    carried, waits = await claimed(gate, device), await claimed(gate, device)
    elsewhere = await claimed(gate, await a_device(gate, "elsewhere"))
    await gate.jobs.move(by_carrier(gate, carried, Event.START))
    await gate.lanes.leave_lane(device.id)
    assert ids(await other.lanes.claim(device.id, 10)) == ids([waits])
    assert ids(await other.lanes.inherit(10)) == ids([carried])
    assert await gate.jobs.move(by_carrier(gate, elsewhere, Event.START)) is not None


async def test_a_worker_that_leaves_gives_everything_back(gate: Gate, other: Gate) -> None:
    device = await a_device(gate)
    carried, waits = await claimed(gate, device), await claimed(gate, device)
    await gate.jobs.move(by_carrier(gate, carried, Event.START))
    assert await gate.lanes.take_duty("sweep")
    assert not await other.lanes.take_duty("sweep")
    await gate.lanes.leave()
    assert await other.lanes.take_duty("sweep")
    assert ids(await other.lanes.claim(device.id, 10)) == ids([waits])
    assert ids(await other.lanes.inherit(10)) == ids([carried])


async def test_a_job_that_is_changed_is_leased_anew_as_it_is_now(gate: Gate) -> None:
    device = await a_device(gate)
    former = await claimed(gate, device, name="old")
    await gate.desk.change(former.parcel.job_id, ALICE, name="new")
    [present] = await gate.lanes.claim(device.id, 10)
    assert (present.parcel.name, present.lease) == ("new", former.lease + 1)
    assert await gate.jobs.move(by_carrier(gate, former, Event.START)) is None


async def test_a_report_of_one_who_lost_the_job_is_not_kept(gate: Gate, other: Gate, sql: Connection) -> None:
    job_id, load = await in_state(gate, JobState.PROCESSING)
    assert load is not None
    await dies(sql, gate)
    [heir] = await other.lanes.inherit(10)
    sighting = Sighting(5, JobState.PROCESSING, ("media-jam",), "open the door", 3, 2)
    await gate.lanes.report(load, sighting)
    assert not await gate.lanes.reach_edge(load, 5, ())
    assert (await gate.desk.get(job_id, OPERATOR)).reasons == ()
    await other.lanes.report(heir, sighting)
    job = await gate.desk.get(job_id, OPERATOR)
    assert (job.reasons, job.message, job.impressions, job.sheets) == (("media-jam",), "open the door", 3, 2)


async def test_wishes_to_cancel_are_told_to_the_carrier_alone(gate: Gate, other: Gate) -> None:
    job_id, _ = await in_state(gate, JobState.PROCESSING)
    assert await gate.lanes.cancels() == {}
    await gate.desk.cancel(job_id, ALICE)
    assert await gate.lanes.cancels() == {job_id: "user"}
    assert await other.lanes.cancels() == {}


async def test_neighbours_whose_process_is_gone_are_buried_at_once(gate: Gate, other: Gate, sql: Connection) -> None:
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()
    await sql.execute("UPDATE worker SET pid = $2 WHERE id = $1", gate.lanes.worker, gone.pid)
    far = uuid4()
    await sql.execute("INSERT INTO worker VALUES ($1, now() + interval '1 hour', 'far away', $2)", far, gone.pid)
    await other.lanes.bury_neighbours()
    left: set[UUID] = {row["id"] for row in await sql.fetch("SELECT id FROM worker")}
    assert left == {other.lanes.worker, far}
    assert os.getpid() == await sql.fetchval("SELECT pid FROM worker WHERE id = $1", other.lanes.worker)


async def test_long_dead_workers_are_forgotten_unless_they_left_something(
    gate: Gate, other: Gate, sql: Connection
) -> None:
    await in_state(gate, JobState.PROCESSING)
    await sql.execute("UPDATE worker SET until = now() - interval '2 days'")
    await other.lanes.bury()
    assert [row["id"] for row in await sql.fetch("SELECT id FROM worker")] == [gate.lanes.worker]
