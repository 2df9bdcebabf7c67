"""Names that may be meant for the same person, though the gate takes them for others. Pure.

Nothing follows from it but a hint: what looks alike is never made the same (SECURITY S18).
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

MOST: Final = 8
"""Names that are told."""

_LEAST: Final = 4  # signs of a name of which one may be another
_LONG: Final = 8  # and of which two may
_WORDS: Final = re.compile(r"[^\W_]+")


def alike(names: Collection[str], others: Iterable[str]) -> list[str]:
    """Those of the others that are like one of the names and are none of them, in order; so many at the most."""
    own, known = set(names), [_Parts(name) for name in names if name]
    strange = ((other, _Parts(other)) for other in others if other not in own)
    return sorted(other for other, parts in strange if any(each.is_like(parts) for each in known))[:MOST]


class _Parts:
    """A name, as it may be written otherwise."""

    __slots__ = ("joined", "words")

    def __init__(self, name: str) -> None:
        user = name.casefold().rpartition("\\")[2].partition("@")[0]
        words = _WORDS.findall(user)
        self.words = sorted(words)
        self.joined = "".join(words)

    def is_like(self, other: "_Parts") -> bool:
        if not self.joined or not other.joined:
            return False
        return (
            self.joined == other.joined
            or (len(self.words) > 1 and self.words == other.words)
            or self._is_numbered(other)
            or _is_near(self.joined, other.joined)
        )

    def _is_numbered(self, other: "_Parts") -> bool:
        """anna and anna2."""
        short, long = sorted((self.joined, other.joined), key=len)
        return long.startswith(short) and long[len(short) :].isdigit() and len(short) >= _LEAST - 1


def _is_near(one: str, other: str) -> bool:
    """Whether so few signs are other, more, less or exchanged that it may be a slip."""
    least, most = sorted((len(one), len(other)))
    slips = 2 if most >= _LONG else 1 if least >= _LEAST else 0
    if abs(len(one) - len(other)) > slips or len(set(one) ^ set(other)) > 2 * slips:
        return False  # as nearly all are, and that is quickly seen
    return _distance(one, other) <= slips


def _distance(one: str, other: str) -> int:
    """Signs that are other, more, less, or exchanged with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for number, sign in enumerate(one, 1):
        row = [number]
        for place, another in enumerate(other, 1):
            cost = min(last[place] + 1, row[place - 1] + 1, last[place - 1] + (sign != another))
            if number > 1 and place > 1 and sign == other[place - 2] and one[number - 2] == another:
                cost = min(cost, before[place - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
