"""Exit codes, sentences and help are the same for every command; no operator ever sees a trace unasked."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ippgate import __version__
from ippgate.cli.root import COMMANDS, app
from ippgate.model.errors import DocumentDamaged, NotFound, Unavailable
from tests.unit.cli.conftest import Paper, Run, paper_job

JOB_VERBS = (
    "list",
    "show",
    "release",
    "unlock",
    "hold",
    "claim",
    "cancel",
    "resubmit",
    "promote",
    "suspend",
    "resume",
    "purge",
)
EVERY = [
    *(
        "serve",
        "doctor",
        "doctor device",
        "doctor job",
        "db migrate",
        "db status",
        "config show",
        "config check",
        "key rotate",
        "key status",
    ),
    "document show",
    *(f"queue {verb}" for verb in ("add", "list", "set", "describe", "remove", "pause", "resume", "enable", "disable")),
    *(f"operator {verb}" for verb in ("add", "list", "password", "remove")),
    *(f"person {verb}" for verb in ("add", "change", "set", "list", "show", "password", "pin", "remove")),
    *(f"delegate {verb}" for verb in ("add", "remove", "list")),
    *(f"card {verb}" for verb in ("add", "list", "remove", "code", "import")),
    *(f"session {verb}" for verb in ("list", "revoke")),
    *(f"uri {verb}" for verb in ("add", "list", "revoke")),
    *(f"device {verb}" for verb in ("add", "list", "show", "logins", "test", "remove")),
    *(f"group {verb}" for verb in ("add", "list", "show", "set", "remove")),
    *(f"job {verb}" for verb in JOB_VERBS),
    *(f"subscription {verb}" for verb in ("list", "cancel")),
    *(f"alias {verb}" for verb in ("add", "list", "remove")),
    *(f"station {verb}" for verb in ("add", "enrol", "list", "show", "set", "renew", "remove")),
    *(f"reader {verb}" for verb in ("add", "list", "set", "renew", "remove")),
    *(f"rule {verb}" for verb in ("check", "list", "facts", "explain", "try")),
]


@pytest.mark.parametrize("command", [command for command in EVERY if command.split()[0] not in {"doctor", "db"}])
def test_every_command_explains_itself_and_prints_json(paper: Paper, run: Run, command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


@pytest.mark.parametrize("group", [name for name in COMMANDS if name not in {"serve", "doctor", "db"}])
def test_every_group_lists_exactly_its_commands(paper: Paper, run: Run, group: str) -> None:
    text = run(group, "--help").stdout
    listed = re.findall(r"^  ([a-z]+)  ", text[text.index("Commands:") :], re.MULTILINE)
    assert sorted(listed) == sorted(command.split()[1] for command in EVERY if command.startswith(f"{group} "))


def test_the_root_lists_exactly_its_groups(run: Run) -> None:
    text = run("--help").stdout
    listed = re.findall(r"^  ([a-z]+)  ", text[text.index("Commands:") :], re.MULTILINE)
    assert listed == list(dict.fromkeys(COMMANDS))
    assert set(listed) == {command.split()[0] for command in EVERY}


@pytest.mark.parametrize(
    "words",
    [
        ("jbo",),
        ("job", "lits"),
        ("job", "show"),
        ("job", "show", "x"),
        ("job", "show", "0"),
        ("job", "list", "--state", "held"),
        ("job", "list", "--limit", "0"),
        ("job", "release"),
        ("job", "release", "1", "--all", "--user", "jake"),
        ("job", "release", "--all"),
        ("job", "release", "1", "--user", "jake"),
        ("job", "purge", "--older-than", "soon"),
        ("queue", "add", "x", "--mode", "fast"),
        ("queue", "set", "x"),
        ("serve", "--workers", "0"),
        ("config", "show", "sever"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_is_2_with_a_hint(paper: Paper, run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_command_that_is_almost_right_is_suggested(run: Run) -> None:
    assert "Did you mean 'device'?" in run("devise").stderr


@pytest.mark.parametrize(
    "error",
    [
        NotFound("there is no job 1"),
        Unavailable("the database cannot be reached"),
        DocumentDamaged("the job's key does not open"),
        OSError(13, "Permission denied", "/srv/gate"),
        ExceptionGroup("tasks", [Unavailable("the database cannot be reached")]),
    ],
)
def test_what_is_refused_is_1_with_one_sentence(paper: Paper, run: Run, error: Exception) -> None:
    paper.broken = error
    result = run("job", "list")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("ippgate: ")
    assert result.stderr.count("\n") == 1


def test_what_nobody_expected_is_1_with_an_id_and_a_trace_only_when_asked_for(paper: Paper, run: Run) -> None:
    paper.broken = RuntimeError("boom \x1b[31m")
    result = run("job", "list")
    assert result.exit_code == 1
    assert re.fullmatch(
        r"ippgate: an unexpected error \(RuntimeError, id [0-9a-f]{12}\); run .*--debug.*\n", result.stderr
    )
    loud = run("--debug", "job", "list")
    assert loud.exit_code == 1
    assert "RuntimeError: boom \\x1b[31m" in loud.stderr
    assert "Traceback" in loud.stderr


def test_a_configuration_that_is_wrong_is_1_with_a_line_for_each_fault(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPPGATE_PORT", "x")
    monkeypatch.setenv("IPPGATE_LOG_LEVEL", "loud")
    for command in (("config", "check"), ("job", "list"), ("serve",), ("config", "show")):
        result = run(*command)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 2
        assert all(line.startswith("ippgate: IPPGATE_") for line in result.stderr.splitlines())


def test_config_show_masks_secrets_and_tells_origins(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPPGATE_DATABASE_DSN", "postgresql://gate:geheim@db.example/gate")
    for words in (("config", "show"), ("config", "show", "database"), ("config", "show", "--json")):
        result = run(*words)
        assert result.exit_code == 0
        assert "geheim" not in result.output
        assert "postgresql://gate:*****@db.example/gate" in result.stdout
        assert "IPPGATE_DATABASE_DSN" in result.stdout


def test_config_check_names_the_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "given.toml"
    file.write_text("[server]\nport = 9000\n")
    result = run("--config", str(file), "config", "check")
    assert (result.exit_code, result.stdout) == (0, f"The configuration is sound ({file}).\n")


def test_hostile_names_do_nothing_to_the_terminal(paper: Paper, run: Run) -> None:
    paper.jobs_by_id = {1: paper_job(1, name="\x1b]0;x\x07[bold]evil\n\u202e", owner="a\tb\r")}
    for words in (("job", "list"), ("job", "show", "1"), ("job", "cancel", "1"), ("job", "list", "--json")):
        text = run(*words).stdout
        assert all(line.isprintable() for line in text.splitlines())
    assert "[bold]evil" in run("job", "list").stdout


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"], prog_name="ippgate")
    assert (result.exit_code, result.stdout) == (0, f"ippgate {__version__}\n")


def test_help_imports_nothing_that_takes_time() -> None:
    script = (
        "import sys\n"
        "from ippgate.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n"
        "    heavy = {'aiohttp', 'asyncpg', 'structlog', 'cryptography', 'asyncio'}\n"
        "    print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )

    command = [sys.executable, "-c", script, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "Commands:" in done.stdout
    assert done.stderr == "[]\n"
