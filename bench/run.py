"""What the questions of one run have in common: where they work, how thorough they are, the house with the crowd."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.gate import House, house

JOBS_OF_A_PERSON = 10


class Run:
    """One run. `say` tells whoever waits what is being done; `root` is a short, reachable folder."""

    def __init__(self, root: Path, *, quick: bool, say: Callable[[str], None]) -> None:
        self.quick, self.say = quick, say
        self._root = root
        self._stack = AsyncExitStack()
        self._crowd: House | None = None

    def choose(self, full: int, quick: int) -> int:
        """How much of something: for a full run, or a quick one."""
        return quick if self.quick else full

    @property
    def crowd_size(self) -> int:
        """Jobs in the largest house."""
        return self.choose(1_000_000, 100_000)

    async def crowd(self) -> House:
        """The house with the most jobs, ten of each person; made when first asked for, kept until the run ends."""
        if self._crowd is None:
            self._crowd = await self._stack.enter_async_context(self.house("crowd", self.crowd_size))
        return self._crowd

    @asynccontextmanager
    async def house(self, name: str, held: int = 0) -> AsyncIterator[House]:
        """A gate's home with so many jobs held; its folder goes with it."""
        async with self.folder(name) as folder, house(folder / "home") as made:
            if held:
                self.say(f"holding {held:,} jobs")
                await made.hold(held, people=max(1, held // JOBS_OF_A_PERSON))
            yield made

    @asynccontextmanager
    async def folder(self, name: str) -> AsyncIterator[Path]:
        """A folder that others can enter, removed at the end: what one question leaves does not fill the disk."""
        folder = self._root / name
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def close(self) -> None:
        """Give up what was kept between questions."""
        await self._stack.aclose()
