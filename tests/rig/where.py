"""Where a peer lives: a directory that daemons which drop root can reach, and ports nobody uses."""

import os
import pwd
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

REACHABLE = 0o755
PORTS = range(15_000, 32_000)
"""Below those that the kernel gives to outgoing connections, so that no client takes one before its server does."""


@contextmanager
def rig_root() -> Iterator[Path]:
    """Give a short, reachable directory, removed at the end.

    pytest's own temporary directories are closed to other users, and their paths outgrow a Unix socket's 107 octets.
    """
    root = Path(tempfile.mkdtemp(prefix="rig-"))
    root.chmod(REACHABLE)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def directory(path: Path, *, owner: str | None = None, mode: int = REACHABLE) -> Path:
    """Make `path` and its parents; hand it to user `owner` when we are root."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    if owner is not None and is_root():
        entry = pwd.getpwnam(owner)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return path


def is_root() -> bool:
    """Tell whether daemons must be told to drop root."""
    return os.geteuid() == 0


def free_port(host: str = "127.0.0.1") -> int:
    """Return a TCP port that nobody uses on `host`."""
    while True:
        port = random.choice(PORTS)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe, suppress(OSError):
            probe.bind((host, port))
            return port


def free_ports(count: int) -> list[int]:
    """Return so many different ones."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether something accepts TCP connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
