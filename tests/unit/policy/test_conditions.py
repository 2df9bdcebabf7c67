"""A condition is understood before its engine sees it: what cannot be meant is said in words, what can is true or
false as CEL has it.
"""

import cel
import pytest

from ippgate.policy.bound import MAX_CONDITION, MAX_DEPTH
from ippgate.policy.condition import FailedError, condition
from ippgate.policy.condition.tree import written
from ippgate.policy.context import context_of
from ippgate.policy.facts import DeviceFacts, UserFacts
from ippgate.policy.problem import UnfitError
from tests.unit.policy.jobs import job


def holds(source: str, **parts: object) -> bool:
    asked = condition(source)
    context, _ = context_of(job(**parts), asked.asks_for)  # type: ignore[arg-type]
    return asked.holds(context)


@pytest.mark.parametrize(
    ("source", "fault", "remedy"),
    [
        ("job.pagse > 5", "there is no fact job.pagse", "did you mean job.pages?"),
        ("pages > 5", "there is no fact pages", "did you mean job.pages?"),
        ("job.print-color-mode", "there is no fact job.print", "job.print_"),
        ("job", "job alone is no fact", "job.name"),
        ("job.pages", "the condition gives a number", "compare it"),
        ("job.pages > '5'", "compares a number with a text", "leave out the quotation marks"),
        ("user.name == jake", "there is no fact jake", "rule facts"),
        ("job.sides == 'two-sided'", 'job.sides is never "two-sided"', "two-sided-long-edge"),
        ("now.weekday in ['Sunday']", 'now.weekday is never "Sunday"', 'did you mean "sunday"?'),
        ("'staple' == job.finishings", "compares a text with a list of texts", "one kind"),
        ("job.finishings == ['staple']", "compares lists as wholes", '"…" in list'),
        ("job.name in 'abc'", "in looks for a text in a text", "contains"),
        ("job.color && job.pages", "&& joins what is true or false", "compare it"),
        ("!job.pages", "! turns true or false round", "compare it"),
        ("job.color < true", "< compares numbers or texts", "use =="),
        ("job.pages * 1.5 > 3.0", "a whole number on one side", "double("),
        ("1.5 % 1.0 == 0.5", "% takes whole numbers", "decimals"),
        ("job.pages / 0 == 1", "it divides by zero", "another number"),
        ("job.name + 'a' == 'b'", "+ reckons with numbers", "rule facts"),
        ("job.pages = 5", "character 11, '='", "write =="),
        ("job.pages > 5 & job.color", "'&'", "write &&"),
        ("a < b < c", "compares a comparison", "&&"),
        ("job.color ? true : false", "no “? :”", "two rules"),
        ("job.name == 'a", "has no end", "close it"),
        ("job.name == 'a\\x41'", "holds \\x", "backslash"),
        ("job.name == null", "has no null", "has("),
        ("{'a': 1}.a == 1", "has no maps", "rule facts"),
        ("(job.color", ") is missing", "rule facts"),
        ("job.color)", "does not fit there", "rule facts"),
        ("job.pages >", "ends too early", "rule facts"),
        ("", "ends too early", "rule facts"),
        ("import == 1", "is a reserved word", "rule facts"),
        ("job.pages > 99999999999999999999", "too large a number", "smaller"),
        ("has(job)", "job alone is no fact", "job.name"),
        ("has(5)", "has() takes one fact", "has(job.pages)"),
        ("[] == []", "a list is empty", "one kind"),
        ("[1, 'a'] == [1]", "several kinds", "one kind"),
        ("user.groups.exists(g, g)", "takes a condition", "compare it"),
        ("user.groups.exists(job, job == 'a')", "which is taken", "item"),
        ("user.groups.exists('a')", "takes a name and a condition", "exists(item"),
        ("job.name.exists(x, x == 'a')", "looks into a list", "rule facts"),
        ("user.groups.map(g, g).size() > 1", "no map()", "exists"),
        ("contains(job.name, 'a')", "written in another way", "text.contains"),
        ("job.name.contains()", "has 1 arguments where it takes 2", "text.contains"),
        ("job.pages.contains('a')", "takes a text, not a number", "text.contains"),
        ("job.name.lowerAscii() == 'a'", "no function lowerAscii()", "rule facts"),
        ("job.name.startswith('a')", "no function startswith()", "did you mean startsWith()?"),
        ("job.name.like(user.name)", "must stand in the rule", "like"),
        ("job.name.matches('[')", "is no regular expression", "like()"),
        ("job.name.matches('a{1000}')", "can cost any time", "spell it out"),
        ("in_network(client.address, '10.0.0.1/8')", "is no network", "10.0.0.0/8"),
        ("in_network(client.address, user.name)", "must stand in the rule", "10.0.0.0/8"),
        ("true " * MAX_CONDITION, "characters", "several rules"),
        ("(" * (MAX_DEPTH + 1) + "true" + ")" * (MAX_DEPTH + 1), "brackets within brackets", "several rules"),
    ],
)
def test_what_cannot_be_meant_is_said_with_a_remedy(source: str, fault: str, remedy: str) -> None:
    with pytest.raises(UnfitError) as caught:
        condition(source)
    assert fault in caught.value.fault
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("source", "true"),
    [
        ("true", True),
        ("job.pages == 12 && job.color_pages == 3 && job.color", True),
        ("job.pages > 12 || job.pages < 12", False),
        ("!(job.pages > 10) || job.copies == 1", True),
        ("job.pages * 2 + 1 == 25 && job.pages % 5 == 2 && job.pages - 2 - 3 == 7", True),
        ("job.pages - (2 - 3) == 13 && -job.pages == -12 && job.pages / 5 == 2", True),
        ("double(job.pages) / 5.0 > 2.3 && job.pages > 11.5", True),
        ("job.pages in [1, 2, 12] && 12 in [job.pages]", True),
        ("job.size >= 0x493E0", True),
        ("document.producer == 'Word' && job.name != \"Letter\"", True),
        ('job.name.startsWith("Re") && job.name.endsWith("rt") && job.name.contains("po")', True),
        ("job.name.matches('^[A-Z][a-z]+$') && !job.name.matches('(?i)LETTER')", True),
        ("job.name.like('re*') && job.name.like('REPORT') && !job.name.like('*x*')", True),
        ("'staff' in user.groups && user.groups.size() == 2 && size(user.groups) == 2", True),
        ("user.groups.exists(g, g.startsWith('st')) && !user.groups.all(g, g == 'staff')", True),
        ("user.groups.exists_one(g, g == 'lab') && user.groups.all(g, g.like('*a*'))", True),
        ("[1, 2].exists(x, x == job.copies)", True),
        ("in_network(client.address, '192.168.0.0/16', '10.0.0.0/8')", True),
        ("in_network(client.address, '2001:db8::/32')", False),
        ("now.date >= '2026-03-31' && now.date < '2026-04-01' && now.time == '12:05'", True),
        ("now.weekday == 'tuesday' && now.hour == 12 && now.minute == 5 && now.day == 31", True),
        ("has(job.pages) && !has(device.name)", True),
        ("// everyone\njob.color // really", True),
    ],
)
def test_a_condition_is_true_or_false_as_cel_has_it(source: str, true: bool) -> None:
    user = UserFacts("jake", ("staff", "lab"))
    assert holds(source, user=user, client="10.1.2.3") is true
    again = condition(written(condition(source).tree))
    assert again == condition(source)


