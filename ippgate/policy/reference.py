"""What rules may say, as the comment at the end of conf/rules.toml: a test compares both."""

import textwrap
from collections.abc import Iterable, Iterator

from ippgate.policy.condition.function import FUNCTIONS
from ippgate.policy.condition.parser import MACROS
from ippgate.policy.fact import FACTS, Fact, Source
from ippgate.policy.key import KEYS
from ippgate.policy.worth import SHAPED

WIDTH = 118
_MEANING = 46

_KNOWN = {Source.REQUEST: "", Source.DOCUMENT: " (document)", Source.DEVICE: " (release)"}


def reference() -> str:
    """Every key, attribute, fact and function with its meaning, as lines of comment."""
    return "".join(f"# {line}".rstrip() + "\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield "── keys of a rule ──"
    yield from _table((f"{key.name} = {key.form}", key.meaning) for key in KEYS.values())
    yield ""
    yield "── attributes in force, cap and default ──"
    yield from _table((f"{law.key} = {law.form}", law.meaning) for law in SHAPED.values())
    yield ""
    yield "── facts ──"
    yield "Those marked (document) are known when the document has been examined: a rule that asks for one waits, also"
    yield "where the queue would forward at once. Those marked (release) are known at release."
    yield ""
    yield from _table((f"{fact.name}: {fact.kind}{_KNOWN[fact.source]}", _meaning(fact)) for fact in FACTS.values())
    yield ""
    yield "── functions ──"
    yield from _table((function.form, function.meaning) for function in FUNCTIONS.values())
    yield from _table((f'list.{macro}(item, item == "…")', meaning) for macro, meaning in MACROS.items())
    yield from _table([("has(job.pages)", "whether a fact is known")])
    yield "== != < <= > >= in && || ! + - * / % ( ) as usual; texts compare as in a dictionary. // begins a comment."


def _meaning(fact: Fact) -> str:
    return fact.meaning + (f": {', '.join(fact.values)}" if fact.values else "")


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for left, right in rows:
        first, *others = textwrap.wrap(right, WIDTH - _MEANING, break_on_hyphens=False)
        if len(left) < _MEANING - 1:
            yield f"{left:<{_MEANING}}{first}"
        else:
            yield left
            others.insert(0, first)
        yield from (" " * _MEANING + line for line in others)
