"""A condition as the engine evaluates it soonest: patterns of text by functions of its own.

A call of `like` leaves the engine for each job. Where what it looks at is a fact and the pattern is a beginning, an
end, a part or the whole, the same is said of the fact's *folded* twin, in which upper and lower case are the same.
"""

from dataclasses import replace

from ippgate.policy.condition.tree import (
    And,
    Call,
    Compare,
    Compute,
    Literal,
    Macro,
    Minus,
    Name,
    Node,
    Not,
    Or,
    Several,
)
from ippgate.policy.fact import FACTS, folded


def native(node: Node) -> Node:
    """The tree with such patterns in the engine's own words; it means what it meant."""
    match node:
        case Call("like", (Name(path), Literal(str(pattern))), True) if path in FACTS:
            return _native_like(Name(folded(path)), pattern.casefold()) or node
        case Several(items):
            return Several(tuple(map(native, items)))
        case Call(_, arguments):
            return replace(node, arguments=tuple(map(native, arguments)))
        case Compare(_, left, right) | Compute(_, left, right):
            return replace(node, left=native(left), right=native(right))
        case Not(operand) | Minus(operand):
            return replace(node, operand=native(operand))
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(map(native, parts)))
        case Macro(_, over, _, body):
            return replace(node, over=native(over), body=native(body))
    return node


def _native_like(text: Name, pattern: str) -> Node | None:
    """None: it says several things of the text, in an order."""
    match pattern.split("*"):
        case [whole]:
            return Compare("==", text, Literal(whole))
        case [start, ""]:
            return _says("startsWith", text, start)
        case ["", end]:
            return _says("endsWith", text, end)
        case ["", part, ""]:
            return _says("contains", text, part)
    return None


def _says(function: str, text: Name, what: str) -> Call:
    return Call(function, (text, Literal(what)), method=True)
