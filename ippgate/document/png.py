"""PNG: one page. Its size where it says how dense its samples are; whether it is grey, from its samples.

W3C PNG (third edition). Samples are inflated as they come, never kept, and not even unfiltered: every filter works on
each channel alone, so an image of three channels is all grey exactly when its filtered octets are equal in all three.
"""

import zlib

from ippgate.document.media import MediaTally
from ippgate.document.sniff import PNG
from ippgate.model.facts import DocumentFacts

DAMAGED = "the PNG is damaged: it has no image header"
MOST_INFLATED = 512 * 1024 * 1024
"""Octets of samples looked at: whether a larger image is in colour stays unknown."""

_SIGNATURE = 8
_KEPT = {b"IHDR": 13, b"pHYs": 9, b"PLTE": 3 * 256}
_SLICE = 8 * 1024  # a chunk of many small PNG chunks is not copied again and again
_STRETCH = 64 * 1024
_LONGEST_ROW = 1024 * 1024  # octets
_MOST_ROWS = 200_000  # each costs about a microsecond, however short
_METRES_PER_INCH = 0.0254
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_GREY, _PALETTE, _RGBS = (0, 4), 3, (2, 6)
_PASSES = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
"""Adam7: first column, step of columns, first row, step of rows."""


class PngExaminer:
    """Reads chunk by chunk; holds a chunk header, a palette, and a row of at most _LONGEST_ROW octets.

    A palette with a colour in it counts as colour: encoders write the entries that they use.
    """

    def __init__(self) -> None:
        self._held = b""
        self._rest = _SIGNATURE  # octets of the present chunk that are still to come, its CRC included
        self._kind = b""
        self._over = False
        self._size: tuple[int, int] | None = None
        self._per_metre: tuple[int, int] | None = None
        self._colored: bool | None = None
        self._samples: _Samples | None = None

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: a colour was found, or it is known that there is none."""
        for start in range(0, len(chunk), _SLICE):
            self._held += chunk[start : start + _SLICE]
            while not self._over and self._step():
                pass
        return not self._over

    def close(self) -> DocumentFacts:
        """One page, if the image header was found."""
        if self._size is None:
            return DocumentFacts(PNG, unknown=DAMAGED)
        tally = MediaTally()
        if self._per_metre and all(self._per_metre):
            width, height = (side / per for side, per in zip(self._size, self._per_metre, strict=True))
            tally.add(width, height, per_inch=_METRES_PER_INCH)
        colored = self._samples.colored if self._samples else self._colored
        return DocumentFacts(PNG, 1, None if colored is None else int(colored), media=tally.media())

    def _step(self) -> bool:
        """Take what can be taken; False: more is needed."""
        if not self._rest:
            return self._begin()
        if self._kind in _KEPT:
            if len(self._held) < self._rest:
                return False
            self._keep(self._held[: self._rest - 4])
        elif self._kind == b"IDAT" and self._rest > 4 and self._samples:
            self._over = not self._samples.feed(self._held[: self._rest - 4])
        taken = min(self._rest, len(self._held))
        self._held, self._rest = self._held[taken:], self._rest - taken
        return taken > 0

    def _begin(self) -> bool:
        if len(self._held) < 8:
            return False
        length, self._kind = int.from_bytes(self._held[:4], "big"), self._held[4:8]
        self._held, self._rest = self._held[8:], length + 4
        known = self._size is not None and (self._colored is not None or (self._samples is None))
        too_long = length > _KEPT.get(self._kind, length)
        ended = self._kind == b"IEND" or (self._kind == b"IDAT" and (self._size is None or known))
        self._over = too_long or ended
        return not self._over

    def _keep(self, data: bytes) -> None:
        if self._kind == b"IHDR" and len(data) == 13 and self._size is None:
            self._header(data)
        elif self._kind == b"pHYs" and len(data) == 9 and data[8] == 1:
            self._per_metre = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big")
        elif self._kind == b"PLTE" and self._colored is None and self._samples is None:
            self._colored = not data[0::3] == data[1::3] == data[2::3]

    def _header(self, data: bytes) -> None:
        width, height = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big")
        depth, color_type, interlaced = data[8], data[9], data[12] == 1
        if not width or not height or color_type not in _CHANNELS or depth not in (1, 2, 4, 8, 16):
            self._over = True
            return
        self._size = width, height
        if color_type in _GREY:
            self._colored = False
        elif color_type in _RGBS and depth >= 8:
            octets = depth // 8
            if width * _CHANNELS[color_type] * octets <= _LONGEST_ROW and height <= _MOST_ROWS:
                self._samples = _Samples(width, height, _CHANNELS[color_type] * octets, octets, interlaced=interlaced)


class _Samples:
    """The samples of an image of three or four channels, looked at row by row. colored: None until that is known."""

    def __init__(self, width: int, height: int, pixel: int, octets: int, *, interlaced: bool) -> None:
        passes = _PASSES if interlaced else ((0, 1, 0, 1),)
        sizes = [(len(range(x, width, dx)), len(range(y, height, dy))) for x, dx, y, dy in passes]
        self._passes = [(columns * pixel + 1, rows) for columns, rows in sizes if columns and rows]
        self._pixel, self._octets = pixel, octets
        self._inflate = zlib.decompressobj()
        self._held = b""
        self._seen = 0
        self.colored: bool | None = None

    def feed(self, data: bytes) -> bool:
        """Take more of the compressed samples. False: it is known, or never will be."""
        while data:
            try:
                samples = self._inflate.decompress(data, _STRETCH)
            except zlib.error:
                return False
            data = self._inflate.unconsumed_tail
            self._seen += len(samples)
            if not self._rows(samples) or self._inflate.eof or self._seen > MOST_INFLATED:
                return False
        return True

    def _rows(self, samples: bytes) -> bool:
        held, at = self._held + samples, 0
        while self._passes and len(held) - at >= self._passes[0][0]:
            length, rows = self._passes[0]
            if not self._grey(held[at + 1 : at + length]):
                self.colored = True
                return False
            at += length
            self._passes[0] = length, rows - 1
            if rows == 1:
                del self._passes[0]
        self._held = held[at:]
        if not self._passes:
            self.colored = False
        return bool(self._passes)

    def _grey(self, row: bytes) -> bool:
        octets, pixel = self._octets, self._pixel
        red, green, blue = ([row[n + byte :: pixel] for byte in range(octets)] for n in (0, octets, 2 * octets))
        return red == green == blue
