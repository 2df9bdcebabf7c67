"""job-storage (PWG 5100.11): jobs that stay after they ended, to be printed again, until they are removed or expire."""

import pytest

from ippgate.app.gate import Gate
from ippgate.hold.clock import HoldClock
from ippgate.ipp import JobState
from ippgate.model.errors import NotAuthorized, NotPossible
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.storage import Access, Disposition, Storage
from ippgate.spool.frame import FRAME
from ippgate.spool.sweep import Sweeper
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, BOB, Connection, direct_queue, hold_queue, job_of, stream
from tests.integration.stages import device
from tests.rig.documents import random_document

SMALL, LARGE = b"%PDF small", random_document(FRAME + 17)
ONLY, BESIDES = Disposition.STORE_ONLY, Disposition.PRINT_AND_STORE
KEYS = "SELECT count(key) FROM job WHERE id = $1"
OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata"
PUBLIC = Storage(ONLY, Access.PUBLIC)


async def sent(gate: Gate, storage: Storage, document: bytes = SMALL) -> Job:
    """A job of Alice's on a queue that prints at once."""
    queue = await direct_queue(gate, await device(gate))
    new = NewJob(queue.id, ALICE.name, "form", ALICE.host, storage=storage)
    return await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(document))


async def printed(gate: Gate, job: Job) -> None:
    """The device has printed it."""
    assert job.device_id is not None
    (load,) = await gate.lanes.claim(job.device_id, 1)
    start = Move(job.id, Event.START, (), worker=gate.lanes.worker, lease=load.lease, edge="sending")
    assert await gate.jobs.move(start) is not None
    assert await gate.jobs.move(Move(job.id, Event.COMPLETE, ("job-completed-successfully",))) is not None


async def again(gate: Gate, job: Job, *, open_to: bool = False) -> Job:
    caller = BOB if open_to else ALICE
    queue = await gate.fleet.queue(job.queue)
    new = NewJob(queue.id, caller.name, job.name, caller.host)
    return await gate.resubmission.resubmit(job, caller, queue, new, open_to=open_to)


async def swept(gate: Gate) -> None:
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()


@pytest.mark.parametrize("document", [SMALL, LARGE], ids=["small", "large"])
async def test_what_is_only_stored_goes_to_no_device(gate: Gate, sql: Connection, document: bytes) -> None:
    job = await job_of(gate, await sent(gate, Storage(ONLY), document))
    assert (job.state, job.stored, job.device_id) == (JobState.COMPLETED, True, None)
    assert "job-stored" in job.reasons
    assert await sql.fetchval("SELECT count(*) FROM attempt") == 0


async def test_a_stored_job_outlives_the_sweeper_and_is_printed_again_and_again(gate: Gate, sql: Connection) -> None:
    job = await job_of(gate, await sent(gate, Storage(ONLY)))
    await swept(gate)
    assert await sql.fetchval(KEYS, job.id) == 1
    for _ in range(2):
        copy = await job_of(gate, await again(gate, job))
        assert (copy.state, copy.storage) == (JobState.PENDING, None)


async def test_what_is_printed_and_stored_is_printed_first(gate: Gate, sql: Connection) -> None:
    job = await job_of(gate, await sent(gate, Storage(BESIDES)))
    assert (job.state, job.stored) == (JobState.PENDING, False)
    await printed(gate, job)
    await swept(gate)
    job = await job_of(gate, job)
    assert (job.state, job.stored) == (JobState.COMPLETED, True)
    assert {"job-stored", "job-printed-successfully"} <= set(job.reasons)
    assert await sql.fetchval(KEYS, job.id) == 1


async def test_what_is_printed_and_stored_is_not_stored_when_it_is_cancelled(gate: Gate, sql: Connection) -> None:
    job = await sent(gate, Storage(BESIDES))
    assert not (await gate.desk.cancel(job.id, ALICE)).stored
    await swept(gate)
    assert await sql.fetchval(KEYS, job.id) == 0


async def test_its_owner_removes_it_with_its_key_and_octets(gate: Gate, sql: Connection) -> None:
    job = await sent(gate, PUBLIC)
    with pytest.raises(NotAuthorized):
        await gate.desk.cancel(job.id, BOB)
    removed = await gate.desk.cancel(job.id, ALICE)
    assert (removed.state, removed.stored, "job-stored" in removed.reasons) == (JobState.COMPLETED, False, False)
    assert await sql.fetchval(KEYS, job.id) == 0
    await swept(gate)
    assert await sql.fetchval(OBJECTS) == 0
    with pytest.raises(NotPossible):
        await again(gate, removed)


async def test_it_expires(gate: Gate, sql: Connection) -> None:
    job = await sent(gate, PUBLIC)
    assert await sql.fetchval("SELECT due - now() > interval '30 days' FROM trash WHERE job_id = $1", job.id)
    await sql.execute("UPDATE trash SET due = now()")
    await swept(gate)
    assert not (await job_of(gate, job)).stored
    assert (await sql.fetchval(KEYS, job.id), await sql.fetchval(OBJECTS)) == (0, 0)


async def test_others_print_what_is_open_to_them_and_nothing_else(gate: Gate) -> None:
    job = await job_of(gate, await sent(gate, PUBLIC))
    assert (await again(gate, job, open_to=True)).owner == BOB.name
    queue, new = await gate.fleet.queue(job.queue), NewJob(job.queue_id, BOB.name, job.name, BOB.host)
    with pytest.raises(NotAuthorized):
        await gate.resubmission.resubmit(job, BOB, queue, new)


async def test_they_are_listed_by_their_access(gate: Gate) -> None:
    queue = await hold_queue(gate)
    ids = {}
    for storage in (Storage(ONLY), PUBLIC, Storage(ONLY, Access.GROUP, "staff")):
        new = NewJob(queue.id, ALICE.name, "form", ALICE.host, storage=storage)
        job = await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(SMALL))
        ids[storage.access] = [job.id]
    for access in Access:
        assert [each.id for each in await gate.desk.stored(access, limit=9)] == ids[access]
    assert await gate.desk.stored(Access.OWNER, owner="bob", limit=9) == []
    assert await gate.desk.stored(Access.GROUP, group="others", limit=9) == []


async def test_what_an_interrupted_gate_left_is_stored_by_the_clock(gate: Gate, sql: Connection) -> None:
    """Killed between its arrival and its being stored: nobody releases it, and the clock stores it."""
    job = await sent(gate, Storage(ONLY))
    await sql.execute("ALTER TABLE job DISABLE TRIGGER USER")
    await sql.execute("UPDATE job SET state = 4, stored = false, completed_at = NULL, reasons = '{job-storing}'")
    await sql.execute("ALTER TABLE job ENABLE TRIGGER USER")
    assert await gate.jobs.move(Move(job.id, Event.RELEASE, ())) is None
    await HoldClock(gate.jobs, gate.lanes).strike()
    assert (await job_of(gate, job)).stored
