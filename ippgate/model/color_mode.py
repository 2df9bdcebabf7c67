"""Black and white stays black and white: print-color-mode of a job that came so (PWG 5100.13 section 5.2).

Whoever asks for monochrome has a document made for it, often without its colours, and what rules, quotas and prices
said of the job they said of a monochrome one. So it cannot become a colour job later.
"""

from collections.abc import Iterable
from typing import Final

from ippgate.ipp import Attribute
from ippgate.ipp.registry import attributes as A

MONOCHROME: Final = frozenset({"auto-monochrome", "bi-level", "monochrome", "process-bi-level", "process-monochrome"})
"""Keywords of print-color-mode that put down no colour; all others may, `auto` too."""


def is_monochrome(template: Iterable[Attribute]) -> bool:
    """Whether a job that asks for this prints no colour."""
    return any(each.name == A.PRINT_COLOR_MODE and each.text() in MONOCHROME for each in template)
