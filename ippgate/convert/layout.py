"""What a job's document is laid out for: by its ticket, by itself, and by what its device says of itself. Pure.

What the ticket asks for and the device cannot do does not count: the device is not asked for it either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ippgate.convert.formats import PWG_RASTER, URF
from ippgate.convert.sheet import LARGEST, SIDES, Sheet
from ippgate.ipp import Attribute, BadValueError, Resolution, Value
from ippgate.ipp.registry import PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE, Capabilities, MediaSize
from ippgate.model.capabilities.media import TOLERANCE
from ippgate.model.color_mode import MONOCHROME
from ippgate.model.facts import DocumentFacts

USUAL: Final = 300
"""Dots per inch where nobody says otherwise: text is sharp, and a page of colour has 25 MB."""

FINEST: Final = 600
"""A finer raster is only made for who asks for it by its number, or where the device takes none that is coarser."""

_INCH: Final = 2.54  # centimetres
_PER_CENTIMETRE: Final = 4  # units of a resolution (RFC 8011 section 5.1.16)
_COLORS: Final = {PWG_RASTER: ("srgb_8", "sgray_8"), URF: ("SRGB24", "W8")}
"""How pages in colour and in grey are called that are made here (PWG 5102.4 section 4.3, Apple's urf-supported)."""

_BACKS: Final = {"DM1": "normal", "DM2": "flipped", "DM3": "rotated", "DM4": "manual-tumble"}
_RESOLUTIONS: Final = re.compile(r"RS([0-9]+(?:-[0-9]+)*)")


def sheet_for(
    target: str, template: Iterable[Attribute], able: Capabilities | None, facts: DocumentFacts | None
) -> Sheet:
    """The sheet for a job of this template whose document becomes `target`.

    able: what the device can be asked for; None: it has never said. facts: what the document was found to be.
    """
    device = able or SAFE
    asked = {each.name: value for each in template if (value := _possible(each, device)) is not None}
    return Sheet(
        media=_media(asked, device, facts).name,
        color=_color(target, asked, device, facts),
        resolution=_resolution(target, asked, device),
        sides=sides if (sides := _text(asked, A.SIDES, device)) in SIDES else "one-sided",
        sheet_back=_back(target, device),
    )


_Asked = dict[str, Value]


def _possible(asked: Attribute, device: Capabilities) -> Value | None:
    offer = device.offer(asked.name)
    return offer.rule.accepted(asked.first) if offer is not None and asked.values else None


def _text(asked: _Asked, name: str, device: Capabilities) -> str | None:
    """A keyword that is asked for, or the device's own."""
    value = asked.get(name) or _usual(name, device)
    return value.text if value is not None else None


def _usual(name: str, device: Capabilities) -> Value | None:
    offer = device.offer(name)
    return offer.default[0] if offer is not None and offer.default else None


# ── paper ──


def _media(asked: _Asked, device: Capabilities, facts: DocumentFacts | None) -> MediaSize:
    """What is asked for, else what most pages of the document have, else the device's usual."""
    sizes = [size for size in device.media.sizes if max(size.x, size.y) <= LARGEST]
    for found in (*_asked_sizes(asked, sizes), _own(facts, sizes), _named(_text({}, A.MEDIA, device), sizes)):
        if found is not None:
            return found
    return sizes[0] if sizes else MediaSize.of(Sheet().media)


def _asked_sizes(asked: _Asked, sizes: Sequence[MediaSize]) -> Iterator[MediaSize | None]:
    if (media := asked.get(A.MEDIA)) is not None:
        yield _named(media.text, sizes)
    if (media_col := asked.get(A.MEDIA_COL)) is not None:
        name, size = media_col.member(A.MEDIA_SIZE_NAME), media_col.member(A.MEDIA_SIZE)
        yield _named(name.text() if name else None, sizes)
        sides = [size.first.member(side) if size else None for side in (A.X_DIMENSION, A.Y_DIMENSION)]
        x, y = (side.integer() if side else None for side in sides)
        yield _measured(x, y, sizes) if x and y else None


def _own(facts: DocumentFacts | None, sizes: Sequence[MediaSize]) -> MediaSize | None:
    """The size of most pages; a page that lies on its side is turned by the filters."""
    if facts is None or not facts.media:
        return None
    most = max(facts.media, key=lambda use: use.pages)
    return _measured(most.x, most.y, sizes) or _measured(most.y, most.x, sizes)


def _named(name: str | None, sizes: Sequence[MediaSize]) -> MediaSize | None:
    return next((size for size in sizes if size.name == name), None)


def _measured(x: int, y: int, sizes: Sequence[MediaSize]) -> MediaSize | None:
    return next((size for size in sizes if abs(size.x - x) <= TOLERANCE and abs(size.y - y) <= TOLERANCE), None)


# ── ink ──


def _color(target: str, asked: _Asked, device: Capabilities, facts: DocumentFacts | None) -> bool:
    """Colour where there is some to print, as far as the device takes pages so."""
    can = device.fact(A.COLOR_SUPPORTED)
    wanted = (
        (can is None or can.boolean() is not False)
        and _text(asked, A.PRINT_COLOR_MODE, device) not in MONOCHROME
        and not (facts is not None and facts.color is False)
    )
    if target not in _COLORS:
        return wanted
    listed = _words(device, A.URF_SUPPORTED if target == URF else A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED)
    color, grey = (word in listed for word in _COLORS[target])
    return wanted if color == grey else color


# ── dots ──


def _resolution(target: str, asked: _Asked, device: Capabilities) -> int:
    able = sorted(set(_resolutions(target, device)))
    if not able:
        return USUAL
    if (chosen := _dots(asked.get(A.PRINTER_RESOLUTION))) in able:
        return chosen
    quality = asked.get(A.PRINT_QUALITY)
    modest = [dots for dots in able if dots <= FINEST] or able[:1]
    match _meant(quality):
        case PrintQuality.DRAFT:
            return able[0]
        case PrintQuality.HIGH:
            return modest[-1]
    if (usual := _dots(_usual(A.PRINTER_RESOLUTION, device))) in modest:
        return usual
    return next((dots for dots in modest if dots >= USUAL), modest[-1])


def _resolutions(target: str, device: Capabilities) -> Iterator[int]:
    """Those of a raster in dots per inch, the same in both directions; nothing where the device does not say."""
    if target == URF:
        found = (_RESOLUTIONS.fullmatch(word) for word in _words(device, A.URF_SUPPORTED))
        said: Iterable[int | None] = (int(dots) for words in found if words for dots in words[1].split("-"))
    else:
        name = A.PWG_RASTER_DOCUMENT_RESOLUTION_SUPPORTED
        fact = device.fact(name)
        said = (_dots(value) for value in (fact.values if fact else ()))
    return (dots for dots in said if dots is not None and _LEAST <= dots <= _MOST)


_LEAST, _MOST = 72, 2400


def _dots(value: Value | None) -> int | None:
    meant = _meant(value)
    if not isinstance(meant, Resolution) or meant.x != meant.y:
        return None
    return round(meant.x * _INCH) if meant.units == _PER_CENTIMETRE else meant.x


def _back(target: str, device: Capabilities) -> str:
    """How the back of a sheet lies to its front."""
    if target == URF:
        return next((_BACKS[word] for word in _words(device, A.URF_SUPPORTED) if word in _BACKS), "normal")
    said = _words(device, A.PWG_RASTER_DOCUMENT_SHEET_BACK)
    return next((word for word in said if word in _BACKS.values()), "normal")


def _words(device: Capabilities, name: str) -> list[str]:
    fact = device.fact(name)
    return [value.text or "" for value in fact.values] if fact else []


def _meant(value: Value | None) -> object:
    try:
        return value.python if value is not None else None
    except BadValueError:
        return None
