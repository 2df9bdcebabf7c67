"""The icon of printer-icons, drawn here: a sheet of paper that passes a gate."""

import struct
import zlib
from typing import Final

SIZE: Final = 128  # pixels; the middle one of the three sizes that AirPrint takes

_BLUE, _WHITE, _GREY = b"\x1f\x4e\x79", b"\xff\xff\xff", b"\xc8\xd2\xdc"


def icon() -> bytes:
    """A PNG of three colours (ISO 15948)."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y) for x in range(SIZE)) for y in range(SIZE))
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _pixel(x: int, y: int) -> bytes:
    if 44 <= x < 84 and 24 <= y < 104:
        return _GREY if y % 12 < 3 and 50 <= x < 78 and y > 34 else _WHITE
    is_post = 16 <= x < 30 or 98 <= x < 112
    is_bar = 58 <= y < 70 and 16 <= x < 112
    return _BLUE if (is_post and 12 <= y < 116) or is_bar else _WHITE


def _chunk(kind: bytes, octets: bytes) -> bytes:
    return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))
