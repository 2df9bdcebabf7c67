"""A device's own printer attributes → what it can be asked for (RFC 8011 section 5.2, PWG 5100.7, 5100.14).

Tolerant: what a device writes wrongly is passed over, what it does not say it cannot be asked for. What asks for
nothing special (one copy, one side, no staples) is possible everywhere. What the gate decides itself is its own to
offer and is not read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from ippgate.ipp import Attribute, BadValueError, Group, Range, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import finishing
from ippgate.model.capabilities.media import MARGINS, Margins, MediaCol, MediaSize
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.overrides import SELECTORS
from ippgate.model.capabilities.profile import NEUTRAL, OCTET_STREAM, OWN, SAFE, in_order, overrides, preferred
from ippgate.model.capabilities.rule import Between, Choice, Ranges, Rule

_KEYWORD = re.compile(rb"[a-z][a-z0-9._-]{0,254}")  # one that begins with a digit hangs Windows 11
_WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")  # Apple's keywords have capitals
_FORMAT = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.IGNORECASE)
_CUSTOM = ("custom_min", "custom_max")  # ends of a range of sizes (PWG 5101.1), no size
_WIDEST_RANGE = 64
"""Integers of a range such as number-up's that are taken one by one."""

_CHOICES: Final = {
    A.FINISHINGS: Tag.ENUM,
    A.JOB_SHEETS: Tag.KEYWORD,
    A.MULTIPLE_DOCUMENT_HANDLING: Tag.KEYWORD,
    A.NUMBER_UP: Tag.INTEGER,
    A.ORIENTATION_REQUESTED: Tag.ENUM,
    A.OUTPUT_BIN: Tag.KEYWORD,
    A.PRINT_COLOR_MODE: Tag.KEYWORD,
    A.PRINT_CONTENT_OPTIMIZE: Tag.KEYWORD,
    A.PRINT_QUALITY: Tag.ENUM,
    A.PRINT_RENDERING_INTENT: Tag.KEYWORD,
    A.PRINT_SCALING: Tag.KEYWORD,
    A.PRINTER_RESOLUTION: Tag.RESOLUTION,
    A.SIDES: Tag.KEYWORD,
}
FACTS: Final = {
    A.COLOR_SUPPORTED: Tag.BOOLEAN,
    A.PAGES_PER_MINUTE: Tag.INTEGER,
    A.PAGES_PER_MINUTE_COLOR: Tag.INTEGER,
    A.PDF_VERSIONS_SUPPORTED: Tag.KEYWORD,
    A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED: Tag.RESOLUTION,
    A.PWG_RASTER_DOCUMENT_SHEET_BACK: Tag.KEYWORD,
    A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED: Tag.KEYWORD,
    A.URF_SUPPORTED: Tag.KEYWORD,
}
"""Further facts that clients make their documents by."""

_RASTER: Final = {
    "image/pwg-raster": (A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED, A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED),
    "image/urf": (A.URF_SUPPORTED,),
}

RELEVANT: Final = frozenset(
    {f"{offer.name}-{end}" for offer in SAFE.offers for end in ("supported", "default", "ready")}
    | {f"{margin}-supported" for margin in MARGINS}
    | {f"{A.FINISHINGS_COL}-{end}" for end in ("supported", "ready", "database")}
    | {A.FINISHING_TEMPLATE_SUPPORTED}
    | {A.DOCUMENT_FORMAT_SUPPORTED, A.MEDIA_TYPE_SUPPORTED, A.MEDIA_SOURCE_SUPPORTED, *FACTS}
)
"""What of a device's attributes is read here: all else may change without changing what it can do."""


def relevant(printer: Group) -> tuple[Attribute, ...]:
    """Those of a printer's attributes from which its capabilities are read."""
    return tuple(each for each in printer if each.name in RELEVANT)


def read(printer: Iterable[Attribute]) -> Capabilities:
    """What a printer that tells these attributes can be asked for. Never raises: any values are allowed."""
    told = {each.name: each.values for each in printer}
    formats = in_order(_formats(told.get(A.DOCUMENT_FORMAT_SUPPORTED, ())) or _unsaid(told))
    media = _media(told)
    found = (own if own.name in OWN else _offer(own.name, told, media) for own in SAFE.offers)
    offers = [offer for offer in found if offer is not None]
    finished = _finishings_col(told, next(offer for offer in offers if offer.name == A.FINISHINGS))
    offers += [finished] if finished else []
    by_page = [value.text or "" for value in _sound(told.get(A.OVERRIDES_SUPPORTED, ()), Tag.KEYWORD)]
    overridden = overrides((name for name in by_page if name in SELECTORS), by_page, offers)
    return replace(
        SAFE,
        formats=formats,
        default_format=OCTET_STREAM,
        preferred_format=preferred(formats),
        offers=(*offers, *([overridden] if overridden else [])),
        media=media,
        description=tuple(_description(told)),
    )


