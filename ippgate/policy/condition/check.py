"""Whether a condition means something: every name known, every part of the kind it must be, every keyword a real one.

CEL finds such faults while it evaluates; here they are found when the file is read, so at run time hardly anything but
a fact that is not known can keep a rule from being judged.
"""

from difflib import get_close_matches
from ipaddress import ip_network

from ippgate.policy.bound import MAX_PATTERN
from ippgate.policy.condition.function import FUNCTIONS, Function
from ippgate.policy.condition.parser import MACROS
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
from ippgate.policy.fact import FACTS, SUBJECTS, Kind
from ippgate.policy.problem import UnfitError

_SEE = "`ippgate rule facts` lists them"
_FEW = 3
"""So many keywords are all named rather than the likeliest one."""
_SHOWN = 50
_NUMERIC = (Kind.NUMBER, Kind.DECIMAL)
_LISTS = {Kind.TEXTS: Kind.TEXT, Kind.NUMBERS: Kind.NUMBER}
_COUNTED = {Kind.TEXT: Kind.TEXTS, Kind.NUMBER: Kind.NUMBERS}


def check_condition(tree: Node) -> None:
    """Raises UnfitError with the first thing that cannot be meant."""
    kind = _Checker().kind(tree)
    if kind is not Kind.TRUTH:
        raise UnfitError(f"the condition gives a {kind}, not true or false", 'compare it: == "…", > 500')


class _Checker:
    def __init__(self) -> None:
        self._variables: dict[str, Kind] = {}

    def kind(self, node: Node) -> Kind:  # noqa: C901, PLR0912 - one case for each kind of node
        """What a part of a condition is. Raises UnfitError."""
        match node:
            case Literal(value):
                return _kind_of(value)
            case Name(path):
                return self._variables.get(path) or _fact(path)
            case Has(path):
                _fact(path)
                return Kind.TRUTH
            case Several(items):
                return self._list(items)
            case Not(operand):
                return self._must(operand, Kind.TRUTH, "! turns true or false round")
            case And(parts):
                for part in parts:
                    self._must(part, Kind.TRUTH, "&& joins what is true or false")
            case Or(parts):
                for part in parts:
                    self._must(part, Kind.TRUTH, "|| joins what is true or false")
            case Minus(operand):
                return self._number(operand, "-")
            case Compute(sign, left, right):
                return self._computed(sign, left, right)
            case Compare(sign, left, right):
                self._compared(sign, left, right)
            case Macro():
                return self._macro(node)
            case Call():
                return self._call(node)
        return Kind.TRUTH

    def _must(self, node: Node, wanted: Kind, why: str) -> Kind:
        found = self.kind(node)
        if found is not wanted:
            raise UnfitError(f"{why}, not a {found}", "compare it, or use brackets")
        return found

    def _number(self, node: Node, sign: str) -> Kind:
        found = self.kind(node)
        if found not in _NUMERIC:
            raise UnfitError(f"{sign} reckons with numbers, not with a {found}", _SEE)
        return found

    def _computed(self, sign: str, left: Node, right: Node) -> Kind:
        kinds = self._number(left, sign), self._number(right, sign)
        if kinds[0] is not kinds[1]:
            remedy = "write double(…) around the whole number"
            raise UnfitError(f"{sign} has a whole number on one side and a decimal one on the other", remedy)
        if sign == "%" and kinds[0] is Kind.DECIMAL:
            raise UnfitError("% takes whole numbers", "leave out the decimals")
        if sign in "/%" and isinstance(right, Literal) and not right.value:
            raise UnfitError("it divides by zero", "divide by another number")
        return kinds[0]

    def _compared(self, sign: str, left: Node, right: Node) -> None:
        one, other = self.kind(left), self.kind(right)
        if sign == "in":
            self._contained(one, other, left, right)
            return
        both_numbers = one in _NUMERIC and other in _NUMERIC
        if one is not other and not both_numbers:
            raise UnfitError(f"{sign} compares a {one} with a {other}", _quotes(left, right))
        if sign not in ("==", "!=") and not (both_numbers or one is Kind.TEXT):
            raise UnfitError(f"{sign} compares numbers or texts, not a {one}", "use == or !=")
        if one in _LISTS:
            raise UnfitError(f"{sign} compares lists as wholes", 'ask whether one holds something: "…" in list')
        _check_keyword(left, right)
        _check_keyword(right, left)

    def _contained(self, one: Kind, other: Kind, item: Node, items: Node) -> None:
        if _LISTS.get(other) is not one:
            fault = f"in looks for a {one} in a {other}"
            raise UnfitError(fault, 'write in ["…", "…"] with a list of its kind, or text.contains("…")')
        if isinstance(items, Several):
            for each in items.items:
                _check_keyword(item, each)

    def _list(self, items: tuple[Node, ...]) -> Kind:
        kinds = {self.kind(item) for item in items}
        if len(kinds) != 1:
            fault = "a list is empty" if not kinds else "a list holds things of several kinds"
            raise UnfitError(fault, 'write things of one kind: ["a", "b"]')
        (kind,) = kinds
        if kind not in _COUNTED:
            raise UnfitError(f"a list holds a {kind}", 'lists are of texts or whole numbers: ["a", "b"]')
        return _COUNTED[kind]

    def _macro(self, node: Macro) -> Kind:
        of = self.kind(node.over)
        if of not in _LISTS:
            raise UnfitError(f"{node.macro}() looks into a list, not into a {of}", _SEE)
        if node.variable in self._variables or node.variable in SUBJECTS or node.variable in FUNCTIONS:
            raise UnfitError(f"{node.macro}() calls its item {node.variable}, which is taken", "call it item")
        self._variables[node.variable] = _LISTS[of]
        self._must(node.body, Kind.TRUTH, f"{node.macro}() takes a condition")
        del self._variables[node.variable]
        return Kind.TRUTH

    def _call(self, node: Call) -> Kind:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise _no_function(node.function)
        if function.method not in (None, node.method):
            raise UnfitError(f"{node.function}() is written in another way", f"write {function.form}")
        self._check_number(node, function)
        wanted = (*function.takes, *function.takes[-1:] * (len(node.arguments) - len(function.takes)))
        for argument, kind in zip(node.arguments, wanted, strict=True):
            found = self.kind(argument)
            if found is not kind and not (kind is Kind.TEXTS and found in _LISTS):
                raise UnfitError(f"{node.function}() takes a {kind}, not a {found}", f"write {function.form}")
        if function.literal:
            _check_written_out(node, function)
        return function.gives

    def _check_number(self, node: Call, function: Function) -> None:
        number, wanted = len(node.arguments), len(function.takes)
        if number < wanted or (number > wanted and not function.many):
            fault = f"{node.function}() has {number} arguments where it takes {wanted}"
            raise UnfitError(fault, f"write {function.form}")


