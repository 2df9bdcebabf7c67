"""The warden of one conversion: `python -m ippgate.convert.warden ORDER`. It has `cupsfilter` name the filters, runs
them in a row between its standard input and output, each in its cell, and watches what they take together.

They are one process group, which none of them can leave, so all are killed as one: when a bound is reached, when the
gate says so (SIGTERM) and when the gate is gone. How it ended is the exit status; what the filters said is on standard
error. The warden reads nothing of the document.
"""

import ctypes
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from ippgate.convert.cell import NOBODY, CellSettings, confine
from ippgate.convert.formats import cups_name
from ippgate.convert.order import Ended, Order

_LOOK = 0.1  # seconds between two looks at what the filters take
_PLANNING = 10.0  # seconds for cupsfilter to name them
_LONGEST_PLAN = 4096
_NAME = re.compile(r"[A-Za-z0-9_.+-]+")
_PR_SET_PDEATHSIG = 1
_WATCHED = {signal.SIGCHLD, signal.SIGTERM}
_BY_SIGNAL: dict[int, Ended] = {signal.SIGXFSZ: Ended.ROOM, signal.SIGXCPU: Ended.SECONDS}
_NOT_BEGUN = 126  # exit status of a filter that could not be confined


class StoppedError(Exception):
    """The conversion is over before its time."""

    def __init__(self, how: Ended, why: str = "") -> None:
        super().__init__(why)
        self.how = how


class Filters:
    """A process group of confined programs."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._cell = CellSettings(order.memory, order.seconds, order.room, (order.programs, order.cupsfilter))
        self._group = 0
        self._running: dict[int, str] = {}

    def start(self, argv: Sequence[str], stdin: int, stdout: int) -> None:
        """Start one more. Its environment is what filter(7) promises, and no more."""
        pid = os.fork()
        if not pid:
            self._become(argv, stdin, stdout)
        self._group = self._group or pid
        with suppress(OSError):  # it did so itself, or has ended
            os.setpgid(pid, self._group)
        self._running[pid] = Path(argv[0]).name

    def watch(self, seconds: float | None = None) -> None:
        """Wait until all have ended well. Raises StoppedError."""
        until = None if seconds is None else time.monotonic() + seconds
        while self._running:
            heard = signal.sigtimedwait(_WATCHED, _LOOK)
            if heard is not None and heard.si_signo == signal.SIGTERM:
                raise StoppedError(Ended.STOPPED)
            if until is not None and time.monotonic() > until:
                raise StoppedError(Ended.SECONDS, "cupsfilter does not end")
            self._reap()
            self._check_bounds()

    def kill(self) -> None:
        """End all that is left of them, and what they started."""
        if self._group:
            with suppress(OSError):
                os.killpg(self._group, signal.SIGKILL)
        self._group = 0

    def _become(self, argv: Sequence[str], stdin: int, stdout: int) -> NoReturn:
        try:
            os.setpgid(0, self._group)
            os.dup2(stdin, 0)
            os.dup2(stdout, 1)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
            for sign in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them
                signal.signal(sign, signal.SIG_DFL)
            confine(self._cell, self._order.folder)
            os.execve(argv[0], ["ippgate", *argv[1:]], _environment(self._order))  # noqa: S606 - without a shell, yes
        except (OSError, NotImplementedError) as error:
            _say(f"{argv[0]}: {error}")
        finally:
            os._exit(_NOT_BEGUN)

    def _reap(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            name = self._running.pop(pid, None)
            if name is not None and status:
                raise StoppedError(*_meaning(name, status))

    def _check_bounds(self) -> None:
        order = self._order
        count, memory = _taken(self._group)
        if count > order.processes:
            raise StoppedError(Ended.PROCESSES, f"{count} processes")
        if memory > order.memory:
            raise StoppedError(Ended.MEMORY, f"{memory} octets of memory")
        if (size := _size(order.folder)) > order.room:
            raise StoppedError(Ended.ROOM, f"{size} octets of files")


def main() -> NoReturn:
    """Carry one order out."""
    order = Order.heard(sys.argv[1])
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    try:
        if os.getppid() != order.parent:
            raise StoppedError(Ended.STOPPED)
        _furnish(order)
        _convert(order, _plan(order))
        how = Ended.DONE
    except StoppedError as stopped:
        how = stopped.how
        _say(f"{how.name} {stopped}")
    except (OSError, ValueError) as error:
        how = Ended.FAILED
        _say(str(error))
    shutil.rmtree(order.folder, ignore_errors=True)
    os._exit(how)


def _say(words: str) -> None:
    with suppress(OSError):  # nobody may listen any more
        os.write(2, f"ippgate: {words}\n".encode())


def _furnish(order: Order) -> None:
    """What the filters read: what the result is for, and where CUPS keeps what; nothing of this machine's own CUPS."""
    folder = Path(order.folder)
    _ppd(order).write_text(order.ppd, encoding="ascii")
    _conf(order).write_text(f"ServerBin {order.programs}\nServerRoot {folder}\nAccessLogLevel none\n", encoding="utf-8")
    if os.geteuid() == 0:
        for path in (folder, _ppd(order), _conf(order)):
            os.chown(path, NOBODY, NOBODY)