_Told = dict[str, tuple[Value, ...]]


def _offer(name: str, told: _Told, media: MediaCol) -> Offer | None:
    rule = _rule(name, told, media)
    if rule is None:
        return None
    if name == A.MEDIA_COL:
        return Offer(name, rule, (media.collection(_default_size(told, media)),))
    if name == A.MEDIA:
        return Offer(name, rule, attribute(name, _default_size(told, media).name).values)
    own = next((value for said in told.get(f"{name}-default", ()) if (value := rule.accepted(said))), None)
    usual = own or NEUTRAL.get(name) or (rule.values[0] if isinstance(rule, Choice) else None)
    return Offer(name, rule, (usual,) if usual else ())


def _rule(name: str, told: _Told, media: MediaCol) -> Rule | None:
    said = told.get(f"{name}-supported", ())
    if name == A.MEDIA_COL:
        return media
    if name == A.MEDIA:
        return Choice(attribute(A.MEDIA_SUPPORTED, *(size.name for size in media.sizes)).values)
    if name == A.COPIES:
        return Between(1, max([1, *(_highest(value) for value in said)]))
    if name == A.OVERRIDES:
        return None  # it is made of the others
    if name == A.PAGE_RANGES:
        return Ranges() if any(_meant(value) is True for value in said) else None
    values = tuple(_sound(said, _CHOICES[name]))
    neutral = NEUTRAL.get(name)
    if neutral is not None and neutral not in values:
        values = (*values, neutral)
    return Choice(values) if values else None


def _sound(said: Iterable[Value], tag: Tag) -> Iterator[Value]:
    """The values of one syntax that mean something, each once, a range of integers taken apart."""
    seen: set[Value] = set()
    for value in said:
        for each in _apart(value, tag):
            if each not in seen and _is_sound(each, tag):
                seen.add(each)
                yield each


def _apart(value: Value, tag: Tag) -> Iterable[Value]:
    if tag == Tag.KEYWORD and value.tag == Tag.NAME:
        return (Value(Tag.KEYWORD, value.raw),)
    numbers = _meant(value) if tag == Tag.INTEGER and value.tag == Tag.RANGE else None
    if not isinstance(numbers, Range):
        return (value,)
    high = min(numbers.high, numbers.low + _WIDEST_RANGE - 1)
    return (Value(Tag.INTEGER, number.to_bytes(4, "big", signed=True)) for number in range(numbers.low, high + 1))


def _is_sound(value: Value, tag: Tag) -> bool:
    if value.tag != tag or isinstance(value.raw, tuple):
        return False
    if tag == Tag.KEYWORD:
        return _KEYWORD.fullmatch(value.raw) is not None
    meant = _meant(value)
    if tag == Tag.RESOLUTION:
        return isinstance(meant, tuple) and all(isinstance(part, int) and part > 0 for part in meant)
    return isinstance(meant, int) and (tag == Tag.BOOLEAN or meant > 0)


def _highest(value: Value) -> int:
    match _meant(value):
        case Range(low, high) if low <= high:
            return high
        case int(number) if value.tag == Tag.INTEGER:
            return number
    return 1


def _meant(value: Value) -> object:
    try:
        return value.python
    except BadValueError:
        return None


def _formats(said: Iterable[Value]) -> list[str]:
    """A device may mix cases; the first way of writing stays."""
    texts = (value.text for value in said if value.tag == Tag.MIME)
    found = {text.lower(): text for text in reversed([text for text in texts if text and _FORMAT.fullmatch(text)])}
    return list(reversed(found.values()))


def _unsaid(told: _Told) -> list[str]:
    """The formats of a device that does not say: raster ones only if it says how the raster is to be."""
    return [each for each in SAFE.formats if all(name in told for name in _RASTER.get(each, ()))]


# ── finishing ──


def _finishings_col(told: _Told, finishings: Offer) -> Offer | None:
    """What has an enum can be asked for as a template too, where the device itself lists no such thing."""
    templates = finishing.templates_told(told)
    by_number = finishing.words(_numbers(finishings.rule.values if isinstance(finishings.rule, Choice) else ()))
    loaded = told.get(A.FINISHINGS_COL_READY), told.get(A.FINISHINGS_READY)
    ready = (*finishing.templates_in(loaded[0] or ()), *finishing.words(_numbers(loaded[1] or ())))
    having = (*templates, *by_number)
    rule = finishing.rule_of(having, ready if any(each is not None for each in loaded) else having)
    if rule is None:
        return None
    usual = next((each for each in finishing.words(_numbers(finishings.default))), finishing.NONE)
    return Offer(A.FINISHINGS_COL, rule, (finishing.collected(usual),))


