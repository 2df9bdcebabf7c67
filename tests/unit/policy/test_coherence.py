"""Rules that contradict, that can never apply, or of which nothing would ever be seen are found before they take
effect; rules that only look like it are left alone.
"""

import pytest

from ippgate.policy import RulesError
from ippgate.policy.condition import condition
from ippgate.policy.condition.imply import implies, impossible
from tests.unit.policy.jobs import rules, when

REFUSE = 'refuse = "no"'


def problem(*texts: str) -> tuple[str, str]:
    with pytest.raises(RulesError) as caught:
        rules(*texts)
    (only,) = caught.value.problems
    return only.rule, only.sentence


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (["hold = true", "print_directly = true"], "cannot be held and printed directly"),
        ([REFUSE, "hold = true"], "refused cannot also have hold"),
        ([REFUSE, 'send_to = "x"', "priority = 5"], "refused cannot also have send_to, priority"),
        ([REFUSE, "stop = true"], "refused cannot also have stop"),
        ([REFUSE, "require_account = true"], "refused cannot also have require_account"),
        ([REFUSE, "cap = { copies = 2 }"], "refused cannot also have cap"),
        (
            ['force = { sides = "one-sided" }', 'default = { sides = "two-sided-long-edge" }'],
            "sides is forced to one-sided, so its default is never seen",
        ),
        (["force = { copies = 30 }", "cap = { copies = 20 }"], "copies is forced to 30, so its cap is never seen"),
        (["default = { copies = 30 }", "cap = { copies = 20 }"], "the default of copies, 30, is above its cap, 20"),
        (
            ['default = { media = "iso_a3_297x420mm" }', 'cap = { media = ["iso_a4_210x297mm"] }'],
            "the default of media, iso_a3_297x420mm, is above its cap, iso_a4_210x297mm",
        ),
        ([], "the rule does nothing"),
        (['stage = "both"', "print_directly = true"], "print_directly comes too late at release"),
        (['stage = "release"', 'retention = "2 h"'], "retention comes too late at release"),
    ],
)
def test_what_contradicts_within_a_rule_is_found(actions: list[str], said: str) -> None:
    rule, sentence = problem("\n".join(["when = 'job.pages > 5'", *actions]))
    assert rule == "r1"
    assert said in sentence


def test_a_refusal_may_carry_a_tag_and_a_job_may_be_both_held_and_sent() -> None:
    rules(when("job.pages > 5", REFUSE, 'tag = "long"'), when("job.pages > 4", "hold = true", 'send_to = "x"'))


def test_a_rule_of_the_device_cannot_run_on_arrival() -> None:
    for stage in ("arrival", "both"):
        _, sentence = problem(when("device.color", f'stage = "{stage}"', "hold = true"))
        assert sentence == "device.color is known at release only"