def test_what_decides_is_enough() -> None:
    """A fact that is not known does no harm where && and || do not need it, in either order."""
    assert holds("job.pages > 5 || job.copies == 1", document=None)
    assert holds("job.copies == 1 || job.pages > 5", document=None)
    assert not holds("job.pages > 5 && job.copies == 2", document=None)
    assert not holds("has(job.pages) && job.pages > 5", document=None)


def test_a_fact_that_is_needed_and_not_known_is_said_to_lack() -> None:
    with pytest.raises(FailedError) as caught:
        holds("job.pages > 5", document=None)
    assert caught.value.lacks


def test_reckoning_that_fails_is_no_lack() -> None:
    for source in ("job.pages / (job.copies - 1) == 1", "job.size * 9223372036854775807 > 0"):
        with pytest.raises(FailedError) as caught:
            holds(source)
        assert not caught.value.lacks


class PanicException(BaseException):
    """As the engine's: no Exception."""


class Panicking:
    """A program whose engine breaks."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def execute(self, context: cel.Context) -> object:
        raise self._error


def test_a_panic_of_the_engine_is_a_failed_condition_and_an_interrupt_is_not() -> None:
    asked = condition("job.color")
    for error in (PanicException("index out of bounds"), MemoryError(), RecursionError()):
        object.__setattr__(asked, "program", Panicking(error))
        with pytest.raises(FailedError):
            asked.holds(cel.Context())
    object.__setattr__(asked, "program", Panicking(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        asked.holds(cel.Context())


def test_texts_with_quotation_marks_and_backslashes_reach_the_engine_as_they_were_meant() -> None:
    for source, name in (
        (r'job.name == "a\"b\\c\n"', 'a"b\\c\n'),
        (r"job.name == 'it\'s'", "it's"),
        (r'job.name == r"\d"', r"\d"),
        ('job.name == "é日\\u00e9"', "é日é"),
    ):
        asked = condition(source)
        context = cel.Context({"job": {"name": name}})
        assert asked.holds(context), source


def test_conditions_that_say_the_same_are_equal_however_they_are_typed() -> None:
    assert condition("job.pages>500&&job.color") == condition(" ( job.pages > 500 ) && (job.color) // x")
    assert condition("job.pages > 500") != condition("job.pages > 501")


def test_the_device_is_read_where_there_is_one() -> None:
    device = DeviceFacts("hall", groups=("floor2",), color=False)
    assert holds("device.name == 'hall' && 'floor2' in device.groups && !device.color", device=device)
