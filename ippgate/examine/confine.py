"""An examining process gives up what it does not need before it reads a document that somebody else wrote."""

import ctypes
import os
import resource
from contextlib import suppress
from pathlib import Path

_PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 38, 4
_CLONE_NEWNET, _CLONE_NEWUSER, _CLONE_NEWIPC = 0x40000000, 0x10000000, 0x08000000
_FILES = 32
_SPARE = 2  # seconds of processor beyond those of a document


def yield_to_others(nice: int) -> None:
    """Let others go first, as far as `nice` says (0: not at all; 19: run when nobody else wants to; sched(7)).

    A session of its own is also weighed as a whole, where the system groups processes by sessions.
    """
    with suppress(OSError):
        os.nice(nice)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


def confine(memory: int) -> None:
    """Confine this process for good: `memory` octets of address space, no file grows, no process starts, no core, no
    new rights, no network. What the system does not allow to be given up stays; the limits always hold."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC):
        libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC)  # root where user namespaces are switched off
    with suppress(OSError):
        os.chdir("/")
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        _limit(kind, most)


def allow_seconds(seconds: float) -> None:
    """Allow so much more time of the processor; beyond it the system ends the process (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + _SPARE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
