"""Jobs go to raw devices, which take octets and say nothing: what can't be known is held and said."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotPossible
from ippgate.model.job import Job
from tests.integration.gates import (
    ALICE,
    BOB,
    OPERATOR,
    QUICK,
    Connection,
    attempts,
    hold_queue,
    job_of,
    papers,
    printed,
    register,
    serving,
    submit,
    until,
)
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.sink import Manners, Sink

DOCUMENT = random_document(100_000)
LARGE = random_document(8_000_000)
COMPLETED, HELD = JobState.COMPLETED, JobState.PENDING_HELD
REVIEW = ("job-held-for-review", "job-held-for-release")


async def released(gate: Gate, sink: Sink, document: bytes = DOCUMENT, *, resend_unknown: bool = False) -> Job:
    """A job on its way to the sink, which is registered as `printer`."""
    if not await gate.fleet.devices():
        await register(gate, sink.uri, resend_unknown=resend_unknown)
        await hold_queue(gate)
    job = await submit(gate, await gate.fleet.queue("followme"), document)
    assert job.state is HELD
    return await gate.release.release(job.id, ALICE, "printer")


async def arriving(sink: Sink, octets: int) -> None:
    """Wait for a document to have come so far."""
    await eventually(lambda: any(job.ended == "open" and job.size >= octets for job in sink.jobs), "a document")


# ── what goes well ──


@pytest.mark.parametrize("document", [b"", b"x", DOCUMENT, LARGE], ids=["empty", "tiny", "small", "large"])
async def test_a_released_job_comes_out_byte_for_byte_and_is_completed(gate: Gate, sink: Sink, document: bytes) -> None:
    async with serving(gate):
        job = await released(gate, sink, document)
        done = await until(gate, job, COMPLETED)
    assert (b"".join(paper.data for paper in papers(sink))) == document
    assert done.reasons == ("queued-in-device", "job-completed-successfully")
    assert await attempts(gate, job) == ["complete"]


async def test_jobs_come_out_one_by_one_in_their_order(gate: Gate, sink: Sink) -> None:
    await register(gate, sink.uri)
    queue = await hold_queue(gate)
    jobs = [await submit(gate, queue, f"{n}".encode(), priority=90 if n == 7 else 50) for n in range(10)]
    for job in jobs:
        await gate.release.release(job.id, ALICE, "printer")
    async with serving(gate):
        await printed(sink, 10)
        await until(gate, jobs[-1], COMPLETED)
    assert [paper.data for paper in papers(sink)] == [f"{n}".encode() for n in (7, 0, 1, 2, 3, 4, 5, 6, 8, 9)]
    ended = [(paper.connected_at, paper.ended_at) for paper in papers(sink)]
    assert ended == sorted(ended)


async def test_more_jobs_than_a_lane_holds_all_come_out_once(gate: Gate, sink: Sink) -> None:
    await register(gate, sink.uri)
    queue, count = await hold_queue(gate), 3 * QUICK.lane_depth + 5
    jobs = await asyncio.gather(*(submit(gate, queue, f"job {n}".encode()) for n in range(count)))
    async with serving(gate):
        await asyncio.gather(*(gate.release.release(job.id, ALICE, "printer") for job in jobs))
        for job in jobs:
            await until(gate, job, COMPLETED)
    assert sorted(paper.data for paper in papers(sink)) == sorted(f"job {n}".encode() for n in range(count))


async def test_no_device_delays_another(gate: Gate, sink: Sink) -> None:
    async with Sink(manners=Manners(stall_after=0)) as stuck, serving(gate):
        queue = await hold_queue(gate)
        await register(gate, sink.uri, "quick")
        await register(gate, stuck.uri, "stuck")
        waits, goes = [await submit(gate, queue, LARGE) for _ in range(2)]
        await gate.release.release(waits.id, ALICE, "stuck")
        await eventually(lambda: len(stuck.jobs) > 1, "the stuck one to be called")
        await gate.release.release(goes.id, ALICE, "quick")
        await until(gate, goes, COMPLETED)
        assert (await job_of(gate, waits)).state is JobState.PROCESSING


async def test_without_notifications_polling_finds_the_job(gate: Gate, sink: Sink, gates: object) -> None:
    assert callable(gates)
    elsewhere = await gates()
    async with serving(gate, listening=False):
        job = await released(elsewhere, sink)
        await until(gate, job, COMPLETED)


# ── a device that is not ready ──


async def test_a_sleeping_device_is_waited_for(gate: Gate, sink: Sink, sql: Connection) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        await sink.sleep()
        job = await released(gate, sink)
        await taken_up(sql, job)
        sink.wake()
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [DOCUMENT]


async def test_a_device_that_sleeps_too_long_gets_the_job_held_with_the_reason(gates: object, sink: Sink) -> None:
    assert callable(gates)
    gate: Gate = await gates(delivery=replace(QUICK, busy_limit=0.3))
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        await sink.sleep()
        job = await until(gate, await released(gate, sink), HELD)
        assert job.reasons == ("job-held-for-release",)
        assert job.message.startswith("printer could not take the job: the device at 127.0.0.1")
        assert await attempts(gate, job) == []
        sink.wake()
        await gate.release.release(job.id, ALICE, "printer")
        await until(gate, job, COMPLETED)
    assert len(papers(sink)) == 1


async def test_a_job_that_is_held_and_released_again_while_its_device_sleeps_is_printed_once(
    gate: Gate, sink: Sink, sql: Connection
) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        await sink.sleep()
        job = await released(gate, sink)
        for _ in range(3):
            await taken_up(sql, job)
            await gate.desk.hold(job.id, ALICE, None)
            await gate.release.release(job.id, ALICE, "printer")
        after = await submit(gate, await gate.fleet.queue("followme"), b"the next")
        await gate.release.release(after.id, ALICE, "printer")
        sink.wake()
        await until(gate, after, COMPLETED)
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [DOCUMENT, b"the next"]
    assert await attempts(gate, job) == ["complete"]


async def test_a_job_that_is_released_to_another_device_meanwhile_comes_out_there_alone(
    gate: Gate, sink: Sink, sql: Connection
) -> None:
    async with Sink() as other, serving(gate):
        await register(gate, sink.uri)
        await register(gate, other.uri, "other")
        await hold_queue(gate)
        await sink.sleep()
        job = await released(gate, sink)
        await taken_up(sql, job)
        await gate.desk.hold(job.id, ALICE, None)
        await gate.release.release(job.id, ALICE, "other")
        await until(gate, job, COMPLETED)
        after = await released(gate, sink, b"the next")
        sink.wake()
        await until(gate, after, COMPLETED)
        assert [paper.data for paper in papers(sink)] == [b"the next"]
        assert [paper.data for paper in papers(other)] == [DOCUMENT]


async def test_a_job_that_is_cancelled_meanwhile_never_comes_out(gate: Gate, sink: Sink, sql: Connection) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        await sink.sleep()
        job = await released(gate, sink)
        await taken_up(sql, job)
        assert (await gate.desk.cancel(job.id, ALICE)).state is JobState.CANCELED
        after = await released(gate, sink, b"the next")
        sink.wake()
        await until(gate, after, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [b"the next"]


async def test_a_job_that_is_changed_while_its_device_sleeps_goes_as_it_is_now(
    gate: Gate, sink: Sink, sql: Connection
) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        await sink.sleep()
        job = await released(gate, sink)
        await taken_up(sql, job)
        assert (await gate.desk.change(job.id, ALICE, name="renamed")).name == "renamed"
        sink.wake()
        await until(gate, job, COMPLETED)
    assert len(papers(sink)) == 1


async def taken_up(sql: Connection, job: Job) -> None:
    """Wait until a worker has leased the job."""
    leased = "SELECT true FROM job WHERE id = $1 AND lease_worker IS NOT NULL"
    await eventually(partial(sql.fetchval, leased, job.id), "the job to be taken up")


# ── what goes wrong in the middle ──


TROUBLE = {
    "cut": Manners(cut_after=1_000_000),
    "closed early": Manners(close_after=1_000_000),
    "stalled": Manners(stall_after=1_000_000),
}


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_document_that_breaks_off_is_held_and_nobody_pretends_to_know(
    gate: Gate, sink: Sink, trouble: str
) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        sink.next_manners = [TROUBLE[trouble]]
        await hold_queue(gate)
        job = await until(gate, await released(gate, sink, LARGE), HELD)
    assert job.reasons == REVIEW
    assert job.message.startswith("outcome unknown: ")
    assert "Look at printer before you release the job again" in job.message
    assert await attempts(gate, job) == ["hold"]


async def test_after_a_look_its_owner_releases_it_again(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        sink.next_manners = [TROUBLE["cut"]]
        job = await until(gate, await released(gate, sink, LARGE), HELD)
        await gate.release.release(job.id, ALICE, "printer")
        done = await until(gate, job, COMPLETED)
    assert done.message == ""
    assert await attempts(gate, job) == ["hold", "complete"]
    assert papers(sink)[-1].data == LARGE


async def test_where_the_operator_says_so_it_is_sent_again_a_bounded_number_of_times(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        await register(gate, sink.uri, resend_unknown=True)
        await hold_queue(gate)
        sink.next_manners = [TROUBLE["cut"]] * 2
        job = await until(gate, await released(gate, sink, LARGE), COMPLETED)
        assert await attempts(gate, job) == ["retry", "retry", "complete"]
        sink.next_manners = [TROUBLE["cut"]] * 50
        job = await until(gate, await released(gate, sink, LARGE), HELD)
        assert await attempts(gate, job) == ["retry"] * (QUICK.attempts - 1) + ["hold"]
        assert f"{QUICK.attempts} times" in job.message


async def test_a_document_that_dribbles_out_is_not_given_up(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        sink.next_manners = [Manners(drip=20_000, drip_every=0.01)]
        job = await released(gate, sink, DOCUMENT * 3)
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [DOCUMENT * 3]


# ── cancelled while it is sent ──


async def test_a_job_is_cancelled_while_it_is_sent(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        sink.next_manners = [Manners(stall_after=200_000)]
        job = await released(gate, sink, LARGE)
        await arriving(sink, 200_000)
        await gate.desk.cancel(job.id, ALICE)
        with pytest.raises(NotPossible):
            await gate.desk.cancel(job.id, ALICE)
        ended = await until(gate, job, JobState.CANCELED)
        assert ended.reasons == ("job-canceled-by-user",)
        sink.resume()
        after = await released(gate, sink, b"the next")
        await until(gate, after, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [b"the next"]
    assert await attempts(gate, job) == ["cancel"]


async def test_a_cancel_finds_its_job_without_notifications(gate: Gate, sink: Sink) -> None:
    async with serving(gate, listening=False):
        await register(gate, sink.uri)
        await hold_queue(gate)
        sink.next_manners = [Manners(stall_after=200_000)]
        job = await released(gate, sink, LARGE)
        await arriving(sink, 200_000)
        await gate.desk.cancel(job.id, OPERATOR)
        assert (await until(gate, job, JobState.CANCELED)).reasons == ("job-canceled-by-operator",)
        sink.resume()


async def test_a_job_whose_outcome_is_unknown_but_that_nobody_wants_any_more_is_cancelled(
    gate: Gate, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wish reaches the database and not the worker, and the device breaks off: what would be held is cancelled."""
    async with serving(gate):
        await register(gate, sink.uri)
        await hold_queue(gate)
        sink.next_manners = [Manners(stall_after=200_000)]
        job = await released(gate, sink, LARGE)
        await arriving(sink, 200_000)
        for lane in gate.dispatcher._lanes.values():
            monkeypatch.setattr(lane, "cancel", lambda _job_id, _by: None)
        await gate.desk.cancel(job.id, ALICE)
        await sink.cut()
        assert (await until(gate, job, JobState.CANCELED)).reasons == ("job-canceled-by-user",)
        sink.resume()


