"""Filters of CUPS that do as a test says, in a folder as CUPS has it, and the processes that are left of them."""

import os
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path

from tests.rig.where import directory

_NUMBERS = count(os.getpid() * 1000)


class Filters:
    """`root`/filter, which every user may read. A filter is a shell script; MARK in it names what it starts."""

    def __init__(self, root: Path) -> None:
        self.root = directory(root)
        self._folder = directory(root / "filter")
        self.mark = f"{next(_NUMBERS)}.5"
        """So many seconds that only processes of this test sleep."""

    def write(self, name: str, script: str) -> None:
        """Make a filter."""
        path = self._folder / name
        path.write_text(f"#!/bin/sh\n{script.replace('MARK', self.mark)}\n")
        path.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)

    def left(self) -> list[int]:
        """The processes that carry the mark and run."""
        wanted, found = self.mark.encode(), []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with suppress(OSError):
                    if wanted in (entry / "cmdline").read_bytes():
                        found.append(int(entry.name))
        return found
