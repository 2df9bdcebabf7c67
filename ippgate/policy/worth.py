"""What stands in force, cap and default: keys of a rules file as attributes, their values as IPP has them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import Finishings, PrintQuality
from ippgate.ipp.syntax import keywords_of
from ippgate.model.capabilities.media import MediaSize
from ippgate.policy.problem import UnfitError
from ippgate.policy.shape import How, Shape, Worth, capped_at, words

_MAX_COPIES = 9999
_MAX_NUMBER_UP = 64
_MAX_LISTED = 64
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Shaped:
    """An attribute that rules may set. `key` is its name in a rules file, `form` shows a value."""

    key: str
    name: str
    form: str
    meaning: str
    read: Callable[[object], Worth]
    several: bool = False  # a cap is a list of what is allowed


def shapes(how: How, table: object, rule: str) -> tuple[Shape, ...]:
    """The shapes of one table, such as { sides = "one-sided" }. Raises UnfitError."""
    if not isinstance(table, dict) or not table:
        raise UnfitError(f"{how.value} is no table of attributes", f'write {how.value} = {{ sides = "one-sided" }}')
    return tuple(_shape(how, str(key), value, rule) for key, value in table.items())


def _shape(how: How, key: str, value: object, rule: str) -> Shape:
    if key not in SHAPED:
        close = get_close_matches(key.replace("-", "_"), [*SHAPED, *ALSO_CALLED], n=1, cutoff=0.6)
        meant = ALSO_CALLED.get(close[0], close[0]) if close else ""
        remedy = f"did you mean {meant}?" if meant else f"there are {', '.join(SHAPED)}"
        raise UnfitError(f"{how.value} knows no {key[:_SHOWN]}", remedy)
    law = SHAPED[key]
    try:
        worth = _together(law, value) if how is How.CAP and law.several else law.read(value)
    except UnfitError as unfit:
        raise UnfitError(f"{how.value}.{key}: {unfit.fault}", unfit.remedy) from None
    if how is How.CAP and not law.several and capped_at(law.name, _HIGHEST[key], worth) == _HIGHEST[key]:
        fault = f"cap.{key}: nothing is more than {words(law.name, worth)}"
        raise UnfitError(fault, "write a lower cap, or force it")
    return Shape(how, law.name, worth, rule)


def _together(law: Shaped, value: object) -> Worth:
    values = value if isinstance(value, list) else [value]
    if not 1 <= len(values) <= _MAX_LISTED:
        raise UnfitError(f"{len(values)} values are listed", f"list 1 to {_MAX_LISTED}")
    found = [each for one in values for each in law.read(one)]
    return tuple(dict.fromkeys(found))  # type: ignore[return-value]  # all of them are read by the same law


def _number(low: int, high: int) -> Callable[[object], Worth]:
    def read(value: object) -> Worth:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise UnfitError(f"{_shown(value)} is no whole number from {low} to {high}", "write such a number")
        return (value,)

    return read


def _keyword(known: frozenset[str]) -> Callable[[object], Worth]:
    def read(value: object) -> Worth:
        return (_one_of(value, known),)

    return read


def _quality(value: object) -> Worth:
    return (int(PrintQuality[_one_of(value, frozenset(each.keyword for each in PrintQuality)).upper()]),)


def _finishings(value: object) -> Worth:
    values = value if isinstance(value, list) else [value]
    if not 1 <= len(values) <= _MAX_LISTED:
        raise UnfitError(f"{len(values)} values are listed", f'list 1 to {_MAX_LISTED}, or write "none"')
    chosen = [_one_of(each, frozenset(_FINISHINGS)) for each in values]
    if "none" in chosen and len(chosen) > 1:
        raise UnfitError("none and other finishings exclude each other", "write one or the other")
    return tuple(dict.fromkeys(_FINISHINGS[each] for each in chosen))


def _media(value: object) -> Worth:
    if isinstance(value, str):
        if value in _MEDIA:
            return (value,)
        try:
            return (MediaSize.of(value).name,)
        except ValueError:
            pass
    meant = _media_meant(value) if isinstance(value, str) else "write a name such as iso_a4_210x297mm"
    raise UnfitError(f"{_shown(value)} is no media", meant)


def _media_meant(value: str) -> str:
    """People write A4; IPP writes iso_a4_210x297mm."""
    word = re.sub(r"[^a-z0-9.-]", "", value[:_SHOWN].lower())
    sizes = sorted(name for name in _MEDIA if "_" in name)
    close = [name for name in sizes if name.split("_")[1] == word] or get_close_matches(word, sizes, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else "write a name such as iso_a4_210x297mm"


def _one_of(value: object, known: frozenset[str]) -> str:
    if isinstance(value, str) and value in known:
        return value
    close = get_close_matches(str(value)[:_SHOWN].lower().replace("_", "-"), known, n=1, cutoff=0.5)
    if len(known) <= 3 or not close:
        remedy = f"write one of {', '.join(sorted(known)[:20])}"
    else:
        remedy = f"did you mean {close[0]}?"
    raise UnfitError(f"{_shown(value)} is not known", remedy)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_FINISHINGS: Final = MappingProxyType({each.keyword: int(each) for each in Finishings})
_MEDIA: Final = keywords_of(A.MEDIA)

_LIST = (
    Shaped("sides", A.SIDES, '"two-sided-long-edge"', "one-sided or two-sided", _keyword(keywords_of(A.SIDES))),
    Shaped(
        "print_color_mode",
        A.PRINT_COLOR_MODE,
        '"monochrome"',
        "with colour or without",
        _keyword(keywords_of(A.PRINT_COLOR_MODE)),
    ),
    Shaped("copies", A.COPIES, "10", f"1 to {_MAX_COPIES}", _number(1, _MAX_COPIES)),
    Shaped("media", A.MEDIA, '"iso_a4_210x297mm"', "paper; of a cap, a list of what is allowed", _media, several=True),
    Shaped("print_quality", A.PRINT_QUALITY, '"draft"', "draft, normal or high", _quality),
    Shaped("number_up", A.NUMBER_UP, "2", f"pages on one side, 1 to {_MAX_NUMBER_UP}", _number(1, _MAX_NUMBER_UP)),
    Shaped(
        "finishings",
        A.FINISHINGS,
        '["staple", "punch"]',
        "what is done to the paper, or none; of a cap, a list of what is allowed",
        _finishings,
        several=True,
    ),
)

SHAPED: Final = MappingProxyType({shaped.key: shaped for shaped in _LIST})
"""Every attribute that rules may set, by its key."""

ALSO_CALLED: Final = MappingProxyType(
    {
        **dict.fromkeys(("color", "colour", "color_mode", "mono"), "print_color_mode"),
        **dict.fromkeys(("quality",), "print_quality"),
        **dict.fromkeys(("duplex",), "sides"),
        **dict.fromkeys(("paper", "size"), "media"),
        **dict.fromkeys(("nup", "pages_per_side"), "number_up"),
        **dict.fromkeys(("staple", "punch", "finishing"), "finishings"),
    }
)
"""What people call these attributes."""

_HIGHEST: Final[MappingProxyType[str, Worth]] = MappingProxyType(
    {
        "sides": ("two-sided-long-edge",),
        "print_color_mode": ("color",),
        "copies": (_MAX_COPIES + 1,),
        "print_quality": (int(PrintQuality.HIGH),),
        "number_up": (_MAX_NUMBER_UP + 1,),
    }
)
"""More than any sensible cap, to see whether it caps anything."""
