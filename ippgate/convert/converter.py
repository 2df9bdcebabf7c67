"""Whether and how documents are converted here: a document streams in, the result streams out."""

import asyncio
import os
import platform
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from ippgate.convert import landlock, seccomp
from ippgate.convert.conversion import Conversion
from ippgate.convert.errors import ConversionUnavailable
from ippgate.convert.folder import Folder, clear
from ippgate.convert.formats import best_target
from ippgate.convert.order import Order
from ippgate.convert.settings import ConvertSettings
from ippgate.convert.sheet import Sheet


class Converter:
    """Converts documents, a few at once. Keeps nothing between conversions."""

    def __init__(self, settings: ConvertSettings) -> None:
        self.settings = settings
        self._turns = asyncio.Semaphore(settings.at_once)

    def possible(self, source: str, taken: Iterable[str]) -> str | None:
        """The format to convert a document to, of those that a device takes; None: it is not converted.

        Says nothing about whether the programs are here: `obstacle` does.
        """
        return best_target(source, taken) if self.settings.enabled else None

    def obstacle(self) -> str | None:
        """Why nothing can be converted on this machine, as a sentence; None: nothing is known to stand in the way."""
        settings = self.settings
        if not os.access(settings.command, os.X_OK):
            return f"{settings.command} is missing: install the packages cups and cups-filters"
        if not (settings.programs / "filter" / "pdftopdf").exists():
            return f"{settings.programs}/filter has no filters: install the package cups-filters"
        if not os.access(settings.temp, os.W_OK | os.X_OK):
            return f"{settings.temp} cannot be written: name a folder in memory as convert.temp"
        if not in_memory(settings.temp):
            return f"{settings.temp} is not in memory (tmpfs), so documents would lie on a disk in plain"
        return _unconfinable()

    @asynccontextmanager
    async def converted(
        self, document: AsyncIterator[bytes], source: str, target: str, sheet: Sheet
    ) -> AsyncGenerator[AsyncIterator[bytes], None]:
        """Within the block: the result, chunk by chunk, as it comes. Leaving it ends the filters, whatever they do.

        The iterator raises ConversionError, also after its last chunk: what was read is whole only when it ends by
        itself. What `document` raises comes out of it as it is. `document` is read to its end, from another task.
        """
        if not self.settings.enabled:
            raise ConversionUnavailable("documents are not converted here (convert.enabled)")
        async with self._turns:
            if obstacle := await asyncio.to_thread(self.obstacle):
                raise ConversionUnavailable(obstacle)
            await asyncio.to_thread(clear, self.settings.temp)
            folder = Folder(self.settings.temp)  # at once: nobody can cancel between making and having it
            try:
                order = self._order(folder.path, source, target, sheet)
                async with Conversion.started(order, self.settings) as conversion:
                    try:
                        async with asyncio.TaskGroup() as tasks:
                            feeding = tasks.create_task(conversion.feed(document))
                            tasks.create_task(conversion.listen())
                            try:
                                yield conversion.chunks()
                            finally:
                                await conversion.end()
                                feeding.cancel()
                    except BaseExceptionGroup as group:
                        raise group.exceptions[0] if len(group.exceptions) == 1 else group from None
            finally:
                await asyncio.to_thread(folder.remove)

    def _order(self, folder: str, source: str, target: str, sheet: Sheet) -> Order:
        settings = self.settings
        return Order(
            source=source,
            target=target,
            ppd=sheet.ppd(),
            options=sheet.chosen(),
            folder=folder,
            cupsfilter=str(settings.command),
            programs=str(settings.programs),
            parent=os.getpid(),
            memory=settings.memory,
            seconds=max(1, round(settings.seconds)),
            room=settings.room,
            processes=settings.processes,
        )


def _unconfinable() -> str | None:
    try:
        landlock.abi()
    except OSError as error:
        return f"filters cannot be confined here ({error.strerror}): it takes Linux 5.13 or newer with landlock"
    return None if seccomp.known() else f"filters cannot be confined on {platform.machine()}: x86_64 and aarch64 only"


def in_memory(folder: Path) -> bool:
    """Whether the folder is on a filesystem that has no disk (proc_pid_mountinfo(5))."""
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        before, _, after = line.partition(" - ")
        if before.split()[2] == wanted:
            return after.split()[0] in ("tmpfs", "ramfs")
    return False
