"""What a lane has under way, for those who want to stop it: what is being sent, or was sent and is not yet stored."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Underway:
    """A count that can be waited for. True while there is something."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def __bool__(self) -> bool:
        return self._count > 0

    def begin(self) -> None:
        """One more."""
        self._count += 1
        self._none.clear()

    def end(self) -> None:
        """One less."""
        self._count -= 1
        if not self._count:
            self._none.set()

    @contextmanager
    def ending(self) -> Iterator[None]:
        """One less after this."""
        try:
            yield
        finally:
            self.end()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """One less during this: it waits for its device, and may be stopped."""
        self.end()
        try:
            yield
        finally:
            self.begin()

    async def over(self) -> None:
        """Return when there is nothing."""
        await self._none.wait()
