"""finishings-col: what is done to printed sheets, by the name of a template (PWG 5100.1-2022 section 5.2).

A template says all of it: where the staples sit, where the holes are. The keywords of `finishings` are templates too:
whatever has one of these can be asked for in either way, and each wish can be said in the other as far as it has an
enum. What a device tells of its templates' details is not told on: nobody is asked for them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A

NONE: Final = Finishings.NONE.keyword
MOST: Final = 64
"""Templates of a device: a large finisher has some thirty."""

_NUMBERS: Final = {each.keyword: each for each in Finishings}
_KEYWORDS: Final = {int(each): each.keyword for each in Finishings}
_TEMPLATE = re.compile(rb"[a-z][a-z0-9._-]{0,254}")


@dataclass(frozen=True, slots=True)
class FinishingsCol:
    """What finishings-col may hold. ready: what there is wire, and a place for the chips, for at the moment."""

    templates: tuple[str, ...]
    ready: tuple[str, ...]

    def accepted(self, value: Value) -> Value | None:
        """The collection without what is not possible; no-value asks for nothing to be done."""
        if value.tag == Tag.NO_VALUE:
            return collected(NONE)
        kept = [member for member in value.members if self._possible(member)]
        return collected(kept[0].text() or "") if kept else None

    def refused(self, value: Value) -> Value | None:
        if value.tag == Tag.NO_VALUE:
            return None
        if value.tag != Tag.BEG_COLLECTION or not value.members:
            return value
        bad = tuple(member for member in value.members if not self._possible(member))
        return Value(Tag.BEG_COLLECTION, bad) if bad else None

    def advertised(self, name: str) -> list[Attribute]:
        """finishings-col-supported and what belongs to it; finishings-ready says it of those that have an enum."""
        numbers = [_NUMBERS[each] for each in self.ready if each in _NUMBERS]
        return [
            attribute(f"{name}-supported", A.FINISHING_TEMPLATE),
            attribute(f"{name}-database", *map(collected, self.templates)),
            attribute(f"{name}-ready", *map(collected, self.ready)),
            attribute(A.FINISHING_TEMPLATE_SUPPORTED, *self.templates),
            attribute(A.FINISHINGS_READY, *numbers),
        ]

    def _possible(self, member: Attribute) -> bool:
        alone = member.name == A.FINISHING_TEMPLATE and len(member.values) == 1
        return alone and member.text() in self.templates


def rule_of(templates: Iterable[str], ready: Iterable[str]) -> FinishingsCol | None:
    """The rule of what has these templates; None: it does nothing to sheets, and so has no finishings-col."""
    having = tuple(dict.fromkeys((NONE, *templates)))
    loaded = frozenset(ready)
    return (
        FinishingsCol(having, tuple(each for each in having if each == NONE or each in loaded)) if having[1:] else None
    )


def collected(template: str) -> Value:
    """The collection that asks for a template."""
    return collection({A.FINISHING_TEMPLATE: template}, A.FINISHINGS_COL)


def templates_in(values: Iterable[Value]) -> tuple[str, ...]:
    """The templates that collections name, each once; what is no keyword is passed over."""
    named = (value.member(A.FINISHING_TEMPLATE) for value in values if value.tag == Tag.BEG_COLLECTION)
    return _keywords(value for member in named if member is not None for value in member.values)


def templates_told(told: Mapping[str, tuple[Value, ...]]) -> tuple[str, ...]:
    """The templates of a device that tells these attributes; none where it has no finishings-col."""
    if A.FINISHING_TEMPLATE not in _keywords(told.get(A.FINISHINGS_COL_SUPPORTED, ())):
        return ()
    listed = _keywords(told.get(A.FINISHING_TEMPLATE_SUPPORTED, ()))
    found = (*listed, *templates_in(told.get(A.FINISHINGS_COL_DATABASE, ())))
    return tuple(dict.fromkeys(found))[:MOST]


def words(numbers: Iterable[int]) -> tuple[str, ...]:
    """The templates of values of finishings; those that nobody registered have none."""
    return tuple(_KEYWORDS[number] for number in numbers if number in _KEYWORDS)


def numbers(templates: Iterable[str]) -> tuple[int, ...]:
    """The values of finishings that say the same; templates of a vendor's own have none."""
    return tuple(int(_NUMBERS[each]) for each in templates if each in _NUMBERS)


def _keywords(values: Iterable[Value]) -> tuple[str, ...]:
    """Keywords, which some devices write as names."""
    raws = (value.raw for value in values if value.tag in (Tag.KEYWORD, Tag.NAME))
    return tuple(dict.fromkeys(raw.decode() for raw in raws if isinstance(raw, bytes) and _TEMPLATE.fullmatch(raw)))
