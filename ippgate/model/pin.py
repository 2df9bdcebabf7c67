"""PINs by which people are known at devices without saying their name. Pure; chance is drawn elsewhere.

Everybody has another one, so whoever types at random is somebody else once in so many tries: PINs get longer as there
are more of them.
"""

from itertools import pairwise
from typing import Final

LEAST, MOST = 4, 12
"""Digits of a PIN."""

ODDS: Final = 10_000
"""Of so many PINs that could be typed, one is somebody's at most."""


def length_for(people: int, least: int) -> int:
    """Digits of the next PIN, when so many people have one."""
    length = max(least, LEAST)
    while length < MOST and 10**length < (people + 1) * ODDS:
        length += 1
    return length


def is_obvious(pin: str) -> bool:
    """Whether people try it first: one digit over and over, or digits in a row."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}
