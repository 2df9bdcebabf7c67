"""`ippgate rule`: a file is checked before it takes effect, and a job is tried before it is printed."""

import json
from pathlib import Path

import pytest

from ippgate.cli.decision import show_decision
from ippgate.data import conf_folder
from ippgate.policy import FACTS, JobFacts, Stage, decide, read_rules
from ippgate.policy.facts import Facts
from tests.unit.cli.conftest import NOON, Run

RULES = """\
[[rule]]
name = "Long"
when = "job.pages > 500"
unknown = "skip"
refuse = "Print it at the shop."

[[rule]]
name = "Both sides"
when = 'job.pages > 20 && user.name != "boss"'
unknown = "skip"
force = { sides = "two-sided-long-edge" }
tag = "long"

[[rule]]
name = "Nights"
when = "now.hour >= 20"
hold = "Closed."
stop = true

[[rule]]
name = "Everybody"
priority = 40

[[rule]]
name = "Hall"
when = 'device.name == "hall" && job.sides != "one-sided"'
refuse = "The hall prints on one side."
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rules file in force."""
    file = tmp_path / "given.toml"
    file.write_text(RULES)
    monkeypatch.setenv("IPPGATE_RULES_FILE", str(file))
    monkeypatch.setenv("IPPGATE_SERVER_TIME_ZONE", "Europe/Zurich")
    return file


@pytest.fixture
def attrs(tmp_path: Path) -> Path:
    file = tmp_path / "job.toml"
    file.write_text('[job]\nname = "Report"\npages = 30\nsides = "one-sided"\n[client]\naddress = "10.0.0.7"\n')
    return file


def test_check_says_that_a_file_is_sound(run: Run, rules: Path) -> None:
    assert run("rule", "check").stdout == f"{rules}: 5 rules, no problem.\n"
    assert run("rule", "check", conf_folder() / "rules.toml").stdout.endswith("rules.toml: 0 rules, no problem.\n")
    told = json.loads(run("rule", "check", "--json").stdout)
    assert (told["file"], told["rules"], told["problems"]) == (str(rules), 5, [])


def test_check_names_every_problem_with_file_line_rule_and_remedy(run: Run, rules: Path) -> None:
    rules.write_text(RULES.replace("job.pages > 20", "job.pagse > 20").replace("priority = 40", "priority = 400"))
    result = run("rule", "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"ippgate: {rules}:9: rule Both sides: when: there is no fact job.pagse; did you mean job.pages?",
        (
            f"ippgate: {rules}:22: rule Everybody: priority: 400 is no priority;"
            " write a whole number from 1 to 100; 50 is usual"
        ),
    ]
    as_json = run("rule", "check", "--json")
    assert as_json.exit_code == 1
    assert [problem["line"] for problem in json.loads(as_json.stdout)["problems"]] == [9, 22]
    for words in (("list",), ("try", "--attrs", rules)):
        refused = run("rule", *words)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert "job.pagse" in refused.stderr


def test_a_gate_without_rules_says_so(run: Run, tmp_path: Path) -> None:
    assert "0 rules, no problem." in run("rule", "check").stdout
    assert run("rule", "list").stderr == "There are no rules: every job is as its queue has it.\n"
    assert run("rule", "check", tmp_path / "absent.toml").exit_code == 1


def test_the_home_s_rules_are_in_force_without_being_named(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "rules.toml").write_text(RULES)
    assert "5 rules" in run("rule", "check").stdout


def test_list_shows_rules_in_their_order_with_what_they_do(run: Run, rules: Path) -> None:
    told = json.loads(run("rule", "list", "--json").stdout)
    assert [(rule["line"], rule["name"], rule["stage"]) for rule in told] == [
        (1, "Long", "arrival"),
        (7, "Both sides", "arrival"),
        (14, "Nights", "arrival"),
        (20, "Everybody", "arrival"),
        (24, "Hall", "release"),
    ]
    assert told[1]["does"] == "forces sides to two-sided-long-edge; tags long"
    assert told[3]["when"] == "always"
    assert "refuses: Print it at the shop." in run("rule", "list").stdout


def test_facts_lists_all_that_rules_may_say(run: Run) -> None:
    names = {row["name"] for row in json.loads(run("rule", "facts", "--json").stdout)}
    assert set(FACTS) < names
    assert 'refuse = "Ask the print shop."' in names
    text = run("rule", "facts").stdout
    assert "in_network(client.address" in text
    assert "two-sided-short-edge" in text


