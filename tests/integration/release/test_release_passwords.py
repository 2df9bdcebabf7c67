"""Jobs that are held for an action (PWG 5100.11-2024): who gets them released, how passwords are kept, and guessing."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.hold.clock import HoldClock
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Busy, NotAuthenticated, NotAuthorized, NotFound, NotPossible, WrongPassword
from ippgate.model.job import Caller, Job, NewDocument, NewJob
from ippgate.model.job_password import JobPassword
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Queue
from ippgate.model.release_action import ReleaseAction, action_reasons
from ippgate.observe import Event as Noted
from ippgate.release.guard import Guard
from ippgate.store.jobs import Move
from ippgate.store.passwords import PasswordStore, PatienceBounds
from tests.integration.gates import ALICE, BOB, OPERATOR, Connection, direct_queue, hold_queue, job_of, stream
from tests.integration.store.births import a_device, by_carrier

PIN, WRONG = JobPassword("none", b"2580"), JobPassword("none", b"2581")
HASHED = JobPassword("sha2-256", hashlib.sha256(b"2580").digest())
HELD, PENDING = JobState.PENDING_HELD, JobState.PENDING
WAITS = (R.JOB_PASSWORD_WAIT, R.JOB_HELD_FOR_RELEASE)
LATER = "23:59"
EASY = PatienceBounds(first=0.0, longest=0.0)
"""Nobody waits between tries: what a test is about it sets itself."""

Opening = Callable[..., Awaitable[Gate]]


async def sent(
    gate: Gate, queue: Queue, password: JobPassword | None = PIN, *, document: bytes = b"a page", **new: object
) -> Job:
    """A job of Alice's that is held for its password."""
    action = ReleaseAction.JOB_PASSWORD if password else None
    job = NewJob(queue.id, "alice", "report", "", release_action=action, password=password)
    return await gate.intake.submit(queue, replace(job, **new), NewDocument("application/pdf"), stream(document))  # type: ignore[arg-type]  # tests name the fields


def eased(gate: Gate, bounds: PatienceBounds = EASY) -> None:
    gate.release._guard = Guard(PasswordStore(gate.database, bounds), gate.keys)


async def kept(sql: Connection, job: Job) -> bytes | None:
    found: bytes | None = await sql.fetchval("SELECT password FROM job WHERE id = $1", job.id)
    return found


async def wrong_tries(sql: Connection, job: Job) -> int:
    return int(await sql.fetchval("SELECT wrong_passwords FROM job WHERE id = $1", job.id))


# ── the password ──


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
async def test_a_job_with_a_password_goes_when_it_is_given(gate: Gate, sql: Connection, *, large: bool) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    job = await sent(gate, queue, document=b"x" * (3 << 20) if large else b"x")
    assert (job.state, job.reasons) == (HELD, WAITS)
    assert (await job_of(gate, job)).release_action is ReleaseAction.JOB_PASSWORD
    for refused in (WRONG, None):
        with pytest.raises(WrongPassword):
            await gate.release.release(job.id, ALICE, device.name, password=refused)
    assert (await job_of(gate, job)).reasons == WAITS
    released = await gate.release.release(job.id, ALICE, device.name, password=PIN)
    assert (released.state, released.reasons) == (PENDING, ())
    assert await wrong_tries(sql, job) == 0


async def test_a_job_by_create_job_keeps_its_password_until_its_document_is_here(gate: Gate) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    new = NewJob(queue.id, "alice", "report", "", release_action=ReleaseAction.JOB_PASSWORD, password=HASHED)
    created = await gate.intake.create(queue, new)
    assert created.reasons == (*WAITS, R.JOB_INCOMING)
    job = await gate.intake.add_document(created.id, ALICE, NewDocument(), stream(b"x"), True)
    assert job.reasons == WAITS
    assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING


async def test_a_hash_is_held_against_what_was_typed_and_the_other_way_round(gate: Gate) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    for stored, offered in ((HASHED, HASHED), (HASHED, PIN), (PIN, HASHED)):
        job = await sent(gate, queue, stored)
        assert (await gate.release.release(job.id, ALICE, device.name, password=offered)).state is PENDING


