"""Natural batching: while one call is under way, what arrives is gathered for the next.

Alone, an item waits for nobody; under load the cost of a round trip and a commit is shared. Nothing is delayed on
purpose and no timer runs.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Generic, Self, TypeVar

from ippgate.model.errors import Unavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Gather(Generic[Item, Answer]):
    """Runs `act` on batches; `await gather(item)` answers for that item alone.

    act: takes a batch, returns an answer for each item in order.
    most: items a batch at the most; heavy: sum of weights a batch at the most; lanes: calls under way at once.
    weight: what an item weighs; apart: items with the same key never share a batch (the later one waits).

    When a batch fails for another reason than `Unavailable`, its items are tried one by one, so that only the guilty
    one fails.
    """

    def __init__(
        self,
        act: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]],
        *,
        most: int,
        lanes: int = 1,
        heavy: int = 0,
        weight: Callable[[Item], int] = lambda _item: 1,
        apart: Callable[[Item], object] | None = None,
    ) -> None:
        self._act, self._most, self._lanes = act, most, lanes
        self._heavy, self._weight, self._apart = heavy or most, weight, apart
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._arrived = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._run(), name=f"gather-{n}") for n in range(self._lanes)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; items that still wait are refused as unavailable."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while self._waiting:
            _item, future = self._waiting.popleft()
            if not future.done():
                future.set_exception(_stopping())

    async def __call__(self, item: Item) -> Answer:
        """The answer for this item; raises what `act` raised for it, and Unavailable once this has ended."""
        if not self._tasks:
            raise _stopping()
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._arrived.set()
        return await future

    async def _run(self) -> None:
        while True:
            while not (batch := self._take()):
                self._arrived.clear()
                await self._arrived.wait()
            await self._settle(batch)

    def _take(self) -> list[tuple[Item, asyncio.Future[Answer]]]:
        batch: list[tuple[Item, asyncio.Future[Answer]]] = []
        keys: set[object] = set()
        load = 0
        while self._waiting and len(batch) < self._most:
            item, future = self._waiting[0]
            key = self._apart(item) if self._apart else None
            load += self._weight(item)
            if batch and (load > self._heavy or (key is not None and key in keys)):
                break
            self._waiting.popleft()
            keys.add(key)
            if not future.done():  # whoever asked has gone
                batch.append((item, future))
        return batch

    async def _settle(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._act([item for item, _ in batch])
            if len(answers) != len(batch):
                raise RuntimeError(f"{len(answers)} answers for {len(batch)} items")
        except asyncio.CancelledError:
            _fail(batch, _stopping())
            raise
        except Unavailable as error:
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to those who asked
            await self._one_by_one(batch, error)
        else:
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def _one_by_one(self, batch: list[tuple[Item, asyncio.Future[Answer]]], error: Exception) -> None:
        if len(batch) == 1:
            _fail(batch, error)
            return
        for entry in batch:
            await self._settle([entry])


def _stopping() -> Unavailable:
    return Unavailable("the gate is stopping; try again in a minute")


def _fail(batch: list[tuple[Item, asyncio.Future[Answer]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
