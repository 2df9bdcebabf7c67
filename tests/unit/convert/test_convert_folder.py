"""What a killed gate has left of a conversion is removed by the next; what is in use stays."""

import subprocess
import sys
from pathlib import Path

import pytest

from ippgate.convert.errors import ConversionUnavailable
from ippgate.convert.folder import PREFIX, Folder, clear

DIES = """
import os, signal, sys
from pathlib import Path
from ippgate.convert.folder import Folder
Path(Folder(Path(sys.argv[1])).path, "document").write_bytes(b"secret")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_folder_is_there_until_it_is_removed_whoever_clears_meanwhile(tmp_path: Path) -> None:
    folder, other = Folder(tmp_path), Folder(tmp_path)
    Path(folder.path, "document").write_bytes(b"secret")
    clear(tmp_path)
    assert Path(folder.path, "document").read_bytes() == b"secret"
    folder.remove()
    assert list(tmp_path.iterdir()) == [Path(other.path)]
    other.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_gate_has_left_is_removed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], check=False)
    [left] = tmp_path.iterdir()
    assert (left / "document").read_bytes() == b"secret"
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_folder_of_ours_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"{PREFIX}file").write_bytes(b"somebody's")
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    before = sorted(tmp_path.iterdir())
    clear(tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_where_no_folder_can_be_made_nothing_is_converted(tmp_path: Path) -> None:
    with pytest.raises(ConversionUnavailable, match=r"missing: No such file or directory"):
        Folder(tmp_path / "missing")