async def test_on_a_passthrough_queue_the_password_alone_sends_it(gate: Gate) -> None:
    job = await sent(gate, await direct_queue(gate, await a_device(gate)))
    assert (job.state, job.reasons) == (HELD, WAITS)
    assert (await gate.release.release(job.id, ALICE, password=PIN)).state is PENDING


async def test_a_password_is_not_spent_where_the_release_leads_nowhere(gate: Gate, sql: Connection) -> None:
    job = await sent(gate, await hold_queue(gate))
    with pytest.raises(NotPossible, match=r"name one .output-device-uuid. with its password"):
        await gate.release.release(job.id, ALICE, password=PIN)
    with pytest.raises(WrongPassword, match="held for its password"):
        await gate.release.release(job.id, ALICE)
    assert await wrong_tries(sql, job) == 0


async def test_somebody_else_does_not_get_to_guess(gate: Gate, sql: Connection) -> None:
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    with pytest.raises(NotAuthorized):
        await gate.release.release(job.id, BOB, device.name, password=PIN)
    assert await wrong_tries(sql, job) == 0


async def test_an_operator_may_do_without_and_that_is_noted(
    gate: Gate, noted: list[tuple[Noted, dict[str, object]]]
) -> None:
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    with pytest.raises(WrongPassword):
        await gate.release.release(job.id, OPERATOR, device.name, password=WRONG)
    assert (await gate.release.release(job.id, OPERATOR, device.name)).state is PENDING
    facts = [facts for event, facts in noted if event is Noted.JOB_OVERRIDDEN]
    assert facts == [{"job": job.id, "user": "root", "action": "job-password"}]


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Noted, dict[str, object]]]:
    """What the guard notes."""
    seen: list[tuple[Noted, dict[str, object]]] = []
    monkeypatch.setattr("ippgate.release.guard.note", lambda event, **facts: seen.append((event, facts)))
    return seen


# ── at rest ──


async def test_what_is_stored_says_nothing_and_opens_as_that_job_s_alone(gate: Gate, sql: Connection) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    jobs = [await sent(gate, queue, PIN), await sent(gate, queue, PIN)]
    sealed = [await kept(sql, job) for job in jobs]
    assert sealed[0] is not None
    assert sealed[0] != sealed[1]
    assert b"2580" not in sealed[0]
    assert b"none" not in sealed[0]
    row = await sql.fetchval("SELECT job::text FROM job WHERE id = $1", jobs[0].id)
    assert "2580" not in row
    assert b"2580".hex() not in row
    await sql.execute("UPDATE job SET password = $2 WHERE id = $1", jobs[0].id, sealed[1])
    with pytest.raises(Exception, match="does not open with the job's key"):
        await gate.release.release(jobs[0].id, ALICE, device.name, password=PIN)


async def test_a_new_master_key_leaves_passwords_as_they_are(gate: Gate) -> None:
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    assert [count async for count in gate.rotation.rotate()] == [1]
    assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING


@pytest.mark.parametrize("ending", ["cancel", "complete", "abort"])
async def test_a_password_is_gone_in_the_moment_the_job_ends(gate: Gate, sql: Connection, ending: str) -> None:
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    assert await kept(sql, job) is not None
    if ending == "complete":
        await gate.release.release(job.id, ALICE, device.name, password=PIN)
        await gate.lanes.beat()
        [load] = await gate.lanes.claim(device.id, 1)
        assert await gate.jobs.move(by_carrier(gate, load, Event.START))
        assert await kept(sql, job) is not None  # it may still come back
        assert await gate.jobs.move(by_carrier(gate, load, Event.COMPLETE))
    else:
        event = Event.CANCEL if ending == "cancel" else Event.ABORT
        assert await gate.jobs.move(Move(job.id, event, (R.ABORTED_BY_SYSTEM,)))
    assert await kept(sql, job) is None
    assert (await job_of(gate, job)).release_action is ReleaseAction.JOB_PASSWORD


