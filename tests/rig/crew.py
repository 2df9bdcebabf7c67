"""The tasks of one in-process server: owned, ended together, and their failures not lost."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Crew:
    """Runs coroutines until `dismiss`, which cancels them and raises what went wrong in any of them.

    Not a TaskGroup: a fixture enters and leaves in two different tasks, which a TaskGroup forbids.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []

    def hire(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a coroutine."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failures.append(error)

    async def dismiss(self, *tasks: asyncio.Task[None]) -> None:
        """Cancel these tasks and wait for their end; without any, all, and raise an ExceptionGroup when any failed."""
        if tasks:
            await _end(tasks)
            return
        while self._tasks:
            await _end(tuple(self._tasks))
        failures, self._failures = self._failures, []
        if failures:
            raise BaseExceptionGroup("in a server of the rig", failures)


async def _end(tasks: tuple[asyncio.Task[None], ...]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await asyncio.sleep(0)  # lets the callbacks of the ended tasks run