# ── what the store has of the document ──


@pytest.mark.parametrize("document", [DOCUMENT, LARGE], ids=["small", "large"])
async def test_a_damaged_document_is_held_for_review_and_never_printed_wrong(
    gate: Gate, sink: Sink, sql: Connection, document: bytes
) -> None:
    await register(gate, sink.uri)
    queue = await hold_queue(gate)
    job = await submit(gate, queue, document)
    oid = (await job_of(gate, job)).documents[0].oid
    await sql.execute("SELECT lo_put($1, (length(lo_get($1)) - 5000)::bigint, '\\x00010203')", oid)
    async with serving(gate):
        await gate.release.release(job.id, ALICE, "printer")
        held = await until(gate, job, HELD)
    assert held.reasons == ("document-access-error", *REVIEW)
    assert "damaged" in held.message
    assert all(paper.data != document for paper in papers(sink))


async def test_a_document_whose_key_is_gone_is_held_for_review(gate: Gate, sink: Sink, sql: Connection) -> None:
    await register(gate, sink.uri)
    job = await submit(gate, await hold_queue(gate), DOCUMENT)
    await sql.execute("UPDATE job SET key = NULL")
    async with serving(gate):
        await gate.release.release(job.id, ALICE, "printer")
        held = await until(gate, job, HELD)
    assert "document-access-error" in held.reasons
    assert papers(sink) == []


async def test_one_persons_trouble_is_not_anothers(gate: Gate, sink: Sink, sql: Connection) -> None:
    await register(gate, sink.uri)
    queue = await hold_queue(gate)
    bad, good = await submit(gate, queue, DOCUMENT), await submit(gate, queue, b"mine", owner=BOB)
    await sql.execute("UPDATE job SET key = 'nonsense' WHERE id = $1", bad.id)
    async with serving(gate):
        await gate.release.release(bad.id, ALICE, "printer")
        await gate.release.release(good.id, BOB, "printer")
        await until(gate, good, COMPLETED)
        await until(gate, bad, HELD)
    assert [paper.data for paper in papers(sink)] == [b"mine"]
