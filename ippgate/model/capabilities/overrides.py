"""Other wishes for some pages than for the rest: the collection overrides (PWG 5100.6).

Each says for which pages, documents and copies it counts, and what is wished there: Job Template attributes, which are
held against the same rules as those of the whole job.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ippgate.ipp import Attribute, BadValueError, Range, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.model.capabilities.rule import Rule

SELECTORS: Final = (A.PAGES, A.DOCUMENT_NUMBERS, A.DOCUMENT_COPIES)
"""Members that say where an override counts; one that is left out means everywhere."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """selectors: those that are understood; rules: what may be wished, each by its own rule."""

    selectors: tuple[str, ...]
    rules: tuple[tuple[str, Rule], ...]

    def accepted(self, value: Value) -> Value | None:
        """What is possible of it. Without every one of its selectors it would count elsewhere too: then nothing is."""
        if not self._is_understood(value):
            return None
        kept = [part for member in value.members if (part := self._kept(member)) is not None]
        wished = any(member.name not in SELECTORS for member in kept)
        return Value(Tag.BEG_COLLECTION, tuple(kept)) if wished else None

    def refused(self, value: Value) -> Value | None:
        """The wishes at fault, or the whole where nobody knows for which pages they would count."""
        if not self._is_understood(value):
            return value
        bad = tuple(part for member in value.members if (part := self._bad(member)) is not None)
        return Value(Tag.BEG_COLLECTION, bad) if bad else None

    def advertised(self, name: str) -> list[Attribute]:
        return [attribute(f"{name}-supported", *self.selectors, *self.names)]

    @property
    def names(self) -> tuple[str, ...]:
        """The wishes that may differ."""
        return tuple(name for name, _ in self.rules)

    def rule(self, name: str) -> Rule | None:
        """The rule of one wish; None: it cannot differ from page to page."""
        return next((rule for member, rule in self.rules if member == name), None)

    def _is_understood(self, value: Value) -> bool:
        selecting = [member.name for member in value.members if member.name in SELECTORS]
        return value.tag == Tag.BEG_COLLECTION and all(name in self.selectors for name in selecting)

    def _kept(self, member: Attribute) -> Attribute | None:
        if member.name in SELECTORS:
            return member
        rule = self.rule(member.name)
        if rule is None or not fits(member):
            return None
        good = tuple(each for value in member.values if (each := rule.accepted(value)) is not None)
        return Attribute(member.name, good) if good else None

    def _bad(self, member: Attribute) -> Attribute | None:
        if member.name in SELECTORS:
            return None
        rule = self.rule(member.name)
        if rule is None or not fits(member):
            return member
        bad = tuple(each for value in member.values if (each := rule.refused(value)) is not None)
        return Attribute(member.name, bad) if bad else None


def fault(overrides: Attribute) -> str | None:
    """What makes it malformed, whatever the printer can do: it says nothing, or not for which pages. None: nothing."""
    for value in overrides.values:
        if value.tag != Tag.BEG_COLLECTION:
            return None  # another kind of value, which is somebody else's to refuse
        names = [member.name for member in value.members]
        if all(name in SELECTORS for name in names):
            return "each of them says what is wished for its pages, with a job template attribute"
        for member in value.members:
            if member.name in SELECTORS and not _rises(member.values):
                return f"{member.name} are ranges from 1 up that rise and do not overlap"
    return None


def _rises(values: Iterable[Value]) -> bool:
    last = 0
    for value in values:
        if value.tag != Tag.RANGE:
            return False
        try:
            span = value.python
        except BadValueError:
            return False
        if not isinstance(span, Range) or not last < span.low <= span.high:
            return False
        last = span.high
    return True
