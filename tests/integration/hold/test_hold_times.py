"""Times that come: output that is delayed, jobs that may not print for long, ended ones that are retained."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.config.settings import SpoolSettings
from ippgate.hold.clock import HoldClock
from ippgate.ipp import Attribute, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Queue
from ippgate.model.until import NEVER, Calendar
from ippgate.spool.sweep import Sweeper
from ippgate.store.jobs import Move
from tests.integration.gates import (
    ALICE,
    Connection,
    direct_queue,
    hold_queue,
    job_of,
    opened,
    printed,
    register,
    serving,
    stream,
    submit,
    until,
)
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

HELD, PENDING, PROCESSING = JobState.PENDING_HELD, JobState.PENDING, JobState.PROCESSING
STOPPED, COMPLETED, CANCELED = JobState.PROCESSING_STOPPED, JobState.COMPLETED, JobState.CANCELED
DELAYED = (R.JOB_DELAY_OUTPUT_UNTIL_SPECIFIED,)
DUE = "UPDATE job SET delay_until = now() - interval '1 second' WHERE id = $1"
TOO_LONG = "UPDATE job SET cancel_due = now() - interval '1 second' WHERE id = $1"
LATER = attribute(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, 3600)
PAGE = b"%PDF-1.7 a page"


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        device.printer.at_once = False
        yield device


async def asking(gate: Gate, queue: Queue, *wishes: Attribute, hold_until: str | None = None) -> Job:
    """A job with these wishes, and its document."""
    new = NewJob(queue.id, ALICE.name, "report", "", tuple(wishes), hold_until=hold_until)
    return await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(PAGE))


async def row_of(sql: Connection, query: str, job_id: int) -> tuple[Any, ...]:
    row = await sql.fetchrow(query, job_id)
    assert row is not None
    return tuple(row)


# ── output that is delayed ──


async def test_output_that_is_delayed_waits_in_its_lane_and_goes_when_it_is_due(
    gate: Gate, sql: Connection, sink: Sink
) -> None:
    queue, clock = await direct_queue(gate, await register(gate, sink.uri)), HoldClock(gate.jobs, gate.lanes)
    async with serving(gate):
        job = await asking(gate, queue, LATER)
        assert (job.state, job.reasons) == (PENDING, DELAYED)
        overtakes = await submit(gate, queue, b"in a hurry")
        await until(gate, overtakes, COMPLETED)
        assert await clock.strike() == 0
        waiting = await job_of(gate, job)
        assert (waiting.state, waiting.reasons) == (PENDING, DELAYED)
        await sql.execute(DUE, job.id)
        assert await clock.strike() == 1
        await until(gate, job, COMPLETED)
    assert [one.data for one in await printed(sink, 2)] == [b"in a hurry", PAGE]


async def test_a_moment_that_has_come_delays_nothing(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    for wish in (
        attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, datetime.now(UTC)),
        attribute(A.JOB_DELAY_OUTPUT_UNTIL, "no-delay-output"),
    ):
        job = await asking(gate, queue, wish)
        assert (job.state, job.reasons, job.delayed_until) == (PENDING, (), None)


async def test_a_release_does_not_end_the_delay_and_a_held_job_is_held_for_its_hold_alone(
    gate: Gate, sql: Connection, sink: Sink
) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await asking(gate, queue, attribute(A.JOB_DELAY_OUTPUT_UNTIL, "indefinite"))
    assert (job.state, job.reasons) == (HELD, (R.JOB_HELD_FOR_RELEASE,))
    await gate.release.release(job.id, ALICE, device.name)
    waiting = await job_of(gate, job)
    assert (waiting.state, waiting.reasons, waiting.delayed_until) == (PENDING, DELAYED, NEVER)
    held = await gate.desk.hold(job.id, ALICE, "indefinite")
    assert (held.state, held.reasons) == (HELD, (R.JOB_HOLD_UNTIL_SPECIFIED,))
    again = await gate.desk.change(job.id, ALICE, hold_until="no-hold")
    assert (again.state, again.reasons) == (PENDING, DELAYED)
    async with serving(gate):
        changed = await gate.desk.change(job.id, ALICE, template=())
        assert (changed.reasons, changed.delayed_until) == ((), None)
        await until(gate, job, COMPLETED)


async def test_a_delay_that_is_set_later_takes_the_job_out_of_its_lane(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await submit(gate, queue, PAGE)
    [load] = await gate.lanes.claim(job.device_id or 0, 5)
    changed = await gate.desk.change(job.id, ALICE, template=(LATER,))
    assert (changed.state, changed.reasons) == (PENDING, DELAYED)
    assert load.claim not in await gate.lanes.leases()
    assert await gate.lanes.claim(job.device_id or 0, 5) == []
    assert await gate.lanes.waiting() == []
    until_then = changed.delayed_until
    again = await gate.desk.change(job.id, ALICE, template=(LATER, attribute(A.COPIES, 2)))
    assert again.delayed_until == until_then is not None


async def test_a_delayed_job_that_is_due_while_it_is_held_is_no_longer_delayed(
    gate: Gate, sql: Connection, sink: Sink
) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await asking(gate, queue, LATER)
    await sql.execute(DUE, job.id)
    assert await HoldClock(gate.jobs, gate.lanes).strike() == 1
    async with serving(gate):
        await gate.release.release(job.id, ALICE, device.name)
        await until(gate, job, COMPLETED)


# ── jobs that may not print for long ──


async def test_a_job_that_prints_for_too_long_is_cancelled_at_its_device(
    gate: Gate, sql: Connection, device: HostileDevice
) -> None:
    queue = await direct_queue(gate, await register(gate, device.uri))
    clock = HoldClock(gate.jobs, gate.lanes)
    async with serving(gate):
        job = await asking(gate, queue, attribute(A.JOB_CANCEL_AFTER, 600))
        await until(gate, job, PROCESSING, where=lambda seen: seen.reasons == (R.JOB_PRINTING,))
        due = await sql.fetchval("SELECT cancel_due - processing_at FROM job WHERE id = $1", job.id)
        assert due == timedelta(seconds=600)
        await clock.strike()
        assert (await job_of(gate, job)).state is PROCESSING
        await sql.execute(TOO_LONG, job.id)
        await clock.strike()
        ended = await until(gate, job, CANCELED)
    assert ended.reasons == (R.JOB_CANCELED_AFTER_TIMEOUT,)
    assert [there.state for there in device.jobs.values()] == [CANCELED]


async def test_what_says_that_it_is_cancelled_says_why_until_the_device_has_ended_it(
    gate: Gate, sql: Connection, sink: Sink
) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await asking(gate, queue, attribute(A.JOB_CANCEL_AFTER, 600))
    [load] = await gate.lanes.claim(job.device_id or 0, 5)
    await _move(gate, load.lease, job, "start")
    await sql.execute(TOO_LONG, job.id)
    await HoldClock(gate.jobs, gate.lanes).strike()
    going = await job_of(gate, job)
    assert (going.state, going.reasons) == (PROCESSING, (R.PROCESSING_TO_STOP_POINT, R.JOB_CANCELED_AFTER_TIMEOUT))
    assert await gate.lanes.cancels() == {job.id: "timeout"}
    await _move(gate, load.lease, job, "retry")
    ended = await job_of(gate, job)
    assert (ended.state, ended.reasons) == (CANCELED, (R.JOB_CANCELED_AFTER_TIMEOUT,))


async def test_while_the_device_has_stopped_the_time_does_not_run(gate: Gate, sql: Connection, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await asking(gate, queue, attribute(A.JOB_CANCEL_AFTER, 600))
    [load] = await gate.lanes.claim(job.device_id or 0, 5)
    await _move(gate, load.lease, job, "start")
    await sql.execute("UPDATE job SET cancel_due = now() + interval '100 seconds' WHERE id = $1", job.id)
    await _move(gate, load.lease, job, "stop")
    due, left = await row_of(sql, "SELECT cancel_due, cancel_left FROM job WHERE id = $1", job.id)
    assert due is None
    assert timedelta(seconds=90) < left <= timedelta(seconds=100)
    await HoldClock(gate.jobs, gate.lanes).strike()
    assert (await job_of(gate, job)).state is STOPPED
    await _move(gate, load.lease, job, "resume")
    due, now = await row_of(sql, "SELECT cancel_due, now() FROM job WHERE id = $1", job.id)
    assert due - now <= left
    await _move(gate, load.lease, job, "complete")
    assert await sql.fetchval("SELECT cancel_due FROM job WHERE id = $1", job.id) is None


async def _move(gate: Gate, lease: int, job: Job, event: str) -> None:
    edge = "sending" if event == "start" else None
    move = Move(job.id, Event(event), (), worker=gate.lanes.worker, lease=lease, edge=edge)
    assert await gate.jobs.move(move) is not None


# ── ended jobs that are retained ──

RETAINED = """SELECT job.retain_until, job.key IS NOT NULL AS readable, trash.due
FROM job JOIN document ON document.job_id = job.id LEFT JOIN trash ON trash.oid = document.oid WHERE job.id = $1"""
TIME_IS_OVER = "UPDATE trash SET due = now() - interval '1 second'"


@pytest.mark.parametrize("asked", ["end-of-day", "end-of-week", "end-of-month"])
async def test_a_job_is_retained_to_the_end_of_the_period_in_which_it_ended(
    gate: Gate, sql: Connection, asked: str
) -> None:
    job = await asking(gate, await hold_queue(gate), attribute(A.JOB_RETAIN_UNTIL, asked))
    assert job.retained_until is None
    before = datetime.now(UTC)
    await gate.desk.cancel(job.id, ALICE)
    ends = {now: Calendar().ends(now) for now in (before, datetime.now(UTC))}
    retained, readable, due = await row_of(sql, RETAINED, job.id)
    assert retained in {getattr(end, asked.removeprefix("end-of-")) for end in ends.values()}
    assert (readable, due) == (True, retained)


@pytest.mark.parametrize("name", [A.JOB_RETAIN_UNTIL_INTERVAL, A.JOB_RETAIN_UNTIL_TIME])
async def test_a_retained_document_can_be_read_until_its_time_is_over(gate: Gate, sql: Connection, name: str) -> None:
    hour, before = timedelta(hours=1), datetime.now(UTC)
    wish = attribute(name, 3600 if name == A.JOB_RETAIN_UNTIL_INTERVAL else before + hour)
    job = await asking(gate, await hold_queue(gate), wish)
    sweeper = Sweeper(gate.database, gate.jobs, gate.lanes, interval=1)
    ended = await gate.desk.cancel(job.id, ALICE)
    assert ended.retained_until is not None
    tenth = timedelta(seconds=0.1)  # the rest is cut off a dateTime
    assert before - tenth <= ended.retained_until - hour <= datetime.now(UTC)
    assert await sweeper.sweep() == 0
    assert await gate.jobs.purge(0, 100) == 0
    [document] = (await job_of(gate, job)).documents
    key = await gate.spool.key_of(job.id)
    assert b"".join([chunk async for chunk in gate.spool.read(document.oid or 0, 1, key)]) == PAGE
    await sql.execute(TIME_IS_OVER)
    assert await sweeper.sweep() == 1
    assert await sql.fetchval("SELECT key FROM job WHERE id = $1", job.id) is None
    assert await gate.jobs.purge(0, 100) == 1


@pytest.mark.parametrize(
    "wishes",
    [
        (),
        (attribute(A.JOB_RETAIN_UNTIL, "none"),),
        (attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 0),),
        (attribute(A.JOB_RETAIN_UNTIL_TIME, datetime.now(UTC) - timedelta(hours=1)),),
    ],
)
async def test_without_a_time_to_come_the_key_goes_with_the_job(
    gate: Gate, sql: Connection, wishes: tuple[Attribute, ...]
) -> None:
    job = await asking(gate, await hold_queue(gate), *wishes)
    await gate.desk.cancel(job.id, ALICE)
    retained, readable, _ = await row_of(sql, RETAINED, job.id)
    assert (retained, readable) == (None, False)


async def test_nothing_is_retained_for_longer_than_the_operator_allows(
    gate_dsn: str, tmp_path: Path, sql: Connection
) -> None:
    async with opened(
        gate_dsn, tmp_path, settings=Settings(home=tmp_path, spool=SpoolSettings(retain_limit=60))
    ) as gate:
        queue = await hold_queue(gate)
        able = gate.abilities.of_queue(queue)
        told = {each.name: [value.python for value in each.values] for each in able.attributes()}
        assert told[A.JOB_RETAIN_UNTIL_SUPPORTED] == ["none"]
        assert told[A.JOB_RETAIN_UNTIL_INTERVAL_SUPPORTED] == told[A.JOB_RETAIN_UNTIL_TIME_SUPPORTED] == [(0, 60)]
        job = await asking(gate, queue, attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 3600))  # from before it was lowered
        ended = await gate.desk.cancel(job.id, ALICE)
        assert ended.retained_until is not None
        assert ended.retained_until - datetime.now(UTC) <= timedelta(seconds=61)


async def test_for_ever_is_until_operators_forget_the_job_where_they_allow_it(
    gate_dsn: str, tmp_path: Path, sql: Connection
) -> None:
    settings = Settings(home=tmp_path, spool=SpoolSettings(retain_forever=True))
    async with opened(gate_dsn, tmp_path, settings=settings) as gate:
        queue = await hold_queue(gate)
        offer = gate.abilities.of_queue(queue).offer(A.JOB_RETAIN_UNTIL)
        assert offer is not None
        assert offer.rule.accepted(attribute(A.JOB_RETAIN_UNTIL, "indefinite").first)
        job = await asking(gate, queue, attribute(A.JOB_RETAIN_UNTIL, "indefinite"))
        assert (await gate.desk.cancel(job.id, ALICE)).retained_until == NEVER
        assert await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep() == 0


async def test_what_has_not_arrived_whole_is_not_retained(gate: Gate, sql: Connection) -> None:
    queue = await hold_queue(gate)
    opened_job = await gate.intake.create(
        queue, NewJob(queue.id, ALICE.name, "report", "", (attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 3600),))
    )
    ended = await gate.desk.cancel(opened_job.id, ALICE)
    assert ended.retained_until is None
    assert await sql.fetchval("SELECT key FROM job WHERE id = $1", opened_job.id) is None


async def test_everything_about_time_may_be_set_while_a_job_waits(gate: Gate, sql: Connection) -> None:
    job = await asking(gate, await hold_queue(gate), attribute(A.JOB_RETAIN_UNTIL, "end-of-week"))
    wishes = (attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 3600), attribute(A.JOB_CANCEL_AFTER, 60))
    await gate.desk.change(job.id, ALICE, template=wishes)
    row = await row_of(sql, "SELECT retain, retain_seconds, cancel_after FROM job WHERE id = $1", job.id)
    assert row == (None, 3600, 60)
    await gate.desk.change(job.id, ALICE, template=())
    row = await row_of(sql, "SELECT retain, retain_seconds, cancel_after FROM job WHERE id = $1", job.id)
    assert row == (None, None, None)


async def test_a_job_that_is_open_for_documents_has_its_times_too(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    created = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", "", (LATER,)))
    assert created.reasons == (R.JOB_DELAY_OUTPUT_UNTIL_SPECIFIED, R.JOB_DATA_INSUFFICIENT)
    job = await gate.intake.add_document(created.id, ALICE, NewDocument(), stream(PAGE), True)
    assert (job.state, job.reasons) == (PENDING, DELAYED)
    async with serving(gate):
        await gate.desk.change(job.id, ALICE, template=())
        await eventually(lambda: sink.jobs, "the document at the sink")
        await until(gate, job, COMPLETED)
