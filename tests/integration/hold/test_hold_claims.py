"""Jobs that are nobody's wait until an operator gives them to somebody (SECURITY S18)."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.hold.clock import HoldClock
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible
from ippgate.model.job import Caller, Job, NewDocument, NewJob
from ippgate.model.lifecycle import Event
from ippgate.model.owner import UNCLAIMED
from ippgate.model.queue import Queue
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, OPERATOR, Connection, direct_queue, hold_queue, job_of, stream, submit
from tests.integration.store.births import a_device
from tests.rig.documents import random_document

HELD, PENDING = JobState.PENDING_HELD, JobState.PENDING
REVIEW, RELEASE = "job-held-for-review", "job-held-for-release"
PHONE = Caller("mobile@192.0.2.7", "192.0.2.7", said="mobile", unclaimed=True)
LARGE = random_document(2_500_000)


def nobodys(queue: Queue, hold_until: str | None = None) -> NewJob:
    return NewJob(queue.id, PHONE.name, "photo", PHONE.host, (), 50, hold_until, said="mobile", unclaimed=True)


async def print_nobodys(gate: Gate, queue: Queue, octets: bytes = b"%PDF", *, hold_until: str | None = None) -> Job:
    return await gate.intake.submit(queue, nobodys(queue, hold_until), NewDocument("application/pdf"), stream(octets))


@pytest.mark.parametrize("octets", [b"%PDF", LARGE], ids=["small", "large"])
async def test_it_is_held_for_review_and_says_what_was_said(gate: Gate, octets: bytes) -> None:
    job = await print_nobodys(gate, await hold_queue(gate), octets)
    for seen in (job, await job_of(gate, job)):
        assert (seen.state, set(seen.reasons), seen.message) == (HELD, {RELEASE, REVIEW}, UNCLAIMED)
        assert (seen.owner, seen.said, seen.unclaimed) == ("mobile@192.0.2.7", "mobile", True)


async def test_on_a_queue_that_prints_at_once_it_waits_as_well_and_goes_once_it_is_claimed(gate: Gate) -> None:
    device = await a_device(gate)
    job = await print_nobodys(gate, await direct_queue(gate, device))
    assert (job.state, job.reasons) == (HELD, (REVIEW,))
    claimed = await gate.desk.claim(job.id, OPERATOR, "jake")
    assert (claimed.state, claimed.reasons, claimed.device) == (PENDING, (), device.name)
    assert (claimed.owner, claimed.said, claimed.unclaimed, claimed.message) == ("jake", "mobile", False, "")


async def test_claimed_it_waits_for_its_release_like_any_other(gate: Gate) -> None:
    device = await a_device(gate)
    job = await print_nobodys(gate, await hold_queue(gate))
    claimed = await gate.desk.claim(job.id, OPERATOR, "alice")
    assert (claimed.state, claimed.reasons, claimed.owner) == (HELD, (RELEASE,), "alice")
    with pytest.raises(NotAuthorized):
        await gate.desk.cancel(job.id, PHONE)
    assert (await gate.release.release(job.id, ALICE, device.name)).state is PENDING


@pytest.mark.parametrize("caller", [PHONE, OPERATOR])
async def test_nobody_releases_what_is_nobodys(gate: Gate, caller: Caller) -> None:
    device = await a_device(gate)
    job = await print_nobodys(gate, await hold_queue(gate))
    with pytest.raises(NotPossible, match="nobody's yet: an operator gives it to its owner"):
        await gate.release.release(job.id, caller, device.name)
    assert (await job_of(gate, job)).state is HELD


async def test_neither_the_end_of_a_hold_nor_of_hold_new_jobs_lets_it_go(gate: Gate, sql: Connection) -> None:
    device = await a_device(gate)
    queue = await direct_queue(gate, device)
    await gate.traffic.hold_new(queue.name, "olga")
    queue = await gate.fleet.queue(queue.name)
    job = await print_nobodys(gate, queue, hold_until="00:00")
    await sql.execute("UPDATE job SET hold_until_time = now() - interval '1 second'")
    await HoldClock(gate.jobs, gate.lanes).strike()
    await gate.traffic.take_new(queue.name, "olga")
    seen = await job_of(gate, job)
    assert seen.state is HELD
    assert REVIEW in seen.reasons


async def test_the_database_lets_it_go_nowhere(gate: Gate, sql: Connection) -> None:
    device = await a_device(gate)
    job = await print_nobodys(gate, await direct_queue(gate, device))
    assert await gate.jobs.move(Move(job.id, Event.RELEASE, (), device_id=device.id)) is None
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute("UPDATE job SET state = 3, device_id = $1", device.id)
    assert (await gate.desk.cancel(job.id, PHONE)).state is JobState.CANCELED


async def test_who_holds_it_on_holds_it_once_it_is_claimed(gate: Gate) -> None:
    job = await print_nobodys(gate, await direct_queue(gate, await a_device(gate)), hold_until="indefinite")
    claimed = await gate.desk.claim(job.id, OPERATOR, "jake")
    assert (claimed.state, claimed.reasons) == (HELD, ("job-hold-until-specified",))


async def test_a_rule_that_holds_it_for_review_holds_it_on(ruled: Callable[[str], Awaitable[Gate]]) -> None:
    gate = await ruled('[[rule]]\nname = "look"\nwhen = "true"\nhold = "somebody looks at this"\n')
    job = await print_nobodys(gate, await hold_queue(gate))
    assert job.message == "somebody looks at this"
    claimed = await gate.desk.claim(job.id, OPERATOR, "jake")
    assert claimed.owner == "jake"
    assert claimed.state is HELD
    assert set(claimed.reasons) == set(job.reasons)


async def test_only_operators_claim_and_only_what_is_held_and_here(gate: Gate) -> None:
    device = await a_device(gate)
    queue, direct = await hold_queue(gate), await direct_queue(gate, device)
    job = await print_nobodys(gate, queue)
    with pytest.raises(NotAuthorized):
        await gate.desk.claim(job.id, PHONE, "mallory")
    going = await submit(gate, direct, b"x")
    with pytest.raises(NotPossible, match="is pending: only a held job"):
        await gate.desk.claim(going.id, OPERATOR, "jake")
    opened = await gate.intake.create(queue, nobodys(queue))
    with pytest.raises(NotPossible, match="still arrives"):
        await gate.desk.claim(opened.id, OPERATOR, "jake")
    with pytest.raises(NotFound):
        await gate.desk.claim(99, OPERATOR, "jake")


async def test_a_held_job_of_the_wrong_owner_is_given_to_the_right_one_and_keeps_what_was_said(gate: Gate) -> None:
    job = await submit(gate, await hold_queue(gate), b"x")
    given = await gate.desk.claim(job.id, OPERATOR, "jake")
    assert (given.owner, given.said, given.reasons) == ("jake", "alice", (RELEASE,))
    again = await gate.desk.claim(job.id, OPERATOR, "anna")
    assert (again.owner, again.said) == ("anna", "alice")


async def test_what_was_said_is_kept_of_a_large_job_too(gate: Gate) -> None:
    queue = await hold_queue(gate)
    new = NewJob(queue.id, "jake", "x", "192.0.2.1", said="CORP\\Jake")
    job = await gate.intake.submit(queue, new, NewDocument(), stream(LARGE))
    assert ((await job_of(gate, job)).owner, (await job_of(gate, job)).said) == ("jake", "CORP\\Jake")