def _plan(order: Order) -> list[str]:
    """The programs, in their order, as cupsfilter finds them. Raises StoppedError."""
    formats = ("-i", order.source, "-m", cups_name(order.target))
    argv = (order.cupsfilter, "-c", str(_conf(order)), "-p", str(_ppd(order)), *formats, "--list-filters", "-")
    reading, writing = os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    planner = Filters(order)
    try:
        planner.start(argv, nothing, writing)
        os.close(writing)
        planner.watch(_PLANNING)
        names = os.read(reading, _LONGEST_PLAN).decode("ascii", "replace").split()
    except StoppedError as stopped:
        raise StoppedError(Ended.NO_WAY if stopped.how is Ended.FAILED else stopped.how, str(stopped)) from None
    finally:
        planner.kill()
        os.close(reading)
        os.close(nothing)
    programs = [f"{order.programs}/filter/{name}" for name in names if _NAME.fullmatch(name) and name != "-"]
    if not programs or len(programs) != len(names) or not all(os.access(program, os.X_OK) for program in programs):
        raise StoppedError(Ended.NO_WAY, f"cupsfilter names {' '.join(names) or 'nothing'}")
    return programs


def _convert(order: Order, programs: Sequence[str]) -> None:
    filters = Filters(order)
    try:
        reading = os.dup(0)
        for at, program in enumerate(programs):
            last = at == len(programs) - 1
            following, writing = (-1, os.dup(1)) if last else os.pipe()
            filters.start((program, "1", "ippgate", "document", "1", order.options), reading, writing)
            os.close(reading)
            os.close(writing)
            reading = following
        _let_go()
        filters.watch()
    finally:
        filters.kill()


def _let_go() -> None:
    """Whoever writes to us, or reads, learns from the filters when they are gone."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def _environment(order: Order) -> dict[str, str]:
    return {
        "CHARSET": "utf-8",
        "CONTENT_TYPE": order.source,
        "CUPS_DATADIR": "/usr/share/cups",
        "CUPS_SERVERBIN": order.programs,
        "CUPS_SERVERROOT": order.folder,
        "FINAL_CONTENT_TYPE": cups_name(order.target),
        "HOME": order.folder,
        "LANG": "C.UTF-8",
        "PATH": f"{order.programs}/filter:/usr/bin:/bin",
        "PPD": str(_ppd(order)),
        "PRINTER": "ippgate",
        "TMPDIR": order.folder,
        "USER": "ippgate",
    }


def _ppd(order: Order) -> Path:
    return Path(order.folder, "sheet.ppd")


def _conf(order: Order) -> Path:
    return Path(order.folder, "cups-files.conf")


def _meaning(name: str, status: int) -> tuple[Ended, str]:
    code = os.waitstatus_to_exitcode(status)
    if code == _NOT_BEGUN:
        return Ended.NOT_CONFINED, name
    sign = -code if code < 0 else code - 128  # a shell says so of what it ran
    why = f"{name} ended by signal {sign}" if code < 0 else f"{name} ended with status {code}"
    return _BY_SIGNAL.get(sign, Ended.FAILED), why


def _taken(group: int) -> tuple[int, int]:
    """How many processes a group has, and how many octets of memory they hold together (proc(5))."""
    count = pages = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with suppress(OSError, IndexError):
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                if int(fields[2]) == group:
                    count, pages = count + 1, pages + int(fields[21])
    return count, pages * os.sysconf("SC_PAGE_SIZE")


def _size(folder: str) -> int:
    size = 0
    for path in Path(folder).rglob("*"):
        with suppress(OSError):
            size += path.lstat().st_size
    return size


if __name__ == "__main__":
    main()
