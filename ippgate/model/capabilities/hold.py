"""Until when a job may be held or its output delayed: by keyword, a time of day as CUPS's clients ask, or a moment.

`lp -H 18:30` and macOS's "print at" send a name, HH:MM or HH:MM:SS, that means the next such moment in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ippgate.ipp import Attribute, BadValueError, Range, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.model.capabilities.rule import Choice
from ippgate.model.until import is_time_of_day

_YEARS: Final = range(1970, 9999)
"""Years of a moment that every part of the gate can reckon with."""


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """One of some keywords, or a time of day, which is not advertised: nobody could list them all."""

    keywords: Choice

    def accepted(self, value: Value) -> Value | None:
        return self.keywords.accepted(value) or _time(value)

    def refused(self, value: Value) -> Value | None:
        return None if self.accepted(value) else value

    def advertised(self, name: str) -> list[Attribute]:
        return self.keywords.advertised(name)


@dataclass(frozen=True, slots=True)
class Moment:
    """A dateTime. ahead: how many seconds from now it may be, as it is told; None: any, told as a boolean."""

    ahead: int | None = None

    def accepted(self, value: Value) -> Value | None:
        return value if value.tag == Tag.DATE_TIME and _is_moment(value) else None

    def refused(self, value: Value) -> Value | None:
        return None if self.accepted(value) else value

    def advertised(self, name: str) -> list[Attribute]:
        return [attribute(f"{name}-supported", True if self.ahead is None else Range(0, self.ahead))]


def _is_moment(value: Value) -> bool:
    try:
        meant = value.python
        return isinstance(meant, datetime) and meant.astimezone(UTC).year in _YEARS
    except (BadValueError, OverflowError):
        return False


def _time(value: Value) -> Value | None:
    said = value.text if value.tag in (Tag.NAME, Tag.KEYWORD) else None
    return Value(Tag.NAME, value.raw) if said is not None and is_time_of_day(said) else None
