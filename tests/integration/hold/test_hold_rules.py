"""What may be asked of a job in which state (RFC 8011 sections 4.3.3, 4.3.5 and 4.3.6), on real PostgreSQL."""

import pytest

from ippgate.app.gate import Gate
from ippgate.hold.desk import Offenders
from ippgate.ipp import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible
from ippgate.model.job import Job
from tests.integration.gates import ALICE, BOB, OPERATOR, hold_queue, job_of, submit
from tests.integration.stages import ENDED, at_device, ended, held, waiting


async def test_a_waiting_job_is_held_until_somebody_says_otherwise(gate: Gate) -> None:
    job = await gate.desk.hold((await waiting(gate)).id, ALICE, None)
    assert (job.state, job.hold_until, job.reasons) == (
        JobState.PENDING_HELD,
        "indefinite",
        (R.JOB_HOLD_UNTIL_SPECIFIED,),
    )


async def test_a_held_job_takes_another_hold_and_stays_held_for_release(gate: Gate) -> None:
    job = await gate.desk.hold((await held(gate)).id, ALICE, "23:59:59")
    assert (job.state, job.hold_until) == (JobState.PENDING_HELD, "23:59:59")
    assert job.reasons == (R.JOB_HELD_FOR_RELEASE, R.JOB_HOLD_UNTIL_SPECIFIED)


async def test_a_job_at_its_device_cannot_be_held(gate: Gate) -> None:
    job = await at_device(gate)
    with pytest.raises(NotPossible, match="it is too late to hold it"):
        await gate.desk.hold(job.id, ALICE, None)
    assert (await job_of(gate, job)).state is JobState.PROCESSING


@pytest.mark.parametrize("state", ENDED)
async def test_an_ended_job_is_neither_held_nor_changed_nor_cancelled(gate: Gate, state: JobState) -> None:
    job = await ended(gate, state)
    with pytest.raises(NotPossible):
        await gate.desk.hold(job.id, ALICE, None)
    with pytest.raises(NotPossible, match="only a job that waits can be changed"):
        await gate.desk.change(job.id, ALICE, name="other")
    with pytest.raises(NotPossible):
        await gate.desk.cancel(job.id, ALICE)
    assert (await job_of(gate, job)).state is state


async def test_a_hold_ends_with_no_hold(gate: Gate) -> None:
    job = await gate.desk.hold((await waiting(gate)).id, ALICE, "indefinite")
    job = await gate.desk.change(job.id, ALICE, hold_until="no-hold")
    assert (job.state, job.hold_until, job.reasons) == (JobState.PENDING, None, ())


async def test_what_a_job_asks_for_can_be_changed_while_it_waits(gate: Gate) -> None:
    copies = (attribute(A.COPIES, 3),)
    job = await gate.desk.change((await held(gate)).id, ALICE, template=copies, name="other", priority=80)
    assert (job.template, job.name, job.priority) == (copies, "other", 80)


@pytest.mark.parametrize("act", ["hold", "cancel", "change"])
async def test_only_its_owner_and_operators_touch_a_job(gate: Gate, act: str) -> None:
    job = await held(gate)
    arguments = {"hold": ("23:59:59",), "cancel": (), "change": ()}[act]
    with pytest.raises(NotAuthorized, match="belongs to somebody else"):
        await getattr(gate.desk, act)(job.id, BOB, *arguments)
    await getattr(gate.desk, act)(job.id, OPERATOR, *arguments)


async def test_a_waiting_job_is_cancelled_at_once_and_its_key_destroyed(gate: Gate) -> None:
    job = await gate.desk.cancel((await held(gate)).id, ALICE)
    assert (job.state, job.reasons) == (JobState.CANCELED, (R.JOB_CANCELED_BY_USER,))
    assert await gate.database.value("document_key", job.id) is None


async def test_a_job_at_its_device_is_cancelled_there_first_and_only_once(gate: Gate) -> None:
    job = await gate.desk.cancel((await at_device(gate)).id, ALICE)
    assert job.state is JobState.PROCESSING
    assert set(job.reasons) == {R.PROCESSING_TO_STOP_POINT, R.JOB_CANCELED_BY_USER}
    with pytest.raises(NotPossible, match="being cancelled already"):
        await gate.desk.cancel(job.id, ALICE)


async def test_all_of_ones_own_jobs_are_cancelled_and_nobody_elses(gate: Gate) -> None:
    queue = await hold_queue(gate)
    mine = [await submit(gate, queue, b"mine") for _ in range(3)]
    other = await submit(gate, queue, b"hers", owner=BOB)
    assert sorted(await gate.desk.cancel_mine(ALICE, queue.id, None)) == [job.id for job in mine]
    assert (await job_of(gate, other)).state is JobState.PENDING_HELD


@pytest.mark.parametrize("wrong", ["somebody else's", "unknown", "ended"])
async def test_named_jobs_are_cancelled_all_or_none(gate: Gate, wrong: str) -> None:
    queue = await hold_queue(gate)
    mine = await submit(gate, queue, b"mine")
    bad: dict[str, Job | int] = {
        "somebody else's": await submit(gate, queue, b"hers", owner=BOB),
        "unknown": 10_000,
        "ended": await gate.desk.cancel((await submit(gate, queue, b"gone")).id, ALICE),
    }
    offender = bad[wrong]
    offender_id = offender if isinstance(offender, int) else offender.id
    with pytest.raises(Offenders) as refused:
        await gate.desk.cancel_mine(ALICE, queue.id, [mine.id, offender_id])
    assert refused.value.job_ids == [offender_id]
    assert (await job_of(gate, mine)).state is JobState.PENDING_HELD


async def test_a_job_that_does_not_exist_is_not_found(gate: Gate) -> None:
    with pytest.raises(NotFound, match="there is no job 4711"):
        await gate.desk.get(4711, ALICE)


async def test_listings_are_bounded_and_in_order(gate: Gate) -> None:
    queue = await hold_queue(gate)
    jobs = [await submit(gate, queue, b"x", owner=ALICE if number % 2 else BOB) for number in range(6)]
    done = [await gate.desk.cancel(job.id, OPERATOR) for job in jobs[:2]]
    everything = await gate.desk.listing(None, tuple(JobState), None, 100)
    assert [job.id for job in everything] == [job.id for job in jobs[2:]] + [job.id for job in reversed(done)]
    mine = await gate.desk.listing(queue.id, (JobState.PENDING_HELD,), ALICE.name, 1)
    assert [job.id for job in mine] == [jobs[3].id]
