"""systemd is told when the gate is ready and when it stops; without systemd nobody is."""

import socket
from pathlib import Path

import pytest

from ippgate.observe import supervisor


@pytest.mark.parametrize("abstract", [False, True])
def test_the_supervisor_hears_ready_and_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.settimeout(5)
        listener.bind(f"\0{path}" if abstract else path)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{path}" if abstract else path)
        assert supervisor.ready("Listening on 127.0.0.1:8631")
        assert listener.recv(1000) == b"READY=1\nSTATUS=Listening on 127.0.0.1:8631"
        assert supervisor.stopping()
        assert listener.recv(1000) == b"STOPPING=1\nSTATUS=Draining"


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "/nonexistent/notify"])
def test_without_a_supervisor_nothing_happens(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not supervisor.ready("")
