"""What rules decided, as commands print it: of a trial, and of a job from the decision that was kept with it."""

from typing import Any

from ippgate.cli.show import as_document
from ippgate.observe.safe import safe_text
from ippgate.policy import Decision, Outcome, Result, RuleSet, explain, to_plain

_TEXT = 2000


def show_trial(rules: RuleSet, decisions: list[Decision], *, as_json: bool) -> None:
    """Print what rules decided at each stage; `rules` names those that did not apply too."""
    if as_json:
        as_document([{**decision_facts(decision), "trace": trace(rules, decision)} for decision in decisions])
        return
    for decision in decisions:
        print(f"At {decision.stage.value}:")
        for row in trace(rules, decision):
            print(
                safe_text(f"  {row['result']:<12} {row['rule']}" + (f": {row['does']}" if row["does"] else ""), _TEXT)
            )
        for line in consequences(decision):
            print(safe_text(f"  → {line}", _TEXT))


def show_decision(decision: Decision, *, as_json: bool) -> None:
    """Print why a job is as it is, from the decision that was kept with it."""
    if as_json:
        as_document(decision_facts(decision))
        return
    for line in explain(decision):
        print(safe_text(line, _TEXT))


def decision_facts(decision: Decision) -> dict[str, Any]:
    """A decision as plain values, with its explanation."""
    return {**to_plain(decision), "explanation": explain(decision)}


def trace(rules: RuleSet, decision: Decision) -> list[dict[str, str]]:
    """Every rule of the decision's stage and what became of it."""
    steps = {step.rule: step for step in decision.steps}
    rows, ended = [], False
    for rule in rules.at(decision.stage):
        step = steps.pop(rule.name, None)
        result = "not reached" if ended else step.result.value if step else "no match"
        rows.append({"rule": rule.name, "result": result, "does": "; ".join(step.words) if step else ""})
        ended = ended or (rule.ends and step is not None and step.result is Result.MATCHED)
    return rows + [
        {"rule": step.rule, "result": step.result.value, "does": "; ".join(step.words)} for step in steps.values()
    ]


def consequences(decision: Decision) -> list[str]:
    """What all of it comes to, a clause each."""
    outcomes = {
        Outcome.NONE: "whether it waits is left to the queue",
        Outcome.HOLD: f"held: {decision.sentence} ({', '.join(decision.reasons)})",
        Outcome.DIRECT: "printed directly",
        Outcome.REFUSE: f"refused: {decision.sentence}",
    }
    told = [
        outcomes[decision.outcome],
        f"sent to {decision.send_to}" if decision.send_to else "",
        *(f"{change} ({change.how.value}, {change.rule})" for change in decision.changes),
        f"priority {decision.priority}" if decision.priority is not None else "",
        f"kept for {decision.retention} s" if decision.retention is not None else "",
        "an account is required" if decision.account_required else "",
        f"tagged {', '.join(decision.tags)}" if decision.tags else "",
    ]
    return [line for line in told if line]
