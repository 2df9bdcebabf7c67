"""PWG raster (PWG 5102.4) and the CUPS raster it grew from, versions 1 to 3 in either order of octets.

Every page has a header; TotalPageCount is a cross-check only, for it may be 0 and may lie. A page in a space of
colours is in colour when a pixel is neither black, grey nor white: all of them are looked at until one is.
"""

import math
import struct
from dataclasses import dataclass
from typing import ClassVar

from ippgate.document.octet_stream import StreamExaminer, cut_short
from ippgate.document.packed_lines import MAX_PIXEL_OCTETS, BadLineError, PackedLines, PlainLines
from ippgate.document.pixels import IsGrey, always_grey, equal_components, only_component
from ippgate.document.tally import HUNDREDTHS_PER_INCH, PageTally, Size
from ippgate.model.facts import DocumentFacts

HEADER = 1796
"""Octets of a page header (PWG 5102.4 table 4)."""

HEADER_V1 = 420
"""Those of CUPS raster version 1, which ends before cupsNumColors."""

_PWG, _CUPS = "image/pwg-raster", "application/vnd.cups-raster"
_CHUNKY, _PLANAR = 0, 2
_POINTS = 72
_EQUAL = frozenset({1, 4, 5, 19, 20})  # RGB, CMY, YMC, sRGB, AdobeRGB
_MAX_SIDE = 1 << 24  # pixels or points; beyond it no page has a size


@dataclass(frozen=True, slots=True)
class _Sync:
    order: str
    header: int
    packed: bool


_SYNC = {
    b"RaS2": _Sync(">", HEADER, packed=True),
    b"2SaR": _Sync("<", HEADER, packed=True),
    b"RaS3": _Sync(">", HEADER, packed=False),
    b"3SaR": _Sync("<", HEADER, packed=False),
    b"RaSt": _Sync(">", HEADER_V1, packed=False),
    b"tSaR": _Sync("<", HEADER_V1, packed=False),
}


class _Header:
    """The fields of a page header that say anything of a page; offsets as in PWG 5102.4 table 4."""

    def __init__(self, octets: bytes, order: str) -> None:
        self._octets, self._order = octets, order
        self.width, self.height = self._number(372), self._number(376)
        self.bits_per_color, self.bits_per_pixel, self.line_octets = (self._number(at) for at in (384, 388, 392))
        self.color_order, self.color_space = self._number(396), self._number(400)
        told = self._number(420) if len(octets) == HEADER else 0
        self.colors = told or _COLORS.get(self.color_space, 0) or _numbered_colors(self.color_space)

    def _number(self, at: int) -> int:
        number: int = struct.unpack_from(self._order + "I", self._octets, at)[0]
        return number

    @property
    def is_pwg(self) -> bool:
        return self._octets.startswith(b"PwgRaster\0")

    @property
    def copies(self) -> int | None:
        return self._number(340) or None

    @property
    def sides(self) -> str:
        if not self._number(272):
            return "one-sided"
        return "two-sided-short-edge" if self._number(368) else "two-sided-long-edge"

    @property
    def total_page_count(self) -> int:
        return self._number(452) if self.is_pwg else 0

    @property
    def size(self) -> Size | None:
        """PageSize, more exact in version 2 of CUPS (cupsPageSize), or the pixels and their resolution."""
        exact = struct.unpack_from(self._order + "2f", self._octets, 428) if len(self._octets) == HEADER else (0, 0)
        for x, y in (exact, (self._number(352), self._number(356))):
            if _is_side(x) and _is_side(y):
                return round(x * HUNDREDTHS_PER_INCH / _POINTS), round(y * HUNDREDTHS_PER_INCH / _POINTS)
        across, down = self._number(276), self._number(280)
        if not (across and down and _is_side(self.width) and _is_side(self.height)):
            return None
        return round(self.width * HUNDREDTHS_PER_INCH / across), round(self.height * HUNDREDTHS_PER_INCH / down)

    @property
    def pixel_octets(self) -> int:
        """What a packed run repeats; 0: impossible."""
        bits = self.bits_per_pixel if self.color_order == _CHUNKY else self.bits_per_color
        octets = (bits + 7) // 8
        return octets if 0 < octets <= MAX_PIXEL_OCTETS and self.line_octets % octets == 0 else 0

    @property
    def lines(self) -> int:
        return self.height * (max(self.colors, 1) if self.color_order == _PLANAR else 1)

    @property
    def is_grey(self) -> IsGrey | None:
        """How to tell grey pixels; None: not known for this space, depth or order of colours."""
        if self.color_space in _MONO:
            return always_grey
        octets = self.bits_per_color // 8
        if self.color_order != _CHUNKY or self.bits_per_color not in {8, 16}:
            return None
        if self.bits_per_pixel != octets * 8 * self.colors or self.colors != _COLORS.get(self.color_space):
            return None
        if self.color_space in _BLACK_AT:
            return only_component(_BLACK_AT[self.color_space], self.colors, octets)
        return equal_components(self.colors, octets) if self.color_space in _EQUAL else None


