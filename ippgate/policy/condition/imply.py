"""What one condition says of another: whether it is true only where the other is, and whether it can be true at all.

No prover: comparisons of one fact with numbers and texts, and what && and || make of them. What is not seen is not
claimed.
"""

from dataclasses import dataclass
from math import inf

from ippgate.policy.condition.tree import And, Compare, Literal, Name, Node, Not, Or, Several

_PARTS = 8
"""More parts of a condition than this are not held against another's: the work grows with both."""
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class _Range:
    """The numbers for which a comparison is true."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def within(self, other: "_Range") -> bool:
        starts = self.low > other.low or (self.low == other.low and (self.low_open or not other.low_open))
        ends = self.high < other.high or (self.high == other.high and (self.high_open or not other.high_open))
        return starts and ends

    def apart(self, other: "_Range") -> bool:
        first, second = sorted((self, other), key=lambda each: (each.low, each.low_open))
        return first.high < second.low or (first.high == second.low and (first.high_open or second.low_open))


def implies(later: Node, earlier: Node) -> bool:
    """Whether `later` can be true only where `earlier` is."""
    if later == earlier:
        return True
    cases, needs = _cases(later), _musts(earlier)
    if len(cases) > _PARTS or len(needs) > _PARTS:
        return False
    return all(_covered(_musts(case), _cases(need)) for case in cases for need in needs)


def impossible(node: Node) -> bool:
    """Whether a condition can never be true, because two of its parts exclude each other."""
    return all(_excluded(_musts(case)) for case in _cases(node))


def _covered(musts: tuple[Node, ...], cases: tuple[Node, ...]) -> bool:
    if len(musts) > _PARTS or len(cases) > _PARTS:
        return any(must == case for must in musts for case in cases)
    return any(_follows(must, case) for must in musts for case in cases)


def _follows(later: Node, earlier: Node) -> bool:
    if later == earlier:
        return True
    one, other = _texts(later), _texts(earlier)
    if one and other:
        return one[0] == other[0] and one[1] <= other[1]
    here, there = _range(later), _range(earlier)
    return bool(here and there and here[0] == there[0] and here[1].within(there[1]))


def _excluded(parts: tuple[Node, ...]) -> bool:
    if len(parts) > _PARTS:
        return False
    return any(_exclude(one, other) for number, one in enumerate(parts) for other in parts[number + 1 :])


def _exclude(one: Node, other: Node) -> bool:
    if Not(one) == other or Not(other) == one:
        return True
    here, there = _texts(one), _texts(other)
    if here and there:
        return here[0] == there[0] and not here[1] & there[1]
    low, high = _range(one), _range(other)
    return bool(low and high and low[0] == high[0] and low[1].apart(high[1]))


def _cases(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Or) else (node,)


def _musts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def _texts(node: Node) -> tuple[str, frozenset[str]] | None:
    """The fact and the texts of fact == "a" and fact in ["a", "b"]."""
    match node:
        case Compare("==", Name(path), Literal(str(text))) | Compare("==", Literal(str(text)), Name(path)):
            return path, frozenset([text])
        case Compare("in", Name(path), Several(items)):
            texts = [item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str)]
            return (path, frozenset(texts)) if len(texts) == len(items) else None
    return None


def _range(node: Node) -> tuple[str, _Range] | None:
    match node:
        case Compare(sign, Name(path), Literal(int() | float() as number)) if sign in _MIRRORED:
            return _ranged(path, sign, number)
        case Compare(sign, Literal(int() | float() as number), Name(path)) if sign in _MIRRORED:
            return _ranged(path, _MIRRORED[sign], number)
    return None


def _ranged(path: str, sign: str, number: float) -> tuple[str, _Range] | None:
    if isinstance(number, bool):
        return None
    match sign:
        case "<":
            return path, _Range(-inf, number, high_open=True)
        case "<=":
            return path, _Range(-inf, number)
        case ">":
            return path, _Range(number, inf, low_open=True)
        case ">=":
            return path, _Range(number, inf)
        case "==":
            return path, _Range(number, number)
    return None
