"""A rules file is taken whole or not at all: every fault is found in one go, with line, rule and remedy."""

import pytest

from ippgate.policy import NO_RULES, RulesError, RuleSet, Source, Stage, needs, read_rules
from ippgate.policy.bound import MAX_FILE, MAX_RULES, MAX_STEPS_IN_ALL
from tests.unit.policy.jobs import rules, when


def faults(text: str) -> list[tuple[int | None, str, str, str]]:
    with pytest.raises(RulesError) as caught:
        read_rules(text, "rules.toml")
    return [(each.line, each.rule, each.sentence, each.remedy) for each in caught.value.problems]


def fault(*lines: str) -> tuple[str, str]:
    """The only fault of one rule that has a name and an action."""
    found = faults("\n".join(["[[rule]]", 'name = "it"', *lines]))
    assert len(found) == 1, found
    return found[0][2], found[0][3]


def test_all_faults_are_named_at_once_each_with_its_line_rule_and_remedy() -> None:
    text = """\
limit = 5

[[rule]]
name = "first"          # a [[rule]] in a comment counts for nothing
when = '''
job.pages >
  500
'''
refuse = ""

[[rule]]
when = "job.pagse > 5"
colour = "mono"
[rule.force]
sides = "both"
copies = 0

[[rule]]
name = "first"
hold = "[[rule]]"
"""
    assert faults(text) == [
        (1, "", "there is no 'limit' in a rules file", "take it out"),
        (9, "first", "refuse: '' is no text", "write a sentence for the person who prints"),
        (11, "number 2", "it has no name", 'write name = "…"'),
        (
            12,
            "number 2",
            "when: there is no fact job.pagse",
            "did you mean job.pages?",
        ),
        (
            13,
            "number 2",
            "there is no key 'colour'",
            'write force = { print_color_mode = "monochrome" }, or cap, or default',
        ),
        (
            14,
            "number 2",
            "force.sides: 'both' is not known",
            "write one of one-sided, two-sided-long-edge, two-sided-short-edge",
        ),
    ]
    whole = text.replace('refuse = ""', "refuse = 'no'").partition("[[rule]]\nwhen")[0].replace("limit = 5", "")
    duplicate = whole + '[[rule]]\nname = "FIRST"\nhold = true\n'
    assert faults(duplicate) == [(11, "FIRST", "the rule in line 3 has the same name", "rename one")]


