"""Whether pixels are black, grey and white only, without looking at them one by one: slices do it at the speed of C."""

from collections.abc import Callable
from functools import cache

IsGrey = Callable[[bytes], bool]
"""Whether whole pixels, one after the other, are all black, grey or white."""


@cache
def equal_components(components: int, octets: int) -> IsGrey:
    """For spaces where grey is what has all components the same (RGB, CMY without black).

    A pixel has so many components of so many octets each.
    """
    stride = components * octets

    def is_grey(pixels: bytes) -> bool:
        for octet in range(octets):
            first = pixels[octet::stride]
            if any(pixels[octet + other * octets :: stride] != first for other in range(1, components)):
                return False
        return True

    return is_grey


@cache
def only_component(black: int, components: int, octets: int) -> IsGrey:
    """For spaces with a component for black (CMYK): grey is what has nothing of any other, counted from 0."""
    stride = components * octets
    inked = [place for place in range(stride) if place // octets != black]

    def is_grey(pixels: bytes) -> bool:
        return not any(pixels[place::stride].strip(b"\0") for place in inked)

    return is_grey


def always_grey(pixels: bytes) -> bool:  # noqa: ARG001 - an IsGrey
    """For spaces that know no colour."""
    return True


def palette_is_grey(palette: bytes, bits: int) -> IsGrey:
    """For pixels that are indexes, of 1, 4 or 8 bits, into a palette of RGB triples of 8 bits.

    An index beyond the palette is grey: what it prints, nobody says.
    """
    hued = {index for index in range(len(palette) // 3) if len(set(palette[3 * index : 3 * index + 3])) > 1}
    mask = (1 << bits) - 1
    grey = bytes(octet for octet in range(256) if not any(octet >> shift & mask in hued for shift in range(0, 8, bits)))

    def is_grey(pixels: bytes) -> bool:
        return not pixels.translate(None, grey)

    return is_grey
