"""Several devices' capabilities as one: what all of them can be asked for, or what any of them can.

Pure, and the same for both: `intersection` and `union` differ in which values they keep. The gate's own offers are
those of every device, so they stay. A default that is everybody's stays, else the neutral value is the default.

A raster format stays only as far as one document can suit: where devices turn the back of a sheet differently, a
document in PWG raster fits neither what they have in common nor their sum, for nobody knows where it will be printed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import finishing, urf
from ippgate.model.capabilities.media import Margins, MediaCol, MediaSize
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.overrides import Overrides
from ippgate.model.capabilities.profile import NEUTRAL, OCTET_STREAM, in_order, overrides, preferred
from ippgate.model.capabilities.rule import Between, Choice, Rule

_T = TypeVar("_T")


def intersection(many: Sequence[Capabilities]) -> Capabilities:
    """What each of the devices can be asked for. Raises ValueError for no devices."""
    return _combined(many, common=True)


def union(many: Sequence[Capabilities]) -> Capabilities:
    """What any of the devices can be asked for. Raises ValueError for no devices."""
    return _combined(many, common=False)


def _combined(many: Sequence[Capabilities], *, common: bool) -> Capabilities:
    if not many:
        raise ValueError("nothing can be said of no devices")
    if all(one is many[0] for one in many):
        return many[0]
    described = _described(many, common=common)
    formats = in_order(_formats(many, described, common=common))
    media = _media([one.media for one in many], common=common)
    names = sorted({name for one in many for name in one.template_names()})
    found = [_offer(name, many, media, common=common) for name in names if name != A.OVERRIDES]
    offers = [offer for offer in found if offer is not None]
    by_page = _by_page(many, offers, common=common)
    return replace(
        many[0],
        formats=formats,
        preferred_format=preferred(formats),
        compressions=_kept([one.compressions for one in many], common=common),
        offers=(*offers, *([by_page] if by_page else [])),
        media=media,
        description=tuple(
            Attribute(name, values)
            for name, values in described.items()
            if values and _FORMAT_OF.get(name, OCTET_STREAM) in formats
        ),
        laid_out=frozenset(),
    )


def _kept(several: Sequence[Sequence[_T]], *, common: bool) -> tuple[_T, ...]:
    """What is in all or in any, in the order in which it first appears."""
    different = dict.fromkeys(map(tuple, several))  # of a hundred devices nearly all say the same
    if common:
        others = [frozenset(each) for each in different]
        return tuple(one for one in next(iter(different), ()) if all(one in other for other in others))
    return tuple(dict.fromkeys(one for each in different for one in each))


# ── offers ──


def _offer(name: str, many: Sequence[Capabilities], media: MediaCol, *, common: bool) -> Offer | None:
    offers = [offer for one in many if (offer := one.offer(name)) is not None]
    if common and len(offers) < len(many):
        return None
    if name == A.MEDIA_COL:
        return Offer(name, media, (media.collection(_default_size(many, media)),))
    if name == A.MEDIA:
        sizes = attribute(A.MEDIA_SUPPORTED, *(size.name for size in media.sizes)).values
        return Offer(name, Choice(sizes), attribute(name, _default_size(many, media).name).values)
    rules = [offer.rule for offer in offers]
    rule = _finishing(rules, common=common) if name == A.FINISHINGS_COL else _rule(rules, common=common)
    return Offer(name, rule, _default(name, offers, rule)) if rule is not None else None


def _by_page(many: Sequence[Capabilities], offers: Sequence[Offer], *, common: bool) -> Offer | None:
    """What may differ from page to page in all or in any of them."""
    found = [offer.rule for one in many if (offer := one.offer(A.OVERRIDES)) is not None]
    rules = [rule for rule in found if isinstance(rule, Overrides)]
    if not rules or (common and len(rules) < len(many)):
        return None
    selectors = _kept([rule.selectors for rule in rules], common=common)
    return overrides(selectors, _kept([rule.names for rule in rules], common=common), offers)


def _rule(rules: Sequence[Rule], *, common: bool) -> Rule | None:
    if all(rule == rules[0] for rule in rules):
        return rules[0]
    if choices := [rule.values for rule in rules if isinstance(rule, Choice)]:
        values = _kept(choices, common=common)
        return Choice(values) if values else None
    bounds = [rule for rule in rules if isinstance(rule, Between)]
    highest, lowest = (min, max) if common else (max, min)
    return Between(lowest(rule.low for rule in bounds), highest(rule.high for rule in bounds), bounds[0].levels)


def _finishing(rules: Sequence[Rule], *, common: bool) -> Rule | None:
    cols = [rule for rule in rules if isinstance(rule, finishing.FinishingsCol)]
    templates = _kept([col.templates for col in cols], common=common)
    return finishing.rule_of(templates, _kept([col.ready for col in cols], common=common))


def _default(name: str, offers: Sequence[Offer], rule: Rule) -> tuple[Value, ...]:
    if all(offer.default == offers[0].default for offer in offers):
        return offers[0].default
    usual = [value for offer in offers for value in offer.default if rule.accepted(value)]
    chosen = NEUTRAL.get(name) or next(iter(usual), None)
    return (chosen,) if chosen is not None and rule.accepted(chosen) else ()


# ── paper ──


def _media(several: Sequence[MediaCol], *, common: bool) -> MediaCol:
    """Devices with no size in common tell all of theirs: a document has to have some."""
    keep = partial(_kept, common=common)
    sizes = keep([media.sizes for media in several]) or _kept([media.sizes for media in several], common=False)
    loaded = _kept([media.ready for media in several], common=False)
    ready = keep([media.ready for media in several]) or loaded
    return MediaCol(
        sizes=sizes,
        ready=tuple(size for size in ready if size in sizes) or sizes[:1],
        types=keep([media.types for media in several]) or ("auto",),
        sources=keep([media.sources for media in several]) or ("auto",),
        margins=Margins(*(_margins(side, common=common) for side in _sides(several))),
    )


def _sides(several: Sequence[MediaCol]) -> Iterable[Sequence[tuple[int, ...]]]:
    return zip(*(media.margins.members().values() for media in several), strict=True)


def _margins(several: Sequence[tuple[int, ...]], *, common: bool) -> tuple[int, ...]:
    """In common are margins that no device finds too narrow: what keeps within them is printed whole everywhere."""
    narrowest = max(min(margins) for margins in several) if common else 0
    known = [margin for margin in _kept(several, common=False) if margin >= narrowest]
    usual = max(margins[0] for margins in several)
    return tuple(dict.fromkeys([usual, *known]))


def _default_size(many: Sequence[Capabilities], media: MediaCol) -> MediaSize:
    by_name = {size.name: size for size in media.sizes}
    defaults = [value.text or "" for one in many if (offer := one.offer(A.MEDIA)) for value in offer.default]
    usual = [*defaults, *(size.name for size in media.ready)]
    return next((by_name[name] for name in usual if name in by_name), media.sizes[0])


# ── formats and further facts ──

_NUMBERS: Final = (A.COLOR_SUPPORTED, A.PAGES_PER_MINUTE, A.PAGES_PER_MINUTE_COLOR)  # the least is common, the most not
_FORMAT_OF: Final = {
    A.PDF_VERSIONS_SUPPORTED: "application/pdf",
    A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED: "image/pwg-raster",
    A.PWG_RASTER_DOCUMENT_SHEET_BACK: "image/pwg-raster",
    A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED: "image/pwg-raster",
    A.URF_SUPPORTED: "image/urf",
}
"""The format that a fact is about: what a device says that does not take the format does not count."""


def _described(many: Sequence[Capabilities], *, common: bool) -> dict[str, tuple[Value, ...]]:
    """The further facts; no values: those that tell it are at odds."""
    names = _kept([tuple(fact.name for fact in one.description) for one in many], common=False)
    described = {}
    for name in names:
        told = [one.fact(name) for one in many if _FORMAT_OF.get(name, OCTET_STREAM) in one.formats]
        if several := [fact.values for fact in told if fact is not None]:
            described[name] = _fact(name, several, common=common)
    if not any(value.python for value in described.get(A.COLOR_SUPPORTED, ())):
        described.pop(A.PAGES_PER_MINUTE_COLOR, None)
    return described


def _fact(name: str, several: Sequence[tuple[Value, ...]], *, common: bool) -> tuple[Value, ...]:
    if name == A.PWG_RASTER_DOCUMENT_SHEET_BACK:
        return several[0] if len(set(several)) == 1 else ()
    if name == A.URF_SUPPORTED:
        words = urf.combined([[value.text or "" for value in values] for values in several], common=common)
        return tuple(Value(Tag.KEYWORD, word.encode()) for word in words)
    if name in _NUMBERS:
        return (min if common else max)(several, key=lambda values: values[0].raw)
    return _kept(several, common=common)


def _formats(many: Sequence[Capabilities], described: dict[str, tuple[Value, ...]], *, common: bool) -> tuple[str, ...]:
    spelled = {each.lower(): each for one in reversed(many) for each in one.formats}
    kept = _kept([tuple(each.lower() for each in one.formats) for one in many], common=common)
    raster = {_FORMAT_OF[name] for name, values in described.items() if name in _FORMAT_OF and not values}
    return tuple(spelled[each] for each in kept if each not in raster - {"application/pdf"})
