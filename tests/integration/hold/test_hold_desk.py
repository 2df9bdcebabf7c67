"""What can be asked of a job, by whom, and in which state (RFC 8011 sections 4.3.3, 4.3.5; IPP.md section 2.2)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ippgate.app.gate import Gate
from ippgate.hold.desk import Offenders
from ippgate.ipp import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible, Refusal
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.lifecycle import TERMINAL, Event
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, BOB, OPERATOR, Connection, direct_queue, job_of, stream, submit
from tests.integration.store.births import a_device, a_queue, born, by_carrier, in_state

HELD, RELEASED = JobState.PENDING_HELD, JobState.PENDING
PROCESSING, STOPPED = JobState.PROCESSING, JobState.PROCESSING_STOPPED
RELEASE, SPECIFIED = "job-held-for-release", "job-hold-until-specified"

ENDED = sorted(TERMINAL)


async def outcome(asked: Awaitable[Job]) -> tuple[JobState, tuple[str, ...]] | type[Exception]:
    """The job's state and reasons after it, or the kind of refusal."""
    try:
        job = await asked
    except Refusal as refusal:
        return type(refusal)
    return job.state, job.reasons


# ── Hold-Job ──


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (HELD, (HELD, (RELEASE, SPECIFIED))),
        (RELEASED, (HELD, (SPECIFIED,))),
        (PROCESSING, NotPossible),
        (STOPPED, NotPossible),
        *((ended, NotPossible) for ended in ENDED),
    ],
    ids=str,
)
async def test_hold_job_in_every_state(gate: Gate, state: JobState, expected: object) -> None:
    job_id, _ = await in_state(gate, state)
    assert await outcome(gate.desk.hold(job_id, ALICE, None)) == expected


async def test_a_hold_without_a_keyword_is_indefinite_and_the_next_one_replaces_it(gate: Gate) -> None:
    job_id = await born(gate)
    assert (await gate.desk.hold(job_id, ALICE, None)).hold_until == "indefinite"
    again = await gate.desk.hold(job_id, ALICE, "23:59:59")
    assert (again.hold_until, again.reasons) == ("23:59:59", (RELEASE, SPECIFIED))


async def test_ending_a_hold_leaves_the_job_held_for_release(gate: Gate) -> None:
    job_id = await born(gate)
    await gate.desk.hold(job_id, ALICE, None)
    job = await gate.desk.change(job_id, ALICE, hold_until="no-hold")
    assert (job.state, job.reasons, job.hold_until) == (HELD, (RELEASE,), None)


async def test_ending_the_hold_of_a_passthrough_job_lets_it_go(gate: Gate) -> None:
    device = await a_device(gate)
    job = await submit(gate, await direct_queue(gate, device), b"x")
    held = await gate.desk.hold(job.id, ALICE, "indefinite")
    assert (held.state, held.reasons) == (HELD, (SPECIFIED,))
    gone = await gate.desk.change(job.id, ALICE, hold_until="no-hold")
    assert (gone.state, gone.reasons, gone.hold_until, gone.device) == (RELEASED, (), None, device.name)


async def test_a_job_that_waits_without_a_hold_stays_as_it_is_when_its_hold_is_ended(gate: Gate) -> None:
    job_id = await born(gate, await a_device(gate))
    job = await gate.desk.change(job_id, ALICE, hold_until="no-hold")
    assert (job.state, job.reasons) == (RELEASED, ())


# ── Set-Job-Attributes ──


@pytest.mark.parametrize(
    ("state", "possible"),
    [(HELD, True), (RELEASED, True), (PROCESSING, False), (STOPPED, False), *((ended, False) for ended in ENDED)],
    ids=str,
)
async def test_a_job_is_changed_while_it_waits(gate: Gate, state: JobState, possible: bool) -> None:
    job_id, _ = await in_state(gate, state)
    template = (attribute(A.COPIES, 3),)
    changing = gate.desk.change(job_id, ALICE, template=template, name="new", priority=80)
    if not possible:
        with pytest.raises(NotPossible, match="only a job that waits can be changed"):
            await changing
        return
    job = await changing
    assert (job.template, job.name, job.priority, job.state) == (template, "new", 80, state)


