"""Rules and facts in, a decision out. Never raises: what cannot be judged holds the job and says why."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ippgate.ipp.registry import reasons as R
from ippgate.policy.bound import MAX_SENTENCE
from ippgate.policy.condition import FailedError
from ippgate.policy.context import context_of
from ippgate.policy.decision import Decision, Outcome, Result, Step, applied
from ippgate.policy.fact import FACTS, Source
from ippgate.policy.facts import Facts
from ippgate.policy.reckon import account_id
from ippgate.policy.rule import Rule, RuleSet, Stage, Unknown
from ippgate.policy.shape import Shape

if TYPE_CHECKING:
    import cel

_UNDECIDED = {stage: Decision(stage) for stage in Stage}
_ALL = "the rules"


def decide(rules: RuleSet, facts: Facts, stage: Stage) -> Decision:
    """What the rules of a stage make of a job.

    Each is held against the job as it came, in their order; later ones win where they differ, a refusal is final, and a
    job that some rule could not judge is held whatever the others say, unless one refuses it.
    """
    if not rules.at(stage) and not rules.unusable:
        return _UNDECIDED[stage]
    try:
        return _judged(rules, facts, stage)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - hostile facts and a panic of the engine hold the job, no more
        failed = _Tally(stage, rules.digest)
        failed.fail(_ALL, f"the facts of the job could not be read ({type(error).__name__})")
        return failed.decision()


def _judged(rules: RuleSet, facts: Facts, stage: Stage) -> Decision:
    tally = _Tally(stage, rules.digest)
    if rules.unusable:
        tally.fail(_ALL, rules.unusable)
        return tally.decision()
    context, absent = context_of(facts, rules.asks_for(stage))
    undrawn = facts.document is not None and facts.document.undrawn
    if rules.idle(stage, context, absent, undrawn=undrawn):
        return tally.decision()
    for rule in rules.at(stage):
        if _applies(rule, context, absent, facts, tally):
            tally.take(rule)
            if rule.ends:
                break
    tally.named = tally.account and account_id(facts) != ""
    decision = tally.decision()
    if not decision.shapes or decision.outcome is Outcome.REFUSE:
        return decision
    return replace(decision, changes=applied(facts.job.template, decision)[1])


def _applies(rule: Rule, context: "cel.Context", absent: frozenset[str], facts: Facts, tally: "_Tally") -> bool:
    if rule.when is None:
        return True
    try:
        return rule.when.holds(context)
    except FailedError as failed:
        lacking = absent.intersection(rule.when.reads)
        tally.lacked |= lacking
        if not (failed.lacks and lacking):
            tally.fail(rule.name, "its condition could not be evaluated", str(failed))
            return False
        if rule.unknown is Unknown.HOLD:
            tally.lack(rule.name, _lacking([name for name in rule.when.reads if name in lacking], facts))
        return rule.unknown is Unknown.MATCH


def _lacking(names: list[str], facts: Facts) -> str:
    """Which facts are not known and, where the document is to blame, why."""
    said = f"{' and '.join(names[:3])} {'is' if len(names) == 1 else 'are'} not known"
    of_document = any(FACTS[name].source is Source.DOCUMENT for name in names)
    return said + (f" ({facts.document.unknown})" if of_document and facts.document and facts.document.unknown else "")


@dataclass(slots=True)
class _Tally:
    """What the rules so far have said."""

    stage: Stage
    digest: str
    outcome: Outcome = Outcome.NONE
    sentence: str = ""
    send_to: str | None = None
    priority: int | None = None
    retention: int | None = None
    account: bool = False  # one is required
    named: bool = False  # and the job names one
    unjudged: str = ""  # why no rule can let the job go
    shapes: list[Shape] = field(default_factory=list)
    tags: dict[str, None] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    lacked: set[str] = field(default_factory=set)

    def take(self, rule: Rule) -> None:
        """A rule applies."""
        if rule.refuse:
            self.outcome, self.sentence = Outcome.REFUSE, rule.refuse
        elif rule.hold:
            self.outcome, self.sentence = Outcome.HOLD, rule.hold
        elif rule.print_directly:
            self.outcome, self.sentence = Outcome.DIRECT, ""
        self.send_to = rule.send_to or self.send_to
        self.priority = self.priority if rule.priority is None else rule.priority
        self.retention = self.retention if rule.retention is None else rule.retention
        self.account = self.account or rule.require_account
        self.shapes += rule.shapes
        self.tags |= dict.fromkeys(rule.tags)
        self.steps.append(Step(rule.name, Result.MATCHED, rule.deeds))

    def lack(self, rule: str, why: str) -> None:
        """A rule that cannot be judged for want of a fact."""
        self._hold(rule, Result.UNKNOWN, why)

    def fail(self, rule: str, why: str, details: str = "") -> None:
        """A rule that cannot be judged at all; `details` are for operators alone."""
        self._hold(rule, Result.FAILED, why, details)

    def _hold(self, rule: str, result: Result, why: str, details: str = "") -> None:
        said = f"{why} ({details})" if details else why
        self.steps.append(Step(rule, result, (said, "the job is held")))
        which = _ALL if rule == _ALL else f"the rule “{rule}”"
        self.unjudged = self.unjudged or f"{which} could not be judged: {why}"[:MAX_SENTENCE]

    def decision(self) -> Decision:
        """All of it together."""
        outcome, sentence, reasons = self._outcome()
        return Decision(
            self.stage,
            self.digest,
            outcome,
            sentence,
            reasons,
            self.send_to,
            tuple(self.shapes),
            (),
            self.priority,
            self.retention,
            self.account,
            tuple(self.tags),
            tuple(self.steps),
            frozenset(self.lacked),
        )

    def _outcome(self) -> tuple[Outcome, str, tuple[str, ...]]:
        if self.outcome is Outcome.REFUSE:
            return self.outcome, self.sentence, (R.ABORTED_BY_SYSTEM,)
        if self.unjudged:
            return Outcome.HOLD, self.unjudged, (R.JOB_HELD_FOR_REVIEW,)
        if self.account and not self.named:
            sentence = "an account is needed: name one (job-account-id)"
            return Outcome.HOLD, sentence, (R.ACCOUNT_INFO_NEEDED,)
        reasons = (R.JOB_HELD_FOR_RELEASE,) if self.outcome is Outcome.HOLD else ()
        return self.outcome, self.sentence, reasons
