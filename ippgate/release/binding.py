"""Late binding: what is changed about a job as it is released, held against the device that it goes to. Pure.

Only what is asked for now is refused; what the job's own ticket wants and the device cannot do is left out when it is
sent, as ever. All changes are possible, or none is made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ippgate.ipp import UNSUPPORTED, Attribute, Tag, Value
from ippgate.ipp.builder import collection
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.model.capabilities import Capabilities, MediaSize
from ippgate.model.capabilities.profile import OWN
from ippgate.model.capabilities.words import rule_in_words, value_in_words
from ippgate.model.color_mode import MONOCHROME, is_monochrome
from ippgate.model.facts import DocumentFacts

_REPLACED: Final = {
    A.MEDIA_COL: A.MEDIA,
    A.FINISHINGS: A.FINISHINGS_COL,
    A.FINISHINGS_COL: A.FINISHINGS,
}
"""What goes when the other way to say it comes; a new `media` becomes the size of the media-col that is there."""

_SIZE_MEMBERS: Final = (A.MEDIA_SIZE, A.MEDIA_SIZE_NAME)


@dataclass(frozen=True, slots=True)
class Impossible:
    """A change that cannot be made: the values at fault as the unsupported group has them, and why not."""

    wish: Attribute
    reason: str

    def __str__(self) -> str:
        return f"{self.wish.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Binding:
    """The job template attributes with which a job is sent, or what stands in the way of them."""

    template: tuple[Attribute, ...]
    impossible: tuple[Impossible, ...] = ()


def bind(
    template: tuple[Attribute, ...],
    changes: Iterable[Attribute],
    able: Capabilities | None,
    facts: DocumentFacts | None = None,
) -> Binding:
    """Bind a job's template to a device. able: what that can be asked for; None: it has never said.

    facts: what the job's document was found to be, where that is known.
    """
    changes = tuple(changes)
    names = {change.name for change in changes}
    if A.FINISHINGS_COL in names and (twice := next((one for one in changes if one.name == A.FINISHINGS), None)):
        return Binding(template, (Impossible(twice, "finishings-col says the same: send one of them"),))
    bad = tuple(each for change in changes if (each := _impossible(change, template, able, facts)) is not None)
    if bad or able is None:
        return Binding(template, bad)
    return Binding(merged(template, [_as_taken(change, able) for change in changes]))


def _impossible(
    change: Attribute, template: tuple[Attribute, ...], able: Capabilities | None, facts: DocumentFacts | None
) -> Impossible | None:
    if change.name in OWN:
        return Impossible(change, "this is changed before a job is released, not with it")
    if able is None:
        return Impossible(change, "it has never said what it can do")
    if change.name in able.laid_out:
        return Impossible(change, "the document itself says this, and a raw device is not asked for it")
    offer = able.offer(change.name)
    if offer is None:
        return Impossible(Attribute(change.name, (UNSUPPORTED,)), "it cannot be asked for this")
    if not fits(change):
        return Impossible(change, "that is no value this can have")
    bad = tuple(value for asked in change.values if (value := offer.rule.refused(asked)))
    if bad:
        words = ", ".join(value_in_words(change.name, value) for value in bad)
        return Impossible(Attribute(change.name, bad), f"not {words}, but {rule_in_words(change.name, offer.rule)}")
    if change.name == A.PRINT_COLOR_MODE and _brings_color_back(change, template, facts):
        return Impossible(change, "the job came in black and white and stays so")
    return None


def _as_taken(change: Attribute, able: Capabilities) -> Attribute:
    """As devices write it: a keyword may have come as a name."""
    offer = able.offer(change.name)
    taken = [offer.rule.accepted(value) for value in change.values] if offer else []
    return Attribute(change.name, tuple(value for value in taken if value is not None))


def _brings_color_back(change: Attribute, template: tuple[Attribute, ...], facts: DocumentFacts | None) -> bool:
    """A document that is known to have no colour does no harm."""
    colorless = facts is not None and facts.color is False
    return change.text() not in MONOCHROME and is_monochrome(template) and not colorless


def merged(template: tuple[Attribute, ...], changes: Iterable[Attribute]) -> tuple[Attribute, ...]:
    """The template with the new in the place of the old. `media` and `media-col` say the same thing and never stand
    together, nor do `finishings` and `finishings-col`.
    """
    bound = {each.name: each for each in template}
    for change in changes:
        if change.name == A.MEDIA and (media_col := bound.get(A.MEDIA_COL)) is not None:
            del bound[A.MEDIA_COL]
            bound.pop(A.MEDIA, None)  # a ticket of old may have both
            bound |= {each.name: each for each in _resized(media_col.first, change)}
        else:
            bound[change.name] = change
        if (other := _REPLACED.get(change.name)) is not None:
            bound.pop(other, None)
    return tuple(bound.values())


def _resized(media_col: Value, media: Attribute) -> Iterator[Attribute]:
    """The collection with another size of paper: its type and tray stay. A name that is no size stands alone."""
    try:
        size = MediaSize.of(media.text() or "")
    except ValueError:
        yield media
        return
    others = tuple(member for member in media_col.members if member.name not in _SIZE_MEMBERS)
    new = collection({A.MEDIA_SIZE: size.collection()}, A.MEDIA_COL)
    yield Attribute(A.MEDIA_COL, (Value(Tag.BEG_COLLECTION, (*new.members, *others)),))


def attributes_at_fault(several: Iterable[Iterable[Impossible]]) -> Iterator[Attribute]:
    """The offending attributes of several devices' refusals, each name once."""
    found = {each.wish.name: each.wish for one in several for each in one}
    return iter(found.values())
