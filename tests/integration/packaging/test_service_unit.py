"""The systemd unit is one that systemd takes, and that leaves little exposed."""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ippgate.config import Settings
from ippgate.data import conf_folder

UNIT = conf_folder() / "ippgate.service"
EXPOSURE_BOUND = 2.0
"""systemd's own figure: below 2 it says "OK" for a service that speaks to the network."""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program where it expects one."""
    program = tmp_path / "ippgate"
    shutil.copy("/bin/true", program)
    copy = tmp_path / "ippgate.service"
    copy.write_text(UNIT.read_text().replace("/opt/ippgate/bin/ippgate serve", f"{program} serve"))
    assert str(program) in copy.read_text()
    return copy


def test_systemd_finds_no_fault_with_the_unit(unit: Path) -> None:
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_is_hardly_exposed(unit: Path) -> None:
    done = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--json=short",
            f"--threshold={EXPOSURE_BOUND * 10:.0f}",
            unit,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)


def test_the_unit_waits_longer_than_the_server_drains() -> None:
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    service = unit["Service"]
    assert int(service["TimeoutStopSec"]) > Settings(Path("/")).server.drain
    assert service["Type"] == "notify"
    assert re.search(r"IPPGATE_HOME=/var/lib/ippgate$", service["Environment"])
    assert service["StateDirectory"] == "ippgate"