def _kind_of(value: bool | float | str) -> Kind:
    if isinstance(value, bool):
        return Kind.TRUTH
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER if isinstance(value, int) else Kind.DECIMAL


def _fact(path: str) -> Kind:
    if path in FACTS:
        return FACTS[path].kind
    if path in SUBJECTS:
        parts = [name for name in FACTS if name.startswith(f"{path}.")]
        raise UnfitError(f"{path} alone is no fact", f"write {', '.join(parts[:3])} …: {_SEE}")
    raise UnfitError(f"there is no fact {path[:_SHOWN]}", _meant(path[:_SHOWN], list(FACTS)))


def _no_function(name: str) -> UnfitError:
    if name in ("map", "filter"):
        return UnfitError(f"a condition has no {name}(): it copies lists, at any cost", "ask exists(…) or all(…)")
    name = name[:_SHOWN]
    return UnfitError(f"there is no function {name}()", _meant(name, [*FUNCTIONS, *MACROS, "has"], after="()"))


def _meant(word: str, words: list[str], after: str = "") -> str:
    tail = word.rpartition(".")[2].lower().replace("-", "_")
    close = [known for known in words if known.rpartition(".")[2].lower() == tail]
    close += [known for known in words if known.startswith(f"{word}_")]  # IPP writes print-color-mode
    close += get_close_matches(word, words, n=1, cutoff=0.6)
    return f"did you mean {close[0]}{after}?" if close else _SEE


def _check_keyword(fact: Node, literal: Node) -> None:
    """A text that the fact can never be is a slip."""
    if not (isinstance(fact, Name) and isinstance(literal, Literal) and isinstance(literal.value, str)):
        return
    known = FACTS[fact.path].values if fact.path in FACTS else ()
    if known and literal.value not in known:
        close = get_close_matches(literal.value.lower(), known, n=1, cutoff=0.5) if len(known) > _FEW else []
        remedy = f'did you mean "{close[0]}"?' if close else f"it is one of {', '.join(known)}"
        raise UnfitError(f'{fact.path} is never "{literal.value[:_SHOWN]}"', remedy)


def _quotes(left: Node, right: Node) -> str:
    """People forget quotation marks, or write them around numbers."""
    for side in (left, right):
        if isinstance(side, Literal) and isinstance(side.value, str):
            return "leave out the quotation marks" if side.value.isdigit() else "compare things of one kind"
    return "put a text in quotation marks"


def _check_written_out(node: Call, function: Function) -> None:
    for argument in node.arguments[1:]:
        if not (isinstance(argument, Literal) and isinstance(argument.value, str)):
            raise UnfitError(f"what {node.function}() is given must stand in the rule", f"write {function.form}")
        if node.function == "in_network":
            _check_network(argument.value)
        elif len(argument.value) > MAX_PATTERN:
            fault = f"a pattern has {len(argument.value)} characters; {MAX_PATTERN} are allowed"
            raise UnfitError(fault, "make it several patterns")
        elif node.function == "matches" and any(dear in argument.value for dear in ("{", "\\p", "\\P")):
            raise UnfitError("a regular expression has { } or \\p in it, which can cost any time", "spell it out")


def _check_network(network: str) -> None:
    try:
        ip_network(network)
    except ValueError:
        remedy = "write an address with the bits of its network, such as 10.0.0.0/8; what follows them is 0"
        raise UnfitError(f'"{network[:_SHOWN]}" is no network', remedy) from None
