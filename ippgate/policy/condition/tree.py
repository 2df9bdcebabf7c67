"""A condition as a tree, and the tree written as CEL.

What the engine gets is the tree written anew, never the operator's text: it sees nothing that was not understood here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """true, 500, 1.5, "text"."""

    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Several:
    """["a", "b"]."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A fact such as job.pages, or the variable of a macro."""

    path: str


@dataclass(frozen=True, slots=True)
class Has:
    """has(job.pages): whether the fact is known."""

    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function; of a method the first argument is what stands before the dot."""

    function: str
    arguments: tuple["Node", ...]
    method: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """== != < <= > >= in."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Compute:
    """+ - * / %."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """!"""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Minus:
    """A sign before something that is not a literal."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """a && b && c."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """a || b || c."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """list.exists(item, condition) and its kin."""

    macro: str
    over: "Node"
    variable: str
    body: "Node"


Node = Literal | Several | Name | Has | Call | Compare | Compute | Not | Minus | And | Or | Macro

_OR, _AND, _COMPARE, _SUM, _PRODUCT, _UNARY, _MEMBER = range(7)
_RANK = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT}


def parts_of(node: Node) -> tuple[Node, ...]:
    """What stands directly within a node."""
    match node:
        case Several(items):
            return items
        case Call(_, arguments):
            return arguments
        case Compare(_, left, right) | Compute(_, left, right):
            return (left, right)
        case Not(operand) | Minus(operand):
            return (operand,)
        case And(parts) | Or(parts):
            return parts
        case Macro(_, over, _, body):
            return (over, body)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all within it."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def written(node: Node, least: int = _OR) -> str:
    """The tree as CEL, in brackets where it binds less than `least`."""
    text, rank = _text(node)
    return f"({text})" if rank < least else text


def _text(node: Node) -> tuple[str, int]:  # noqa: C901 - one case for each kind of node
    match node:
        case Literal(value):
            return _literal(value), _MEMBER
        case Several(items):
            return f"[{', '.join(map(written, items))}]", _MEMBER
        case Name(path):
            return path, _MEMBER
        case Has(path):
            return f"has({path})", _MEMBER
        case Call():
            return _call(node), _MEMBER
        case Macro(macro, over, variable, body):
            return f"{written(over, _MEMBER)}.{macro}({variable}, {written(body)})", _MEMBER
        case Not(operand):
            return f"!{written(operand, _MEMBER)}", _UNARY
        case Minus(operand):
            return f"-{written(operand, _MEMBER)}", _UNARY
        case Compare(sign, left, right):
            return f"{written(left, _SUM)} {sign} {written(right, _SUM)}", _COMPARE
        case Compute(sign, left, right):
            rank = _RANK[sign]
            return f"{written(left, rank)} {sign} {written(right, rank + 1)}", rank
        case And(parts):
            return " && ".join(written(part, _COMPARE) for part in parts), _AND
        case Or(parts):
            return " || ".join(written(part, _AND) for part in parts), _OR


def _call(node: Call) -> str:
    first, *rest = node.arguments
    if node.method:
        return f"{written(first, _MEMBER)}.{node.function}({', '.join(map(written, rest))})"
    return f"{node.function}({', '.join(map(written, node.arguments))})"


def _literal(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
