"""Settings come from a file and the environment; whatever is wrong is said at once, with the remedy."""

import pickle
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from ippgate.config import ConfigError, Settings, load, read
from ippgate.config.load import keys, sections
from ippgate.config.option import option_of

NOWHERE = Path("/nonexistent/ippgate.toml")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty home and nothing else."""
    return {"HOME": str(tmp_path), "IPPGATE_HOME": str(tmp_path / "gate")}


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "given.toml"
    file.write_text(text)
    return file


def problems_of(file: Path | None, environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(file, environ, system=NOWHERE)
    return [str(problem) for problem in caught.value.problems]


def test_without_file_and_variables_the_defaults_hold(tmp_path: Path) -> None:
    settings = read(None, {"HOME": str(tmp_path)}, system=NOWHERE).settings
    assert settings == Settings(home=tmp_path / ".local/share/ippgate")
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8631)
    assert settings.embedded


def test_the_home_has_a_place_for_everything(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    places = [settings.keys, settings.postgres, settings.printed, settings.run]
    assert len(set(places)) == 4
    assert all(place.parent == tmp_path for place in places)


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path, environ: dict[str, str]) -> None:
    file = written(tmp_path, '[server]\nport = 700\nhost = "::"\n')
    settings = load(file, {**environ, "IPPGATE_SERVER_PORT": "800"})
    assert (settings.server.port, settings.server.host, settings.server.workers) == (800, "::", 1)


def test_short_variables_work_and_long_ones_win(environ: dict[str, str]) -> None:
    assert read(None, {**environ, "IPPGATE_PORT": "900"}, system=NOWHERE).settings.server.port == 900
    both = {**environ, "IPPGATE_PORT": "900", "IPPGATE_SERVER_PORT": "901"}
    assert read(None, both, system=NOWHERE).settings.server.port == 901


def test_an_empty_variable_counts_as_not_set(environ: dict[str, str]) -> None:
    assert read(None, {**environ, "IPPGATE_PORT": ""}, system=NOWHERE).settings.server.port == 8631


def test_every_key_can_be_set_by_its_variable(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    texts = {
        "home": "/srv/gate",
        "dsn": "embedded",
        "host": "::",
        "public_name": "print.example",
        "contact_uri": "mailto:print@example.org",
    }
    texts |= {"tls_port": "0", "tls_certificate": "/etc/gate.crt", "tls_key": "/etc/gate.key"}
    texts |= {"client_ca": "/etc/ca.pem"}
    texts |= {"command": "/opt/cups/cupsfilter", "programs": "/opt/cups", "temp": "/run/gate"}
    texts |= {"file": "/etc/gate/rules.toml", "time_zone": "Europe/Zurich"}
    texts |= {"attributes": "job-name, copies"}
    texts |= {"plain": "yes"}
    for (section, key), (kind, law) in keys().items():
        text = texts.get(key) or (law.choices[-1] if law.choices else "no" if kind is bool else str(law.high))
        environ["_".join(filter(None, ("IPPGATE", section, key))).upper()] = text
    configuration = read(None, environ, system=NOWHERE)
    assert len(configuration.origins) == len(keys())
    assert configuration.settings.delivery.lane_depth == 10_000
    assert not configuration.settings.metrics.enabled


def test_sizes_and_times_are_read_as_people_write_them(tmp_path: Path, environ: dict[str, str]) -> None:
    file = written(
        tmp_path,
        '[spool]\nmax_document = "64 MiB"\nkeep_printed = "2 h"\n'
        '[delivery]\nlease = 20\npoll = 0.5\nbusy_limit = "1 d"\n',
    )
    settings = load(file, environ)
    assert settings.spool.max_document == 64 * 1024 * 1024
    assert (settings.spool.keep_printed, settings.delivery.lease, settings.delivery.poll) == (7200.0, 20.0, 0.5)
    assert settings.delivery.busy_limit == 86_400


def test_all_faults_are_named_at_once_with_place_key_and_remedy(tmp_path: Path, environ: dict[str, str]) -> None:
    file = written(
        tmp_path,
        """\
