"""Hostile text made harmless (SECURITY S28): what clients and devices say appears in logs, and must not forge them.

Control, bidirectional and other invisible characters are written as escapes, long texts and lists are cut. The
ordinary case, a printable text of ordinary length, costs one look.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

TEXT_LIMIT = 512
"""Characters of one value."""
ITEM_LIMIT = 32
"""Items of a list or mapping."""
TRACE_LIMIT = 16_384
"""Characters of a trace: its end, where the error stands, is kept."""
DEPTH_LIMIT = 3

_PLAIN = (int, float, bool, type(None))


def safe_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text on one line, every character visible, cut to `limit` characters."""
    if len(text) <= limit and text.isprintable():
        return text
    cut = text[:limit]
    shown = cut if cut.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in cut)
    return shown if len(text) <= limit else f"{shown}…(+{len(text) - limit})"


def safe_value(value: object, depth: int = DEPTH_LIMIT) -> Any:
    """The value as a log may carry it: numbers as they are, texts safe, the rest as text."""
    if isinstance(value, str):
        return safe_text(value.value if isinstance(value, Enum) else value)
    if isinstance(value, Enum):
        return safe_text(value.name.lower().replace("_", "-"))
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, bytes):
        return safe_text(value[:TEXT_LIMIT].hex())
    if depth > 0 and isinstance(value, list | tuple | set | frozenset):
        items = [safe_value(item, depth - 1) for item, _ in zip(value, range(ITEM_LIMIT), strict=False)]
        return [*items, f"…(+{len(value) - ITEM_LIMIT})"] if len(value) > ITEM_LIMIT else items
    if depth > 0 and isinstance(value, Mapping):
        pairs = [(key, item) for (key, item), _ in zip(value.items(), range(ITEM_LIMIT), strict=False)]
        return {safe_text(str(key)): safe_value(item, depth - 1) for key, item in pairs}
    return safe_text(str(value))


def safe_trace(trace: str) -> str:
    """A trace with its line breaks, every line after the first indented: none of them can pass for a log line."""
    kept = trace if len(trace) <= TRACE_LIMIT else f"…\n{trace[-TRACE_LIMIT:]}"
    return "\n    ".join(safe_text(line, TRACE_LIMIT) for line in kept.splitlines())


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
