"""SECURITY S3: rules are data. No condition imports, opens, calls or waits; what it may cost is bounded beforehand."""

import pytest

from ippgate.model.facts import DocumentFacts
from ippgate.policy.bound import MAX_CONDITION, MAX_ITEMS, MAX_PATTERN, MAX_STEPS, MAX_TEXT
from ippgate.policy.condition import condition
from ippgate.policy.context import context_of
from ippgate.policy.facts import Facts, JobFacts, UserFacts
from ippgate.policy.problem import UnfitError
from tests.rig.yardstick import turns
from tests.unit.policy.jobs import NOON

DEAR = 1_000_000
"""Turns of an empty loop (about 20 ms) for one evaluation, some times the 5 ms that are meant."""

LARGEST = Facts(
    JobFacts(name=("aé日b1 _-" * MAX_TEXT)[:MAX_TEXT], document_name="x" * MAX_TEXT),
    NOON,
    UserFacts("jake", tuple(f"{'g' * 100}{number}" for number in range(MAX_ITEMS))),
    document=DocumentFacts("text/plain", pages=2**62, producer="a" * MAX_TEXT),
    client="10.0.0.1",
)


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "__import__('os').system('true') == 0",
        "eval('1') == 1",
        "exec('import os') == 1",
        "open('/etc/passwd').read() == ''",
        "job.__class__ == ''",
        "job.name.__class__.__mro__ == ''",
        "().__class__.__bases__[0].__subclasses__() == 1",
        "job.name.format(job) == ''",
        "getattr(job, 'name') == ''",
        "globals() == locals()",
        "lambda: true",
        "job.name == f'{job.name}'",
        "http.get('http://169.254.169.254/') == ''",
        "cel.bind(x, job.name, x == x)",
        "google.protobuf.Any{} == null",
        "type(job.name) == string",
        "dyn(job.name) == 1",
        "job['name'] == 'a'",
        "user.groups[0] == 'a'",
        "timestamp('2020-01-01T00:00:00Z') < timestamp('2021-01-01T00:00:00Z')",
        "duration('99999999999999h') > duration('1h')",
        "b'abc' == b'abc'",
        "1u == 1u",
        "`job`.name == 'a'",
        "job.name == 'a'; true",
        "job.name == 'a' -- true",
        "user.groups.map(a, user.groups).size() > 0",
        "[1]" + ".map(a, [a, a])" * 30 + ".size() > 0",
        "user.groups.filter(a, true).size() > 0",
        "user.groups.exists(a, user.groups.exists(b, a == b))",
        "user.groups.all(a, " * 10 + "true" + ")" * 10,
        "(" * 400 + "true" + ")" * 400,
        "[" * 400 + "1" + "]" * 400 + " == 1",
        "!" * 900 + "true",
        "-" * 900 + "1 == 1",
        "a" + ".a" * 450 + " == 1",
        "true" + " && true" * 5000,
        "1" + "+1" * 100_000 + " == 1",
        "job.name.matches('(a{1000}){1000}')",
        "job.name.matches('((a{100}){100}){100}')",
        "job.name.matches('" + r"\\w" * 33 + "')",
        r"job.name.matches('\\pL\\pL')",
        "job.name.matches('" + "a" * (MAX_PATTERN + 1) + "')",
        "job.name.matches('" + "(" * 90 + "')",
        "user.groups.exists(g, g.matches('(?i)a'))",
        "job.name.like('" + "*" * (MAX_PATTERN + 1) + "')",
        "in_network(client.address, '10.0.0.0/8' + '')",
        "job.pages == 1e999",
        "job.name == '\\ud800'",
        "job.name == '\ud800'",
        'job.name == "a\nb"',
        "\x00true",
        "job.pages\x00 > 1",
        "tru\u0435",
        "job.nаme == 'a'",  # a Cyrillic letter
        "\u202etrue",
    ],
)
def test_a_hostile_condition_is_refused_before_the_engine_sees_it_and_at_once(source: str) -> None:
    caught = refused(source)
    assert turns(lambda: refused(source), tries=2) < 10 * DEAR
    assert caught.value.fault
    assert caught.value.remedy
    assert len(caught.value.fault) < 300


def refused(source: str) -> pytest.ExceptionInfo[UnfitError]:
    with pytest.raises(UnfitError) as caught:
        condition(source)
    return caught


DEAREST = [
    "user.groups.exists(g, g.like('*x*y*z*') && g.startsWith('a'))",
    "user.groups.all(g, " + " && ".join(["g != 'nobody'"] * 7) + ")",
    " || ".join(["'nobody' in user.groups"] * 30),
    "job.name.matches('" + r"\\w" * 15 + "!')",
    r"job.name.matches('(\\w*)*(\\w*)*(\\w*)*(\\w*)*(\\w*)*!')",
    "job.name.matches('" + "(a?)" * 12 + "a" * 50 + "')",
    r"job.name.matches('(?i)(.*)*(.*)*(.*)*(.*)*(.*)*x')",
    " || ".join(["job.name.matches('(a|b|ab)*c(a|b|ab)*d')"] * 20),
    " || ".join([f"in_network(client.address, '192.168.{number}.0/24')" for number in range(18)]),
    " && ".join(["document.producer.like('*a*a*a*a*a*a*a*a*b')"] * 18),
    " + ".join(["job.copies"] * 75) + " == 1",
    " && ".join(["true"] * 120),
]


@pytest.mark.parametrize("source", DEAREST)
def test_the_dearest_that_is_allowed_is_bounded_in_time(source: str) -> None:
    assert len(source) <= MAX_CONDITION
    asked = condition(source)
    assert asked.steps <= MAX_STEPS
    context, absent = context_of(LARGEST, asked.asks_for)
    assert not absent
    assert turns(lambda: asked.holds(context)) < DEAR


def test_nothing_of_the_python_beneath_can_be_reached_from_a_fact() -> None:
    """What conditions get are texts, numbers, truths and lists of texts; functions are the two that are ours."""
    asked = condition("has(job.name) && has(user.groups) && has(job.pages)")
    context, _ = context_of(LARGEST, asked.asks_for)
    assert set(context.functions) == {"in_network", "like"}
    worths = [worth for part in context.variables.values() for worth in part.values()]
    assert worths
    assert all(isinstance(worth, str | int | bool | list) for worth in worths)


def test_facts_are_bounded_whatever_strangers_write() -> None:
    facts = Facts(
        JobFacts(name="x" * 10**6, document_name="\ud800\x00\u202e"),
        NOON,
        UserFacts("jake", ("g",) * (MAX_ITEMS + 1)),
        client="::ffff:10.0.0.1",
    )
    context, absent = context_of(facts, ["job.name", "job.document_name", "user.groups", "client.address"])
    assert len(context.variables["job"]["name"]) == MAX_TEXT
    assert context.variables["job"]["document_name"].startswith("?")
    assert context.variables["client"]["address"] == "10.0.0.1"
    assert absent == {"user.groups"}