async def test_where_ended_jobs_keep_their_documents_the_password_goes_with_these(
    gates: Opening, sql: Connection, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    gate = await gates(settings=replace(settings, spool=replace(settings.spool, keep_printed=3600.0)))
    job = await sent(gate, await hold_queue(gate))
    await gate.desk.cancel(job.id, ALICE)
    assert await kept(sql, job) is not None
    await sql.execute("UPDATE trash SET due = now()")
    assert await gate.database.value("trash_reap", 100) == 1
    assert await kept(sql, job) is None


async def test_the_database_insists(gate: Gate, sql: Connection) -> None:
    job = await sent(gate, await hold_queue(gate))
    for wrong in (
        "UPDATE job SET release_action = 'button-press' WHERE id = $1",
        "UPDATE job SET release_action = 'none' WHERE id = $1",
        "UPDATE job SET release_action = NULL WHERE id = $1",
        "UPDATE job SET wrong_passwords = -1 WHERE id = $1",
        """UPDATE queue SET options = '{"release_action": "job-password"}' WHERE id = $1""",
    ):
        with pytest.raises(Exception, match="violates check constraint"):
            await sql.execute(wrong, job.id)


async def test_the_database_knows_the_same_reasons(sql: Connection) -> None:
    for action in (None, *ReleaseAction):
        assert tuple(await sql.fetchval("SELECT action_reasons($1)", action and action.value)) == action_reasons(action)


# ── guessing ──


async def test_guessing_costs_time_after_a_few_tries_and_the_right_one_forgives(gate: Gate, sql: Connection) -> None:
    eased(gate, PatienceBounds(free=2, first=30.0, longest=60.0))
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    for _ in range(3):
        with pytest.raises(WrongPassword):
            await gate.release.release(job.id, ALICE, device.name, password=WRONG)
    with pytest.raises(Busy, match=r"try again in (29|30) seconds"):
        await gate.release.release(job.id, ALICE, device.name, password=PIN)
    assert await wrong_tries(sql, job) == 3
    await sql.execute("UPDATE job SET password_again_at = now()")
    assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING
    assert await wrong_tries(sql, job) == 0


async def test_the_wait_doubles_up_to_its_bound(gate: Gate, sql: Connection) -> None:
    eased(gate, PatienceBounds(free=1, first=10.0, longest=50.0))
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    waits = []
    for _ in range(6):
        with pytest.raises(WrongPassword):
            await gate.release.release(job.id, ALICE, device.name, password=WRONG)
        wait = await sql.fetchval("SELECT extract(epoch FROM password_again_at - clock_timestamp()) FROM job")
        waits.append(None if wait is None else round(wait, -1))
        await sql.execute("UPDATE job SET password_again_at = NULL")
    assert waits == [None, 10, 20, 40, 50, 50]


async def test_after_too_many_a_job_is_locked_in_every_gate_until_an_operator_helps(
    gates: Opening, sql: Connection
) -> None:
    gate, other = await gates(), await gates()
    eased(gate)
    eased(other)
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    for number in range(EASY.locks_after):
        with pytest.raises(WrongPassword):
            await (gate, other)[number % 2].release.release(job.id, ALICE, device.name, password=WRONG)
    for each in (gate, other):
        with pytest.raises(NotPossible, match="is locked: its password was wrong too often"):
            await each.release.release(job.id, ALICE, device.name, password=PIN)
    assert await wrong_tries(sql, job) == EASY.locks_after
    assert (await job_of(gate, job)).wrong_passwords == EASY.locks_after
    await other.guard.unlock(job.id, "root")
    assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING


async def test_an_operator_releases_a_locked_job(gate: Gate) -> None:
    eased(gate, replace(EASY, locks_after=1))
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    with pytest.raises(WrongPassword):
        await gate.release.release(job.id, ALICE, device.name, password=WRONG)
    with pytest.raises(NotPossible, match="is locked"):
        await gate.release.release(job.id, ALICE, device.name, password=PIN)
    assert (await gate.release.release(job.id, OPERATOR, device.name)).state is PENDING


async def test_tries_side_by_side_count_as_tries_one_by_one(gate: Gate, sql: Connection) -> None:
    eased(gate)
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    guesses = [JobPassword("none", b"%04d" % number) for number in range(30)]
    told = await asyncio.gather(
        *(gate.release.release(job.id, ALICE, device.name, password=guess) for guess in guesses), return_exceptions=True
    )
    kinds = [type(each) for each in told]
    assert (kinds.count(WrongPassword), kinds.count(NotPossible)) == (EASY.locks_after, 30 - EASY.locks_after)
    assert await wrong_tries(sql, job) == EASY.locks_after


async def test_one_source_cannot_lock_the_jobs_of_a_whole_house(gate: Gate, sql: Connection) -> None:
    eased(gate, replace(EASY, locks_after=3, source_free=5, source_every=60.0))
    device, queue = await a_device(gate), await hold_queue(gate)
    jobs = [await sent(gate, queue) for _ in range(4)]
    attacker, here = Caller("alice", "203.0.113.9"), Caller("alice", "192.0.2.1")
    outcomes = []
    for job in jobs:
        for _ in range(3):
            with pytest.raises((WrongPassword, Busy)) as caught:
                await gate.release.release(job.id, attacker, device.name, password=WRONG)
            outcomes.append(caught.type)
    assert outcomes.count(WrongPassword) == 6  # what it may at once, and the one that is due
    assert [await wrong_tries(sql, job) for job in jobs] == [3, 3, 0, 0]
    for job in jobs[2:]:
        assert (await gate.release.release(job.id, here, device.name, password=PIN)).state is PENDING
    await sql.execute(
        "UPDATE password_guesser SET busy_until = now() - interval '1 second' WHERE source = '203.0.113.9'"
    )
    await gate.database.value("password_forget_guessers", 100)
    assert await sql.fetchval("SELECT count(*) FROM password_guesser WHERE source = '203.0.113.9'") == 0


async def test_an_attacker_s_own_right_passwords_do_not_pay_for_his_wrong_ones(gate: Gate) -> None:
    eased(gate, replace(EASY, source_free=3))
    device, queue = await a_device(gate), await hold_queue(gate)
    victim = await sent(gate, queue)
    outcomes = []
    for _ in range(6):
        own = await sent(gate, queue)
        for job, password in ((victim, WRONG), (own, PIN)):
            try:
                await gate.release.release(job.id, ALICE, device.name, password=password)
            except (WrongPassword, Busy) as error:
                outcomes.append(type(error))
    assert outcomes.count(WrongPassword) == 4
    assert outcomes[-1] is Busy


async def test_only_a_job_with_a_password_can_be_unlocked(gate: Gate) -> None:
    job = await sent(gate, await hold_queue(gate), None)
    for job_id in (job.id, 99):
        with pytest.raises(NotFound, match=f"there is no job {job_id} that waits for a password"):
            await gate.guard.unlock(job_id, "root")


# ── reasons ──


async def test_held_until_a_time_and_for_a_password_both_must_go(gate: Gate, sql: Connection) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    both = (R.JOB_HOLD_UNTIL_SPECIFIED, *WAITS)
    by_time, by_owner, by_release = [await sent(gate, queue, hold_until=LATER) for _ in range(3)]
    assert by_time.reasons == both
    await sql.execute("UPDATE job SET hold_until_time = now() - interval '1 second' WHERE id = $1", by_time.id)
    assert await HoldClock(gate.jobs, gate.lanes).strike() == 1
    await gate.desk.change(by_owner.id, ALICE, hold_until="no-hold")
    for job in (by_time, by_owner):
        assert ((await job_of(gate, job)).state, (await job_of(gate, job)).reasons) == (HELD, WAITS)
    with pytest.raises(WrongPassword):
        await gate.release.release(by_release.id, ALICE, device.name)
    assert (await job_of(gate, by_release)).reasons == both
    for job in (by_time, by_owner, by_release):
        assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING


async def test_a_hold_of_its_own_does_not_hide_why_else_it_waits(gate: Gate) -> None:
    job = await sent(gate, await hold_queue(gate))
    held = await gate.desk.hold(job.id, ALICE, None)
    assert held.reasons == (*WAITS, R.JOB_HOLD_UNTIL_SPECIFIED)
    assert (await gate.desk.change(job.id, ALICE, name="other")).reasons == held.reasons


@pytest.mark.parametrize("reasons", [(R.JOB_HELD_FOR_RELEASE,), (R.JOB_HELD_FOR_REVIEW,), ()])
async def test_a_job_that_comes_back_waits_for_its_password_again(gate: Gate, reasons: tuple[str, ...]) -> None:
    device, job = await a_device(gate), await sent(gate, await hold_queue(gate))
    await gate.release.release(job.id, ALICE, device.name, password=PIN)
    await gate.lanes.beat()
    [load] = await gate.lanes.claim(device.id, 1)
    assert await gate.jobs.move(by_carrier(gate, load, Event.START))
    assert await gate.jobs.move(by_carrier(gate, load, Event.HOLD, *reasons))
    back = await job_of(gate, job)
    assert back.state is HELD
    assert back.reasons == (*reasons, *(each for each in WAITS if each not in reasons))
    with pytest.raises(WrongPassword):
        await gate.release.release(job.id, ALICE, device.name)
    assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING


async def test_letting_new_jobs_go_lets_none_go_that_waits_for_its_action(gate: Gate) -> None:
    queue = await direct_queue(gate, await a_device(gate))
    queue = await gate.traffic.hold_new(queue.name, "root")
    plain, secret = await sent(gate, queue, None), await sent(gate, queue)
    await gate.traffic.take_new(queue.name, "root")
    assert (await job_of(gate, plain)).state is PENDING
    assert ((await job_of(gate, secret)).state, (await job_of(gate, secret)).reasons) == (HELD, WAITS)


async def test_a_rule_that_prints_directly_does_not_print_what_waits_for_its_action(
    ruled: Callable[[str], Awaitable[Gate]],
) -> None:
    gate = await ruled('[[rule]]\nname = "all"\nwhen = "true"\nprint_directly = true\nsend_to = "printer"\n')
    await a_device(gate)
    job = await sent(gate, await hold_queue(gate))
    assert ((await job_of(gate, job)).state, (await job_of(gate, job)).reasons) == (HELD, WAITS)


async def test_rules_that_look_at_the_document_forget_no_action(ruled: Callable[[str], Awaitable[Gate]]) -> None:
    gate = await ruled('[[rule]]\nname = "long"\nwhen = "job.pages > 500"\nunknown = "skip"\nrefuse = "Too long."\n')
    device = await a_device(gate)
    job = await sent(gate, await hold_queue(gate), document=b"x" * (2 << 20))
    assert (job.state, job.reasons, job.judged) == (HELD, WAITS, True)
    assert (await gate.release.release(job.id, ALICE, device.name, password=PIN)).state is PENDING


# ── the other actions ──


async def test_whoever_releases_a_job_at_a_device_has_pressed_its_button(gate: Gate) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    job = await sent(gate, queue, None, release_action=ReleaseAction.BUTTON_PRESS)
    assert job.reasons == (R.JOB_HELD_FOR_BUTTON_PRESS, R.JOB_HELD_FOR_RELEASE)
    with pytest.raises(NotAuthorized):
        await gate.release.release(job.id, BOB, device.name)
    assert (await gate.release.release(job.id, ALICE, device.name)).state is PENDING


async def test_an_owner_who_only_says_so_is_not_authorized(gate: Gate) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    job = await sent(gate, queue, None, release_action=ReleaseAction.OWNER_AUTHORIZED)
    assert job.reasons == (R.JOB_HELD_FOR_AUTHORIZATION, R.JOB_HELD_FOR_RELEASE)
    with pytest.raises(NotAuthenticated, match="released by its owner, who proves it over TLS"):
        await gate.release.release(job.id, ALICE, device.name)
    assert (await job_of(gate, job)).reasons == job.reasons
    proven = replace(ALICE, proven=True)
    with pytest.raises(NotAuthorized):
        await gate.release.release(job.id, replace(BOB, proven=True), device.name)
    assert (await gate.release.release(job.id, proven, device.name)).state is PENDING
    other = await sent(gate, queue, None, release_action=ReleaseAction.OWNER_AUTHORIZED)
    assert (await gate.release.release(other.id, OPERATOR, device.name)).state is PENDING
