"""The rules that judge jobs: whether their file can be used."""

from collections.abc import Iterator

from ippgate.config import Settings
from ippgate.model.finding import Finding, fail, ok


def rules(settings: Settings) -> Iterator[Finding]:
    """The rules file has no problem; nothing is said where there is none and none is asked for."""
    from ippgate.policy import RulesError  # noqa: PLC0415 - brings the engine of conditions
    from ippgate.rulebook import read_file  # noqa: PLC0415

    file = settings.rules_file
    if not settings.rules.file and not file.exists():
        return
    try:
        found = read_file(file)
    except RulesError as error:
        count = len(error.problems)
        sentence = f"{file} has {count} problem{'s' * (count > 1)}: the rules before it stay in force, or jobs are held"
        yield fail("rules", sentence, f"ippgate rule check {file}")
    else:
        yield ok("rules", f"{len(found)} in {file}")
