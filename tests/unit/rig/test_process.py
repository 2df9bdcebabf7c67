"""The rig ends exactly what it started, and shows why a program failed."""

import os
import signal
from pathlib import Path

import pytest

from tests.rig.eventually import DeadlineError, wait_until
from tests.rig.process import Process, ProcessError


def shell(script: str, log: Path, **settings: object) -> Process:
    return Process("shell", ["sh", "-c", script], log=log, **settings)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Tell whether a process has ended; one that nobody reaped yet counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_it_started_ends_with_it(tmp_path: Path, end: str) -> None:
    child = tmp_path / "child"
    script = f"sleep 1000 & echo $! > {child}.new; mv {child}.new {child}; wait"
    process = shell(script, tmp_path / "log", ready=child.exists).start()
    pid = int(child.read_text())
    assert not gone(pid)
    getattr(process, end)()
    assert gone(pid)
    assert not process.alive


def test_one_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="no paper in tray 7"):
        shell("echo no paper in tray 7; exit 3", tmp_path / "log", ready=lambda: False).start()


def test_one_that_never_gets_ready_is_ended_and_shows_its_log(tmp_path: Path) -> None:
    process = shell("echo warming up; exec sleep 1000", tmp_path / "log", ready=lambda: False)
    with pytest.raises(ProcessError, match="warming up"):
        process.start(within=0.3)
    assert not process.alive
    assert process not in Process.running


def test_one_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    trapped = tmp_path / "trapped"
    process = shell(
        f"trap '' TERM; touch {trapped}; while :; do sleep 0.05; done", tmp_path / "log", ready=trapped.exists
    )
    process.start()
    assert process.stop(within=0.2) == -signal.SIGKILL


def test_it_starts_again_after_its_end(tmp_path: Path) -> None:
    process = shell("exec sleep 1000", tmp_path / "log")
    first = process.start().pid
    process.stop()
    second = process.start().pid
    process.stop()
    assert first != second
    assert os.getpid() not in (first, second)


def test_waiting_past_the_deadline_names_what_was_waited_for() -> None:
    with pytest.raises(DeadlineError, match="the moon"):
        wait_until(lambda: None, "the moon", within=0.05)
