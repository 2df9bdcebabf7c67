"""Which files a filter may see, and which it may change: landlock (landlock(7)), which needs no privilege."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every processor
_VERSION, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_OF_LATER_ABI = (1 << 16) - 1
_NETWORK_FROM, _TCP = 4, 0b11  # ABI; bind and connect
_SCOPES_FROM, _SCOPES = 6, 0b11  # ABI; abstract sockets and signals stay within


def confine_files(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Let this process, and all that come from it, read and run what is beneath `readable`, and do anything beneath
    `writable`; nothing else. Paths that do not exist are passed over. Needs PR_SET_NO_NEW_PRIVS.

    Raises OSError when the kernel has no landlock, or the service is not allowed to use it.
    """
    version = abi()
    handled = _OF_ABI.get(version, _OF_LATER_ABI)
    fields = [handled]
    if version >= _NETWORK_FROM:
        fields.append(_TCP)
    if version >= _SCOPES_FROM:
        fields.append(_SCOPES)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, handled)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def abi() -> int:
    """Which landlock the kernel has, from 1. Raises OSError when it has none, or its use is forbidden."""
    return _call(_CREATE_RULESET, None, 0, _VERSION)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not Path(path).is_dir():
            rights &= _OF_A_FILE
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer: int = libc.syscall(ctypes.c_long(number), *given)
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return answer