def _numbers(values: Iterable[Value]) -> Iterator[int]:
    return (number for value in _sound(values, Tag.ENUM) if isinstance(number := _meant(value), int))


# ── paper ──


def _media(told: _Told) -> MediaCol:
    sizes = _sizes(told.get(A.MEDIA_SUPPORTED, ()))
    usual = next(iter(told.get(A.MEDIA_COL_DEFAULT, ())), Value(Tag.BEG_COLLECTION, ()))
    if not sizes:  # paper is not what it speaks of: what nearly every device has
        return replace(SAFE.media, types=_with_auto(told, A.MEDIA_TYPE, usual), sources=("auto",))
    ready = tuple(size for size in _sizes(told.get(A.MEDIA_READY, ())) if size in sizes)
    sources = _with_auto(told, A.MEDIA_SOURCE, usual)
    return MediaCol(
        sizes=sizes,
        ready=ready or (_default_of(sizes, told.get(A.MEDIA_DEFAULT, ())),),
        types=_with_auto(told, A.MEDIA_TYPE, usual),
        sources=("auto", *(source for source in sources if source != "auto")),
        margins=Margins(*(_margins(told, name, usual) for name in MARGINS)),
    )


def _sizes(said: Iterable[Value]) -> tuple[MediaSize, ...]:
    """Names that describe a size; those that mean a range of sizes, or none that can be measured, are passed over."""
    found: dict[str, MediaSize] = {}
    for value in said:
        name = value.text or ""
        if value.tag in (Tag.KEYWORD, Tag.NAME) and not name.startswith(_CUSTOM):
            try:
                size = MediaSize.of(name)
            except ValueError:
                continue
            if 0 < size.x < 2**31 and 0 < size.y < 2**31:
                found.setdefault(name, size)
    return tuple(found.values())


def _default_of(sizes: tuple[MediaSize, ...], said: Iterable[Value]) -> MediaSize:
    by_name = {size.name: size for size in sizes}
    usual = (*(value.text or "" for value in said), *(size.name for size in SAFE.media.ready))
    return next((by_name[name] for name in usual if name in by_name), sizes[0])


def _default_size(told: _Told, media: MediaCol) -> MediaSize:
    return _default_of(media.sizes, told.get(A.MEDIA_DEFAULT, ()))


def _with_auto(told: _Told, name: str, usual: Value) -> tuple[str, ...]:
    """Types or sources, the usual one first; `auto`, which leaves it to the device, is always possible."""
    words = [value.text or "" for value in _sound(told.get(f"{name}-supported", ()), Tag.KEYWORD)]
    chosen = usual.member(name)
    first = [word for word in (chosen.text() if chosen else None, "stationery", "auto") if word in words][:1]
    return tuple(dict.fromkeys([*first, *words, "auto"]))


def _margins(told: _Told, name: str, usual: Value) -> tuple[int, ...]:
    """The usual one first: the default's, else the narrowest that is a margin at all."""
    said = [margin for value in told.get(f"{name}-supported", ()) if (margin := _length(value)) is not None]
    if not said:
        return SAFE.media.margins.members()[name]
    chosen = usual.member(name)
    first = [
        margin for margin in (_length(chosen.first) if chosen else None, *sorted(said)) if margin in said and margin
    ]
    return tuple(dict.fromkeys([*first[:1], *said]))


def _length(value: Value) -> int | None:
    meant = _meant(value)
    return meant if value.tag == Tag.INTEGER and isinstance(meant, int) and meant >= 0 else None


# ── further facts ──


def _description(told: _Told) -> Iterator[Attribute]:
    colors = any(_meant(value) is True for value in told.get(A.COLOR_SUPPORTED, ()))
    for name, tag in FACTS.items():
        if name == A.PAGES_PER_MINUTE_COLOR and not colors:
            continue  # some tell it all the same
        sound = _words if name == A.URF_SUPPORTED else _sound
        if values := tuple(sound(told.get(name, ()), tag)):
            yield Attribute(name, values)
        elif name == A.COLOR_SUPPORTED:
            yield attribute(name, any(value.text == "color" for value in told.get(A.PRINT_COLOR_MODE_SUPPORTED, ())))
    own = SAFE.fact(A.PDF_K_OCTETS_SUPPORTED)
    yield from (own,) if own else ()


def _words(said: Iterable[Value], tag: Tag) -> Iterator[Value]:
    seen = dict.fromkeys(value for value in said if value.tag == tag and not isinstance(value.raw, tuple))
    return (value for value in seen if isinstance(value.raw, bytes) and _WORD.fullmatch(value.raw))
