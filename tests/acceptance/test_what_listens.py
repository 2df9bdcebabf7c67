"""Where a running gate can be reached: where it is told to listen, and nowhere else (SECURITY S10)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.rig.gate import Gate

LISTEN = "0A"  # of tcp(7), as proc(5) writes it


async def test_a_gate_listens_where_it_is_told_and_nowhere_else(gate: Gate) -> None:
    pids = {gate.pid, *gate.workers}
    tcp = {port for kind in ("tcp", "tcp6") for port, state in _sockets(pids, kind) if state == LISTEN}
    udp = {port for kind in ("udp", "udp6") for port, _ in _sockets(pids, kind) if port}
    assert tcp == {gate.port, gate.tls_port}
    assert udp == set()


def _sockets(pids: set[int], kind: str) -> Iterator[tuple[int, str]]:
    """Local port and state of the sockets of these processes."""
    own = set()
    for pid in pids:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                own.add(str(Path(entry.path).readlink()))
    for line in Path(f"/proc/self/net/{kind}").read_text().splitlines()[1:]:
        fields = line.split()
        if f"socket:[{fields[9]}]" in own:
            yield int(fields[1].rpartition(":")[2], 16), fields[3]
