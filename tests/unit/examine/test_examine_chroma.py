"""Colour is told from grey for all pixels at once, within a tolerance for what libraries round."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.examine.chroma import CHANNELS, TOLERANCE, has_color


def differs(octets: bytes) -> bool:
    """The same, pixel by pixel."""
    pixels = zip(*(octets[n::CHANNELS] for n in range(CHANNELS)), strict=True)
    return any(max(pixel) - min(pixel) > TOLERANCE for pixel in pixels)


def greys(count: int) -> bytes:
    return b"".join(bytes([level]) * CHANNELS for level in random.Random(1).randbytes(count))


@pytest.mark.parametrize("count", [1, 2, 3, 16_383, 16_384, 16_385, 100_000])
def test_one_pixel_makes_the_difference(count: int) -> None:
    assert not has_color(greys(count))
    for at in {0, count // 2, count - 1}:
        for channel in range(CHANNELS):
            octets = bytearray(greys(count))
            octets[at * 3 : at * 3 + 3] = b"\x80\x80\x80"
            octets[at * 3 + channel] += TOLERANCE
            assert not has_color(octets)
            octets[at * 3 + channel] += 1
            assert has_color(octets)
            octets[at * 3 + channel] = 0x80 - TOLERANCE - 1
            assert has_color(octets)


def test_nothing_has_no_color() -> None:
    assert not has_color(b"")


@given(st.lists(st.integers(0, 255), max_size=40), st.integers(0, 12))
def test_it_agrees_with_looking_at_each_pixel(levels: list[int], spread: int) -> None:
    octets = b"".join(bytes([level, min(255, level + spread), max(0, level - spread // 2)]) for level in levels)
    assert has_color(octets) == differs(octets)


@given(st.binary(max_size=90).map(lambda octets: octets[: len(octets) // 3 * 3]))
def test_it_agrees_on_any_pixels(octets: bytes) -> None:
    assert has_color(octets) == differs(octets)
