"""Wait for something by asking again and again until a deadline: for peers that send no signal."""

import inspect
import time
from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds that a loopback peer gets by default: many times what it needs on a busy two-core machine."""

PAUSE = 0.02
"""Seconds between two questions."""


class DeadlineError(AssertionError):
    """What was waited for did not come before the deadline; names it and the last answer."""

    def __init__(self, what: str, within: float, last: object) -> None:
        super().__init__(f"waited {within:g} s for {what}; the last answer was {last!r}")
        self.what = what
        self.last = last


@overload
async def eventually(probe: Callable[[], Awaitable[T]], what: str, *, within: float = ..., every: float = ...) -> T: ...
@overload
async def eventually(probe: Callable[[], T], what: str, *, within: float = ..., every: float = ...) -> T: ...
async def eventually(probe: Callable[[], Any], what: str, *, within: float = PATIENCE, every: float = PAUSE) -> Any:
    """Return the first truthy answer of `probe` (plain or async); raise DeadlineError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        asked = probe()
        answer = await asked if inspect.isawaitable(asked) else asked
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise DeadlineError(what, within, answer)
        await sleep(every)


def wait_until(probe: Callable[[], T], what: str, *, within: float = PATIENCE, every: float = PAUSE) -> T:
    """Do as `eventually` does, for code without an event loop."""
    deadline = time.monotonic() + within
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise DeadlineError(what, within, answer)
        time.sleep(every)
