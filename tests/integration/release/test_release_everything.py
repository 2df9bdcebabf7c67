"""Everything that waits for somebody goes to one device; what does not go is told with its reason."""

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotPossible
from ippgate.model.job import Caller, Job, NewDocument, NewJob
from ippgate.model.person import Particulars
from ippgate.model.release_action import ReleaseAction
from ippgate.model.until import INDEFINITE
from ippgate.release import everything
from tests.integration.gates import ALICE, BOB, hold_queue, job_of, stream, submit
from tests.integration.stages import device

HELD, PENDING = JobState.PENDING_HELD, JobState.PENDING
PAGE = b"%PDF-1.7 a page"


async def with_password(gate: Gate) -> Job:
    """A job that nobody has given a password for; it waits for somebody at its device."""
    queue = await hold_queue(gate, "owned")
    new = NewJob(queue.id, ALICE.name, "report", "", release_action=ReleaseAction.OWNER_AUTHORIZED)
    return await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(PAGE))


async def test_all_go_oldest_first_but_those_that_are_refused_each_with_its_reason(gate: Gate) -> None:
    queue, here = await hold_queue(gate), await device(gate)
    first = await submit(gate, queue, PAGE)
    owned = await with_password(gate)
    last = await submit(gate, queue, PAGE)
    another_s = await submit(gate, queue, PAGE, owner=BOB)
    came = await gate.everything.to(ALICE, here, keep=True)
    assert [(job.id, job.state, job.keeps) for job in came.released] == [
        (first.id, PENDING, True),
        (last.id, PENDING, True),
    ]
    assert [(each.job.id, each.reason) for each in came.refused] == [
        (owned.id, f"job {owned.id} is released by its owner, who proves it over TLS")
    ]
    assert not came.more
    assert (await job_of(gate, another_s)).state is HELD


async def test_with_a_key_it_happens_once_and_so_many_go_at_once(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everything, "MOST", 2)
    queue, here = await hold_queue(gate), await device(gate)
    jobs = [await submit(gate, queue, PAGE) for _ in range(3)]
    came = await gate.everything.to(ALICE, here, key="k")
    assert ([job.id for job in came.released], came.more) == ([1, 2], True)
    for job in jobs[:2]:
        await gate.desk.hold(job.id, ALICE, None)
    came = await gate.everything.to(ALICE, here, key="k")
    assert [job.state for job in came.released] == [HELD, HELD]  # as they are by then


@pytest.mark.parametrize("by_person", [True, False])
async def test_a_login_prints_all_where_the_person_or_the_device_wants_it(gate: Gate, by_person: bool) -> None:
    queue, here = await hold_queue(gate), await device(gate)
    job, later = await submit(gate, queue, PAGE), await submit(gate, queue, PAGE)
    await gate.desk.hold(later.id, ALICE, INDEFINITE)
    await gate.people.add("alice", Particulars())
    assert await gate.everything.on_login(ALICE, here) is None
    assert await gate.everything.on_login(Caller("stranger"), here) is None
    if by_person:
        await gate.people.change("alice", Particulars(auto_release=True))
    else:
        here = await gate.fleet.set_logins(here.name, auto_release=True)
        assert here.auto_release
        assert (await gate.fleet.set_logins(here.name, card_profile="decimal")).auto_release
    came = await gate.everything.on_login(ALICE, here)
    assert came is not None
    assert [each.id for each in came.released] == [job.id]
    assert [(each.job.id, each.reason) for each in came.refused] == [(later.id, everything.HELD_ON)]
    assert [each.id for each in (await gate.everything.to(ALICE, here)).released] == [later.id]


async def test_a_key_that_is_none_is_a_reason_of_each(gate: Gate) -> None:
    here = await device(gate)
    await submit(gate, await hold_queue(gate), PAGE)
    (refused,) = (await gate.everything.to(ALICE, here, key="")).refused
    assert "255 octets" in refused.reason
    with pytest.raises(NotPossible):
        await gate.release.release(refused.job.id, ALICE, here.name, key="")
