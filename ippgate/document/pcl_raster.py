"""Raster graphics in PCL 5: how their rows are made of planes or pixels, and whether a row has any colour.

HP, PCL 5 Technical Reference, chapter 15; PCL 5 Color Technical Reference, chapters 3 and 6; for configure raster data
(ESC * g # W) the Technical Reference Guide for HP DeskJet 500 to 1600 series. Rows in black only are not looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ippgate.document.pcl_palette import Palette
from ippgate.document.pixels import equal_components
from ippgate.document.sight import Sight
from ippgate.document.unpacking import ADAPTIVE, DELTA_ROW, MAX_ROW, REPLACED_DELTA, adaptive_rows, unpack_row

MAX_PLANES = 32
"""Planes of a row that are told apart: four inks of eight bits."""

_REPEATING = frozenset({DELTA_ROW, REPLACED_DELTA})  # modes in which nothing is the row before

Judge = Callable[[list[bytearray]], bool]
"""Whether a row, given as its planes, is black, grey and white."""


@dataclass(frozen=True, slots=True)
class RowFormat:
    """What a row is made of. judge None: of black only, or not known (color None)."""

    planes: int = 1
    judge: Judge | None = None
    color: bool | None = False  # of rows that are not judged
    hued: bool | None = True  # what rows are that are not grey
    pixel_bits: int = 1  # of one pixel in one plane


BLACK = RowFormat()
UNKNOWN = RowFormat(MAX_PLANES, None, None)


def _equal_planes(planes: list[bytearray]) -> bool:
    return all(plane == planes[0] for plane in planes)


def _equal_pixels(planes: list[bytearray]) -> bool:
    pixels = planes[0]
    return equal_components(3, 1)(bytes(pixels[: len(pixels) // 3 * 3]))


def _nothing_after(black: int) -> Judge:
    return lambda planes: not any(any(plane) for plane in planes[black:])


def simple_format(number: int) -> RowFormat:
    """Simple colour, ESC * r # U: 1 black, 3 RGB, -3 CMY, -4 KCMY."""
    if number in {3, -3}:
        return RowFormat(3, _equal_planes)
    if number == -4:
        return RowFormat(4, _nothing_after(1))
    return BLACK if number in {0, 1, -1} else UNKNOWN


def configured_format(description: bytes, palette: Palette) -> RowFormat:
    """Configure image data, ESC * v # W: colour space, encoding, bits per index, bits of each primary."""
    if len(description) < 6:
        return UNKNOWN
    space, encoding, bits = description[0], description[1], description[2]
    if encoding in {0, 1}:
        return _indexed_format(min(bits, MAX_PLANES) or 1, palette, by_plane=encoding == 0)
    if space > 2:
        return UNKNOWN
    if encoding == 2 and description[3:6] == b"\x01\x01\x01":
        return RowFormat(3, _equal_planes)
    if encoding == 3 and description[3:6] == b"\x08\x08\x08":
        return RowFormat(1, _equal_pixels, pixel_bits=24)
    return UNKNOWN


def _indexed_format(bits: int, palette: Palette, *, by_plane: bool) -> RowFormat:
    """Rows of indexes are as grey as the entries of the palette that they use."""
    colors = [palette.color(index) for index in range(1 << min(bits, 8))]
    if not any(color is not False for color in colors):
        return RowFormat(bits) if by_plane else BLACK
    if (by_plane and bits > 1) or bits not in {1, 2, 4, 8}:
        return UNKNOWN
    mask = (1 << bits) - 1
    grey = bytes(
        octet for octet in range(256) if not any(colors[octet >> at & mask] is not False for at in range(0, 8, bits))
    )
    hued = None if None in colors else True
    return RowFormat(1, lambda planes: not planes[0].translate(None, grey), hued=hued, pixel_bits=bits)


def device_format(description: bytes) -> RowFormat:
    """Configure raster data, ESC * g # W, of format 2: inks, each with its resolutions and levels."""
    if len(description) < 2 or description[0] != 2:
        return UNKNOWN
    inks = description[1]
    levels = [int.from_bytes(description[at + 4 : at + 6], "big") for at in range(2, 2 + 6 * inks, 6)]
    planes = [max(1, (level - 1).bit_length()) for level in levels]
    if not planes or sum(planes) > MAX_PLANES or inks not in {1, 3, 4}:
        return UNKNOWN
    if inks == 1:
        return RowFormat(planes[0])
    judge = _equal_planes if inks == 3 and set(planes) == {1} else _nothing_after(planes[0])
    return RowFormat(sum(planes), judge)


class RasterRows:
    """Follows the rows of one raster; `transfer` says whether one has colour."""

    def __init__(self, sight: Sight) -> None:
        self._format = BLACK
        self._description: bytes | None = None  # of indexes, whose colours are those of a palette
        self._sight = sight
        self.mode = 0
        self.page_width = 2550  # pixels: Letter at 300 dots per inch
        self._width = 0  # pixels; 0: not told
        self._planes: list[bytearray] = []
        self._next = 0

    @property
    def looks(self) -> bool:
        """Whether rows have to be looked at to know their colour."""
        return self._format.judge is not None or self._format.color is not False

    def configure(self, row_format: RowFormat) -> None:
        """Rows are of this format from now on."""
        self._format, self._description = row_format, None
        self.start()

    def describe(self, description: bytes, palette: Palette) -> None:
        """Configure image data, ESC * v # W."""
        self.configure(configured_format(description, palette))
        self._description = description

    def repaint(self, palette: Palette) -> None:
        """The palette has changed: what rows of indexes are is to be told anew."""
        if self._description is not None:
            self._format = configured_format(self._description, palette)

    def set_width(self, pixels: int) -> None:
        """ESC * r # S."""
        self._width = pixels
        self.start()

    def start(self) -> None:
        """Raster graphics begin or end: the seed rows are blank."""
        self._planes.clear()
        self._next = 0

    def transfer(self, payload: bytes, *, last: bool) -> bool | None:
        """ESC * b # V (last False) or W: one plane came. Return whether the row has colour; False until it is whole."""
        judge = self._format.judge
        if judge is None:
            return self._format.color if payload else False
        octets = min(((self._width or self.page_width) * self._format.pixel_bits + 7) // 8, MAX_ROW)
        if self._next >= self._format.planes:
            self._next = 0
        while len(self._planes) < self._format.planes:
            self._planes.append(bytearray(octets))
        row, self._next = self._planes[self._next], 0 if last else self._next + 1
        if self.mode == ADAPTIVE:
            return self._adaptive(row, payload, judge)
        repeats = not payload and self.mode in _REPEATING
        if not repeats and not (self._sight.spend(len(payload), octets) and unpack_row(row, self.mode, payload)):
            return None
        return self._format.hued if last and not judge(self._planes) else False

    def _adaptive(self, row: bytearray, payload: bytes, judge: Judge) -> bool | None:
        """Several rows at once; only for pixels, which are in one plane."""
        if self._format.planes > 1:
            return None
        for _ in adaptive_rows(row, payload):
            if not self._sight.spend(0, len(row)):
                return None
            if not judge(self._planes):
                return self._format.hued
        return False