prot = 1
[server]
prot = 1
port = "x"
host = 4
workers = 900
[databse]
dsn = "x"
[spool]
max_document = "4 Gib"
[database]
dsn = "mysql://somebody:geheim@db/x"
[log]
level = "loud"
[metrics]
enabled = "yes"
""",
    )
    found = problems_of(file, {**environ, "IPPGATE_SERVR_PORT": "1", "IPPGATE_DELIVERY_LEASE": "soon"})
    expected = [
        (1, "prot: there is no such key; there are home, server"),
        (3, "server.prot: there is no such key; did you mean port?"),
        (4, "server.port: 'x' is not a whole number; write a number from 0 to 65535"),
        (5, "server.host: 4 is not a text; put it in quotation marks"),
        (6, "server.workers: 900 is out of range; write a number from 1 to 64"),
        (7, "databse: there is no such section; did you mean database?"),
        (10, "spool.max_document: '4 Gib' is not a size; write a size such as 64 MiB from 1 KiB to 4 TiB"),
        (12, 'database.dsn: this value does not have the right form; write "embedded" or a DSN such as'),
        (14, "log.level: 'loud' is not one of the choices; write one of debug, info, warning, error"),
        (16, "metrics.enabled: 'yes' is neither true nor false; write true or false"),
    ]
    unplaced = [line for line in found if not line.startswith(str(file))]
    lines = [line.removeprefix(f"{file}:") for line in found if line.startswith(str(file))]
    for line, (number, text) in zip(lines, expected, strict=True):
        assert line.startswith(f"{number}: {text}"), line
    assert unplaced == [
        "IPPGATE_DELIVERY_LEASE: delivery.lease: 'soon' is not a time; write a time such as 90 s from 2 s to 1 h",
        "IPPGATE_SERVR_PORT: there is no such variable; did you mean IPPGATE_SERVER_PORT?",
    ]
    assert "geheim" not in "".join(found)


def test_what_contradicts_is_named_with_both_values(tmp_path: Path, environ: dict[str, str]) -> None:
    file = written(tmp_path, "[intake]\nmax_connections = 10\n")
    [problem] = problems_of(file, environ)
    assert problem == (
        f"{file}:2: intake.max_connections_per_address: 512 is more than intake.max_connections, which is 10; "
        "lower the first or raise the second"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[server\nport = 1\n", ":1: this is not TOML"),
        ("[server]\nport = 1\nport = 2\n", ":3: this is not TOML"),
        ("server = 3\n", ":1: server: this is a section, not a key; write [server]"),
        ("[server.port]\nx = 1\n", ":1: server.port: {'x': 1} is not a whole number"),
        ("[server]\nport = nan\n", "server.port: nan is not a whole number"),
        ("[server]\ndrain = nan\n", "server.drain: nan is out of range"),
        ("[server]\ndrain = inf\n", "server.drain: inf is out of range"),
        ("[server]\nport = true\n", "server.port: True is not a whole number"),
        ("[server]\nport = 80.5\n", "server.port: 80.5 is not a whole number"),
        ('[server]\nhost = "a b"\n', "server.host: 'a b' does not have the right form"),
        ('[server]\nhost = "a\\u0000"\n', "holds a control character"),
        ('home = "here"\n', "home: 'here' is not an absolute path"),
    ],
)
def test_each_kind_of_fault_has_its_words(tmp_path: Path, environ: dict[str, str], text: str, words: str) -> None:
    environ.pop("IPPGATE_HOME")
    [problem] = problems_of(written(tmp_path, text), environ)
    assert words in problem


def test_a_file_that_was_named_must_be_there(tmp_path: Path, environ: dict[str, str]) -> None:
    [problem] = problems_of(tmp_path / "absent.toml", environ)
    assert problem.endswith("cannot be read (no such file or directory); check its name and its permissions")
    assert problems_of(None, {**environ, "IPPGATE_CONFIG": str(tmp_path / "absent.toml")}) == [problem]


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    file = tmp_path / "odd.toml"
    file.write_bytes(b"\xff\xfe")
    assert "the file is not UTF-8" in problems_of(file, environ)[0]
    file.write_bytes(b"#" * (1 << 20) + b"\n")
    assert "larger than 1 MiB" in problems_of(file, environ)[0]


def test_files_are_looked_for_in_the_documented_order(tmp_path: Path, environ: dict[str, str]) -> None:
    def port(named: Path | None, variables: dict[str, str]) -> int:
        return read(named, variables, system=tmp_path / "system.toml").settings.server.port

    (tmp_path / "system.toml").write_text("[server]\nport = 1\n")
    assert port(None, environ) == 1
    home = tmp_path / "gate"
    home.mkdir()
    (home / "ippgate.toml").write_text("[server]\nport = 2\n")
    assert port(None, environ) == 2
    (tmp_path / "variable.toml").write_text("[server]\nport = 3\n")
    environ["IPPGATE_CONFIG"] = str(tmp_path / "variable.toml")
    assert port(None, environ) == 3
    (tmp_path / "named.toml").write_text("[server]\nport = 4\n")
    assert port(tmp_path / "named.toml", environ) == 4


def test_each_value_says_where_it_came_from(tmp_path: Path, environ: dict[str, str]) -> None:
    file = written(tmp_path, "\n[server]\nport = 700\n")
    configuration = read(file, {**environ, "IPPGATE_LOG_LEVEL": "debug"})
    assert configuration.origins == {
        "home": "IPPGATE_HOME",
        "server.port": f"{file}:3",
        "log.level": "IPPGATE_LOG_LEVEL",
    }


def test_a_relative_home_in_the_environment_means_what_it_means_in_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(None, {"IPPGATE_HOME": "gate"}, system=NOWHERE).settings.home == tmp_path / "gate"


def test_settings_cannot_be_changed_and_travel_to_other_processes(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(FrozenInstanceError):
        settings.server.port = 1  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_every_default_is_within_its_own_bounds() -> None:
    for kind in sections().values():
        for declared in fields(kind):
            law = option_of(declared)
            assert law.doc.endswith("."), declared.name
            if isinstance(declared.default, int | float) and not isinstance(declared.default, bool):
                assert law.low is not None, declared.name
                assert law.high is not None, declared.name
                assert law.low <= declared.default <= law.high, declared.name


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ({"READERS_TLS": "false", "SERVER_HOST": "0.0.0.0"}, "readers without TLS would be listened to on 0.0.0.0"),
        ({"READERS_TLS": "false", "READERS_HOST": "192.0.2.1"}, "readers without TLS"),
        ({"SERVER_TLS": "false"}, "there is no certificate"),
        ({"READERS_TLS": "false", "SERVER_HOST": "0.0.0.0", "READERS_HOST": "::1"}, ""),
        ({"READERS_TLS": "false", "SERVER_HOST": "0.0.0.0", "READERS_PLAIN": "true"}, ""),
        ({"SERVER_HOST": "0.0.0.0"}, ""),
    ],
)
def test_readers_go_plain_over_the_network_only_where_it_is_said(chosen: dict[str, str], fault: str) -> None:
    environ = {"IPPGATE_READERS_PORT": "8633", **{f"IPPGATE_{key}": value for key, value in chosen.items()}}
    if not fault:
        assert load(environ=environ).readers.port == 8633
        return
    with pytest.raises(ConfigError, match=fault):
        load(environ=environ)
