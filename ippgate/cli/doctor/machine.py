"""This machine: the home and its permissions, the keys' files, room on the disk, the port."""

import asyncio
import os
import shutil
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ippgate.cli.show import size
from ippgate.config import Settings
from ippgate.model.finding import Finding, fail, ok, warn

HOST = socket.gethostname()
LOW_ROOM, NO_ROOM = 2 << 30, 200 << 20
"""Octets free on the disk of the home below which a warning, a failure is given."""
PATIENCE = 3.0
"""Seconds for whoever listens on the port to answer."""


def home(settings: Settings) -> Iterator[Finding]:
    """The home is there, ours, and closed to others; the disk has room."""
    folder = settings.home
    if not folder.is_dir():
        yield warn("home", f"{folder} does not exist yet", "`ippgate serve` makes it")
        return
    facts = folder.stat()
    if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield fail("home", f"{folder} can be changed by others", f"chmod go-w {folder}")
    elif os.geteuid() not in (0, facts.st_uid):
        yield fail(
            "home",
            f"{folder} belongs to user {facts.st_uid}",
            f"run the command as that user: sudo -u '#{facts.st_uid}' …",
        )
    else:
        yield ok("home", str(folder))
    free = shutil.disk_usage(folder).free
    if free < LOW_ROOM:
        finding = fail if free < NO_ROOM else warn
        yield finding("disk", f"{size(free)} free below {folder}", "make room; a full disk stops the database")
    else:
        yield ok("disk", f"{size(free)} free")


def keys(settings: Settings) -> Iterator[Finding]:
    """The master keys can be read by their owner alone."""
    folder = settings.keys
    if not folder.is_dir():
        yield warn("keys", f"{folder} does not exist yet", "`ippgate serve` makes it with the first master key")
        return
    try:
        open_to_others = [path for path in (folder, *sorted(folder.iterdir())) if path.stat().st_mode & 0o077]
        masters = len(list(folder.glob("master-*.key")))
    except PermissionError:
        yield fail("keys", f"{folder} cannot be read", f"run the command as its owner, user {folder.stat().st_uid}")
        return
    for path in open_to_others:
        mode = "700" if path.is_dir() else "600"
        yield fail("keys", f"{path} can be read by others", f"chmod {mode} {path}")
    if not open_to_others:
        yield ok("keys", f"{masters} master key{'s' * (masters != 1)}, closed to others")


async def port(settings: Settings, *, expected: bool, secure: bool = False) -> Finding:
    """Whoever listens is the gate, or the port is free. `expected`: workers say that they serve on this machine.

    secure: the port of TLS. Whose certificate is shown there does not matter: it is this machine that is looked at.
    """
    host = settings.server.host
    number, subject = (settings.server.tls_port, "tls port") if secure else (settings.server.port, "port")
    shown = f"[{host}]:{number}" if ":" in host else f"{host}:{number}"
    if number == 0:
        return ok(subject, "any free port")
    trouble = _cannot_listen(host, number)
    if trouble is None:
        if expected:
            return fail(subject, f"workers run, but nobody listens on {shown}", "see the server's log; restart it")
        return ok(subject, f"{shown} is free; no server listens")
    if await _is_gate(host, number, secure=secure):
        return ok(subject, f"the gate answers on {shown}")
    return fail(
        subject, f"{shown}: {trouble}", "stop the other program, or set another port (server.port, server.tls_port)"
    )


def _cannot_listen(host: str, number: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
            probe.listen(1)
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None


async def _is_gate(host: str, number: int, *, secure: bool) -> bool:
    """Whether GET /healthz is answered as ippgate answers it."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a comparison, nothing is bound
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(reachable, number, ssl=_anybody() if secure else None)
            try:
                writer.write(
                    f"GET /healthz HTTP/1.1\r\nHost: {Path(reachable).name}\r\nConnection: close\r\n\r\n".encode()
                )
                status = await reader.readline()
                return status.startswith(b"HTTP/1.1 200")
            finally:
                writer.close()
    return False


def _anybody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
