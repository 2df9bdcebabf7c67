"""Whatever the rules and whatever the job: a decision comes, what is forced stays forced, a refusal is final; whatever
the text, it is a whole set of rules or a list of problems.
"""

import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import msgpack
from hypothesis import given, settings
from hypothesis import strategies as st

from ippgate.ipp import Attribute, Tag, Value, attribute
from ippgate.ipp.error import BadValueError
from ippgate.ipp.registry import attributes as A
from ippgate.model.facts import DocumentFacts, MediaUse
from ippgate.policy import (
    FACTS,
    DeviceFacts,
    Facts,
    JobFacts,
    Outcome,
    Problem,
    QueueFacts,
    RulesError,
    RuleSet,
    Stage,
    UserFacts,
    applied,
    decide,
    explain,
    from_plain,
    read_rules,
    to_plain,
)
from ippgate.policy.condition import FailedError, condition
from ippgate.policy.condition.function import like
from ippgate.policy.condition.imply import implies, impossible
from ippgate.policy.condition.tree import written
from ippgate.policy.context import bounded, context_of
from ippgate.policy.problem import UnfitError
from ippgate.policy.shape import How, shaped
from tests.rig.yardstick import turns

TEXTS = st.text(max_size=40)
SIDES = st.sampled_from(["one-sided", "two-sided-long-edge", "two-sided-short-edge"])
COLORS = st.sampled_from(["auto", "color", "monochrome", "bi-level"])
NUMBERS = st.integers(0, 12)

WISHES = st.one_of(
    st.builds(lambda n: attribute(A.COPIES, n), st.integers(1, 60)),
    st.builds(lambda n: attribute(A.NUMBER_UP, n), st.integers(1, 16)),
    st.builds(lambda n: attribute(A.PRINT_QUALITY, n), st.integers(3, 5)),
    st.builds(lambda n: attribute(A.FINISHINGS, *n), st.lists(st.integers(3, 101), min_size=1, max_size=4)),
    st.builds(lambda s: attribute(A.SIDES, s), SIDES),
    st.builds(lambda s: attribute(A.PRINT_COLOR_MODE, s), COLORS),
    st.builds(
        lambda x, y: attribute(A.MEDIA_COL, {"media-size": {"x-dimension": x, "y-dimension": y}}),
        st.integers(1, 50_000),
        st.integers(1, 50_000),
    ),
    st.builds(
        lambda name, tag, raw: Attribute(name, (Value(tag, raw),)),
        st.sampled_from([A.COPIES, A.SIDES, A.MEDIA, A.MEDIA_COL, A.FINISHINGS, A.PAGE_RANGES, A.JOB_ACCOUNT_ID]),
        st.sampled_from([int(tag) for tag in Tag if tag != Tag.BEG_COLLECTION]),
        st.binary(max_size=9),
    ),
)
DOCUMENTS = st.none() | st.builds(
    DocumentFacts,
    document_format=st.none() | st.sampled_from(["application/pdf", "image/urf"]),
    pages=st.none() | NUMBERS | st.integers(0, 2**70),
    color_pages=st.none() | NUMBERS,
    copies=st.none() | NUMBERS,
    sides=st.none() | SIDES,
    media=st.lists(st.builds(MediaUse, st.integers(0, 2**40), st.integers(0, 2**40), NUMBERS), max_size=3).map(tuple),
    finishings=st.lists(st.integers(-5, 2**40), max_size=3).map(tuple),
    producer=st.text(st.characters(), max_size=40),
    unknown=TEXTS,
)
JOBS = st.builds(
    Facts,
    st.builds(
        JobFacts,
        name=st.text(st.characters(), max_size=40),
        template=st.lists(WISHES, max_size=6, unique_by=lambda wish: wish.name).map(tuple),
        size=st.none() | st.integers(0, 2**70),
        document_format=TEXTS,
    ),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(UserFacts, TEXTS, st.lists(TEXTS, max_size=4).map(tuple)),
    st.builds(QueueFacts, TEXTS),
    st.sampled_from(["", "10.0.0.7", "::1", "fe80::1%eth0", "nobody", "10.0.0.0.0"]),
    DOCUMENTS,
    st.none() | st.builds(DeviceFacts, TEXTS, color=st.none() | st.booleans()),
)

