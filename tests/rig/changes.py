"""A signal that something changed, for tests that wait for it instead of sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.rig.eventually import PATIENCE, DeadlineError

T = TypeVar("T")


class Changes:
    """The owner calls `happened` after each change; costs nothing while nobody waits."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def happened(self) -> None:
        """Wake all who wait, so that they look again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, look: Callable[[], T | None], what: str, *, within: float = PATIENCE) -> T:
        """Return the first truthy answer of `look`, asked after each change; raise DeadlineError after `within` s."""
        seen = look()
        try:
            async with asyncio.timeout(within):
                while not seen:
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    await future
                    seen = look()
        except TimeoutError:
            raise DeadlineError(what, within, seen) from None
        return seen
