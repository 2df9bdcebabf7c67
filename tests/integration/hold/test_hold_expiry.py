"""Held jobs expire: as long as a rule, their queue or the configuration says, by the database's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from ippgate.app.gate import Gate
from ippgate.hold.clock import HoldClock
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.expiry import expires
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.spool.sweep import Sweeper
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, BOB, Connection, hold_queue, job_of, register, stream, submit
from tests.rig.sink import Sink

HELD, PENDING, CANCELED = JobState.PENDING_HELD, JobState.PENDING, JobState.CANCELED
USUAL = 2 * 86_400.0
PAGE = b"%PDF-1.7 a page"
AGED = "UPDATE job SET created_at = created_at - $2::interval, waits_since = waits_since - $2::interval WHERE id = $1"


def clock_of(gate: Gate) -> HoldClock:
    return HoldClock(gate.jobs, gate.lanes, retention=USUAL)


async def age(sql: Connection, job: Job, **span: float) -> None:
    """As if the job had waited so much longer."""
    await sql.execute(AGED, job.id, timedelta(**span))


async def test_a_held_job_expires_after_the_usual_time_and_its_key_is_gone(gate: Gate, sql: Connection) -> None:
    queue, clock = await hold_queue(gate), clock_of(gate)
    old, young = await submit(gate, queue, PAGE), await submit(gate, queue, PAGE)
    await age(sql, old, hours=47)
    assert await clock.expire() == 0
    await age(sql, old, hours=1)
    assert await clock.expire() == 1
    ended = await job_of(gate, old)
    assert (ended.state, ended.reasons) == (CANCELED, (R.JOB_CANCELED_AFTER_TIMEOUT,))
    assert ended.message == "it expired: nobody released it within 48 h"
    assert await sql.fetchval("SELECT key FROM job WHERE id = $1", old.id) is None
    assert await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep() == 1
    assert (await job_of(gate, young)).state is HELD


async def test_its_queue_says_otherwise_for_jobs_that_wait_already_too(gate: Gate, sql: Connection) -> None:
    queue, clock = await hold_queue(gate), clock_of(gate)
    job = await submit(gate, queue, PAGE)
    await age(sql, job, hours=3)
    assert await clock.expire() == 0
    queue = await gate.fleet.set_queue(queue.name, options={"retention": 7200})
    assert queue.options.retention == 7200
    assert await clock.expire() == 1
    assert (await job_of(gate, job)).message == "it expired: nobody released it within 2 h"


@pytest.mark.parametrize("usual", [True, False])
async def test_where_none_is_said_a_job_waits_for_ever(gate: Gate, sql: Connection, usual: bool) -> None:
    queue = await hold_queue(gate)
    if not usual:
        queue = await gate.fleet.set_queue(queue.name, options={"retention": 0})
    job = await submit(gate, queue, PAGE)
    await age(sql, job, days=3000)
    clock = HoldClock(gate.jobs, gate.lanes) if usual else clock_of(gate)
    assert await clock.expire() == 0
    assert (await job_of(gate, job)).state is HELD
    assert expires(await job_of(gate, job), queue, 0 if usual else USUAL) is None


async def test_what_waits_for_review_or_for_a_password_expires_too(gate: Gate, sql: Connection, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    reviewed = await submit(gate, queue, PAGE)
    await gate.release.release(reviewed.id, ALICE, device.name)
    await gate.jobs.move(Move(reviewed.id, Event.HOLD, (R.JOB_HELD_FOR_REVIEW,)))
    locked = await submit(gate, queue, PAGE)
    await sql.execute("UPDATE job SET reasons = ARRAY['job-password-wait'], release_action = 'job-password'")
    for job in (reviewed, locked):
        await age(sql, job, hours=49)
    assert await clock_of(gate).expire() == 2
    assert {(await job_of(gate, job)).state for job in (reviewed, locked)} == {CANCELED}


async def test_a_job_that_is_held_again_has_its_time_anew(gate: Gate, sql: Connection, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await submit(gate, queue, PAGE)
    await age(sql, job, hours=47)
    await gate.release.release(job.id, ALICE, device.name)
    await age(sql, job, hours=2)
    clock = clock_of(gate)
    assert await clock.expire() == 0, "what was released waits for its device"
    await gate.desk.hold(job.id, ALICE, "indefinite")
    assert await clock.expire() == 0
    await age(sql, job, hours=48)
    assert await clock.expire() == 1


async def test_who_releases_or_holds_a_job_as_it_expires_wins(gate: Gate, sql: Connection, sink: Sink) -> None:
    """What was found to be over is looked at once more in the moment it ends."""
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await submit(gate, queue, PAGE)
    await age(sql, job, hours=49)
    assert await gate.jobs.expired(10, USUAL) == [(job.id, USUAL)]
    cancel = Move(job.id, Event.CANCEL, (R.JOB_CANCELED_AFTER_TIMEOUT,), overdue=True)
    await gate.release.release(job.id, ALICE, device.name)
    assert await gate.jobs.move(cancel) is None
    await gate.desk.hold(job.id, ALICE, "indefinite")
    assert await gate.jobs.move(cancel) is None
    assert (await job_of(gate, job)).state is HELD


async def test_a_hold_until_a_moment_is_waited_for_and_the_time_runs_from_then(gate: Gate, sql: Connection) -> None:
    queue, clock = await hold_queue(gate), clock_of(gate)
    later = datetime.now(UTC) + timedelta(days=30)
    created = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", "", hold_until=later))
    job = await gate.intake.add_document(created.id, ALICE, NewDocument("application/pdf"), stream(PAGE), True)
    await age(sql, job, days=20)
    assert await clock.expire() == 0
    assert expires(await job_of(gate, job), queue, USUAL) == later + timedelta(days=2)
    await sql.execute("UPDATE job SET hold_until_time = now() - interval '1 second' WHERE id = $1", job.id)
    assert await clock.strike() == 1
    assert await clock.expire() == 0
    await age(sql, job, hours=48)
    assert await clock.expire() == 1


async def test_a_job_whose_documents_still_come_is_left_to_the_sweeper(gate: Gate, sql: Connection) -> None:
    queue = await hold_queue(gate)
    opened = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ""))
    await age(sql, opened, hours=49)
    assert await clock_of(gate).expire() == 0


async def test_what_expired_of_a_person_s_since_a_moment_can_be_told(gate: Gate, sql: Connection) -> None:
    queue, clock = await hold_queue(gate), clock_of(gate)
    first, second, cancelled, other = [
        await submit(gate, queue, PAGE, owner=owner) for owner in (ALICE, ALICE, ALICE, BOB)
    ]
    await gate.desk.cancel(cancelled.id, ALICE)
    for job in (first, second, other):
        await age(sql, job, hours=49)
    assert await clock.expire() == 3
    await sql.execute("UPDATE job SET completed_at = now() - interval '2 days' WHERE id = $1", first.id)
    now = datetime.now(UTC)
    assert await gate.jobs.expired_of(ALICE.name, now - timedelta(days=1), 10) == [second.id]
    assert await gate.jobs.expired_of(ALICE.name, now - timedelta(days=3), 10) == [second.id, first.id]
    assert await gate.jobs.expired_of(ALICE.name, now - timedelta(days=3), 1) == [second.id]