NUMERIC = st.sampled_from(["job.pages", "job.copies", "job.sheets", "job.size", "now.hour", "job.number_up", "3", "-7"])
COMPARISONS = st.builds(
    "{} {} {}".format, NUMERIC, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS.map(str)
)
ATOMS = st.one_of(
    COMPARISONS,
    st.builds("{} {} {} > {}".format, NUMERIC, st.sampled_from("+-*/%"), NUMERIC, NUMBERS.map(str)).filter(
        lambda text: "/ 0" not in text and "% 0" not in text
    ),
    st.sampled_from(
        [
            'queue.name == "a"',
            'queue.name in ["a", "b"]',
            "job.color",
            "document.mismatch",
            "has(job.pages)",
            'user.groups.exists(g, g.startsWith("a"))',
            'job.name.like("*a*")',
            'job.name.matches("[a-c]+")',
            'in_network(client.address, "10.0.0.0/8")',
            'now.weekday == "monday"',
        ]
    ),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({}) && ({})".format, inner, inner),
        st.builds("({}) || ({})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=6,
)
ACTIONS = st.sampled_from(
    [
        "hold = true",
        "print_directly = true",
        'refuse = "No."',
        'send_to = "x"',
        "priority = 7",
        'tag = "t"',
        "stop = true",
        'stop = true\ntag = "s"',
        "require_account = true",
        'force = { sides = "one-sided", copies = 3 }',
        'force = { sides = "two-sided-long-edge", media = "iso_a4_210x297mm" }',
        'cap = { copies = 10, finishings = ["staple"], print_color_mode = "monochrome" }',
        'default = { sides = "two-sided-short-edge", finishings = "punch" }\nretention = "2 h"',
    ]
)
RULES = st.lists(
    st.tuples(CONDITIONS | st.just(""), st.sampled_from(["hold", "match", "skip"]), ACTIONS), min_size=1, max_size=6
)


def rule_text(rules: list[tuple[str, str, str]]) -> str:
    return "".join(
        f'[[rule]]\nname = "r{number}"\nunknown = "{unknown}"\n'
        + (f"when = '{when}'\n" if when else "")
        + f"{action}\n"
        for number, (when, unknown, action) in enumerate(rules)
    )


def sound(rules: list[tuple[str, str, str]]) -> RuleSet:
    """The rules, or those before the first that is refused together with them."""
    while True:
        try:
            return read_rules(rule_text(rules), "rules.toml")
        except RulesError:
            rules = rules[:-1]


@given(RULES, JOBS, st.sampled_from(Stage))
@settings(max_examples=400, deadline=None)
def test_a_decision_always_comes_and_keeps_its_word(rules: list[Any], facts: Facts, stage: Stage) -> None:
    chosen = sound(rules)
    decision = decide(chosen, facts, stage)
    assert turns(lambda: decide(chosen, facts, stage), tries=1) < 50_000_000
    assert from_plain(msgpack.unpackb(msgpack.packb(to_plain(decision)))) == decision
    assert explain(decision)
    names = [step.rule for step in decision.steps]
    if decision.outcome is Outcome.REFUSE:
        assert decision.steps[-1].words[0] == "refuses: No."
        assert decision.reasons == ("aborted-by-system",)
    elif any(step.result != "matched" for step in decision.steps):
        assert decision.outcome is Outcome.HOLD
    enders = {rule.name for rule in chosen if rule.ends}
    matched = [step.rule for step in decision.steps if step.result == "matched"]
    assert not enders.intersection(matched[:-1])
    assert names == sorted(names, key=lambda name: (not name.startswith("r"), name)) or "the rules" in names


@given(RULES, JOBS, st.sampled_from(Stage))
@settings(max_examples=400, deadline=None)
def test_rules_asked_at_once_decide_as_rules_asked_one_by_one(rules: list[Any], facts: Facts, stage: Stage) -> None:
    chosen = sound(rules)
    at_once = decide(chosen, facts, stage)
    with patch.object(RuleSet, "idle", lambda *_, **__: False):
        one_by_one = decide(chosen, facts, stage)
    assert at_once == one_by_one
    if facts.document is not None and facts.document.undrawn:
        drawn = {name for name, fact in FACTS.items() if fact.drawn}
        assert at_once.lacked & drawn == one_by_one.lacked & drawn


@given(RULES, JOBS)
@settings(max_examples=300, deadline=None)
def test_what_is_forced_is_forced_and_what_is_capped_is_not_exceeded(rules: list[Any], facts: Facts) -> None:
    decision = decide(sound(rules), facts, Stage.ARRIVAL)
    try:
        after, _ = applied(facts.job.template, decision)
    except ValueError:
        assert decision.outcome in (Outcome.HOLD, Outcome.REFUSE)  # octets that mean nothing
        return
    assert applied(after, decision) == (after, ())
    forced = {shape.name: shape.worth for shape in decision.shapes if shape.how is How.FORCE}
    told = {each.name: each for each in after}
    if A.SIDES in forced:
        assert tuple(told[A.SIDES].texts()) == forced[A.SIDES]
    if A.COPIES in forced:
        assert tuple(told[A.COPIES].integers()) == forced[A.COPIES]
    elif any(shape.name == A.COPIES for shape in decision.shapes):
        assert A.COPIES not in told or (told[A.COPIES].integer() or 0) <= 10
    assert len(told) == len(after)
    assert not {A.MEDIA, A.MEDIA_COL} <= set(told) or shaped(facts.job.template, decision.shapes)[0] == after


@given(CONDITIONS, CONDITIONS, JOBS)
@settings(max_examples=400, deadline=None)
def test_what_is_said_of_conditions_beforehand_is_true_of_every_job(one: str, other: str, facts: Facts) -> None:
    try:
        first, second = condition(one), condition(other)
    except UnfitError:
        return
    assert condition(written(first.tree)) == first
    try:
        context, _ = context_of(facts, {*first.asks_for, *second.asks_for})
    except BadValueError:
        return  # octets that mean nothing
    try:
        came = first.holds(context), second.holds(context)
    except FailedError:
        return
    if implies(first.tree, second.tree):
        assert came != (True, False)
    if impossible(first.tree):
        assert not came[0]
    if first.constant is not None:
        assert came[0] is first.constant


PIECES = st.text('aAßſİıK1*é"\\ ', max_size=6)


@given(st.lists(PIECES, min_size=1, max_size=3).map("*".join), PIECES | st.text(max_size=12))
@settings(max_examples=400, deadline=None)
def test_a_pattern_in_the_engines_own_words_says_what_like_says(pattern: str, text: str) -> None:
    try:
        asked = condition(f"job.name.like({json.dumps(pattern, ensure_ascii=False)})")
    except UnfitError:
        return
    context, _ = context_of(Facts(JobFacts(name=text), datetime(2026, 3, 31, tzinfo=UTC)), asked.asks_for)
    assert asked.holds(context) is like(str(bounded(text)), pattern)


def problems_of(text: str) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    try:
        return read_rules(text, "rules.toml"), ()
    except RulesError as error:
        return None, error.problems


@given(st.text(st.characters(), max_size=200) | st.text("[]{}=\"'.#\n rule\\,", max_size=200))
@settings(max_examples=500, deadline=None)
def test_any_text_is_rules_or_problems(text: str) -> None:
    rules, problems = problems_of(text)
    assert bool(problems) is (rules is None)
    assert all(problem.sentence and problem.remedy for problem in problems)


@given(st.text(st.characters(), max_size=60) | st.text("job.pages()[]!&|<>=+-*/%'\"0123 ,ex\\", max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_condition_or_a_fault(source: str) -> None:
    try:
        found = condition(source)
    except UnfitError as unfit:
        said = [unfit.fault, unfit.remedy]
    else:
        context, _ = context_of(Facts(JobFacts(), datetime(2026, 3, 31, tzinfo=UTC)), found.asks_for)
        try:
            said = [str(found.holds(context))]
        except FailedError as failed:
            said = [str(failed)]
    assert all(said)


KEYS = st.sampled_from(["name", "when", "force", "hold", "tag", "stop", "x"])
VALUES = st.recursive(
    st.just(True) | st.integers() | st.text(max_size=9) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(KEYS, VALUES))
@settings(max_examples=300, deadline=None)
def test_any_value_under_any_key_is_a_rule_or_a_problem_with_its_line(table: dict[str, Any]) -> None:
    rules, problems = problems_of("[[rule]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in table.items()))
    assert rules is None or len(rules) == 1
    assert all(1 <= (problem.line or 0) <= len(table) + 1 for problem in problems)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        strange = [*range(32), 39, 127, *range(0xD800, 0xE000)]
        return f"'{value.translate(dict.fromkeys(strange, '_'))}'"
    return repr(value)
