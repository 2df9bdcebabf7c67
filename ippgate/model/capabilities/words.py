"""Values and rules as sentences have them: two-sided-long-edge, staple, 1 to 99."""

from enum import IntEnum
from typing import Final

from ippgate.ipp import BadValueError, Range, Resolution, Value
from ippgate.ipp.registry import Finishings, OrientationRequested, PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.rule import Between, Choice, Rule
from ippgate.model.text import plain

_ENUMS: Final[dict[str, type[IntEnum]]] = {
    A.FINISHINGS: Finishings,
    A.ORIENTATION_REQUESTED: OrientationRequested,
    A.PRINT_QUALITY: PrintQuality,
}
_PER_INCH = 3  # RFC 8010 section 3.9
_LONGEST = 60  # characters of a value
_MOST = 8  # values of a list


def value_in_words(name: str, value: Value) -> str:
    """A value of the attribute; whatever a stranger wrote there comes out plain."""
    try:
        meant = value.text if value.text is not None else value.python
    except BadValueError:
        return "nonsense"
    match meant:
        case Range(low, high):
            return f"{low}-{high}"
        case Resolution(x, y, units):
            return f"{x}x{y}{'dpi' if units == _PER_INCH else 'dpcm'}"
        case tuple():
            return "…"
        case int(number) if name in _ENUMS:
            return _enum_in_words(_ENUMS[name], number)
    return plain(str(meant), _LONGEST)


def rule_in_words(name: str, rule: Rule) -> str:
    """What is possible."""
    match rule:
        case Choice(values):
            words = [value_in_words(name, value) for value in values[:_MOST]]
            more = len(values) - len(words)
            return ", ".join(words) + (f" and {more} more" if more else "")
        case Between(low, high):
            return f"{low} to {high}" if low < high else str(low)
    return f"what {name}-supported says"


def _enum_in_words(kind: type[IntEnum], number: int) -> str:
    try:
        return kind(number).name.lower().replace("_", "-")
    except ValueError:
        return str(number)
