"""What can be asked of a device that describes itself to nobody: what PJL has words for, or nothing.

A raw device takes documents as they are. Paper and resolution are the document's own, so clients are told the usual
ones to lay it out by, and no device is asked. Whether the device has a duplexer, colour or a second bin it does not
say either: it does what it is asked as far as it can.
"""

from dataclasses import replace
from typing import Final

from ippgate.ipp.builder import Plain, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.profile import MAX_COPIES, NEUTRAL, OWN, SAFE
from ippgate.model.capabilities.rule import Between, Choice, Rule

_LAID_OUT: Final = (A.MEDIA, A.MEDIA_COL, A.PRINTER_RESOLUTION)


def _choice(name: str, *possible: Plain) -> Rule:
    return Choice(attribute(f"{name}-supported", *possible).values)


def _asked(**rules: Rule) -> Capabilities:
    """The safe profile without all that documents do not answer, but for what these rules say."""
    by_name = {name.replace("_", "-"): rule for name, rule in rules.items()}
    offers = []
    for safe in SAFE.offers:
        neutral = NEUTRAL.get(safe.name)
        if safe.name in (*OWN, *_LAID_OUT):
            offers.append(safe)
        elif neutral is not None:
            offers.append(Offer(safe.name, by_name.get(safe.name, Choice((neutral,))), (neutral,)))
    return replace(SAFE, offers=tuple(offers), laid_out=frozenset(_LAID_OUT))


RAW: Final = _asked(copies=Between(1, 1))
"""A raw device that speaks no PJL: there is no way to ask it for anything."""

PJL: Final = _asked(
    copies=Between(1, MAX_COPIES),
    sides=_choice(A.SIDES, "one-sided", "two-sided-long-edge", "two-sided-short-edge"),
    print_color_mode=_choice(A.PRINT_COLOR_MODE, "auto", "color", "monochrome"),
    output_bin=_choice(A.OUTPUT_BIN, "auto", "face-down", "face-up"),
)
"""A raw device that speaks PJL."""
