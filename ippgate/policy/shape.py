"""What rules make of a job's template attributes: forced, capped, or set where nothing is asked for.

Force wins over cap, cap over what the client asks for, that over default. Of two rules that force or default the same
attribute the later one wins; of two caps the lower one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import Finishings, PrintQuality
from ippgate.model.capabilities import finishing
from ippgate.model.capabilities.media import MediaSize
from ippgate.policy.reckon import finishing_words, size_asked

Worth = tuple[int, ...] | tuple[str, ...]
"""The values of an attribute, as plain as they are stored."""

Template = tuple[Attribute, ...]

VENDORS_OWN: Final = 0
"""In the place of a finishing that is none of the registry's."""


class How(StrEnum):
    """In which way a rule sets an attribute."""

    FORCE = "force"
    CAP = "cap"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Shape:
    """One attribute that a rule sets."""

    how: How
    name: str  # of the attribute
    worth: Worth
    rule: str = ""

    def __str__(self) -> str:
        said = words(self.name, self.worth)
        match self.how:
            case How.FORCE:
                return f"forces {self.name} to {said}"
            case How.CAP:
                return f"allows {self.name} {said}" + ("" if self.name in _LISTED else " at the most")
        return f"sets {self.name} to {said} where nothing is asked"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an attribute, and by which rule."""

    name: str
    before: Worth  # empty: nothing was asked for
    after: Worth  # empty: nothing is asked for any more
    how: How
    rule: str

    def __str__(self) -> str:
        return f"{self.name}: {words(self.name, self.before)} → {words(self.name, self.after)}"


def shaped(template: Template, shapes: Iterable[Shape]) -> tuple[Template, tuple[Change, ...]]:
    """The template as rules make it, and what changed. Pure, and the same when it is done again."""
    by_name: dict[str, list[Shape]] = {}
    for shape in shapes:
        by_name.setdefault(shape.name, []).append(shape)
    changes = []
    for name, wanted in by_name.items():
        before = asked(template, name)
        after, by = _result(name, before, wanted)
        if after != before:
            changes.append(Change(name, before, after, by.how, by.rule))
            template = _WRITERS.get(name, _written)(template, name, after)
    return template, tuple(changes)


def asked(template: Template, name: str) -> Worth:
    """What a template asks for, as plain values; empty: nothing."""
    found = next((each for each in template if each.name == name), None)
    if name == A.MEDIA:
        collection = next((each for each in template if each.name == A.MEDIA_COL), None)
        size = size_asked(collection) if collection else None
        if size:
            return (size,)
    if name == A.FINISHINGS and (templates := _templates(template)):
        return templates
    if found is None:
        return ()
    return tuple(found.integers()) if name in _NUMBERED else tuple(found.texts())


def _templates(template: Template) -> tuple[int, ...]:
    """What finishings-col asks for, as values of finishings; a vendor's own count as one that no cap names."""
    found = next((each for each in template if each.name == A.FINISHINGS_COL), None)
    named = finishing.templates_in(found.values) if found is not None else ()
    known = finishing.numbers(named)
    return known if len(known) == len(named) else (*known, VENDORS_OWN)


def words(name: str, worth: Worth) -> str:
    """Values as people write them in rules."""
    if not worth:
        return "none" if name == A.FINISHINGS else "not asked for"
    if name == A.FINISHINGS:
        return ", ".join(finishing_words([int(each) for each in worth])) or "none"
    if name == A.PRINT_QUALITY:
        known = {int(quality): quality.keyword for quality in PrintQuality}
        return ", ".join(known.get(int(each), str(each)) for each in worth)
    return ", ".join(str(each) for each in worth)


def _result(name: str, before: Worth, wanted: list[Shape]) -> tuple[Worth, Shape]:
    """What is asked for in the end, and the shape that made it so (any, where nothing changes)."""
    forced = [shape for shape in wanted if shape.how is How.FORCE]
    if forced:
        return forced[-1].worth, forced[-1]
    by = wanted[-1]
    defaults = [shape for shape in wanted if shape.how is How.DEFAULT]
    if defaults and not before:
        before, by = defaults[-1].worth, defaults[-1]
    for cap in (shape for shape in wanted if shape.how is How.CAP):
        capped = capped_at(name, before, cap.worth)
        if capped != before:
            before, by = capped, cap
    return before, by


def capped_at(name: str, before: Worth, cap: Worth) -> Worth:
    """What is left of a wish under a cap; where nothing is asked for, the usual value of printers counts as asked."""
    if name == A.FINISHINGS:
        return tuple(int(each) for each in before if each in cap or each == Finishings.NONE)
    if name == A.MEDIA:
        return before if not before or before[0] in cap else cap[:1]
    height = _HEIGHTS[name]
    wish = before[:1] or _USUAL[name]
    return cap if height(wish[0]) > height(cap[0]) else before


# ── writing ──


def _written(template: Template, name: str, worth: Worth) -> Template:
    """The attribute in its old place, or at the end; without worth it goes."""
    new = attribute(name, *worth) if worth else None
    kept = [new if each.name == name and new else each for each in template if new or each.name != name]
    if new and all(each is not new for each in kept):
        kept.append(new)
    return tuple(kept)


def _write_media(template: Template, name: str, worth: Worth) -> Template:
    """media and media-col exclude each other: a media-col keeps its other members and gets the size."""
    collection = next((each for each in template if each.name == A.MEDIA_COL), None)
    size = _size(str(worth[0])) if worth else None
    if collection is None or size is None:
        return _written(tuple(each for each in template if each.name != A.MEDIA_COL), name, worth)
    members = [member for member in collection.first.members if member.name not in _SAYS_SIZE]
    members.insert(0, attribute(A.MEDIA_SIZE, size.collection()))
    new = Attribute(A.MEDIA_COL, (Value(Tag.BEG_COLLECTION, tuple(members)),))
    return tuple(new if each is collection else each for each in template if each.name != A.MEDIA)


def _write_finishings(template: Template, name: str, worth: Worth) -> Template:
    """finishings and finishings-col exclude each other."""
    return _written(tuple(each for each in template if each.name != A.FINISHINGS_COL), name, worth)


def _size(name: str) -> MediaSize | None:
    try:
        return MediaSize.of(name)
    except ValueError:
        return None


_SAYS_SIZE: Final = (A.MEDIA_SIZE, A.MEDIA_SIZE_NAME, A.MEDIA_KEY)
_LISTED: Final = (A.MEDIA, A.FINISHINGS)
_NUMBERED: Final = (A.COPIES, A.NUMBER_UP, A.PRINT_QUALITY, A.FINISHINGS)
_WRITERS: Final = MappingProxyType({A.MEDIA: _write_media, A.FINISHINGS: _write_finishings})
_COLORS: Final = ("auto", "color", "highlight")

_HEIGHTS: Final[MappingProxyType[str, Callable[[int | str], int]]] = MappingProxyType(
    {
        A.COPIES: int,
        A.NUMBER_UP: int,
        A.PRINT_QUALITY: int,
        A.SIDES: lambda side: int(side != "one-sided"),
        A.PRINT_COLOR_MODE: lambda mode: int(mode in _COLORS),
    }
)
"""What is more and what is less, for a cap."""

_USUAL: Final[MappingProxyType[str, Worth]] = MappingProxyType(
    {
        A.COPIES: (1,),
        A.NUMBER_UP: (1,),
        A.PRINT_QUALITY: (int(PrintQuality.NORMAL),),
        A.SIDES: ("one-sided",),
        A.PRINT_COLOR_MODE: ("auto",),
    }
)
"""What printers do when nothing is asked for."""
