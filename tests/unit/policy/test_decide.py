"""A decision says what is to be done with a job and why; it is kept with the job and told again later."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cel
import msgpack
import pytest

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.keywords import KEYWORDS
from ippgate.model.facts import DocumentFacts
from ippgate.policy import (
    NO_RULES,
    Decision,
    Outcome,
    Result,
    RuleSet,
    Stage,
    applied,
    decide,
    explain,
    from_plain,
    joined,
    to_plain,
)
from tests.unit.policy.jobs import NOON, REPORT, job, judged, rules, when, wish

EVERYTHING = (
    when(
        "job.pages > 5",
        'hold = "Wait."',
        'send_to = "big"',
        "priority = 30",
        'retention = "2 h"',
        'tag = ["long", "x"]',
    ),
    'force = { sides = "two-sided-long-edge" }\ncap = { copies = 20 }\ndefault = { print_quality = "draft" }',
    when("job.color", 'tag = "colour"', "stop = true"),
    when("job.copies > 100"),
)
BIG = (wish(A.COPIES, 30), wish(A.SIDES, "one-sided"))


def test_without_rules_of_a_stage_there_is_nothing_to_decide() -> None:
    for stage in Stage:
        assert decide(NO_RULES, job(), stage) == Decision(stage)
        assert not explain(decide(NO_RULES, job(), stage))[1:]
    assert judged(job(), when("job.color"), stage=Stage.RELEASE) == Decision(Stage.RELEASE)


def test_everything_that_rules_did_is_in_the_decision_and_said_in_words() -> None:
    decision = judged(job(*BIG), *EVERYTHING)
    assert (decision.outcome, decision.sentence, decision.reasons) == (Outcome.HOLD, "Wait.", (R.JOB_HELD_FOR_RELEASE,))
    assert (decision.send_to, decision.priority, decision.retention) == ("big", 30, 7200)
    assert decision.tags == ("long", "x", "colour")
    assert not decision.account_required
    assert [step.result for step in decision.steps] == [Result.MATCHED] * 3
    assert explain(decision) == [
        "The rule “r1” applied: holds: Wait.; sends to big; priority 30; kept for 2 h; tags long, x.",
        (
            "The rule “r2” applied: forces sides to two-sided-long-edge; allows copies 20 at the most;"
            " sets print-quality to draft where nothing is asked."
        ),
        "The rule “r3” applied: tags colour; stops here.",
        "sides: one-sided → two-sided-long-edge, by the rule “r2” (force).",
        "copies: 30 → 20, by the rule “r2” (cap).",
        "print-quality: not asked for → draft, by the rule “r2” (default).",
        "The job is held: Wait.",
    ]


@pytest.mark.parametrize(
    "decision",
    [
        judged(job(*BIG), *EVERYTHING),
        judged(job(document=DocumentFacts(unknown="it is odd")), *EVERYTHING),
        judged(job(), 'refuse = "No."\ntag = "no"'),
        judged(job(), "require_account = true"),
        Decision(Stage.RELEASE),
    ],
)
def test_a_decision_can_be_stored_and_read_again(decision: Decision) -> None:
    assert from_plain(msgpack.unpackb(msgpack.packb(to_plain(decision)))) == decision
    assert from_plain(json.loads(json.dumps(to_plain(decision)))) == decision
    assert explain(from_plain(to_plain(decision))) == explain(decision)


@pytest.mark.parametrize(
    "spoilt",
    [
        {},
        {"version": 2},
        {"version": 1},
        None,
        [],
        to_plain(Decision(Stage.ARRIVAL)) | {"stage": "later"},
        to_plain(Decision(Stage.ARRIVAL)) | {"steps": [1]},
        to_plain(Decision(Stage.ARRIVAL)) | {"shapes": [["force", "sides", 1, "r"]]},
    ],
)
def test_what_is_no_decision_of_this_version_is_refused(spoilt: Any) -> None:
    with pytest.raises(ValueError, match="decision"):
        from_plain(spoilt)


def test_reasons_are_keywords_of_the_registry() -> None:
    known = set(KEYWORDS["job-state-reasons"])
    for decision in (
        judged(job(), "hold = true"),
        judged(job(document=None), when("job.pages > 5")),
        judged(job(), 'refuse = "No."'),
        judged(job(), "require_account = true"),
    ):
        assert decision.reasons
        assert set(decision.reasons) <= known
    assert judged(job(), "print_directly = true").reasons == ()


def test_an_account_that_is_named_is_enough() -> None:
    named = judged(job(wish(A.JOB_ACCOUNT_ID, "physics")), "require_account = true")
    assert (named.outcome, named.account_required) == (Outcome.NONE, True)


def test_a_template_that_was_shaped_stays_as_it_is() -> None:
    decision = judged(job(*BIG), *EVERYTHING)
    once, changes = applied(BIG, decision)
    assert changes == decision.changes
    assert applied(once, decision) == (once, ())


def test_a_later_wish_does_not_undo_what_was_forced_or_capped() -> None:
    decision = judged(job(*BIG), *EVERYTHING)
    edited = (wish(A.COPIES, 500), wish(A.SIDES, "one-sided"), wish(A.PRINT_QUALITY, 5))
    after, changes = applied(edited, decision)
    assert after == (wish(A.COPIES, 20), wish(A.SIDES, "two-sided-long-edge"), wish(A.PRINT_QUALITY, 5))
    assert [change.name for change in changes] == ["sides", "copies"]


def test_arrival_and_release_together_are_one_decision() -> None:
    arrival = judged(job(*BIG), *EVERYTHING)
    at_release = judged(job(*BIG), 'stage = "release"\nsend_to = "other"\ntag = "late"', stage=Stage.RELEASE)
    whole = joined(arrival, at_release)
    assert (whole.stage, whole.outcome, whole.send_to, whole.priority) == (Stage.RELEASE, Outcome.NONE, "other", 30)
    assert whole.tags == ("long", "x", "colour", "late")
    assert whole.shapes == arrival.shapes
    assert len(whole.steps) == 4
    assert joined(arrival, Decision(Stage.RELEASE)).send_to == "big"


def test_rules_that_cannot_be_used_hold_every_job_at_every_stage() -> None:
    unusable = RuleSet(unusable="the rules of this printer have faults")
    for stage in Stage:
        decision = decide(unusable, job(), stage)
        assert (decision.outcome, decision.reasons) == (Outcome.HOLD, (R.JOB_HELD_FOR_REVIEW,))
        assert decision.sentence == "the rules could not be judged: the rules of this printer have faults"


class _Breaks(tuple[Attribute, ...]):
    """A template that cannot even be looked at."""

    __slots__ = ()

    def __iter__(self) -> Any:
        raise MemoryError


def test_facts_that_cannot_be_gathered_hold_the_job() -> None:
    facts = job()
    facts = replace(facts, job=replace(facts.job, template=_Breaks()))
    decision = judged(facts, when("job.copies > 5", "print_directly = true"))
    assert decision.outcome is Outcome.HOLD
    assert decision.steps[0].result is Result.FAILED
    assert "MemoryError" in decision.sentence


def test_a_panic_while_facts_are_gathered_holds_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the engine's."""

    def panics(**parts: object) -> cel.Context:
        raise PanicException

    monkeypatch.setattr(cel, "Context", panics)
    assert decide(rules(when("job.copies > 5")), job(), Stage.ARRIVAL).outcome is Outcome.HOLD


def test_octets_of_a_template_that_mean_nothing_hold_the_job() -> None:
    broken = Attribute(A.COPIES, (Value(Tag.INTEGER, b"\1"),))
    for rule in (when("job.copies > 5", "print_directly = true"), "cap = { copies = 5 }"):
        decision = judged(job(broken), rule)
        assert (decision.outcome, decision.reasons) == (Outcome.HOLD, (R.JOB_HELD_FOR_REVIEW,))


def test_hours_and_days_are_those_of_the_moment_that_was_given() -> None:
    late = when('now.time == "23:30" && now.weekday == "tuesday"', 'tag = "late"')
    zone = timezone(timedelta(hours=2))
    moment = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
    assert judged(job(now=moment), late).tags == ()
    assert judged(job(now=moment.astimezone(zone)), late).tags == ("late",)


def test_a_sentence_stays_short_whatever_the_document_says_of_itself() -> None:
    noisy = replace(REPORT, pages=None, unknown="x" * 5000)
    assert len(judged(job(document=noisy), when("job.pages > 5")).sentence) == 300
    assert judged(job(now=NOON), when("job.pages > 5", 'tag = "a"')).tags == ("a",)
