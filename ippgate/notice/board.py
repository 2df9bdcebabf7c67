"""Who waits for notices in this worker. A wake-up says only that it is worth looking; whoever waits looks now and then
without one.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Presence(Protocol):
    """A client, as far as whoever waits for it must know."""

    @property
    def left(self) -> bool:
        """It is gone, or sends nothing more: it need not be waited for."""

    def when_left(self, call: Callable[[], None] | None) -> None:
        """Call this once, when it leaves; None: nobody wants to know any more."""


class Seat:
    """One who waits."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """It is worth looking."""
        self._woken.set()

    async def rest(self, seconds: float) -> None:
        """Wait until it is worth looking, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._woken.clear()


class Board:
    """The seats of one worker. most: how many there are; count: told how many are taken."""

    def __init__(self, most: int, count: Callable[[int], None] = lambda _number: None) -> None:
        self._most, self._count = most, count
        self._seats: defaultdict[int, set[Seat]] = defaultdict(set)
        self._taken = 0
        self.closed = False

    @property
    def taken(self) -> int:
        """How many wait."""
        return self._taken

    @contextmanager
    def seat(self, subscriptions: Iterable[int], client: Presence) -> Iterator[Seat | None]:
        """A seat for a client, woken by notices of these subscriptions and when it leaves; None: all are taken."""
        if self.closed or self._taken >= self._most:
            yield None
            return
        seat, ids = Seat(), set(subscriptions)
        for each in ids:
            self._seats[each].add(seat)
        self._taken += 1
        self._count(self._taken)
        client.when_left(seat.wake)
        try:
            yield seat
        finally:
            client.when_left(None)
            self._taken -= 1
            self._count(self._taken)
            for each in ids:
                self._seats[each].discard(seat)
                if not self._seats[each]:
                    del self._seats[each]

    def heard(self, payload: str) -> None:
        """Called with the ids of subscriptions that have something new; with "" anything may have happened."""
        ids = [int(word) for word in payload.split()] if payload else list(self._seats)
        for each in ids:
            for seat in self._seats.get(each, ()):
                seat.wake()

    def close(self) -> None:
        """Nobody waits any more: the worker stops."""
        self.closed = True
        self.heard("")
