"""Jobs are found by queue, owner, device and state, in order, and no more of them than asked for."""

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.lifecycle import TERMINAL
from ippgate.store.jobs import WAITING
from tests.integration.gates import ALICE, BOB, direct_queue, hold_queue, submit
from tests.integration.store.births import a_device


@pytest.fixture
async def jobs(gate: Gate) -> dict[str, int]:
    """Two people's jobs in two queues; some have ended, in the order c, a."""
    device = await a_device(gate)
    held, direct = await hold_queue(gate), await direct_queue(gate, device)
    made = {
        "a": await submit(gate, held, b"1", owner=ALICE),
        "b": await submit(gate, held, b"2", owner=BOB),
        "c": await submit(gate, held, b"3", owner=ALICE),
        "d": await submit(gate, direct, b"4", owner=ALICE),
        "e": await submit(gate, held, b"5", owner=ALICE),
    }
    await gate.desk.cancel(made["c"].id, ALICE)
    await gate.desk.cancel(made["a"].id, ALICE)
    return {name: job.id for name, job in made.items()}


async def listed(gate: Gate, jobs: dict[str, int], states: tuple[JobState, ...], **filters: object) -> str:
    chosen: dict[str, object] = {"queue_id": None, "owner": None, "limit": 100} | filters
    names = {job_id: name for name, job_id in jobs.items()}
    return "".join(names[job.id] for job in await gate.desk.listing(states=states, **chosen))  # type: ignore[arg-type]


async def test_waiting_jobs_come_oldest_first_and_ended_ones_newest_first(gate: Gate, jobs: dict[str, int]) -> None:
    assert await listed(gate, jobs, WAITING) == "bde"
    assert await listed(gate, jobs, tuple(TERMINAL)) == "ac"
    assert await listed(gate, jobs, tuple(JobState)) == "bdeac"


async def test_filters_narrow_alone_and_together(gate: Gate, jobs: dict[str, int]) -> None:
    device = await a_device(gate)
    held, direct = [queue.id for queue in await gate.fleet.queues()]
    assert await listed(gate, jobs, WAITING, owner="alice") == "de"
    assert await listed(gate, jobs, WAITING, queue_id=held) == "be"
    assert await listed(gate, jobs, WAITING, queue_id=held, owner="bob") == "b"
    assert await listed(gate, jobs, WAITING, device_id=device.id) == "d"
    assert await listed(gate, jobs, tuple(JobState), queue_id=direct, owner="bob") == ""
    assert await listed(gate, jobs, (JobState.PENDING,)) == "d"
    assert await listed(gate, jobs, (JobState.CANCELED,), owner="alice", queue_id=held) == "ac"
    assert await listed(gate, jobs, (JobState.ABORTED,)) == ""
    assert await listed(gate, jobs, WAITING, owner="ALICE") == ""


async def test_a_limit_counts_over_waiting_and_ended(gate: Gate, jobs: dict[str, int]) -> None:
    assert [await listed(gate, jobs, tuple(JobState), limit=n) for n in range(6)] == [
        "", "b", "bd", "bde", "bdea", "bdeac",
    ]  # fmt: skip


async def test_ids_after_one_that_was_seen_go_on_from_there(gate: Gate, jobs: dict[str, int]) -> None:
    assert await gate.jobs.waiting(limit=2) == [jobs["b"], jobs["d"]]
    assert await gate.jobs.waiting(limit=2, after=jobs["d"]) == [jobs["e"]]


async def test_jobs_come_in_the_order_asked_for_and_unknown_ones_not_at_all(gate: Gate, jobs: dict[str, int]) -> None:
    asked = [jobs["e"], 10**6, jobs["a"], jobs["b"]]
    assert [job.id for job in await gate.desk.get_many(asked)] == [jobs["e"], jobs["a"], jobs["b"]]
    assert await gate.desk.get_many([]) == []


async def test_counts_are_of_what_waits_and_stop_at_their_bound(gate: Gate, jobs: dict[str, int]) -> None:
    held = (await gate.fleet.queues())[0]
    assert await gate.jobs.count_waiting(held.id, 100) == 2
    assert await gate.jobs.count_waiting(held.id, 1) == 1
    assert await gate.jobs.count_states() == {JobState.PENDING_HELD: 2, JobState.PENDING: 1}
