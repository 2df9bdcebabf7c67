"""The facts as the engine of conditions gets them: those that are asked for, bounded; and which are not known."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ippgate.policy.bound import MAX_ITEMS, MAX_TEXT
from ippgate.policy.condition import engine
from ippgate.policy.condition.function import CALLABLE
from ippgate.policy.fact import FACTS, Worth, folded
from ippgate.policy.facts import Facts

if TYPE_CHECKING:
    import cel

_CALLABLE = dict(CALLABLE)
_PARTS = {name: (*name.split("."), folded(name).partition(".")[2]) for name in FACTS}


def context_of(facts: Facts, names: Iterable[str]) -> tuple["cel.Context", frozenset[str]]:
    """What conditions that read `names` are held against, and those of the names that are not known.

    A fact that is not known is absent, so that has() says so and whatever needs it fails. A text has its folded twin
    beside it (`ippgate.policy.condition.native`).
    """
    variables: dict[str, dict[str, object]] = {}
    absent = []
    for name in names:
        subject, part, twin = _PARTS[name]
        parts = variables.setdefault(subject, {})
        worth = bounded(FACTS[name].of(facts))
        if worth is None:
            absent.append(name)
        else:
            parts[part] = worth
            if isinstance(worth, str):
                parts[twin] = worth.casefold()
    return engine.context(variables, _CALLABLE), frozenset(absent)


def bounded(worth: Worth) -> bool | int | str | list[str] | None:
    """A fact's worth within its bounds, of characters that can be written as UTF-8."""
    if isinstance(worth, str):
        return _clean(worth)
    if isinstance(worth, tuple):
        return None if len(worth) > MAX_ITEMS else [_clean(item) for item in worth]
    return worth


def _clean(text: str) -> str:
    text = text[:MAX_TEXT]
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
