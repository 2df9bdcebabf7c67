"""What a person wants of everything they send, where what they send does not say: sides, copies, colour and the like
(PRODUCT C9). Pure.

It comes before what operators have chosen for a queue, and after what the client says; rules judge the ticket that
comes of it. What a queue cannot be asked for is passed over there.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from ippgate.ipp import Attribute
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings, OrientationRequested, PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.ipp.tag import is_out_of_band
from ippgate.model.errors import NotPossible
from ippgate.model.text import plain

PREFERABLE: Final = (
    *(A.COPIES, A.SIDES, A.PRINT_COLOR_MODE, A.PRINT_QUALITY, A.MEDIA, A.NUMBER_UP),
    *(A.OUTPUT_BIN, A.FINISHINGS, A.PRINT_CONTENT_OPTIMIZE, A.PRINT_SCALING, A.ORIENTATION_REQUESTED),
)
"""Job template attributes that somebody may prefer."""

MAX_COPIES: Final = 99
"""More is asked for job by job."""

MAX_VALUES: Final = 16
MAX_OCTETS: Final = 255  # of one value


def merged(known: Iterable[Attribute], said: Iterable[Attribute], dropped: Iterable[str] = ()) -> tuple[Attribute, ...]:
    """What is preferred once this is said as well. dropped: names of what is not preferred any more.

    Raises NotPossible for what nobody may prefer, and for values that none of it can have.
    """
    found = {each.name: each for each in known}
    for name in dropped:
        _check_name(name)
        found.pop(name, None)
    for each in said:
        _check(each)
        found[each.name] = each
    return tuple(found[name] for name in PREFERABLE if name in found)


def preference(name: str, words: str) -> Attribute:
    """NAME and its values in words, with commas between them: copies 2, print-quality high, finishings staple,punch.

    Raises NotPossible.
    """
    _check_name(name)
    values = [_value(name, word.strip().lower()) for word in words.split(",")[: MAX_VALUES + 1]]
    try:
        return attribute(name, *values)
    except ValueError:
        raise _no_value(name, words) from None


def _value(name: str, word: str) -> int | str:
    if name in (A.COPIES, A.NUMBER_UP) or name in _ENUMS:
        number = _ENUMS[name].get(word) if name in _ENUMS else int(word) if _is_number(word) else None
        if number is None:
            raise _no_value(name, word)
        return number
    return word


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < _DIGITS


def _check(wish: Attribute) -> None:
    _check_name(wish.name)
    small = len(wish.values) <= MAX_VALUES and all(len(value.raw) <= MAX_OCTETS for value in wish.values)
    if not (wish.values and small and fits(wish)) or any(is_out_of_band(value.tag) for value in wish.values):
        raise NotPossible(f"that is no value of {wish.name}")
    if wish.name == A.COPIES and not 1 <= (wish.integer() or 0) <= MAX_COPIES:
        raise NotPossible(f"of everything there can be {MAX_COPIES} copies at most")


def _check_name(name: str) -> None:
    if name not in PREFERABLE:
        raise NotPossible(f"{name[:80]} cannot be preferred: it is one of {', '.join(PREFERABLE)}")


def _no_value(name: str, words: str) -> NotPossible:
    known = f": write {', '.join(list(_ENUMS[name])[:_TOLD])} …" if name in _ENUMS else ""
    return NotPossible(f"{plain(words, 40)!r} is no value of {name}{known}")


def _words(kind: type[IntEnum]) -> dict[str, int]:
    return {each.name.lower().replace("_", "-"): int(each) for each in kind}


_ENUMS: Final = {
    A.PRINT_QUALITY: _words(PrintQuality),
    A.FINISHINGS: _words(Finishings),
    A.ORIENTATION_REQUESTED: _words(OrientationRequested),
}
_TOLD: Final = 6  # values that a refusal names
_DIGITS: Final = 10
