"""Owners are told what happened to their jobs without their doing: all of it, once, and nothing of others."""

import asyncio

from ippgate.app.gate import Gate
from ippgate.hold.clock import HoldClock
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.happening import What
from ippgate.model.job import Job
from ippgate.model.lifecycle import Event
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, BOB, Connection, hold_queue, register, serving, submit, until
from tests.integration.stages import device
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

PAGE = b"%PDF-1.7 a page"
AGED = "UPDATE job SET created_at = created_at - interval '3 days' WHERE id = $1"


async def held_again(gate: Gate, job: Job, why: str = "printer aborted the job: jam") -> None:
    here = await device(gate)
    await gate.release.release(job.id, ALICE, here.name)
    assert await gate.jobs.move(Move(job.id, Event.HOLD, (R.JOB_HELD_FOR_RELEASE,), why))


async def test_what_expired_was_given_up_or_is_held_again_is_told_once_newest_first(
    gate: Gate, sql: Connection
) -> None:
    queue = await hold_queue(gate)
    old, broken, back, well = [await submit(gate, queue, PAGE, name=name) for name in ("old", "bad", "back", "well")]
    await submit(gate, queue, PAGE, owner=BOB)
    await sql.execute(AGED, old.id)
    assert await HoldClock(gate.jobs, gate.lanes, retention=86_400.0).expire() == 1
    assert await gate.jobs.move(Move(broken.id, Event.ABORT, (R.ABORTED_BY_SYSTEM,), "it broke off"))
    await held_again(gate, back)
    told = await gate.tidings.tell("alice")
    assert [(each.job_id, each.name, each.what, each.why, each.device) for each in told] == [
        (back.id, "back", What.HELD_AGAIN, "printer aborted the job: jam", "printer"),
        (broken.id, "bad", What.ABORTED, "it broke off", None),
        (old.id, "old", What.EXPIRED, "it expired: nobody released it within 24 h", None),
    ]
    assert [each.queue for each in told] == [queue.name] * 3
    assert told[0].at >= told[1].at >= told[2].at
    assert await gate.tidings.tell("alice") == await gate.tidings.tell("bob") == []
    assert well.id not in [each.job_id for each in told]


async def test_what_came_of_it_later_is_not_told_as_if_it_still_were_so(gate: Gate) -> None:
    queue, here = await hold_queue(gate), await device(gate)
    again, canceled = await submit(gate, queue, PAGE), await submit(gate, queue, PAGE)
    for job in (again, canceled):
        await held_again(gate, job)
    await gate.release.release(again.id, ALICE, here.name)
    await gate.desk.cancel(canceled.id, ALICE)
    assert await gate.tidings.tell("alice") == []


async def test_what_somebody_holds_cancels_or_keeps_themselves_is_no_news(gate: Gate, sink: Sink) -> None:
    printer, queue = await register(gate, sink.uri, "real"), await hold_queue(gate)
    kept, held, canceled = [await submit(gate, queue, PAGE) for _ in range(3)]
    await gate.desk.cancel(canceled.id, ALICE)
    await gate.release.release(held.id, ALICE, (await device(gate)).name)
    await gate.desk.hold(held.id, ALICE, None)
    async with serving(gate):
        await gate.release.release(kept.id, ALICE, printer.name, keep=True)
        await until(gate, kept, JobState.PENDING_HELD, where=lambda job: bool(job.message))
    assert await gate.tidings.tell("alice") == []


async def test_what_a_device_aborts_is_told_with_its_own_words(gate: Gate) -> None:
    async with HostileDevice(at_once=False) as printer:
        there, queue = await register(gate, printer.uri), await hold_queue(gate)
        job = await submit(gate, queue, PAGE)
        async with serving(gate):
            await gate.release.release(job.id, ALICE, there.name)
            await eventually(lambda: any(not one.open for one in printer.printer.jobs.values()), "the document there")
            seen = await until(gate, job, JobState.PROCESSING)
            printer.printer.abort(1, message="out of toner")
            await until(gate, seen, JobState.PENDING_HELD)
        (told,) = await gate.tidings.tell("alice")
        assert (told.what, told.device, told.why) == (
            What.HELD_AGAIN,
            there.name,
            f"{there.name} aborted the job: out of toner",
        )


async def test_two_logins_at_once_are_told_each_thing_once_and_a_long_list_in_parts(gate: Gate) -> None:
    queue = await hold_queue(gate)
    jobs = [await submit(gate, queue, PAGE) for _ in range(7)]
    for job in jobs:
        await held_again(gate, job)
    first = await gate.tidings.tell("alice", limit=3)
    assert [each.job_id for each in first] == [job.id for job in reversed(jobs[4:])]
    told = await asyncio.gather(*(gate.tidings.tell("alice") for _ in range(2)))
    assert sorted(each.job_id for part in told for each in part) == [job.id for job in jobs[:4]]
