"""What rules decided about a job, and why: kept with the job, told to the client, explained to operators."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ippgate.ipp import Attribute
from ippgate.policy.rule import Stage
from ippgate.policy.shape import Change, How, Shape, shaped

VERSION = 1
"""Of the plain form."""


class Outcome(StrEnum):
    """Whether the job waits."""

    NONE = "none"  # as its queue has it
    HOLD = "hold"
    DIRECT = "direct"
    REFUSE = "refuse"


class Result(StrEnum):
    """What became of one rule."""

    MATCHED = "matched"
    UNKNOWN = "unknown"  # a fact was not known
    FAILED = "failed"  # its condition could not be evaluated


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that had a say; one that did not apply has no step."""

    rule: str
    result: Result
    words: tuple[str, ...]  # what it did, a clause each


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a job."""

    stage: Stage
    rules: str = ""  # digest of the rule set
    outcome: Outcome = Outcome.NONE
    sentence: str = ""  # why it is held or refused: for the person who prints, and for job-state-message
    reasons: tuple[str, ...] = ()  # job-state-reasons of a job that is held or refused
    send_to: str | None = None  # a device's or a group's name
    shapes: tuple[Shape, ...] = ()
    changes: tuple[Change, ...] = ()  # what the shapes changed in the template that was judged
    priority: int | None = None
    retention: int | None = None  # seconds
    account_required: bool = False
    tags: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    lacked: frozenset[str] = field(default=frozenset(), compare=False)
    """Facts that were not known and might have made a difference; not kept."""


def applied(template: tuple[Attribute, ...], decision: Decision) -> tuple[tuple[Attribute, ...], tuple[Change, ...]]:
    """A template as the decision makes it, and what changed. Applied again, nothing changes any more.

    Holds for later wishes too: what was forced or capped at arrival stays so when a template is edited.
    """
    return shaped(template, decision.shapes) if decision.shapes else (template, ())


def joined(first: Decision, second: Decision) -> Decision:
    """Both decisions about one job, such as those of arrival and release, as one: where they differ `second` wins."""
    return Decision(
        stage=second.stage,
        rules=second.rules,
        outcome=second.outcome,
        sentence=second.sentence,
        reasons=second.reasons,
        send_to=second.send_to or first.send_to,
        shapes=first.shapes + second.shapes,
        changes=first.changes + second.changes,
        priority=first.priority if second.priority is None else second.priority,
        retention=first.retention if second.retention is None else second.retention,
        account_required=first.account_required or second.account_required,
        tags=tuple(dict.fromkeys(first.tags + second.tags)),
        steps=first.steps + second.steps,
    )


def explain(decision: Decision) -> list[str]:
    """What happened at this stage, a sentence for each rule that had a say, and the end of it."""
    if not decision.steps:
        return [f"At {decision.stage.value} no rule applied."]
    told = [_told(step) for step in decision.steps]
    told += [f"{change}, by the rule “{change.rule}” ({change.how.value})." for change in decision.changes]
    return [*told, _end(decision)]


def _told(step: Step) -> str:
    said = "; ".join(step.words)
    match step.result:
        case Result.MATCHED:
            return f"The rule “{step.rule}” applied: {said.removesuffix('.')}."
        case Result.UNKNOWN:
            return f"The rule “{step.rule}” could not be judged: {said}."
    return f"The rule “{step.rule}” failed: {said}."


def _end(decision: Decision) -> str:
    why = f": {decision.sentence}" if decision.sentence else ""
    match decision.outcome:
        case Outcome.HOLD:
            return f"The job is held{why}"
        case Outcome.REFUSE:
            return f"The job is refused{why}"
        case Outcome.DIRECT:
            return "The job is printed directly."
    return "Whether the job waits is left to its queue."


# ── the plain form ──


def to_plain(decision: Decision) -> dict[str, Any]:
    """The decision as numbers, texts, lists and dicts, for msgpack or JSON."""
    return {
        "version": VERSION,
        "stage": decision.stage.value,
        "rules": decision.rules,
        "outcome": decision.outcome.value,
        "sentence": decision.sentence,
        "reasons": list(decision.reasons),
        "send_to": decision.send_to,
        "shapes": [[each.how.value, each.name, list(each.worth), each.rule] for each in decision.shapes],
        "changes": [
            [each.name, list(each.before), list(each.after), each.how.value, each.rule] for each in decision.changes
        ],
        "priority": decision.priority,
        "retention": decision.retention,
        "account_required": decision.account_required,
        "tags": list(decision.tags),
        "steps": [[each.rule, each.result.value, list(each.words)] for each in decision.steps],
    }


def from_plain(plain: dict[str, Any]) -> Decision:
    """A decision from its plain form. Raises ValueError for what is none, or of a version that is not known here."""
    version = plain.get("version") if isinstance(plain, dict) else None
    if version != VERSION:
        raise ValueError(f"a decision of version {version!r}; this gate reads version {VERSION}")
    try:
        return Decision(
            stage=Stage(plain["stage"]),
            rules=plain["rules"],
            outcome=Outcome(plain["outcome"]),
            sentence=plain["sentence"],
            reasons=tuple(plain["reasons"]),
            send_to=plain["send_to"],
            shapes=tuple(Shape(How(how), name, tuple(worth), rule) for how, name, worth, rule in plain["shapes"]),
            changes=tuple(
                Change(name, tuple(before), tuple(after), How(how), rule)
                for name, before, after, how, rule in plain["changes"]
            ),
            priority=plain["priority"],
            retention=plain["retention"],
            account_required=plain["account_required"],
            tags=tuple(plain["tags"]),
            steps=tuple(Step(rule, Result(result), tuple(said)) for rule, result, said in plain["steps"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is no decision: {error!r}") from error