@pytest.mark.parametrize(
    "source",
    [
        "false",
        "1 > 2",
        "job.pages > 500 && job.pages < 100",
        "job.pages > 5 && job.pages <= 5",
        "job.pages == 5 && job.pages == 6",
        'now.weekday == "monday" && now.weekday == "tuesday"',
        'queue.name in ["a", "b"] && queue.name == "c"',
        "job.color && !job.color",
        "(job.pages > 5 && job.pages < 5) || (job.copies > 5 && job.copies < 3)",
    ],
)
def test_a_condition_that_can_never_be_true_is_found(source: str) -> None:
    assert problem(when(source)) == ("r1", "the condition can never be true")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (REFUSE, "hold = true"),
        ("stop = true", when("job.pages > 5")),
        (f'when = "true"\n{REFUSE}', when("job.pages > 5")),
        (when("job.copies > 5", REFUSE), when("job.copies > 5")),
        (when("job.copies > 5", REFUSE), when("job.copies>5")),
        (when("job.copies > 5", REFUSE), when("job.copies >= 6")),
        (when("job.copies > 5", REFUSE), when("10 < job.copies")),
        (when("job.copies > 5", REFUSE), when('job.copies == 10 && queue.name == "a"')),
        (when('job.copies > 5 || queue.name == "a"', REFUSE), when('queue.name == "a"')),
        (when('queue.name in ["a", "b"]', REFUSE), when('queue.name == "a"')),
        (when('queue.name in ["a", "b"]', REFUSE), when('queue.name in ["b", "a"] && job.copies > 5')),
        (when("job.pages > 100", REFUSE), when("job.pages > 500")),
        (when("job.pages > 100", REFUSE, unknown="match"), when("job.pages > 500")),
        (when("job.pages > 100", REFUSE, unknown="skip"), when("job.pages > 500", unknown="skip")),
        (when("job.copies > 5 && job.copies < 50", "stop = true"), when("job.copies > 10 && job.copies < 20")),
    ],
)
def test_a_rule_that_is_never_reached_is_found(first: str, then: str) -> None:
    rule, sentence = problem(first, then)
    assert rule == "r2"
    assert sentence.startswith("it is never reached: the rule r1, before it,")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (when("job.copies > 5"), when("job.copies > 6")),  # the first does not end
        (when("job.copies > 6", REFUSE), when("job.copies > 5")),
        (when("job.copies > 5", REFUSE), when("job.impressions > 5")),
        (when("job.copies > 5 && job.color", REFUSE), when("job.copies > 6")),
        (when("job.copies > 5", REFUSE), when('job.copies > 6 || queue.name == "a"')),
        (when("job.copies != 5", REFUSE), when("job.copies != 6")),
        (when('queue.name == "a"', REFUSE), when('queue.name in ["a", "b"]')),
        (when("job.pages > 100", REFUSE, unknown="skip"), when("job.pages > 500")),  # it speaks where pages are unknown
        (when("device.color", REFUSE), when("job.copies > 5")),  # another stage
    ],
)
def test_a_rule_that_may_be_reached_is_left_alone(first: str, then: str) -> None:
    assert len(rules(first, then)) == 2


def test_a_rule_whose_doing_is_always_undone_is_found() -> None:
    one, two = 'force = { sides = "one-sided" }', 'force = { sides = "two-sided-long-edge" }'
    rule, sentence = problem(when("job.copies > 5", one), two)
    assert (rule, sentence.partition(":")[0]) == ("r1", "nothing of it is ever seen")
    assert problem(when("job.copies > 5", "hold = true"), when("job.copies > 3", "print_directly = true"))[0] == "r1"
    assert problem("priority = 5", "priority = 6")[0] == "r1"


def test_a_rule_of_which_something_is_seen_is_left_alone() -> None:
    one, two = 'force = { sides = "one-sided" }', 'force = { sides = "two-sided-long-edge" }'
    rules(one, when("job.copies > 5", two))
    rules(when("job.copies > 5", one, 'tag = "x"'), two)
    rules(when("job.copies > 5", one, "priority = 5"), two)
    rules(when("job.copies > 5", one), when("job.copies > 20", "stop = true"), two)
    rules(when("job.pages > 5", one), two)  # where pages are unknown the job is held
    rules(when("job.copies > 5", "cap = { copies = 20 }"), "cap = { copies = 10 }")


def test_implication_claims_nothing_that_evaluation_would_deny() -> None:
    pairs = [
        ("job.copies > 5", "job.copies >= 5", True),
        ("job.copies >= 5", "job.copies > 5", False),
        ("job.copies > 5.5", "job.copies > 5", True),
        ("job.copies == 5", "job.copies <= 5 && job.copies >= 5", True),
        ("job.copies < 3 || job.copies > 9", "job.copies < 5 || job.copies > 7", True),
        ("job.copies < 3 || job.copies > 6", "job.copies < 5 || job.copies > 7", False),
        ("job.color", "!job.color", False),
    ]
    for later, earlier, follows in pairs:
        assert implies(condition(later).tree, condition(earlier).tree) is follows, (later, earlier)
    assert not impossible(condition("job.copies > 5 && job.copies < 7").tree)
    assert not impossible(condition("job.copies > 5 || job.copies < 3").tree)


def test_many_rules_with_many_parts_are_compared_in_bounded_time() -> None:
    parts = " || ".join(f"job.copies == {number}" for number in range(40))
    texts = [when(f"({parts}) && job.priority == {number % 100} && job.number_up == {number}", REFUSE)
             for number in range(1, 201)]  # fmt: skip
    assert len(rules(*texts)) == 200
