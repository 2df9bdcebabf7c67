"""A condition's tokens as a tree: the part of CEL that rules may use.

Left out: maps, messages, indexes, CEL's further libraries, and what copies (map, filter, addition of texts).
Recursive descent; brackets within brackets are bounded before the engine's own parser could meet them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ippgate.policy.bound import MAX_CONDITION, MAX_DEPTH
from ippgate.policy.condition.lexer import Token, text_of, tokens
from ippgate.policy.condition.tree import (
    And,
    Call,
    Compare,
    Compute,
    Has,
    Literal,
    Macro,
    Minus,
    Name,
    Node,
    Not,
    Or,
    Several,
)
from ippgate.policy.problem import UnfitError

MACROS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all": "whether every item is so",
        "exists": "whether some item is so",
        "exists_one": "whether exactly one item is so",
    }
)
"""What looks into a list, each with its meaning."""

_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "in")
_CONSTANTS = {"true": True, "false": False}
_RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"),
        *("namespace", "null", "package", "return", "true", "var", "void", "while"),
    )
)
_LARGEST = 2**63
_SEE = "`ippgate rule facts` lists what a condition may say"


def parse_condition(source: str) -> Node:
    """The tree of a condition. Raises UnfitError with what cannot be read, and where."""
    if len(source) > MAX_CONDITION:
        fault = f"the condition has {len(source)} characters; {MAX_CONDITION} are allowed"
        raise UnfitError(fault, "make it several rules")
    parser = _Parser(tokens(source))
    tree = parser.either()
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, ahead: list[Token]) -> None:
        self._ahead = ahead
        self._at = 0
        self._depth = 0

    # ── tokens ──

    @property
    def _next(self) -> Token:
        return self._ahead[self._at]

    def _take(self, *texts: str) -> Token | None:
        token = self._next
        if token.kind in ("sign", "word") and token.text in texts:
            self._at += 1
            return token
        return None

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise UnfitError(f"{text} is missing before {self._next}", _SEE)

    def expect_end(self) -> None:
        """Nothing may follow."""
        token = self._next
        if token.kind == "end":
            return
        if token.text == "?":
            raise UnfitError("a condition has no “? :”", "make it two rules")
        raise UnfitError(f"{token} does not fit there", _SEE)

    # ── what binds least comes first ──

    def either(self) -> Node:
        """a || b."""
        parts = [self._both()]
        while self._take("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Node:
        parts = [self._comparison()]
        while self._take("&&"):
            parts.append(self._comparison())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _comparison(self) -> Node:
        left = self._sum()
        sign = self._take(*_COMPARISONS)
        if sign is None:
            return left
        whole = Compare(sign.text, left, self._sum())
        if again := self._take(*_COMPARISONS):
            raise UnfitError(f"{again} compares a comparison", "join the two comparisons with &&")
        return whole

    def _sum(self) -> Node:
        whole = self._product()
        while sign := self._take("+", "-"):
            whole = Compute(sign.text, whole, self._product())
        return whole

    def _product(self) -> Node:
        whole = self._signed()
        while sign := self._take("*", "/", "%"):
            whole = Compute(sign.text, whole, self._signed())
        return whole

    def _signed(self) -> Node:
        if self._take("!"):
            with_sign = self._next.text in ("!", "-")
            if with_sign:
                raise UnfitError(f"{self._next} follows a !", "write one sign, or use brackets")
            return Not(self._member())
        if self._take("-"):
            if self._next.kind == "number":
                return Literal(-_number(self._step(), _LARGEST))
            return Minus(self._member())
        return self._member()

    def _member(self) -> Node:
        whole = self._primary()
        while self._take("."):
            word = self._step()
            if word.kind != "word":
                raise UnfitError(f"{word} cannot follow a dot", _SEE)
            if self._next.text == "(":
                whole = self._method(whole, word)
            elif isinstance(whole, Name):
                whole = Name(f"{whole.path}.{word.text}")
            else:
                raise UnfitError(f"{word} is no fact: only facts have parts", _SEE)
        return whole

    def _primary(self) -> Node:
        token = self._step()
        match token.kind:
            case "number":
                return Literal(_number(token, _LARGEST - 1))
            case "text":
                return Literal(text_of(token))
            case "word":
                return self._word(token)
        if token.text == "(":
            with_depth = self._within(self.either)
            self._expect(")")
            return with_depth
        if token.text == "[":
            return Several(tuple(self._items("]")))
        if token.text == "{":
            raise UnfitError(f"{token}: a condition has no maps", _SEE)
        raise UnfitError(f"{token} does not fit there", _SEE)

    def _word(self, token: Token) -> Node:
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text])
        if token.text == "null":
            raise UnfitError("a condition has no null", "ask has(…) for whether a fact is known")
        if token.text in _RESERVED:
            raise UnfitError(f"{token} is a reserved word", _SEE)
        if self._next.text != "(":
            return Name(token.text)
        self._step()
        arguments = self._items(")")
        if token.text != "has":
            return Call(token.text, tuple(arguments))
        if len(arguments) != 1 or not isinstance(arguments[0], Name):
            raise UnfitError("has() takes one fact", "write has(job.pages)")
        return Has(arguments[0].path)

    def _method(self, whole: Node, word: Token) -> Node:
        self._step()
        arguments = self._items(")")
        if word.text not in MACROS:
            return Call(word.text, (whole, *arguments), method=True)
        if len(arguments) != 2 or not isinstance(arguments[0], Name) or "." in arguments[0].path:
            raise UnfitError(
                f"{word.text}() takes a name and a condition", f'write {word.text}(item, item == "…") after a list'
            )
        return Macro(word.text, whole, arguments[0].path, arguments[1])

    def _items(self, closing: str) -> list[Node]:
        """What stands between brackets, the opening one taken, up to and with the closing one."""
        items: list[Node] = []
        while not self._take(closing):
            if items:
                self._expect(",")
            items.append(self._within(self.either))
        return items

    def _within(self, inner: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnfitError(f"there are more than {MAX_DEPTH} brackets within brackets", "make it several rules")
        found = inner()
        self._depth -= 1
        return found

    def _step(self) -> Token:
        token = self._next
        if token.kind == "end":
            raise UnfitError("the condition ends too early", _SEE)
        self._at += 1
        return token


def _number(token: Token, largest: int) -> int | float:
    if token.text[:2] in ("0x", "0X"):
        number: int | float = int(token.text, 16)
    else:
        number = int(token.text) if token.text.isdigit() else float(token.text)
    if number > largest:
        raise UnfitError(f"{token} is too large a number", "write a smaller one")
    return number
