"""Natural batching: nobody waits alone, many share a call, and each gets the answer that is theirs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from ippgate.model.errors import Unavailable
from ippgate.store.gather import Gather


class Worker:
    """Answers each item with its square, when it may; keeps what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.free = asyncio.Event()
        self.asked = asyncio.Event()
        self.free.set()
        self.error: Exception | None = None
        self.guilty: set[int] = set()

    async def act(self, batch: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(batch))
        self.asked.set()
        await self.free.wait()
        if self.error is not None:
            raise self.error
        if self.guilty.intersection(batch):
            raise ValueError(f"cannot do {self.guilty.intersection(batch)}")
        return [item * item for item in batch]


@pytest.fixture
def worker() -> Worker:
    return Worker()


async def busy(worker: Worker, gather: "Gather[int, int]", first: int = 0) -> "asyncio.Task[int]":
    """Have the worker hold on with one item; what comes now waits."""
    worker.free.clear()
    worker.asked.clear()
    task = asyncio.create_task(_ask(gather, first))
    await worker.asked.wait()
    return task


async def _ask(gather: "Gather[int, int]", item: int) -> int:
    return await gather(item)


async def ask(gather: "Gather[int, int]", *items: int) -> "list[asyncio.Task[int]]":
    """Ask, and let every question be put."""
    tasks = [asyncio.create_task(_ask(gather, item)) for item in items]
    await asyncio.sleep(0)
    return tasks


@pytest.fixture
async def gather(worker: Worker) -> AsyncIterator["Gather[int, int]"]:
    async with Gather(worker.act, most=4) as gather:
        yield gather


async def test_alone_an_item_waits_for_nobody(worker: Worker, gather: "Gather[int, int]") -> None:
    assert await gather(3) == 9
    assert worker.batches == [[3]]


async def test_what_arrives_during_a_call_shares_the_next(worker: Worker, gather: "Gather[int, int]") -> None:
    first = await busy(worker, gather)
    tasks = await ask(gather, 1, 2, 3)
    worker.free.set()
    assert await asyncio.gather(first, *tasks) == [0, 1, 4, 9]
    assert worker.batches == [[0], [1, 2, 3]]


async def test_a_batch_has_a_bound_and_order_is_kept(worker: Worker, gather: "Gather[int, int]") -> None:
    first = await busy(worker, gather)
    tasks = await ask(gather, *range(1, 11))
    worker.free.set()
    await asyncio.gather(first, *tasks)
    assert worker.batches == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]


async def test_weights_add_up_to_a_bound_but_one_alone_may_be_heavier(worker: Worker) -> None:
    async with Gather(worker.act, most=100, heavy=10, weight=lambda item: item) as gather:
        first = await busy(worker, gather)
        tasks = await ask(gather, 6, 4, 1, 50, 9, 1)
        worker.free.set()
        await asyncio.gather(first, *tasks)
    assert worker.batches == [[0], [6, 4], [1], [50], [9, 1]]


async def test_items_with_the_same_key_never_share_a_batch(worker: Worker) -> None:
    async with Gather(worker.act, most=100, apart=lambda item: item % 10) as gather:
        first = await busy(worker, gather)
        tasks = await ask(gather, 1, 2, 11, 3, 1)
        worker.free.set()
        await asyncio.gather(first, *tasks)
    assert worker.batches == [[0], [1, 2], [11, 3], [1]]


async def test_so_many_calls_are_under_way_at_once(worker: Worker) -> None:
    async with Gather(worker.act, most=1, lanes=3) as gather:
        worker.free.clear()
        tasks = await ask(gather, 1, 2, 3, 4)
        for _ in range(5):
            await asyncio.sleep(0)
        assert worker.batches == [[1], [2], [3]]
        worker.free.set()
        assert await asyncio.gather(*tasks) == [1, 4, 9, 16]


async def test_the_guilty_one_fails_alone(worker: Worker, gather: "Gather[int, int]") -> None:
    worker.guilty = {2}
    first = await busy(worker, gather)
    tasks = await ask(gather, 1, 2, 3)
    worker.free.set()
    results: list[Any] = await asyncio.gather(first, *tasks, return_exceptions=True)
    assert results[:2] + results[3:] == [0, 1, 9]
    assert isinstance(results[2], ValueError)
    assert worker.batches == [[0], [1, 2, 3], [1], [2], [3]]


async def test_what_is_unavailable_is_so_for_all_of_the_batch(worker: Worker, gather: "Gather[int, int]") -> None:
    first = await busy(worker, gather)
    tasks = await ask(gather, 1, 2)
    worker.error = Unavailable("away")
    worker.free.set()
    results = await asyncio.gather(first, *tasks, return_exceptions=True)
    assert [str(result) for result in results] == ["away"] * 3
    assert worker.batches == [[0], [1, 2]]
    worker.error = None
    assert await gather(5) == 25


async def test_an_answer_too_few_fails_those_who_asked_and_nobody_else() -> None:
    async def short(batch: Sequence[int]) -> Sequence[int]:
        return []

    async with Gather[int, int](short, most=4) as gather:
        for _ in range(2):
            with pytest.raises(RuntimeError, match="0 answers for 1 items"):
                await gather(1)


async def test_who_has_gone_is_not_served(worker: Worker, gather: "Gather[int, int]") -> None:
    first = await busy(worker, gather)
    one, two = await ask(gather, 1, 2)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    worker.free.set()
    assert [await first, await two] == [0, 4]
    assert worker.batches == [[0], [2]]


async def test_closing_refuses_what_waits_what_runs_and_what_comes_later(worker: Worker) -> None:
    gather = Gather(worker.act, most=1)
    await gather.__aenter__()
    first = await busy(worker, gather)
    waiting = await ask(gather, 1, 2)
    await gather.__aexit__(None, None, None)
    results: list[Any] = await asyncio.gather(first, *waiting, return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    with pytest.raises(Unavailable, match="the gate is stopping"):
        await gather(3)
    await gather.__aexit__(None, None, None)
    assert worker.batches == [[0]]