@pytest.mark.parametrize(
    ("line", "said", "remedy"),
    [
        ("when = 5\nhold = true", "is no condition", "quotation marks"),
        ('unknown = "drop"\nhold = true', "'drop' is not known", "hold, match, skip"),
        ('stage = "later"\nhold = true', "'later' is not known", "arrival, release, both"),
        ("hold = false", "False is no text", "sentence"),
        (f'hold = "{"x" * 301}"', "has 301 characters; 300 are allowed", "fewer words"),
        ('hold = "a\\u202Eb"', "signs that nobody sees", "plain line"),
        ('hold = "a\\nb"', "signs that nobody sees", "plain line"),
        ("refuse = true", "True is no text", "sentence"),
        ("print_directly = 1", "1 is not true", "print_directly = true"),
        ("stop = false", "False is not true", "leave it out"),
        ("send_to = 5", "5 is no text", "one line"),
        ("priority = 0", "0 is no priority", "1 to 100"),
        ("priority = true", "True is no priority", "1 to 100"),
        ("retention = 60", "60 is no time", '"2 h"'),
        ('retention = "366 d"', "is no time", '"365 d"'),
        ('retention = "0 s"', "is no time", '"2 h"'),
        ('tag = "Mail"', "'Mail' is no tag", "a-z"),
        ("tag = []", "there are 0 tags", "1 to 8"),
        ("tag = 5", "5 is no tag", "a-z"),
        ('force = "one-sided"', "is no table", "force = {"),
        ("force = {}", "is no table", "force = {"),
        ("force = { duplex = true }", "force knows no duplex", "did you mean sides?"),
        ("cap = { colour = true }", "cap knows no colour", "did you mean print_color_mode?"),
        ("default = { tray = 1 }", "default knows no tray", "there are sides"),
        ('force = { print-color-mode = "monochrome" }', "force knows no", "did you mean print_color_mode?"),
        ('force = { print_color_mode = "mono" }', "'mono' is not known", "did you mean monochrome?"),
        ('force = { print_quality = "best" }', "'best' is not known", "draft, high, normal"),
        ('force = { media = "A4" }', "'A4' is no media", "did you mean iso_a4_210x297mm?"),
        ("force = { media = 4 }", "4 is no media", "iso_a4_210x297mm"),
        ("force = { copies = 1.5 }", "1.5 is no whole number", "such a number"),
        ("force = { copies = true }", "True is no whole number", "such a number"),
        ("force = { number_up = 65 }", "from 1 to 64", "such a number"),
        ('force = { finishings = ["staple", "none"] }', "exclude each other", "one or the other"),
        ('force = { finishings = "stapel" }', "'stapel' is not known", "did you mean staple?"),
        ("force = { finishings = [] }", "0 values", "none"),
        ("cap = { media = [] }", "0 values", "list 1"),
        ('cap = { sides = "two-sided-long-edge" }', "nothing is more than", "lower cap"),
        ('cap = { print_quality = "high" }', "nothing is more than high", "lower cap"),
        ('cap = { print_color_mode = "color" }', "nothing is more than color", "lower cap"),
        ('if = "job.color"\nhold = true', "there is no key 'if'", "did you mean when?"),
        ('reject = "no"\nhold = true', "there is no key 'reject'", "did you mean refuse?"),
        ("copies = 5\nhold = true", "there is no key 'copies'", "write force = { copies = 10 }"),
    ],
)
def test_each_kind_of_fault_has_its_words(line: str, said: str, remedy: str) -> None:
    sentence, what_to_do = fault(line)
    assert said in sentence
    assert remedy in what_to_do


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "this is not TOML"),
        ("a = 1\na = 2", "this is not TOML"),
        ("rule = 5", "`rule` is no list of tables"),
        ("[rule]\nname = 'x'", "`rule` is no list of tables"),
        ("rule = [1]", "`rule` is no list of tables"),
        ("[[rules]]\nname = 'x'", "there is no 'rules' in a rules file"),
        ("x" * (MAX_FILE + 1), "larger than 256 KiB"),
        ("[[rule]]\n" * (MAX_RULES + 1), f"{MAX_RULES} are allowed"),
        ("[[rule]]\n" + "a." * 20_000 + "b = 1", "nested without end"),
        ("[[rule]]\n" + '"a" . ' * 20_000 + "b = 1", "nested without end"),
        ("a = " + "[" * 20_000 + "]" * 20_000, "nested without end"),
        ("a = " + "{b=" * 20_000 + "1" + "}" * 20_000, "nested without end"),
        ("a = " + "9" * 20_000, "this is not TOML"),
        ("[['" + " " * 100_000 + "']]", "in a rules file"),
    ],
)
def test_what_is_no_rules_file_is_refused_at_once(text: str, said: str) -> None:
    found = faults(text)
    assert any(said in sentence for _, _, sentence, _ in found), found


def test_an_empty_file_and_one_of_comments_have_no_rules() -> None:
    assert len(read_rules("", "f")) == len(read_rules("# nothing\n", "f")) == 0
    assert len(NO_RULES) == 0


def test_all_conditions_together_are_bounded() -> None:
    dear = 'user.groups.exists(g, g.like("a{}*"))'
    many = [when(dear.format(number)) for number in range(MAX_STEPS_IN_ALL // 10_000)]
    with pytest.raises(RulesError, match="all conditions together"):
        rules(*many)


def test_the_problems_that_are_named_are_bounded() -> None:
    assert len(faults("[[rule]]\nx = 1\ny = 2\n" * 100)) == 100


def test_a_rule_runs_when_its_facts_are_known() -> None:
    chosen = rules(
        when("job.pages > 5"),
        when('device.name == "hall"'),
        'stage = "both"\nhold = "always"\nwhen = "job.copies > 5"',
        'stage = "release"\nsend_to = "other"\nwhen = "job.copies > 6"',
    )
    assert [rule.name for rule in chosen.at(Stage.ARRIVAL)] == ["r1", "r3"]
    assert [rule.name for rule in chosen.at(Stage.RELEASE)] == ["r2", "r3", "r4"]


def test_whether_anybody_waits_for_the_document_is_known_beforehand() -> None:
    def sources(*texts: str) -> frozenset[Source]:
        return needs(rules(*texts), Stage.ARRIVAL)

    assert sources(when("job.copies > 5")) == {Source.REQUEST}
    assert sources("hold = true") == frozenset()
    assert sources(when("job.copies > 5 || job.size > 5")) == {Source.REQUEST, Source.DOCUMENT}
    assert sources(when("has(job.pages)")) == {Source.DOCUMENT}
    only_at_release = rules(when("device.color && job.color"))
    assert needs(only_at_release, Stage.ARRIVAL) == frozenset()
    assert needs(only_at_release, Stage.RELEASE) == {Source.DEVICE, Source.DOCUMENT}


def test_a_set_of_rules_is_known_by_the_digest_of_its_text() -> None:
    one, again, other = (rules(when(f"job.copies > {number}")) for number in (5, 5, 6))
    assert one.digest == again.digest != other.digest
    assert isinstance(one, RuleSet)
    assert one.file == "rules.toml"
