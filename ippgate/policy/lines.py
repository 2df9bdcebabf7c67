"""On which line of a TOML file each [[rule]] and each of its keys stands: tomllib does not say.

A look at how lines begin, outside of texts and brackets that go over several lines. The text is known to be TOML.
"""

import re

Place = tuple[int, str]
"""A rule's number, counted from 0, and a key of it such as force or force.sides; empty: its head."""

_DEPTH = 2
"""A key of a rule and one of its table: deeper ones do not exist."""

_NESTED = 16
_MANY_PARTS = re.compile(r"(?<![A-Za-z0-9_-])(?:[A-Za-z0-9_-]+[ \t]*\.[ \t]*){16}")

_TABLES = re.compile(r"[ \t]*\[\[([^\[\]\n]+)\]\]")
_TABLE = re.compile(r"[ \t]*\[([^\[\]\n]+)\]")
_KEY = re.compile(r"""[ \t]*([A-Za-z0-9_"'-]+(?:[ \t]*\.[ \t]*[A-Za-z0-9_"'-]+)*)[ \t]*=""")
_PIECE = re.compile(
    r'''#[^\n]*|"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\[\]{}]|\n''', re.DOTALL
)


def too_deep(text: str) -> bool:
    """Whether keys have many parts or brackets stand within brackets: what tomllib needs grows with the square of the
    one, and the other is its recursion.
    """
    depth = 0
    for piece in _PIECE.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(piece.group(), 0)
        if depth > _NESTED:
            return True
    return _MANY_PARTS.search(_PIECE.sub(_masked, text)) is not None


def _masked(piece: re.Match[str]) -> str:
    """Comments and line ends stay ends; a text becomes a word."""
    return "k" if piece.group()[0] in "\"'" else "\n" if piece.group()[0] in "#\n" else piece.group()


def lines(text: str, tables: str) -> dict[Place, int]:
    """The lines of the tables [[`tables`]] and of their keys; those of other keys under the number -1."""
    found: dict[Place, int] = {}
    number, prefix = -1, ""
    for line, start in _statements(text):
        if head := _TABLES.match(text, start):
            number, prefix = (number + 1, "") if _plain(head[1]) == tables else (-1, f"{_plain(head[1])}.")
            found.setdefault((number, "" if number >= 0 else prefix[:-1]), line)
        elif head := _TABLE.match(text, start):
            prefix = f"{_plain(head[1])}.".removeprefix(f"{tables}." if number >= 0 else "")
            found.setdefault((number, prefix[:-1]), line)
        elif key := _KEY.match(text, start):
            steps = f"{prefix}{_plain(key[1])}".split(".", _DEPTH)[:_DEPTH]
            for depth in range(1, len(steps) + 1):
                found.setdefault((number, ".".join(steps[:depth])), line)
    return found


def _statements(text: str) -> list[tuple[int, int]]:
    """Line and offset of every line that does not go on with what an earlier one began."""
    starts = [(1, 0)]
    depth, line = 0, 1
    for piece in _PIECE.finditer(text):
        said = piece.group()
        line += said.count("\n")
        if said in "[{":
            depth += 1
        elif said in "]}":
            depth = max(0, depth - 1)
        elif said == "\n" and depth == 0:
            starts.append((line, piece.end()))
    return starts


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))
