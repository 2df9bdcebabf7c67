"""`ippgate rule …`: check, list, facts, try, explain."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.decision import decision_facts, show_decision, show_trial
from ippgate.cli.judged import decisions_of, facts_of_job
from ippgate.cli.show import AsJson, Column, as_document, done, listing
from ippgate.cli.trial import facts_of, read_attributes, with_document
from ippgate.cli.work import commands, quiet, settings, with_gate
from ippgate.config import Settings
from ippgate.config.zone import zone_of
from ippgate.observe.safe import safe_text
from ippgate.policy import (
    FACTS,
    NO_RULES,
    Decision,
    Facts,
    Outcome,
    Problem,
    Rule,
    RulesError,
    RuleSet,
    Stage,
    applied,
    decide,
)
from ippgate.policy.condition.function import FUNCTIONS
from ippgate.policy.condition.parser import MACROS
from ippgate.policy.key import KEYS
from ippgate.policy.worth import SHAPED
from ippgate.rulebook import read_file

if TYPE_CHECKING:  # see ippgate.cli.work
    from ippgate.app import Gate

app = commands("Rules: check them, list them, try them.")

RULES = (
    Column("line", "Line", right=True),
    Column("name", "Rule", long=True),
    Column("stage", "Stage"),
    Column("when", "When", long=True),
    Column("does", "Does", long=True),
)
VOCABULARY = (
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("known", "Known at"),
    Column("meaning", "Meaning", long=True),
)
_TEXT = 2000


@app.command()
def check(
    context: typer.Context,
    *,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Default: the file in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a rules file; every problem is named with its line and its remedy."""
    chosen = file or settings(context).rules_file
    try:
        rules = _rules(context, file)
    except RulesError as error:
        _complain(error, as_json=as_json)
        raise typer.Exit(1) from None
    facts = {"file": str(chosen), "rules": len(rules), "digest": rules.digest, "problems": []}
    done(f"{chosen}: {_counted(len(rules))}, no problem.", facts, as_json=as_json)


@app.command("list")
def list_rules(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the rules in their order."""
    rows = [_row(rule) for rule in _sound(context, None)]
    listing(rows, RULES, as_json=as_json, nothing="There are no rules: every job is as its queue has it.")


@app.command("facts")
def list_facts(*, as_json: AsJson = False) -> None:
    """List what a condition may speak of and what a rule may do."""
    if as_json:
        as_document(vocabulary())
        return
    listing(vocabulary(), VOCABULARY, as_json=False, nothing="")


@app.command()
def explain(
    context: typer.Context,
    *,
    job_id: Annotated[int, typer.Argument(metavar="JOB", min=1, help="The job's id.")],
    as_json: AsJson = False,
) -> None:
    """Tell what rules made of a job, on its arrival and when it was released, and why."""

    async def work(gate: "Gate") -> list[Decision]:
        return await decisions_of(gate, job_id)

    decisions = with_gate(context, work)
    if as_json:
        as_document([decision_facts(decision) for decision in decisions])
    elif not decisions:
        print(f"No rule had a say about job {job_id}.")
    for decision in decisions if not as_json else ():
        show_decision(decision, as_json=False)


@app.command("try")
def try_rules(
    context: typer.Context,
    *,
    job: Annotated[int | None, typer.Option(metavar="JOB", min=1, help="A job of the gate, as it is now.")] = None,
    attrs: Annotated[Path | None, typer.Option(help="TOML or JSON with facts: [job] pages = 600 …")] = None,
    document: Annotated[Path | None, typer.Option(help="A document, examined as at the gate.")] = None,
    user: Annotated[str | None, typer.Option(help="Who prints.")] = None,
    queue: Annotated[str | None, typer.Option(help="Where it is sent.")] = None,
    device: Annotated[str | None, typer.Option(help="Where it is released; the rules of release run too.")] = None,
    now: Annotated[str | None, typer.Option(help="When: 2026-03-31T18:30.")] = None,
    file: Annotated[Path | None, typer.Option(help="Another rules file than the one in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what would happen to a job, rule by rule."""
    if job is not None and (attrs, document, user, queue) != (None, None, None, None):
        raise typer.BadParameter("--job has its own attributes, document, user and queue.")
    if (job, attrs, document) == (None, None, None):
        raise typer.BadParameter("Name --job JOB, or --attrs FILE, --document FILE, or both.")
    rules, at = _sound(context, file), moment(settings(context), now)
    if job is not None:
        facts = with_gate(context, lambda gate: facts_of_job(gate, job, device, at))
        show_trial(rules, decided(rules, facts), as_json=as_json)
        return
    given = read_attributes(attrs) if attrs else {}
    named = {"user.name": user, "queue.name": queue, "device.name": device}
    given |= {name: value for name, value in named.items() if value is not None}
    facts = facts_of(given, at)
    if document is not None:
        facts = _examined(context, facts, document)
    show_trial(rules, decided(rules, facts), as_json=as_json)


def vocabulary() -> list[dict[str, str]]:
    """Every fact, function and key, as rows."""
    facts = [
        {
            "name": fact.name,
            "kind": fact.kind.value,
            "known": {"request": "arrival", "document": "arrival, examined", "device": "release"}[fact.source.value],
            "meaning": fact.meaning + (f": {', '.join(fact.values)}" if fact.values else ""),
        }
        for fact in FACTS.values()
    ]
    functions = [_term(each.form, each.gives.value, each.meaning) for each in FUNCTIONS.values()]
    macros = [
        {"name": f'list.{macro}(item, item == "…")', "kind": "", "known": "", "meaning": "as in CEL"}
        for macro in MACROS
    ]
    keys = [_term(f"{key.name} = {key.form}", "action" if key.action else "key", key.meaning) for key in KEYS.values()]
    shaped = [_term(f"{law.key} = {law.form}", "in force, cap, default", law.meaning) for law in SHAPED.values()]
    return [*facts, *functions, *macros, *keys, *shaped]


def _term(name: str, kind: str, meaning: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "known": "", "meaning": meaning}


def moment(chosen: Settings, text: str | None) -> datetime:
    """The moment in the zone of the people who print. Raises BadParameter for a text that is none."""
    zone = zone_of(chosen.server.time_zone)
    if text is None:
        return datetime.now(UTC).astimezone(zone)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no moment: write 2026-03-31T18:30.") from None
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone).astimezone(zone)


