"""Print and keep: printed once, accounted as one printing, and held again as its owner left it."""

from collections.abc import AsyncIterator

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotPossible
from ippgate.model.job import NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.release_action import ReleaseAction
from ippgate.store.jobs import Move
from tests.integration.gates import (
    ALICE,
    Connection,
    attempts,
    hold_queue,
    job_of,
    papers,
    register,
    serving,
    stream,
    submit,
    until,
)
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

HELD, PENDING, COMPLETED = JobState.PENDING_HELD, JobState.PENDING, JobState.COMPLETED
PROCESSING, CANCELED = JobState.PROCESSING, JobState.CANCELED
PAGE = b"%PDF-1.7 a page"
KEPT = "it was printed, and is kept"


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


async def test_a_kept_job_is_printed_once_and_waits_again_until_it_goes_for_good(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await submit(gate, queue, PAGE)
    async with serving(gate):
        for times in (1, 2):
            assert (await gate.release.release(job.id, ALICE, device.name, keep=True)).keeps
            kept = await until(gate, job, HELD, where=lambda seen: seen.message == KEPT)
            assert (kept.reasons, kept.keeps, kept.documents) == ((R.JOB_HELD_FOR_RELEASE,), False, job.documents)
            assert len(papers(sink)) == times
            assert await attempts(gate, job) == ["complete"] * times
        await gate.release.release(job.id, ALICE, device.name)
        await until(gate, job, COMPLETED)
    assert len(papers(sink)) == len(await attempts(gate, job)) == 3


async def test_it_has_its_owner_s_ticket_again_and_each_printing_its_own_count(
    gate: Gate, sql: Connection, device: HostileDevice
) -> None:
    there, queue = await register(gate, device.uri), await hold_queue(gate)
    job = await submit(gate, queue, PAGE)
    async with serving(gate):
        changes = (attribute(A.COPIES, 2),)
        await gate.release.release(job.id, ALICE, there.name, changes=changes, keep=True)
        kept = await until(gate, job, HELD, where=lambda seen: seen.message == KEPT)
        assert kept.template == job.template
        await gate.release.release(job.id, ALICE, there.name)
        await until(gate, job, COMPLETED)
    assert len(device.jobs) == 2
    assert len({one["impressions"] for one in await gate.jobs.attempts(job.id)}) == 1


async def test_what_it_waited_for_it_waits_for_again(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    new = NewJob(queue.id, ALICE.name, "report", "", release_action=ReleaseAction.BUTTON_PRESS)
    job = await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(PAGE))
    async with serving(gate):
        await gate.release.release(job.id, ALICE, device.name, keep=True)
        kept = await until(gate, job, HELD, where=lambda seen: seen.message == KEPT)
    assert set(kept.reasons) == set(job.reasons)


async def test_several_documents_are_all_printed_each_time(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ""))
    for last in (False, True):
        await gate.intake.add_document(job.id, ALICE, NewDocument("application/pdf"), stream(PAGE), last)
    async with serving(gate):
        await gate.release.release(job.id, ALICE, device.name, keep=True)
        await until(gate, job, HELD, where=lambda seen: seen.message == KEPT)
        assert len(papers(sink)) == 2
        await gate.release.release(job.id, ALICE, device.name)
        await until(gate, job, COMPLETED)
    assert len(papers(sink)) == 4


async def test_what_is_on_its_way_is_neither_kept_belatedly_nor_sent_elsewhere(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    await register(gate, sink.uri, "other")
    plain, kept = await submit(gate, queue, PAGE), await submit(gate, queue, PAGE)
    await gate.release.release(plain.id, ALICE, device.name)
    with pytest.raises(NotPossible, match="too late to keep it"):
        await gate.release.release(plain.id, ALICE, device.name, keep=True)
    await gate.release.release(kept.id, ALICE, device.name, keep=True)
    assert (await gate.release.release(kept.id, ALICE, device.name, keep=True)).state is PENDING
    with pytest.raises(NotPossible, match="cannot go to other as well"):
        await gate.release.release(kept.id, ALICE, "other", keep=True)


async def test_without_a_place_or_whole_documents_nothing_is_kept(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    with pytest.raises(NotPossible, match="name a device"):
        await gate.release.release((await submit(gate, queue, PAGE)).id, ALICE, keep=True)
    opened = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ""))
    await gate.intake.add_document(opened.id, ALICE, NewDocument("application/pdf"), stream(PAGE), False)
    with pytest.raises(NotPossible, match="still arrives"):
        await gate.release.release(opened.id, ALICE, device.name, keep=True)


async def test_a_job_that_somebody_cancels_or_holds_meanwhile_is_not_kept(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    job = await submit(gate, queue, PAGE)
    await gate.release.release(job.id, ALICE, device.name, keep=True)
    assert (await gate.desk.hold(job.id, ALICE, "indefinite")).state is not PENDING
    assert not (await job_of(gate, job)).keeps
    await gate.release.release(job.id, ALICE, device.name, keep=True)
    [load] = await gate.lanes.claim(device.id, 5)
    mine = {"worker": gate.lanes.worker, "lease": load.lease}
    await gate.jobs.move(Move(job.id, Event.START, (), edge="sending", **mine))  # type: ignore[arg-type]
    assert await gate.jobs.ask_cancel(job.id, "user", ())
    await gate.jobs.move(Move(job.id, Event.COMPLETE, (R.JOB_COMPLETED_SUCCESSFULLY,), **mine))  # type: ignore[arg-type]
    assert (await job_of(gate, job)).state is COMPLETED
