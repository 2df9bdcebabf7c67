"""A condition's text as tokens."""

import re
from dataclasses import dataclass
from typing import Literal

from ippgate.policy.problem import UnfitError

Kind = Literal["number", "text", "word", "sign", "end"]

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|//[^\n]*)
    |(?P<number>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|0[xX][0-9a-fA-F]+|[0-9]+)
    |(?P<text>[rR]?"(?:[^"\\\n]|\\[^\n])*"|[rR]?'(?:[^'\\\n]|\\[^\n])*')
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!()\[\].,?:{}])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPED = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "r": "\r", "t": "\t"}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Token:
    """What stands there; `at`: its first character, counted from 1."""

    kind: Kind
    text: str
    at: int

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return f"“{shown}” (character {self.at})" if self.kind != "end" else "the end"


def tokens(source: str) -> list[Token]:
    """The tokens, an end after the last. Raises UnfitError for a character that CEL does not know."""
    found = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _strange(source, at)
        if match.lastgroup != "blank":
            found.append(Token(_kind(match.lastgroup), match.group(), at + 1))
        at = match.end()
    return [*found, Token("end", "", at + 1)]


def text_of(token: Token) -> str:
    """What a text literal says. Raises UnfitError for an escape that rules do not know."""
    if token.text[0] in "rR":
        raw = token.text[2:-1]
        if "\\" in raw and ('\\"' in raw or "\\'" in raw or raw.endswith("\\")):  # where CEL and people disagree
            raise UnfitError(f"{token} has a quotation mark after a backslash", "leave out the r and write \\\\ for \\")
        return raw
    return _ESCAPE.sub(lambda found: _unescaped(found[1], token), token.text[1:-1])


def _unescaped(escape: str, token: Token) -> str:
    if escape[0] == "u" and len(escape) == 5 and not 0xD800 <= int(escape[1:], 16) <= 0xDFFF:
        return chr(int(escape[1:], 16))
    if escape in _ESCAPED:
        return _ESCAPED[escape]
    raise UnfitError(f"{token} holds \\{escape[:1]}", "write \\\\ for a backslash, or put r before the quotation mark")


def _kind(group: str | None) -> Kind:
    match group:
        case "number" | "text" | "word":
            return group
    return "sign"


def _strange(source: str, at: int) -> UnfitError:
    sign = source[at]
    if sign in "\"'":
        return UnfitError(f"the text that begins at character {at + 1} has no end", f"close it with {sign}")
    remedy = {"=": "write == to compare", "&": "write && for and", "|": "write || for or"}.get(sign, "take it out")
    return UnfitError(f"character {at + 1}, {sign!r}, means nothing there", remedy)