def decided(rules: RuleSet, facts: Facts) -> list[Decision]:
    """What happens on arrival and, to a job that is let in and has a device, at release."""
    first = decide(rules, replace(facts, device=None), Stage.ARRIVAL)
    if facts.device is None or first.outcome is Outcome.REFUSE:
        return [first]
    template, _ = applied(facts.job.template, first)
    waited = replace(facts, job=replace(facts.job, template=template, priority=first.priority or facts.job.priority))
    return [first, decide(rules, waited, Stage.RELEASE)]


# ── the rules ──


def _rules(context: typer.Context, file: Path | None) -> RuleSet:
    """The rules of a file; of the one in force, if it was not named and is not there, none. Raises RulesError."""
    chosen = settings(context)
    if file is None and not chosen.rules.file and not chosen.rules_file.exists():
        return NO_RULES
    return read_file(file or chosen.rules_file)


def _sound(context: typer.Context, file: Path | None) -> RuleSet:
    try:
        return _rules(context, file)
    except RulesError as error:
        _complain(error, as_json=False)
        raise typer.Exit(1) from None


def _complain(error: RulesError, *, as_json: bool) -> None:
    if as_json:
        as_document({"file": error.problems[0].file, "problems": [_problem(each) for each in error.problems]})
        return
    for problem in error.problems:
        print(f"ippgate: {safe_text(str(problem), _TEXT)}", file=sys.stderr)


def _problem(problem: Problem) -> Mapping[str, Any]:
    return {
        "line": problem.line,
        "rule": problem.rule,
        "problem": problem.sentence,
        "remedy": problem.remedy,
    }


def _row(rule: Rule) -> dict[str, Any]:
    stages = [stage.value for stage in Stage if stage in rule.stages]
    return {
        "line": rule.line,
        "name": rule.name,
        "stage": "both" if len(stages) > 1 else stages[0],
        "when": " ".join(rule.when.source.split()) if rule.when else "always",
        "unknown": rule.unknown.value,
        "does": "; ".join(rule.deeds),
    }


def _examined(context: typer.Context, facts: Facts, document: Path) -> Facts:
    from ippgate.cli.document import examined  # noqa: PLC0415 - only this trial needs examiners

    quiet(context)
    (found,) = asyncio.run(examined([document]))
    return with_document(facts, found, document.stat().st_size)


def _counted(rules: int) -> str:
    return "1 rule" if rules == 1 else f"{rules} rules"
