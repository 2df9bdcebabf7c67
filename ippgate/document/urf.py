"""Apple raster (URF), which AirPrint clients send: a file header, and for each page a header and packed lines.

The page count in the file header may be 0 and may lie; pages are counted by their headers. Fields as CUPS
(raster-stream.c) and Ghostscript (gdevurf.c) read and write them, for Apple has published none.
"""

import struct
from typing import ClassVar, NamedTuple

from ippgate.document.octet_stream import StreamExaminer, cut_short
from ippgate.document.packed_lines import MAX_PIXEL_OCTETS, BadLineError, PackedLines
from ippgate.document.pixels import IsGrey, always_grey, equal_components, only_component
from ippgate.document.tally import HUNDREDTHS_PER_INCH, PageTally, Size
from ippgate.model.facts import DocumentFacts

MAGIC = b"UNIRAST\0"
FILE_HEADER = 12
PAGE_HEADER = 32

_PAGE = struct.Struct(">8B4I8x")
_COLORS = (1, 3, 3, 3, 1, 3, 4)  # sGray, sRGB, CIELab, AdobeRGB, DeviceW, DeviceRGB, DeviceCMYK
_EQUAL = frozenset({1, 3, 5})
_CMYK = 6
_SIDES = {1: "one-sided", 2: "two-sided-short-edge", 3: "two-sided-long-edge"}  # 0: as the device likes
_MAX_SIDE = 1 << 24


class _Header(NamedTuple):
    bits_per_pixel: int
    color_space: int
    duplex: int
    quality: int
    media_type: int
    input_slot: int
    output_bin: int
    copies: int  # 0: not asked for
    finishings: int
    width: int
    height: int
    resolution: int

    @property
    def pixel_octets(self) -> int:
        """What a run repeats; 0: impossible."""
        octets = (self.bits_per_pixel + 7) // 8
        return octets if 0 < octets <= MAX_PIXEL_OCTETS else 0

    @property
    def line_octets(self) -> int:
        return (
            self.width * self.pixel_octets if self.bits_per_pixel >= 8 else (self.width * self.bits_per_pixel + 7) // 8
        )

    @property
    def is_grey(self) -> IsGrey | None:
        """How to tell grey pixels; None: not known for this space or depth."""
        colors = _COLORS[self.color_space] if self.color_space < len(_COLORS) else 0
        if colors == 1:
            return always_grey
        if not colors or self.bits_per_pixel not in {colors * 8, colors * 16}:
            return None
        octets = self.bits_per_pixel // 8 // colors
        if self.color_space == _CMYK:
            return only_component(3, colors, octets)
        return equal_components(colors, octets) if self.color_space in _EQUAL else None

    @property
    def size(self) -> Size | None:
        if not (0 < self.width < _MAX_SIDE and 0 < self.height < _MAX_SIDE and self.resolution):
            return None
        per_pixel = HUNDREDTHS_PER_INCH / self.resolution
        return round(self.width * per_pixel), round(self.height * per_pixel)


class UrfExaminer(StreamExaminer):
    """Reads page headers and passes the lines between them. Keeps one header, or one run of pixels, at most."""

    document_format: ClassVar[str] = "image/urf"

    def __init__(self) -> None:
        super().__init__()
        self._tally = PageTally()
        self._promised: int | None = None  # pages, as the file header says
        self._header: _Header | None = None
        self._lines: PackedLines | None = None

    def _read(self, data: bytes) -> int:
        at = 0
        if self._promised is None:
            if len(data) < FILE_HEADER:
                return 0
            if not data.startswith(MAGIC):
                self._give_up("it does not begin as Apple raster does")
                return 0
            self._promised = int.from_bytes(data[len(MAGIC) : FILE_HEADER], "big")
            at = FILE_HEADER
        try:
            return self._pages(data, at)
        except BadLineError:
            self._give_up(f"the lines of page {self._tally.pages + 1} do not fit its width")
            return 0

    def _pages(self, data: bytes, at: int) -> int:
        while not self._over:
            if self._header is None or self._lines is None:
                if len(data) - at < PAGE_HEADER:
                    break
                self._begin(_Header(*_PAGE.unpack_from(data, at)))
                at += PAGE_HEADER
                continue
            at = self._lines.read(data, at)
            if not self._lines.done:
                break
            self._tally.add(
                color=self._lines.color,
                size=self._header.size,
                copies=self._header.copies or None,
                sides=_SIDES.get(self._header.duplex),
            )
            self._header = self._lines = None
        return at

    def _begin(self, header: _Header) -> None:
        if not header.pixel_octets:
            self._give_up(f"the header of page {self._tally.pages + 1} describes no possible page")
            return
        self._header = header
        self._lines = PackedLines(header.line_octets, header.height, header.pixel_octets, header.is_grey)

    def _facts(self, *, cut: bool) -> DocumentFacts:
        pages = self._tally.pages
        if cut or self._header is not None or self._promised is None:
            in_last_run = self._leap > 0 and self._header is None
            return self._unknown_facts(cut_short(pages - in_last_run))
        if self._promised > pages:
            return self._unknown_facts(f"cut short after page {pages} of the {self._promised} that it promises")
        return self._tally.facts(self.document_format)
