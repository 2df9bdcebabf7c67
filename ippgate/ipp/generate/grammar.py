"""The registry's notation for attribute syntaxes, made canonical.

IANA's file writes one syntax in many ways: "1setOf (type2 keyword | name(MAX))", "(1setOf type2 keyword | name(MAX))",
and "1setOf type2 keyword | name". The canonical text is "1setOf keyword | name": no parentheses around alternatives,
no keyword types, no bound where it is the syntax's own maximum, integer bounds as low:high.
"""

import re
from collections.abc import Iterable

# Kinds of value, in the order the canonical text lists them.
KINDS = (
    *(
        "integer",
        "enum",
        "boolean",
        "rangeOfInteger",
        "resolution",
        "dateTime",
        "keyword",
        "name",
        "text",
        "uri",
        "uriScheme",
    ),
    *("charset", "naturalLanguage", "mimeMediaType", "octetString", "collection", "no-value", "unknown"),
)
_MIN, _MAX = -(2**31), 2**31 - 1
_KIND = re.compile(r"(?:type[123] )?([A-Za-z-]+) ?(?:\(([^()]*)\))?")

Bound = tuple[int, int]
Kinds = dict[str, Bound]


class SyntaxSlipError(ValueError):
    """A syntax in the registry that this grammar cannot read: it needs a line in the errata."""


def read(text: str) -> tuple[bool, Kinds]:
    """The syntax as (is it a set, kind → bounds). Raises SyntaxSlipError."""
    plain = re.sub(r"\s+", " ", text).strip()
    many = "1setOf" in plain
    plain = plain.replace("1setOf", "").strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1].strip()
    kinds: Kinds = {}
    for alternative in plain.split("|"):
        match = _KIND.fullmatch(alternative.strip(" "))
        if not match or match[1] not in KINDS:
            raise SyntaxSlipError(text)
        kinds[match[1]] = _bound(match[1], match[2])
    return many, kinds


def merge(syntaxes: Iterable[tuple[bool, Kinds]]) -> tuple[bool, Kinds]:
    """One syntax that admits whatever any of the registrations of a name admits."""
    many, merged = False, dict[str, Bound]()
    for each_many, kinds in syntaxes:
        many = many or each_many
        for kind, (low, high) in kinds.items():
            known = merged.get(kind, (low, high))
            merged[kind] = (min(low, known[0]), max(high, known[1]))
    return many, merged


def write(many: bool, kinds: Kinds) -> str:
    """The canonical text."""
    alternatives = " | ".join(kind + _bound_text(kind, kinds[kind]) for kind in KINDS if kind in kinds)
    return f"1setOf {alternatives}" if many else alternatives


def _bound(kind: str, text: str | None) -> Bound:
    numeric = kind in ("integer", "rangeOfInteger")
    if text is None or text == "MAX":
        return (_MIN, _MAX) if numeric else (0, _MAX)
    if not numeric:
        return 0, int(text)
    low, _, high = text.replace(" ", "").partition(":")
    return (_MIN if low == "MIN" else int(low)), (_MAX if high == "MAX" else int(high))


def _bound_text(kind: str, bound: Bound) -> str:
    low, high = bound
    if kind not in ("integer", "rangeOfInteger"):
        return "" if high == _MAX else f"({high})"
    if bound == (_MIN, _MAX):
        return ""
    return f"({'MIN' if low == _MIN else low}:{'MAX' if high == _MAX else high})"
