"""Stations at the command line: a secret is shown once, where it is drawn, and is never a word of a command."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from ippgate.model.device import Device
from ippgate.model.station import LONGEST_CERTIFICATE, Station, StationCode
from tests.unit.cli.conftest import NOON, Paper, Run


@pytest.fixture(autouse=True)
def devices(paper: Paper) -> None:
    paper.device_list = [
        Device(3, UUID(int=3), "copier", "ipp://copier/"),
        Device(4, UUID(int=4), "plotter", "ipp://p/"),
    ]


def test_a_new_station_gets_a_secret_which_is_the_last_line(paper: Paper, run: Run) -> None:
    done = run("station", "add", "app", "--device", "copier", "--device", "plotter", "--names-people")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "station~app~secret"
    assert paper.asked == [("add_station", "app", (3, 4), {"certificate": None, "names_people": True})]
    told = json.loads(run("station", "add", "app", "--device", "copier", "--json").output)
    assert (told["secret"], told["devices"], told["names_people"]) == ("station~app~secret", ["copier"], False)


def test_one_with_a_certificate_gets_none(paper: Paper, run: Run, tmp_path: Path) -> None:
    (tmp_path / "app.crt").write_bytes(b"DER")
    done = run("station", "add", "app", "--device", "copier", "--certificate", tmp_path / "app.crt")
    assert done.output == "The station app is there: over TLS, with its certificate.\n"
    assert paper.asked == [("add_station", "app", (3,), {"certificate": b"DER", "names_people": False})]


def test_a_file_that_is_not_there_or_too_long_is_said(paper: Paper, run: Run, tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(bytes(LONGEST_CERTIFICATE + 1))
    for name, why in (("absent", "no such file or directory"), ("long", "is too long for a certificate")):
        done = run("station", "add", "app", "--device", "copier", "--certificate", tmp_path / name)
        assert (done.exit_code, why in done.output) == (1, True), done.output
    assert paper.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ("add", "app"),
        ("add", "app", "secret", "--device", "copier"),
        ("add", "app", "--device", "copier", "--secret", "x"),
        ("renew", "app", "--secret", "x"),
        ("set", "app"),
    ],
)
def test_a_secret_among_the_words_and_a_station_nowhere_are_misuse(run: Run, words: tuple[str, ...]) -> None:
    assert run("station", *words).exit_code == 2


def test_a_device_that_is_not_there_is_said(run: Run) -> None:
    done = run("station", "add", "app", "--device", "fax")
    assert (done.exit_code, "there is no device fax" in done.output) == (1, True)


def test_a_list_shows_where_and_how_but_nothing_that_proves(paper: Paper, run: Run) -> None:
    stored = b"\x07" * 48
    paper.station_list = [Station(1, "app", NOON, NOON, frozenset({3, 4}), True, secret=stored)]
    assert "app   copier, plotter  yes           secret" in run("station", "list").output
    [told] = json.loads(run("station", "list", "--json").output)
    assert set(told) == {"name", "devices", "names_people", "proof", "fingerprint", "created", "changed", "code_until"}


def test_what_is_not_named_stays(paper: Paper, run: Run) -> None:
    assert run("station", "set", "app", "--add", "plotter").exit_code == 0
    assert run("station", "set", "app", "--names-nobody").exit_code == 0
    assert paper.asked == [
        ("set_station", "app", {"add": [4], "remove": [], "names_people": None}),
        ("set_station", "app", {"add": [], "remove": [], "names_people": False}),
    ]


def test_a_code_is_shown_once_where_it_is_made(paper: Paper, run: Run) -> None:
    done = run("station", "enrol", "app", "--device", "copier", "--names-people")
    assert done.exit_code == 0, done.output
    assert done.output.endswith(": WXYZ-2345-ABCD\n")
    assert json.loads(run("station", "enrol", "app", "--json").output)["code"] == "WXYZ-2345-ABCD"
    assert paper.asked == [
        ("station_code", "app", (3,), {"names_people": True}),
        ("station_code", "app", (), {"names_people": None}),
    ]


def test_a_list_shows_codes_that_are_good_and_whom_they_await(paper: Paper, run: Run) -> None:
    paper.station_list = [Station(1, name, NOON, NOON, frozenset({3}), secret=bytes(48)) for name in ("app", "wall")]
    paper.station_codes = [StationCode("door", NOON, frozenset({4}), True), StationCode("wall", NOON)]
    told = json.loads(run("station", "list", "--json").output)
    assert [(one["name"], one["devices"], one["proof"], one["code_until"] is not None) for one in told] == [
        ("app", ["copier"], "secret", False),
        ("door", ["plotter"], None, True),
        ("wall", ["copier"], "secret", True),
    ]
