"""The doctor finds what is unsafe or in the way on this machine, and says what to do."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from ippgate.cli.doctor import machine
from ippgate.config import ServerSettings, Settings
from ippgate.model.finding import Finding, Verdict


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home that is as it should be, and a free port."""
    home = tmp_path / "home"
    home.mkdir(mode=0o711)
    (home / "keys").mkdir(mode=0o700)
    key = home / "keys" / "master-0001.key"
    key.write_bytes(bytes(32))
    key.chmod(0o600)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Settings(home, ServerSettings(port=probe.getsockname()[1]))


def verdicts(found: list[Finding]) -> list[tuple[str, str]]:
    assert all(finding.remedy for finding in found if finding.verdict is not Verdict.OK)
    return [(finding.subject, str(finding.verdict)) for finding in found]


def test_a_home_as_it_should_be_is_well(settings: Settings) -> None:
    assert verdicts([*machine.home(settings), *machine.keys(settings)]) == [
        ("home", "ok"),
        ("disk", "ok"),
        ("keys", "ok"),
    ]


def test_a_home_that_is_not_there_yet_is_no_failure(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "absent")
    assert verdicts([*machine.home(settings), *machine.keys(settings)]) == [("home", "warn"), ("keys", "warn")]
    assert not settings.home.exists()


def test_a_home_that_others_can_change_fails(settings: Settings) -> None:
    settings.home.chmod(0o733)
    [finding, _] = machine.home(settings)
    assert (finding.verdict, finding.remedy) == (Verdict.FAIL, f"chmod go-w {settings.home}")


def test_somebody_else_s_home_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    [finding, _] = machine.home(settings)
    assert finding.verdict is Verdict.FAIL
    assert "sudo -u" in finding.remedy


@pytest.mark.parametrize(("free", "verdict"), [(100 << 30, "ok"), (1 << 30, "warn"), (1 << 20, "fail")])
def test_room_on_the_disk_is_judged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert ("disk", verdict) in verdicts(list(machine.home(settings)))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_fails_with_the_command_that_closes_it(settings: Settings, mode: int) -> None:
    key = settings.keys / "master-0001.key"
    key.chmod(mode)
    [finding] = machine.keys(settings)
    assert (finding.verdict, finding.remedy) == (Verdict.FAIL, f"chmod 600 {key}")


def test_a_keys_folder_that_others_can_enter_fails(settings: Settings) -> None:
    settings.keys.chmod(0o755)
    [finding] = machine.keys(settings)
    assert finding.remedy == f"chmod 700 {settings.keys}"


@asynccontextmanager
async def answering(port: int, answer: bytes) -> AsyncIterator[None]:
    """Somebody on the port who says one thing to everybody."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", port):
        yield


async def test_a_free_port_is_well_unless_workers_should_be_there(settings: Settings) -> None:
    assert (await machine.port(settings, expected=False)).verdict is Verdict.OK
    assert (await machine.port(settings, expected=True)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", "ok"), (b"HTTP/1.1 404 Not Found\r\n\r\n", "fail"), (b"", "fail")],
)
async def test_the_gate_on_its_port_is_told_from_another_program(
    settings: Settings, answer: bytes, verdict: str
) -> None:
    async with answering(settings.server.port, answer):
        assert str((await machine.port(settings, expected=False)).verdict) == verdict


async def test_a_program_that_says_nothing_does_not_hold_the_doctor_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "PATIENCE", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", settings.server.port))
        silent.listen()
        assert (await machine.port(settings, expected=False)).verdict is Verdict.FAIL
