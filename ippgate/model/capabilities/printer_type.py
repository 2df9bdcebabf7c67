"""printer-type: the bits by which CUPS and its clients know what a printer can do (CUPS IPP, cups_ptype_t)."""

from typing import Final

from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.offer import Capabilities
from ippgate.model.capabilities.rule import Between, Choice

BLACK, COLOR, DUPLEX, STAPLE, COPIES, COLLATE, PUNCH = 0x0004, 0x0008, 0x0010, 0x0020, 0x0040, 0x0080, 0x0100
SMALL, MEDIUM, LARGE = 0x1000, 0x2000, 0x4000

_TO_LEGAL, _TO_A2 = 35_600, 61_000  # the longest sheet that counts as small and as medium; hundredths of a millimetre
_STAPLES: Final = frozenset({Finishings.STAPLE, *range(20, 36)})
_PUNCHES: Final = frozenset({Finishings.PUNCH, *range(70, 90)})


def printer_type(able: Capabilities) -> int:
    """The bits of a printer that can be asked for this."""
    color, copies = able.fact(A.COLOR_SUPPORTED), able.offer(A.COPIES)
    finishings = _numbers(able, A.FINISHINGS)
    longest = [max(size.x, size.y) for size in able.media.sizes]
    bits = {
        COLOR: bool(color and color.boolean()),
        DUPLEX: any(word.startswith("two-sided") for word in _words(able, A.SIDES)),
        STAPLE: bool(finishings & _STAPLES),
        COPIES | COLLATE: copies is not None and isinstance(copies.rule, Between) and copies.rule.high > 1,
        PUNCH: bool(finishings & _PUNCHES),
        SMALL: any(length <= _TO_LEGAL for length in longest),
        MEDIUM: any(_TO_LEGAL < length <= _TO_A2 for length in longest),
        LARGE: any(length > _TO_A2 for length in longest),
    }
    return sum((bit for bit, is_set in bits.items() if is_set), BLACK)


def _words(able: Capabilities, name: str) -> list[str]:
    offer = able.offer(name)
    return [value.text or "" for value in offer.rule.values] if offer and isinstance(offer.rule, Choice) else []


def _numbers(able: Capabilities, name: str) -> set[int]:
    offer = able.offer(name)
    values = offer.rule.values if offer and isinstance(offer.rule, Choice) else ()
    return {number for value in values if isinstance(number := value.python, int)}
