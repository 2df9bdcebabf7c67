"""Until when a job may be held: by keyword, or until a time of day as clients of CUPS ask for it.

`lp -H 18:30` and macOS's "print at" send a name, HH:MM or HH:MM:SS, that means the next such moment in UTC.
"""

import re
from dataclasses import dataclass
from typing import Final

from ippgate.ipp import Attribute, Tag, Value
from ippgate.model.capabilities.rule import Choice

_TIME: Final = re.compile(rb"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
"""The same as the SQL function `hold_ends` understands."""


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


def is_time(hold_until: str) -> bool:
    """Whether a hold ends at a time of day."""
    return ":" in hold_until


def _time(value: Value) -> Value | None:
    if value.tag not in (Tag.NAME, Tag.KEYWORD) or not isinstance(value.raw, bytes) or not _TIME.fullmatch(value.raw):
        return None
    return Value(Tag.NAME, value.raw)
