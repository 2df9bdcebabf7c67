"""What a condition may cost at the worst, counted before it is ever evaluated: lists as long as they may be, and every
part looked at.

A step is about a quarter of a microsecond, measured; a test evaluates the dearest conditions that are allowed.
"""

from typing import Final

from ippgate.policy.bound import MAX_ITEMS
from ippgate.policy.condition.function import FUNCTIONS
from ippgate.policy.condition.tree import Call, Compare, Has, Literal, Macro, Name, Node, Several, parts_of

_CLASSES: Final = ("\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "\\b", "\\B")
_CLASS = 1200
"""Steps for a class of characters in a regular expression: each lists some hundred ranges of Unicode."""
_SIGN = 15
"""Steps for any other character in one."""
_IN_SENSIBLE = 600
"""Steps for upper and lower case being the same in one."""
_ROUND = 2


def steps(node: Node) -> int:
    """How many steps the evaluation of a condition takes at the most."""
    match node:
        case Macro(_, over, _, body):
            return 10 + steps(over) + _longest(over) * (_ROUND + steps(body))
        case Compare("in", item, items):
            return 1 + steps(item) + steps(items) + _longest(items) // 4
        case Call(function):
            return FUNCTIONS[function].steps + _pattern(node) + sum(map(steps, node.arguments))
        case Name() | Has() | Literal():
            return 1
    return 1 + sum(map(steps, parts_of(node)))


def _longest(items: Node) -> int:
    return len(items.items) if isinstance(items, Several) else MAX_ITEMS


def _pattern(node: Call) -> int:
    """Regular expressions are made anew for each evaluation."""
    pattern = node.arguments[-1]
    if node.function != "matches" or not isinstance(pattern, Literal):
        return 0
    text = str(pattern.value)
    classes = sum(text.count(each) for each in _CLASSES)
    return classes * _CLASS + len(text) * _SIGN + (_IN_SENSIBLE if "(?" in text else 0)
