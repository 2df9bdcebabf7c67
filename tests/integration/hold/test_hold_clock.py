"""Holds that end by themselves, by the database's clock: at hours with a name, a time of day, a moment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.config.settings import ServerSettings
from ippgate.config.zone import zone_of
from ippgate.hold.clock import HoldClock
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.model.until import Calendar, Until
from tests.integration.gates import (
    ALICE,
    Connection,
    direct_queue,
    hold_queue,
    job_of,
    opened,
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

MOMENT = datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)

PAST = "UPDATE job SET hold_until_time = now() - interval '1 second' WHERE id = $1"


async def held_until(gate: Gate, queue: Queue, until_when: Until) -> Job:
    """A job that its client wants held until then."""
    created = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", "", hold_until=until_when))
    return await gate.intake.add_document(created.id, ALICE, NewDocument("application/pdf"), stream(b"a page"), True)


async def ends(sql: Connection, job: Job | int) -> datetime | None:
    """When its hold ends."""
    job_id = job if isinstance(job, int) else job.id
    found: datetime | None = await sql.fetchval("SELECT hold_until_time FROM job WHERE id = $1", job_id)
    return found


async def test_the_end_of_a_hold_is_reckoned_in_one_place_which_is_not_the_database(sql: Connection) -> None:
    assert await sql.fetchval("SELECT to_regproc('hold_ends')") is None


@pytest.mark.parametrize("said", ["weekend", "third-shift", "23:59:59", MOMENT])
async def test_a_hold_ends_at_the_moment_that_is_meant(gate: Gate, sql: Connection, said: Until) -> None:
    """Which moments those are is told by tests/unit/model/test_until.py."""
    queue = await hold_queue(gate)
    before = datetime.now(UTC)
    job = await held_until(gate, queue, said)
    after = datetime.now(UTC)
    meant = [Calendar(zone_of("")).hold(said, (), now) for now in (before, after)]
    assert (job.hold_until, await ends(sql, job)) in [(until, at and at.replace(tzinfo=UTC)) for until, at in meant]


async def test_the_queue_s_hours_and_the_gate_s_time_zone_count(gate_dsn: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, server=ServerSettings(time_zone="Asia/Kolkata"))
    async with opened(gate_dsn, tmp_path, settings=settings) as gate:
        queue = await hold_queue(gate)
        tomorrow = datetime.now(ZoneInfo("Asia/Kolkata")) + timedelta(hours=12)
        later = f"{tomorrow:%H:%M}-{tomorrow + timedelta(minutes=5):%H:%M}"
        queue = await gate.fleet.set_queue(queue.name, options={"hours": (("evening", later),)})
        job = await held_until(gate, queue, "evening")
        assert job.hold_ends == tomorrow.replace(second=0, microsecond=0)


async def test_hours_that_last_and_moments_that_have_passed_hold_nothing(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    queue = await gate.fleet.set_queue(queue.name, options={"hours": (("day-time", "00:00-24:00"),)})
    for said in ("day-time", datetime.now(UTC) - timedelta(seconds=1)):
        job = await held_until(gate, queue, said)
        assert (job.state, job.reasons, job.hold_until, job.hold_ends) == (PENDING, (), None, None)
        assert (await gate.desk.hold(job.id, ALICE, said)).state is PENDING
        await gate.desk.hold(job.id, ALICE, "indefinite")
        assert (await gate.desk.hold(job.id, ALICE, said)).state is PENDING


async def test_a_hold_until_a_moment_is_kept_changed_and_remembered(gate: Gate, sql: Connection, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await held_until(gate, queue, MOMENT)
    assert (job.state, job.reasons, job.hold_until) == (HELD, (R.JOB_HOLD_UNTIL_SPECIFIED,), MOMENT)
    job = await gate.desk.change(job.id, ALICE, hold_until=MOMENT + timedelta(days=1))
    assert job.hold_until == await ends(sql, job) == MOMENT + timedelta(days=1)
    job = await gate.desk.hold(job.id, ALICE, "indefinite")
    assert (job.hold_until, job.hold_ends, job.held_until) == ("indefinite", None, "indefinite")
    job = await gate.desk.hold(job.id, ALICE, MOMENT)
    job = await gate.desk.change(job.id, ALICE, hold_until="no-hold")
    assert (job.state, job.hold_until, job.held_until) == (PENDING, None, f"{MOMENT:%Y-%m-%dT%H:%M:%SZ}")


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
