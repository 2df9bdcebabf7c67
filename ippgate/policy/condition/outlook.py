"""Whether any of several conditions can matter, asked of the engine at once instead of one after the other.

Facts that are not known make a condition true, false or neither, whatever the others say (Kleene's logic). Which parts
of it that is, is the same for all jobs that lack the same facts, so it is worked out once for each such set.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ippgate.policy.condition.condition import Condition, compiled
from ippgate.policy.condition.tree import And, Has, Literal, Name, Node, Not, Or, walk

if TYPE_CHECKING:
    import cel

_TRUE, _FALSE = Literal(True), Literal(False)


def can_matter(conditions: Iterable[tuple[Condition, bool]], absent: frozenset[str]) -> "cel.Program":
    """A program that says False only where each condition is of no account to a job without those facts: it is not true
    for certain; or, where True stands beside it, it is false for certain. Raises UnfitError when that is too much.
    """
    wanted = []
    for condition, certainly in conditions:
        surely, surely_not = _known(condition.tree, absent)
        wanted.append(_not(surely_not) if certainly else surely)
    return compiled(_any(wanted))


def _known(node: Node, absent: frozenset[str]) -> tuple[Node, Node]:
    """When it is true, and when it is false, whatever the absent facts are."""
    match node:
        case And(parts):
            known = [_known(part, absent) for part in parts]
            return _all([true for true, _ in known]), _any([false for _, false in known])
        case Or(parts):
            known = [_known(part, absent) for part in parts]
            return _any([true for true, _ in known]), _all([false for _, false in known])
        case Not(operand):
            true, false = _known(operand, absent)
            return false, true
        case Has(path):
            return (_FALSE, _TRUE) if path in absent else (node, _not(node))
    if any(isinstance(part, Name) and part.path in absent for part in walk(node)):
        return _FALSE, _FALSE
    return node, _not(node)


def _any(parts: list[Node]) -> Node:
    if _TRUE in parts:
        return _TRUE
    return _joined(Or, [part for part in parts if part != _FALSE], _FALSE)


def _all(parts: list[Node]) -> Node:
    if _FALSE in parts:
        return _FALSE
    return _joined(And, [part for part in parts if part != _TRUE], _TRUE)


def _joined(kind: type[And | Or], parts: list[Node], nothing: Node) -> Node:
    """Halves of halves: a chain of hundreds would be as deep as it is long to the engine."""
    if len(parts) > 1:
        half = len(parts) // 2
        return kind((_joined(kind, parts[:half], nothing), _joined(kind, parts[half:], nothing)))
    return parts[0] if parts else nothing


def _not(node: Node) -> Node:
    if node in (_TRUE, _FALSE):
        return _FALSE if node == _TRUE else _TRUE
    return node.operand if isinstance(node, Not) else Not(node)
