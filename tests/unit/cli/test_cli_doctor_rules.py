"""The doctor says whether the rules can be used."""

from pathlib import Path

from ippgate.cli.doctor.rules import rules
from ippgate.config import RulesSettings, Settings
from ippgate.model.finding import Verdict

GOOD = '[[rule]]\nname = "Two copies"\ncap = { copies = 2 }\n'


def test_nothing_is_said_where_there_are_no_rules(tmp_path: Path) -> None:
    assert list(rules(Settings(tmp_path))) == []


def test_good_rules_are_counted(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(GOOD)
    [found] = rules(Settings(tmp_path))
    assert (found.verdict, found.found) == (Verdict.OK, f"1 in {tmp_path}/rules.toml")


def test_rules_with_mistakes_fail_with_the_command_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(GOOD + GOOD + "[[rule]]\n")
    [found] = rules(Settings(tmp_path))
    assert found.verdict is Verdict.FAIL
    assert found.found.startswith(f"{tmp_path}/rules.toml has 2 problems")
    assert found.remedy == f"ippgate rule check {tmp_path}/rules.toml"


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    [found] = rules(Settings(tmp_path, rules=RulesSettings(file=str(tmp_path / "gone.toml"))))
    assert (found.verdict, found.remedy) == (Verdict.FAIL, f"ippgate rule check {tmp_path}/gone.toml")