async def test_what_is_not_named_stays(gate: Gate) -> None:
    job_id = await born(gate, name="report")
    await gate.desk.change(job_id, ALICE, template=(attribute(A.COPIES, 3),), priority=80)
    job = await gate.desk.change(job_id, ALICE, name="other")
    assert (job.template, job.name, job.priority) == ((attribute(A.COPIES, 3),), "other", 80)


async def test_a_change_and_a_hold_go_together(gate: Gate) -> None:
    job_id = await born(gate, await a_device(gate))
    job = await gate.desk.change(job_id, ALICE, name="other", hold_until="indefinite")
    assert (job.name, job.state, job.hold_until) == ("other", HELD, "indefinite")


async def test_changes_at_the_same_moment_all_happen(gate: Gate) -> None:
    job_id = await born(gate)
    await asyncio.gather(
        *(gate.desk.change(job_id, ALICE, priority=n) for n in range(1, 5)),
        gate.desk.hold(job_id, ALICE, "23:59:59"),
        gate.desk.change(job_id, ALICE, name="other"),
    )
    job = await job_of(gate, job_id)
    assert (job.hold_until, job.reasons) == ("23:59:59", (RELEASE, SPECIFIED))


async def test_a_job_that_is_closed_while_it_is_changed_does_not_go_on_saying_that_it_arrives(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = await a_queue(gate)
    job = await gate.intake.create(queue, NewJob(queue.id, "alice", "report", ""))
    owned = gate.desk._owned

    async def closes_in_between(job_id: int, caller: object) -> Job:
        found = await owned(job_id, ALICE)
        monkeypatch.setattr(gate.desk, "_owned", owned)
        await gate.intake.add_document(job_id, ALICE, NewDocument(), stream(b"x"), True)
        return found

    monkeypatch.setattr(gate.desk, "_owned", closes_in_between)
    held = await gate.desk.hold(job.id, ALICE, None)
    assert held.reasons == (RELEASE, SPECIFIED)


# ── Cancel-Job ──


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (HELD, (JobState.CANCELED, ("job-canceled-by-user",))),
        (RELEASED, (JobState.CANCELED, ("job-canceled-by-user",))),
        (PROCESSING, (PROCESSING, ("processing-to-stop-point", "job-canceled-by-user"))),
        (STOPPED, (STOPPED, ("processing-to-stop-point", "job-canceled-by-user"))),
        *((ended, NotPossible) for ended in ENDED),
    ],
    ids=str,
)
async def test_cancel_job_in_every_state(gate: Gate, state: JobState, expected: object) -> None:
    job_id, _ = await in_state(gate, state)
    assert await outcome(gate.desk.cancel(job_id, ALICE)) == expected
    assert await outcome(gate.desk.cancel(job_id, ALICE)) is NotPossible


async def test_a_job_is_cancelled_once_however_many_ask(gate: Gate) -> None:
    for state in (HELD, RELEASED, PROCESSING):
        job_id, _ = await in_state(gate, state)
        asked = await asyncio.gather(*(outcome(gate.desk.cancel(job_id, ALICE)) for _ in range(10)))
        assert asked.count(NotPossible) == 9


async def test_an_operator_cancels_as_an_operator(gate: Gate) -> None:
    job_id = await born(gate)
    assert (await gate.desk.cancel(job_id, OPERATOR)).reasons == ("job-canceled-by-operator",)


# ── whose ──


