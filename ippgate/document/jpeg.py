"""JPEG: one page. Its size where it says how dense its samples are; whether it is grey, where its components tell.

ITU-T T.81 (markers, frame header), T.871 (JFIF: density). What stands before the frame header is skipped, not kept.
"""

from ippgate.document.media import MediaTally
from ippgate.document.sniff import JPEG
from ippgate.model.facts import DocumentFacts

DAMAGED = "the JPEG is damaged: it has no frame header"

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a segment
_END, _SCAN, _JFIF = 0xD9, 0xDA, 0xE0
_PER_INCH = {1: 1.0, 2: 2.54}  # units of JFIF: dots per inch, dots per centimetre
_LONGEST_SEGMENT = 2 + 0xFFFF


class JpegExaminer:
    """Reads up to the frame header. Holds one segment at the most, 64 KiB.

    Three or four components may still show nothing but grey, which only decoding tells: `color_pages` is None then.
    """

    def __init__(self) -> None:
        self._held = b""
        self._skip = 0
        self._over = False
        self._density: tuple[float, float] | None = None
        self._frame: tuple[int, int, int] | None = None  # width, height, components

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: the frame header is there, or never will be."""
        if self._over:
            return False
        skipped = min(self._skip, len(chunk))
        self._skip -= skipped
        self._held += chunk[skipped:]
        at = 0
        while not self._over and (length := self._segment(at)):
            at += length
        self._skip += max(0, at - len(self._held))
        self._held = self._held[at:]
        return not self._over

    @property
    def samples(self) -> int:
        """Of one component: what decoding would make; 0 when no frame header was found."""
        return self._frame[0] * self._frame[1] if self._frame else 0

    def close(self) -> DocumentFacts:
        """One page, if the frame header was found."""
        if self._frame is None or not all(self._frame):
            return DocumentFacts(JPEG, unknown=DAMAGED)
        width, height, components = self._frame
        tally = MediaTally()
        if self._density and all(self._density):
            tally.add(width / self._density[0], height / self._density[1], per_inch=1.0)
        return DocumentFacts(JPEG, pages=1, color_pages=0 if components == 1 else None, media=tally.media())

    def _segment(self, at: int) -> int:
        """The octets that the marker at `at` and its segment take; 0: more is needed, or nothing is."""
        held = self._held
        if len(held) - at < 2:
            return 0
        marker = held[at + 1]
        if held[at] != 0xFF or marker in (_END, _SCAN):
            self._over = True
            return 0
        if marker in _ALONE:
            return 2
        if marker == 0xFF:  # fill
            return 1
        if len(held) - at < 4:
            return 0
        length = 2 + int.from_bytes(held[at + 2 : at + 4], "big")
        if marker in _START_OF_FRAME or marker == _JFIF:
            if len(held) - at < min(length, _LONGEST_SEGMENT):
                return 0
            self._read(marker, held[at + 4 : at + length])
        return max(length, 4)

    def _read(self, marker: int, data: bytes) -> None:
        if marker == _JFIF:
            if data.startswith(b"JFIF\0") and len(data) >= 12 and (unit := _PER_INCH.get(data[7])):
                x, y = int.from_bytes(data[8:10], "big"), int.from_bytes(data[10:12], "big")
                self._density = x * unit, y * unit
        else:
            self._over = True
            if len(data) >= 6:
                self._frame = int.from_bytes(data[3:5], "big"), int.from_bytes(data[1:3], "big"), data[5]
