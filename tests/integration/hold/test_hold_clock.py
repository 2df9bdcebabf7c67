"""Holds that end at a time of day: at the next such moment, by the database's clock, and nothing but the hold ends."""

from datetime import UTC, datetime, timedelta

import pytest

from ippgate.app.gate import Gate
from ippgate.hold.clock import HoldClock
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from tests.integration.gates import (
    ALICE,
    Connection,
    direct_queue,
    hold_queue,
    job_of,
    register,
    serving,
    stream,
    submit,
    until,
)
from tests.rig.crew import Crew
from tests.rig.sink import Sink

HELD, PENDING, COMPLETED = JobState.PENDING_HELD, JobState.PENDING, JobState.COMPLETED
LATER = f"{datetime.now(UTC) + timedelta(hours=12):%H:%M}"
"""A time of day that does not come while the tests run."""

PAST = "UPDATE job SET hold_until_time = now() - interval '1 second' WHERE id = $1"


async def held_until(gate: Gate, queue: Queue, until_when: str) -> Job:
    """A job that its client wants held until then."""
    created = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", "", hold_until=until_when))
    return await gate.intake.add_document(created.id, ALICE, NewDocument("application/pdf"), stream(b"a page"), True)


async def ends(sql: Connection, job: Job | int) -> datetime | None:
    """When its hold ends."""
    job_id = job if isinstance(job, int) else job.id
    found: datetime | None = await sql.fetchval("SELECT hold_until_time FROM job WHERE id = $1", job_id)
    return found


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("00:30", 1800), ("0:30", 1800), ("00:30:15", 1815), ("23:59:59", 86_399), ("7:05", 25_500), ("00:00", 0)],
)
async def test_the_end_is_the_next_moment_of_that_name_in_utc(sql: Connection, said: str, seconds: int) -> None:
    now: datetime = await sql.fetchval("SELECT now()")
    found: datetime = await sql.fetchval("SELECT hold_ends($1)", said)
    assert now <= found <= now + timedelta(days=1, seconds=1)
    found = found.astimezone(UTC)
    assert found.hour * 3600 + found.minute * 60 + found.second == seconds


@pytest.mark.parametrize(
    "said", ["indefinite", "no-hold", "24:00", "12:60", "12", "12:00:60", "-1:00", "noon", "", None]
)
async def test_other_holds_have_no_end_of_their_own(sql: Connection, said: str | None) -> None:
    assert await sql.fetchval("SELECT hold_ends($1)", said) is None


async def test_the_zone_of_the_database_s_session_does_not_count(sql: Connection) -> None:
    before = await sql.fetchval("SELECT hold_ends('00:30')")
    await sql.execute("SET timezone = 'Pacific/Kiritimati'")
    assert abs((await sql.fetchval("SELECT hold_ends('00:30')") - before).total_seconds()) in (0, 86_400)


async def test_a_hold_has_its_end_whichever_way_it_comes_and_goes(gate: Gate, sql: Connection, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await held_until(gate, queue, LATER)
    assert (job.state, job.reasons, job.hold_until) == (HELD, (R.JOB_HOLD_UNTIL_SPECIFIED,), LATER)
    first = await ends(sql, job)
    assert first is not None
    await gate.desk.change(job.id, ALICE, hold_until="00:45:30")
    assert (await ends(sql, job)) != first
    await gate.desk.hold(job.id, ALICE, "indefinite")
    assert await ends(sql, job) is None
    await gate.desk.hold(job.id, ALICE, "01:00")
    assert await ends(sql, job) is not None
    assert (await gate.desk.change(job.id, ALICE, hold_until="no-hold")).state is PENDING
    assert await ends(sql, job) is None
    await gate.desk.hold(job.id, ALICE, "01:00")
    await gate.release.release(job.id, ALICE)
    assert await ends(sql, job) is None


async def test_a_hold_that_is_over_lets_the_job_go(gate: Gate, sql: Connection, sink: Sink) -> None:
    queue, clock = await direct_queue(gate, await register(gate, sink.uri)), HoldClock(gate.jobs, gate.lanes)
    job, later = await held_until(gate, queue, LATER), await held_until(gate, queue, LATER)
    async with serving(gate):
        assert await clock.strike() == 0
        await sql.execute(PAST, job.id)
        assert await clock.strike() == 1
        await until(gate, job, COMPLETED)
        assert await clock.strike() == 0
    assert (await job_of(gate, later)).state is HELD


async def test_on_a_queue_that_holds_only_the_hold_ends(gate: Gate, sql: Connection, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await held_until(gate, queue, LATER)
    assert job.reasons == (R.JOB_HOLD_UNTIL_SPECIFIED, R.JOB_HELD_FOR_RELEASE)
    await sql.execute(PAST, job.id)
    assert await HoldClock(gate.jobs, gate.lanes).strike() == 1
    waiting = await job_of(gate, job)
    assert (waiting.state, waiting.reasons, waiting.hold_until) == (HELD, (R.JOB_HELD_FOR_RELEASE,), None)
    assert await ends(sql, job) is None
    async with serving(gate):
        await gate.release.release(job.id, ALICE, device.name)
        await until(gate, job, COMPLETED)


async def test_a_hold_that_is_changed_at_the_last_moment_stays(gate: Gate, sql: Connection, sink: Sink) -> None:
    """What was found to be over is looked at once more in the moment it ends."""
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await held_until(gate, queue, LATER)
    await sql.execute(PAST, job.id)
    assert await gate.jobs.held_over(10) == [job.id]
    await gate.desk.hold(job.id, ALICE, "indefinite")
    clock = HoldClock(gate.jobs, gate.lanes)
    assert not await clock._release(job.id)
    assert not await gate.jobs.end_hold(job.id)
    assert (await job_of(gate, job)).hold_until == "indefinite"


async def test_a_job_whose_document_still_arrives_is_left_to_a_later_round(
    gate: Gate, sql: Connection, sink: Sink
) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    opened = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", "", hold_until=LATER))
    await sql.execute(PAST, opened.id)
    assert await HoldClock(gate.jobs, gate.lanes).strike() == 0
    assert (await job_of(gate, opened)).state is HELD


async def test_an_open_job_whose_hold_its_owner_ends_goes_when_its_document_is_here(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    opened = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", "", hold_until="indefinite"))
    await gate.desk.change(opened.id, ALICE, hold_until="no-hold")
    async with serving(gate):
        document = NewDocument("application/pdf")
        await gate.intake.add_document(opened.id, ALICE, document, stream(b"a page"), True)
        await until(gate, opened, COMPLETED)


async def test_the_duty_is_done_by_one_worker_and_survives_trouble(gate: Gate, sql: Connection, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await held_until(gate, queue, LATER)
    crew, clock = Crew(), HoldClock(gate.jobs, gate.lanes, interval=0.02)
    strike, troubles = clock.strike, [RuntimeError("strange"), RuntimeError("stranger")]

    async def troubled() -> int:
        if troubles:
            raise troubles.pop()
        return await strike()

    clock.strike = troubled  # type: ignore[method-assign]  # as if two jobs were strange
    async with serving(gate):
        await sql.execute(PAST, job.id)
        crew.hire(clock.run())
        await until(gate, job, COMPLETED)
        await crew.dismiss()
    assert await sql.fetchval("SELECT worker FROM duty WHERE name = 'hold'") == gate.lanes.worker
    assert (await submit(gate, queue, b"afterwards")).state is PENDING
