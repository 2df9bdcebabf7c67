"""A program of the rig: started in its own session with its log in a file, ended with everything it started."""

import os
import pwd
import select
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from tests.rig.eventually import PATIENCE, DeadlineError, wait_until
from tests.rig.where import is_root

TAIL_LINES = 40
TAIL_BYTES = 65_536
"""What a failure shows of a log: a screenful, read from at most this many bytes of its end."""


class ProcessError(AssertionError):
    """The program ended by itself or never became ready; carries the end of its log."""


class Process:
    """One program: `start`, `stop` or `kill`, and again; or as a context manager.

    `user` is whom it runs as when we are root. Raises ProcessError when `ready` is not true in time.
    """

    running: ClassVar[set["Process"]] = set()

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        ready: Callable[[], object] | None = None,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.argv = [*as_user(user), *(str(part) for part in argv)]
        self.log = log
        self._ready = ready
        self._env = dict(env or {})
        self._cwd = cwd
        self._stop_signal = stop_signal
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; raises ProcessError when it does not run."""
        if self._popen is None:
            raise ProcessError(f"{self.name} does not run")
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    def start(self, *, within: float = PATIENCE) -> Self:
        """Start it and wait until it is ready."""
        if self.alive:
            raise ProcessError(f"{self.name} already runs as {self.pid}")
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._env},
                cwd=self._cwd,
                start_new_session=True,
            )
        self.running.add(self)
        try:
            wait_until(self._up, f"{self.name} to be ready", within=within)
        except (DeadlineError, ProcessError) as error:
            self.kill()
            raise ProcessError(f"{error}\n{self.tail()}") from error
        return self

    def _up(self) -> bool:
        if not self.alive:
            raise ProcessError(f"{self.name} ended by itself with {self._popen and self._popen.returncode}")
        return self._ready is None or bool(self._ready())

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def stop(self, number: signal.Signals | None = None, *, within: float = PATIENCE) -> int | None:
        """Ask it to end, wait, kill what is left; return its exit code, or None when it was not running."""
        return self._end(number or self._stop_signal, within)

    def kill(self) -> int | None:
        """SIGKILL it and everything it started, at once, as a power cut would."""
        return self._end(signal.SIGKILL, PATIENCE)

    def wait(self, *, within: float = PATIENCE) -> int:
        """Wait until it ends by itself and return its exit code; raise DeadlineError when it does not."""
        wait_until(lambda: not self.alive, f"{self.name} to end", within=within)
        code = self._end(signal.SIGKILL, within)
        assert code is not None
        return code

    def _end(self, number: signal.Signals, within: float) -> int | None:
        popen, self._popen = self._popen, None
        self.running.discard(self)
        if popen is None:
            return None
        family = _descendants(popen.pid)
        try:
            if popen.poll() is None:
                popen.send_signal(number)
                if number is signal.SIGKILL:
                    _kill(family)
            code = _wait_or_kill(popen, within)
        finally:
            _kill(family)
            for handle in family:
                os.close(handle)
        return code

    def tail(self, lines: int = TAIL_LINES) -> str:
        """Return the end of its log."""
        return f"--- end of {self.log.name} ---\n{tail_of(self.log, lines)}"

    def __enter__(self) -> Self:
        return self if self.alive else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def as_user(user: str | None) -> list[str]:
    """Return the words that run a command as `user`: none when we are not root, for then we are it already."""
    if user is None or not is_root():
        return []
    group = str(pwd.getpwnam(user).pw_gid)
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--init-groups", "--"]


def tail_of(path: Path, lines: int = TAIL_LINES) -> str:
    """Return the last `lines` lines of a file, or a note that there is none."""
    if not path.exists():
        return "(no log)"
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def _wait_or_kill(popen: subprocess.Popen[bytes], within: float) -> int:
    try:
        return popen.wait(within)
    except subprocess.TimeoutExpired:
        popen.kill()
        return popen.wait(within)


def _descendants(pid: int) -> list[int]:
    """Return pidfds of all that `pid` started: unlike a number, a pidfd never comes to mean another process."""
    parents = _parents()
    found, generation = [], {pid}
    while generation:
        generation = {child for child, parent in parents.items() if parent in generation}
        for child in generation:
            with suppress(ProcessLookupError):
                found.append(os.pidfd_open(child))
    return found


def _parents() -> dict[int, int]:
    """Return the parent of each process: field 4 of /proc/PID/stat, after the name in parentheses."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return parents


def _kill(family: Sequence[int]) -> None:
    for handle in family:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    for handle in family:
        select.select([handle], [], [], PATIENCE)
