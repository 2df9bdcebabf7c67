"""`document show` tells of files what the gate would find in them, and nothing that a file says acts on a terminal."""

import json
from pathlib import Path

from tests.rig.documents import JPEG, LONG_PDF, POSTSCRIPT
from tests.unit.cli.conftest import Run


def test_each_file_has_a_line(run: Run) -> None:
    result = run("document", "show", LONG_PDF, POSTSCRIPT, JPEG)
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split()[:7] == ["FILE", "FORMAT", "PAGES", "COLOR", "COPIES", "SIDES", "MEDIA"]
    assert rows[0].split()[:7] == [str(LONG_PDF), "application/pdf", "4", "2", "-", "-", "210x297mm:"]
    assert rows[1].split()[1:4] == ["application/postscript", "1", "-"]
    assert rows[2].split()[1:4] == ["image/jpeg", "1", "1"]


def test_json_has_every_fact(run: Run, tmp_path: Path) -> None:
    empty, hostile = tmp_path / "empty", tmp_path / "hostile.ps"
    empty.write_bytes(b"")
    hostile.write_bytes(b"%!PS-Adobe-3.0\n%%Title: a\x1b[2Jb\n%%Page: 1 1\nshowpage\n")
    first, second = json.loads(run("document", "show", "--json", empty, hostile).stdout)
    assert (first["document_format"], first["pages"], first["unknown"]) == (None, None, "the document is empty")
    assert (second["pages"], second["title"], second["media"]) == (1, "a[2Jb", [])


def test_a_file_that_is_not_there_is_a_sentence(run: Run, tmp_path: Path) -> None:
    result = run("document", "show", tmp_path / "nowhere.pdf")
    assert result.exit_code == 1
    assert "No such file" in result.stderr
    assert run("document", "show", tmp_path).exit_code == 1
    assert run("document", "show").exit_code == 2
