"""What a filter gives up before it begins. All of it holds, or the filter does not begin."""

import ctypes
import os
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass

from ippgate.convert.landlock import confine_files
from ippgate.convert.seccomp import forbid

NOBODY = 65_534
"""Whom filters run as when the gate is root, who is bound by few limits."""

READABLE = (
    *("/usr", "/bin", "/lib", "/lib64", "/sbin", "/opt/cups"),
    *("/etc/fonts", "/etc/ghostscript", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/localtime", "/etc/nsswitch.conf"),
    *("/etc/passwd", "/etc/group", "/etc/papersize", "/etc/poppler", "/etc/alternatives", "/etc/cups/mime.convs"),
    *("/var/lib/ghostscript", "/var/cache/fontconfig", "/var/lib/fonts", "/dev/urandom", "/dev/zero"),
)
"""Programs, libraries, fonts: nothing of a person, of the gate, or of what runs."""

_PR_SET_NO_NEW_PRIVS, _PR_SET_PDEATHSIG = 38, 1


@dataclass(frozen=True, slots=True)
class CellSettings:
    """Bounds of one filter. Sizes in octets."""

    memory: int  # of its address space
    seconds: int  # of the processor
    room: int  # of each file that it writes
    programs: tuple[str, ...]  # what else it may read and run
    files: int = 256


def confine(bounds: CellSettings, folder: str) -> None:
    """Confine this process and all that come from it, for good, to `folder`. Raises OSError, NotImplementedError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # it went with the old user
    os.umask(0o077)
    os.chdir(folder)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs is not possible here")
    with suppress(OSError):
        os.nice(5)
    for kind, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_FSIZE, bounds.room),
        (resource.RLIMIT_NOFILE, bounds.files),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(kind, most)
    _limit(resource.RLIMIT_CPU, bounds.seconds, bounds.seconds + 1)  # first SIGXCPU, which says why
    confine_files((*READABLE, *bounds.programs), (folder, "/dev/null"))
    forbid()


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    _, allowed = resource.getrlimit(kind)
    wanted = (soft, soft if hard is None else hard)
    resource.setrlimit(
        kind, wanted if allowed == resource.RLIM_INFINITY else (min(soft, allowed), min(wanted[1], allowed))
    )
