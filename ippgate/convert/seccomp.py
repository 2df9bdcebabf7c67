"""System calls that a filter may never make, whoever wrote its document: seccomp (prctl(2), seccomp(2)).

No network, not even a local socket; no leaving the process group by which all are killed; no looking into other
processes; nothing of the kernel's that a filter has no use for. A call that is not allowed fails with EPERM.
"""

import ctypes
import os
import platform
import struct

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # allow; fail with EPERM; end the process
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # where they are in struct seccomp_data
_X32 = 0x40000000  # the other numbers of x86_64

_NAMES = (
    *("socket", "setsid", "setpgid", "ptrace", "process_vm_readv", "process_vm_writev", "unshare", "setns"),
    *("mount", "umount2", "io_uring_setup", "bpf", "keyctl", "add_key", "request_key", "userfaultfd"),
    *("perf_event_open", "pidfd_getfd"),
)
_NUMBERS = {
    "x86_64": (
        0xC000003E,
        (41, 112, 109, 101, 310, 311, 272, 308, 165, 166, 425, 321, 250, 248, 249, 323, 298, 438),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 157, 154, 117, 270, 271, 97, 268, 40, 39, 425, 280, 219, 217, 218, 282, 241, 438),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def forbid() -> None:
    """Forbid them to this process and all that come from it. Needs PR_SET_NO_NEW_PRIVS.

    Raises OSError when the kernel does not do it, and NotImplementedError on a processor whose calls are not known.
    """
    program = _program(platform.machine())
    libc = ctypes.CDLL(None, use_errno=True)
    told = _Program(len(program) // 8, program)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(told), 0, 0):
        raise OSError(ctypes.get_errno(), f"seccomp: {os.strerror(ctypes.get_errno())}")


def known() -> bool:
    """Whether this processor's calls are known."""
    return platform.machine() in _NUMBERS


def _program(machine: str) -> bytes:
    """The filter, in the classic BPF of the kernel."""
    if machine not in _NUMBERS:
        raise NotImplementedError(f"the system calls of {machine} are not known")
    architecture, numbers = _NUMBERS[machine]
    assert len(numbers) == len(_NAMES)
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_JUMP_AT_LEAST, _X32, len(numbers) + 1, 0),
        *(_step(_JUMP_EQUAL, number, len(numbers) - at, 0) for at, number in enumerate(numbers)),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _DENY),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
