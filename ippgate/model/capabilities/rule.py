"""Which values of a job template attribute are possible, and how a printer says so in its `xxx-supported`."""

from dataclasses import dataclass
from typing import Protocol

from ippgate.ipp import Attribute, Range, Tag, Value
from ippgate.ipp.builder import attribute


class Rule(Protocol):
    """What may be asked for. A rule is a frozen value: equal rules are interchangeable."""

    def accepted(self, value: Value) -> Value | None:
        """The value as it is taken: itself, what is left of a collection, or None when nothing of it is possible."""

    def refused(self, value: Value) -> Value | None:
        """What of the value goes into the unsupported group; None when all of it is possible."""

    def advertised(self, name: str) -> list[Attribute]:
        """The attributes by which a printer tells this rule about the attribute `name`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list: keywords, enums, resolutions. A keyword may come as a name: some clients write it so."""

    values: tuple[Value, ...]

    def accepted(self, value: Value) -> Value | None:
        if value.tag == Tag.NAME:
            value = Value(Tag.KEYWORD, value.raw)
        return value if value in self.values else None

    def refused(self, value: Value) -> Value | None:
        return None if self.accepted(value) else value

    def advertised(self, name: str) -> list[Attribute]:
        return [Attribute(f"{name}-supported", self.values)]


@dataclass(frozen=True, slots=True)
class Between:
    """An integer from `low` to `high`, both possible. `levels`: advertised as their number, as job-priority is."""

    low: int
    high: int
    levels: bool = False

    def accepted(self, value: Value) -> Value | None:
        number = value.python if value.tag == Tag.INTEGER else None
        return value if isinstance(number, int) and self.low <= number <= self.high else None

    def refused(self, value: Value) -> Value | None:
        return None if self.accepted(value) else value

    def advertised(self, name: str) -> list[Attribute]:
        told = self.high if self.levels else Range(self.low, self.high)
        return [attribute(f"{name}-supported", told)]


@dataclass(frozen=True, slots=True)
class AnyName:
    """Any name that says something, as job-account-id has; advertised as a boolean."""

    def accepted(self, value: Value) -> Value | None:
        return value if value.tag in (Tag.NAME, Tag.NAME_LANG) and (value.text or "").strip() else None

    def refused(self, value: Value) -> Value | None:
        return None if self.accepted(value) else value

    def advertised(self, name: str) -> list[Attribute]:
        return [attribute(f"{name}-supported", True)]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Any rangeOfInteger from 1 up, as page-ranges has; advertised as a boolean."""

    def accepted(self, value: Value) -> Value | None:
        pages = value.python if value.tag == Tag.RANGE else None
        return value if isinstance(pages, Range) and 1 <= pages.low <= pages.high else None

    def refused(self, value: Value) -> Value | None:
        return None if self.accepted(value) else value

    def advertised(self, name: str) -> list[Attribute]:
        return [attribute(f"{name}-supported", True)]
