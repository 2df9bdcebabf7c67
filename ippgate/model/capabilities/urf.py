"""urf-supported of several devices as one: what a raster document in Apple's format may look like.

Each word is a letter code with a list of numbers: RS300-600 is two resolutions, W8 eight bits of grey. Most codes are
sets. Of versions (V) and copies (CP) the lesser counts. Where devices turn the back of a sheet in different ways (DM)
no document suits all, so none is asked for: sheets printed on both sides are left to the other formats.
"""

import re
from collections.abc import Sequence
from typing import Final

_WORD = re.compile(r"([A-Z]+)([0-9][0-9.-]*)")
_SAME: Final = "DM"
_LESSER: Final = ("V", "CP")
_RESOLUTIONS: Final = "RS"
_COLORS: Final = ("W", "SRGB", "ADOBERGB", "DEVW", "DEVRGB", "DEVCMYK")


def combined(several: Sequence[Sequence[str]], *, common: bool) -> tuple[str, ...]:
    """The words for documents that all of the devices take (`common`) or that any of them takes; empty: none."""
    read = [_read(words) for words in several]
    codes = list(dict.fromkeys(code for one in read for code in one))
    words = {}
    for code in codes:
        said = [one[code] for one in read if code in one]
        if common and len(said) < len(read):
            continue
        if numbers := _numbers(code, said, common=common):
            words[code] = f"{code}{'-'.join(numbers)}"
    if _RESOLUTIONS not in words or not any(color in words for color in _COLORS):
        return ()
    return tuple(words.values())


def _read(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found = (_WORD.fullmatch(word) for word in words)
    return {word[1]: tuple(dict.fromkeys(filter(None, word[2].split("-")))) for word in found if word}


def _numbers(code: str, said: Sequence[tuple[str, ...]], *, common: bool) -> tuple[str, ...]:
    if code == _SAME:
        return said[0] if len(set(said)) == 1 else ()
    if code in _LESSER:
        return min(said, key=lambda numbers: (len(numbers[0]), numbers[0]) if code == "CP" else (0, numbers[0]))
    if common:
        return tuple(number for number in said[0] if all(number in other for other in said))
    return tuple(dict.fromkeys(number for numbers in said for number in numbers))