Asked = Callable[[Gate, int], Awaitable[object]]
ASKED: dict[str, Asked] = {
    "hold": lambda gate, job_id: gate.desk.hold(job_id, BOB, None),
    "change": lambda gate, job_id: gate.desk.change(job_id, BOB, name="mine now"),
    "cancel": lambda gate, job_id: gate.desk.cancel(job_id, BOB),
    "release": lambda gate, job_id: gate.release.release(job_id, BOB, "printer"),
}


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("state", [HELD, RELEASED, PROCESSING, JobState.COMPLETED], ids=str)
async def test_somebody_elses_job_is_left_alone_whatever_its_state(gate: Gate, what: str, state: JobState) -> None:
    await a_device(gate)
    job_id, _ = await in_state(gate, state)
    before = await job_of(gate, job_id)
    with pytest.raises(NotAuthorized, match=f"job {job_id} belongs to somebody else"):
        await ASKED[what](gate, job_id)
    assert await job_of(gate, job_id) == before


@pytest.mark.parametrize("what", ASKED)
async def test_an_unknown_job_is_not_found(gate: Gate, what: str) -> None:
    with pytest.raises(NotFound, match="there is no job 99"):
        await ASKED[what](gate, 99)


# ── Cancel-My-Jobs ──


async def test_all_of_ones_own_jobs_are_cancelled_and_nobody_elses(gate: Gate) -> None:
    mine = [await born(gate) for _ in range(3)]
    theirs = await born(gate, owner="bob")
    carried, _ = await in_state(gate, PROCESSING)
    assert await gate.desk.cancel_mine(ALICE, None, None) == [*mine, carried]
    assert [(await job_of(gate, job_id)).state for job_id in mine] == [JobState.CANCELED] * 3
    assert "processing-to-stop-point" in (await job_of(gate, carried)).reasons
    assert (await job_of(gate, theirs)).state is HELD


async def test_a_job_that_is_being_cancelled_does_not_spare_the_others(gate: Gate) -> None:
    carried, _ = await in_state(gate, PROCESSING)
    await gate.desk.cancel(carried, ALICE)
    waits = await born(gate)
    assert await gate.desk.cancel_mine(ALICE, None, None) == [waits]


async def test_a_job_that_ends_by_itself_meanwhile_does_not_spare_the_others(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    _carried, load = await in_state(gate, PROCESSING)
    waits = await born(gate)
    assert load is not None
    listing = gate.desk.listing

    async def ends_in_between(*arguments: object) -> list[Job]:
        found = await listing(*arguments)  # type: ignore[arg-type]
        await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE))
        return found

    monkeypatch.setattr(gate.desk, "listing", ends_in_between)
    assert await gate.desk.cancel_mine(ALICE, None, None) == [waits]


async def test_a_queues_jobs_are_cancelled_alone(gate: Gate) -> None:
    device = await a_device(gate)
    held = await born(gate)
    direct = await submit(gate, await direct_queue(gate, device), b"x")
    assert await gate.desk.cancel_mine(ALICE, direct.queue_id, None) == [direct.id]
    assert (await job_of(gate, held)).state is HELD


async def test_named_jobs_are_cancelled_all_or_none(gate: Gate, sql: Connection) -> None:
    mine, theirs, over = await born(gate), await born(gate, owner="bob"), await born(gate)
    await gate.jobs.move(Move(over, Event.CANCEL, ()))
    with pytest.raises(Offenders, match=f"no job was cancelled: {theirs}, {over}, 99 cannot be") as refused:
        await gate.desk.cancel_mine(ALICE, None, [mine, theirs, over, 99])
    assert refused.value.job_ids == [theirs, over, 99]
    assert (await job_of(gate, mine)).state is HELD
    assert await gate.desk.cancel_mine(ALICE, None, [mine, mine]) == [mine]
    assert (await job_of(gate, mine)).state is JobState.CANCELED


async def test_a_job_of_another_queue_is_an_offender(gate: Gate) -> None:
    job_id = await born(gate)
    with pytest.raises(Offenders) as refused:
        await gate.desk.cancel_mine(ALICE, 99, [job_id])
    assert refused.value.job_ids == [job_id]
