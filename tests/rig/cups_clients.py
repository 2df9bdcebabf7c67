"""CUPS's own command line clients, `lp`, `lpstat` and `cancel`, against any host: a cupsd or the gate."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from tests.rig.command import Finished, run

Options: TypeAlias = Mapping[str, str] | Sequence[str]
"""Options of CUPS: by name, or as the words `name=value` and `name`."""

REQUEST_ID = re.compile(r"request id is (?P<queue>\S+)-(?P<job>\d+)")


class CupsClients:
    """The clients pointed at `host` ("127.0.0.1:8631" or a Unix socket's path).

    Each method raises CommandError, which shows what the client said, unless `check` is False.
    Nobody's own ~/.cups is read or written: `home` stands in for it.
    """

    def __init__(self, host: str, home: Path) -> None:
        self.host = host
        self._env = {
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",  # their answers are read
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={home}/no-bus",  # no looking for printers on the network
        }

    async def lp(
        self,
        queue: str,
        *documents: Path,
        user: str | None = None,
        title: str | None = None,
        copies: int | None = None,
        hold: str | None = None,
        options: Options = (),
        stdin: bytes | None = None,
    ) -> int:
        """Print files (or `stdin`) on a queue and return the job's id."""
        words = ["-d", queue, *words_of(options)]
        if title is not None:
            words += ["-t", title]
        if copies is not None:
            words += ["-n", str(copies)]
        if hold is not None:
            words += ["-H", hold]
        done = await self._client("lp", *words, "--", *documents, user=user, stdin=stdin)
        found = REQUEST_ID.search(done.out)
        if found is None:
            raise AssertionError(f"lp named no job: {done}")
        return int(found["job"])

    async def lpstat(self, *words: str, user: str | None = None, check: bool = True) -> str:
        """Return what `lpstat WORDS` prints."""
        return (await self._client("lpstat", *words, user=user, check=check)).out

    async def cancel(self, *jobs: str | int, user: str | None = None, check: bool = True) -> Finished:
        """Cancel jobs, named by id or QUEUE-ID."""
        return await self._client("cancel", *map(str, jobs), user=user, check=check)

    async def resume(self, job: str | int, *, user: str | None = None) -> None:
        """Let a held job go."""
        await self._client("lp", "-i", str(job), "-H", "resume", user=user)

    async def _client(
        self, program: str, *words: str | Path, user: str | None = None, check: bool = True, stdin: bytes | None = None
    ) -> Finished:
        """Run a client; -U comes before -h, for some of them connect as soon as they know the host."""
        first = [] if user is None else ["-U", user]
        return await run(program, *first, "-h", self.host, *words, env=self._env, check=check, stdin=stdin)


def words_of(options: Options) -> list[str]:
    """Return options as `-o name=value` words."""
    named = [f"{name}={value}" for name, value in options.items()] if isinstance(options, Mapping) else options
    return [word for option in named for word in ("-o", option)]
