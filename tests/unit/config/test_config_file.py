"""conf/ippgate.toml and the dataclasses say the same; what is shown of settings holds no secret."""

import tomllib
from pathlib import Path

import pytest

from ippgate.config import read
from ippgate.config.load import keys
from ippgate.config.render import MASK, commented_file, masked, shown
from ippgate.data import conf_folder

FILE = conf_folder() / "ippgate.toml"


def test_the_commented_file_is_what_the_dataclasses_say() -> None:
    assert FILE.read_text() == commented_file(), "print it anew: python -m ippgate.config > conf/ippgate.toml"


def test_the_commented_file_names_every_key_once_with_its_default_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    environ = {"HOME": str(tmp_path)}
    untouched = read(FILE, environ)
    assert untouched.origins == {}
    uncommented = tmp_path / "uncommented.toml"
    lines = FILE.read_text().splitlines()
    uncommented.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))
    everything = read(uncommented, environ)
    assert everything.settings == untouched.settings
    assert set(everything.origins) == {f"{section}.{key}" if section else key for section, key in keys()}


def test_every_key_has_its_unit_and_default_in_the_line_above() -> None:
    lines = FILE.read_text().splitlines()
    settings = [number for number, line in enumerate(lines) if line.startswith("# ") and " = " in line]
    assert len(settings) == len(keys())
    for number in settings:
        assert lines[number - 1].startswith("# Unit: "), lines[number]
        assert " Default: " in lines[number - 1], lines[number]


def test_the_file_is_toml_of_the_known_sections() -> None:
    assert list(tomllib.loads(FILE.read_text())) == list(dict.fromkeys(section for section, _ in keys() if section))


@pytest.mark.parametrize(
    ("dsn", "seen"),
    [
        ("postgresql://gate:geheim@db.example/gate", f"postgresql://gate:{MASK}@db.example/gate"),
        ("postgresql://gate:ge:h@eim@db.example/gate", f"postgresql://gate:{MASK}@db.example/gate"),
        ("postgresql://gate@db.example/gate?password=geheim", f"postgresql://gate@db.example/gate?password={MASK}"),
        ("postgresql:///gate?host=/run&sslpassword=geheim&x=1", f"postgresql:///gate?host=/run&sslpassword={MASK}&x=1"),
        ("postgresql://gate:geheim@a:1,b:2/gate", f"postgresql://gate:{MASK}@a:1,b:2/gate"),
        ("postgresql://gate@db.example/gate", "postgresql://gate@db.example/gate"),
        ("embedded", "embedded"),
    ],
)
def test_passwords_of_a_dsn_are_masked(dsn: str, seen: str) -> None:
    assert masked(dsn) == seen


def test_what_is_shown_has_every_key_with_its_origin_and_no_password(tmp_path: Path) -> None:
    environ = {"IPPGATE_HOME": str(tmp_path), "IPPGATE_DATABASE_DSN": "postgresql://gate:geheim@db.example/gate"}
    facts = shown(read(None, environ))
    assert len(facts) == len(keys())
    assert facts["database.dsn"] == {
        "value": f"postgresql://gate:{MASK}@db.example/gate",
        "unit": "",
        "origin": "IPPGATE_DATABASE_DSN",
    }
    assert facts["server.drain"] == {"value": 30, "unit": "seconds", "origin": "default"}
    assert "geheim" not in repr(facts)
