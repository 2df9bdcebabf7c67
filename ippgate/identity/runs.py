"""Numbers of cards that come one after the other from one source: somebody counts (SECURITY S21)."""

from collections import OrderedDict
from typing import Final

from ippgate.model.card_number import CardNumber

ENOUGH: Final = 3
"""Unknown numbers in a row, each next to the one before."""

MOST: Final = 1000  # sources in mind; the oldest goes first
_NEAR: Final = 16  # a step of a counter: cards of one box are not further apart


class Runs:
    """Remembers the last unknown number of each source."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[int, int]] = OrderedDict()  # a number, and how many came near each other

    def in_a_row(self, source: str, number: CardNumber) -> bool:
        """Whether this unknown number, after those before it, looks counted."""
        value = number.value
        if value is None:
            return False
        last, many = self._last.pop(source, (value, 0))
        many = many + 1 if 0 < abs(value - last) <= _NEAR else 1
        self._last[source] = (value, many)
        while len(self._last) > MOST:
            self._last.popitem(last=False)
        return many >= ENOUGH