def test_try_tells_what_would_happen_rule_by_rule(run: Run, rules: Path, attrs: Path) -> None:
    result = run("rule", "try", "--attrs", attrs, "--user", "jake", "--now", "2026-03-31T12:00")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "At arrival:",
        "  no match     Long",
        "  matched      Both sides: forces sides to two-sided-long-edge; tags long",
        "  no match     Nights",
        "  matched      Everybody: priority 40",
        "  → whether it waits is left to the queue",
        "  → sides: one-sided → two-sided-long-edge (force, Both sides)",
        "  → priority 40",
        "  → tagged long",
    ]
    [told] = json.loads(run("rule", "try", "--attrs", attrs, "--user", "boss", "--json").stdout)
    assert told["changes"] == []
    assert told["trace"][1] == {"rule": "Both sides", "result": "no match", "does": ""}


def test_try_at_a_device_judges_the_job_as_it_was_left_on_arrival(run: Run, rules: Path, attrs: Path) -> None:
    arrival, release = json.loads(run("rule", "try", "--attrs", attrs, "--device", "hall", "--json").stdout)
    assert arrival["stage"] == "arrival"
    assert (release["outcome"], release["sentence"]) == ("refuse", "The hall prints on one side.")


def test_try_speaks_of_hours_in_the_zone_of_the_rules(run: Run, rules: Path, attrs: Path) -> None:
    def outcome(now: str) -> str:
        (told,) = json.loads(run("rule", "try", "--attrs", attrs, "--now", now, "--json").stdout)
        return str(told["outcome"])

    assert outcome("2026-03-31T19:59") == "none"
    assert outcome("2026-03-31T20:00") == "hold"
    assert outcome("2026-03-31T18:00Z") == "hold"
    assert "not reached  Everybody" in run("rule", "try", "--attrs", attrs, "--now", "2026-03-31T20:00").stdout


def test_try_takes_json_and_another_file_of_rules(run: Run, tmp_path: Path) -> None:
    other, job = tmp_path / "other.toml", tmp_path / "job.json"
    other.write_text(RULES)
    job.write_text(json.dumps({"job": {"pages": 501, "account_id": "physics"}, "user": {"groups": ["staff"]}}))
    told = run("rule", "try", "--attrs", job, "--file", other).stdout
    assert "→ refused: Print it at the shop." in told
    assert "not reached  Both sides" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[job]\npagse = 5", "there is no fact job.pagse"),
        ('[job]\npages = "5"', "job.pages is a number, not '5'"),
        ("[job]\npages = true", "job.pages is a number, not True"),
        ("[job]\npages = -1", "job.pages cannot be -1"),
        ("[job]\nsheets = 5", "job.sheets follows from other facts"),
        ("[now]\nhour = 5", "use --now"),
        ('[job]\nsides = "both"', "job.sides: 'both' is not known"),
        ('[document]\nmedia = ["A4"]', "no self-describing media size name"),
        ("[user]\ngroups = [1]", "user.groups is a list of texts"),
        ("pages = 5", "pages is no table"),
        ("[1, 2]", "neither TOML nor JSON"),
        ("a = [" + "[" * 5000, "neither TOML nor JSON"),
        ("{", "neither TOML nor JSON"),
    ],
)
def test_a_job_that_cannot_be_is_refused_in_a_sentence(
    run: Run, rules: Path, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "job.toml"
    file.write_text(text)
    result = run("rule", "try", "--attrs", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert result.stderr.startswith("ippgate: ")
    assert result.stderr.count("\n") == 1


def test_wrong_usage_is_2(run: Run, rules: Path, attrs: Path) -> None:
    for words in (("try",), ("try", "--attrs", attrs, "--now", "soon"), ("check", "a", "b")):
        result = run("rule", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Error: " in result.stderr


def test_a_decision_that_was_kept_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    facts = Facts(JobFacts(name="x"), NOON)
    decision = decide(read_rules('[[rule]]\nname = "all\\""\nhold = "Why."\n', "f"), facts, Stage.ARRIVAL)
    show_decision(decision, as_json=False)
    assert capsys.readouterr().out == 'The rule “all"” applied: holds: Why.\nThe job is held: Why.\n'
    show_decision(decision, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["explanation"][-1]) == ("hold", "The job is held: Why.")