_MONO = frozenset({0, 3, 18})  # luminance, black, sGray
_COLORS = {0: 1, 1: 3, 2: 4, 3: 1, 4: 3, 5: 3, 6: 4, 7: 4, 8: 4, 9: 6, 15: 3, 16: 3, 17: 4, 18: 1, 19: 3, 20: 3}
_BLACK_AT = {6: 3, 7: 3, 8: 0, 9: 0}  # CMYK, YMCK, KCMY, KCMYcm


def _numbered_colors(color_space: int) -> int:
    """ICC1 to ICCF and Device1 to DeviceF have their number of colours in their name."""
    return color_space % 16 + 1 if 32 <= color_space <= 46 or 48 <= color_space <= 62 else 0


def _is_side(length: float) -> bool:
    return math.isfinite(length) and 0 < length < _MAX_SIDE


class PwgRasterExaminer(StreamExaminer):
    """Reads page headers and passes the lines between them. Keeps one header, or one run of pixels, at most."""

    document_format: ClassVar[str] = _PWG

    def __init__(self) -> None:
        super().__init__()
        self._tally = PageTally()
        self._format = _PWG
        self._sync: _Sync | None = None
        self._header: _Header | None = None
        self._lines: PackedLines | PlainLines | None = None
        self._total = 0

    def _read(self, data: bytes) -> int:
        at = 0
        if self._sync is None:
            if len(data) < 4:
                return 0
            self._sync = _SYNC.get(data[:4])
            if self._sync is None:
                self._give_up("it does not begin as PWG raster does")
                return 0
            at = 4
        try:
            return self._pages(data, at, self._sync)
        except BadLineError:
            self._give_up(f"the lines of page {self._tally.pages + 1} do not fit its width")
            return 0

    def _pages(self, data: bytes, at: int, sync: _Sync) -> int:
        while not self._over:
            if self._header is None or self._lines is None:
                if len(data) - at < sync.header:
                    break
                self._begin(_Header(data[at : at + sync.header], sync.order), sync)
                at += sync.header
                continue
            at = self._lines.read(data, at)
            if not self._lines.done:
                break
            self._tally.add(
                color=self._lines.color,
                size=self._header.size,
                copies=self._header.copies,
                sides=self._header.sides,
            )
            self._header = self._lines = None
        return at

    def _begin(self, header: _Header, sync: _Sync) -> None:
        if not self._tally.pages:
            self._format = _PWG if header.is_pwg and sync.packed else _CUPS
            self._total = header.total_page_count
        octets = header.pixel_octets
        if not octets:
            self._give_up(f"the header of page {self._tally.pages + 1} describes no possible page")
            return
        self._header = header
        if sync.packed:
            self._lines = PackedLines(header.line_octets, header.lines, octets, header.is_grey)
        else:
            self._lines = PlainLines(header.line_octets * header.lines, octets, header.is_grey)

    def _facts(self, *, cut: bool) -> DocumentFacts:
        pages = self._tally.pages
        if cut or self._header is not None or self._sync is None:
            in_last_run = self._leap > 0 and self._header is None
            return self._unknown_facts(cut_short(pages - in_last_run))
        if self._total > pages:
            return self._unknown_facts(f"cut short after page {pages} of the {self._total} that it promises")
        return self._tally.facts(self._format)

    def _unknown_facts(self, reason: str) -> DocumentFacts:
        return DocumentFacts(document_format=self._format, unknown=reason)
