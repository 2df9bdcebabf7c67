"""What is printed: octets that nothing shrinks, and octets that shrink about as far as a driver's PCL XL does."""

import os
import random
import struct
import zlib
from collections.abc import Iterator
from functools import cached_property

SMALL = 64 * 1024
MIB = 1024 * 1024
MARK = 16
"""Octets at the beginning of a marked document: by them a device's times are found again."""

BAND = 2048
"""Octets of an empty raster band."""

_BLOCK = 64  # MiB made afresh; a larger document repeats it, far beyond the reach of compression in frames of one


def small(seed: int = 0) -> bytes:
    """64 KiB of random octets, the same for the same seed."""
    return random.Random(seed).randbytes(SMALL)


def small_pdf(seed: int = 0) -> bytes:
    """A PDF 1.4 of 64 KiB: a page of text in one colour, and octets beside it that nothing shrinks."""
    lines = "".join(f"({number} The quick brown fox jumps over the lazy dog.) Tj 0 -14 Td\n" for number in range(50))
    page = f"0 0 0.6 rg BT /F1 11 Tf 50 780 Td {lines}ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    filling = random.Random(seed).randbytes(SMALL - len(page) - 900)
    bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(filling), filling))
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(bodies) + 1, len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    written += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
    return bytes(written)


def marked(number: int, document: bytes) -> bytes:
    """The document with its mark in place of its first octets."""
    return f"{number:0{MARK}d}".encode() + document[MARK:]


class Large:
    """A document of many MiB that is never in memory as a whole: `pieces` gives it MiB by MiB, always the same."""

    def __init__(self, mebibytes: int, block: bytes) -> None:
        self.size = mebibytes * MIB
        self._block, self._mebibytes = memoryview(block), mebibytes

    def pieces(self) -> Iterator[memoryview]:
        """The document, a MiB at a time."""
        around = len(self._block) // MIB
        for number in range(self._mebibytes):
            at = number % around * MIB
            yield self._block[at : at + MIB]

    @cached_property
    def checksum(self) -> int:
        """CRC-32 of all after the first octets, as the devices tell it."""
        checksum, skipped = 0, MARK
        for piece in self.pieces():
            checksum, skipped = zlib.crc32(piece[skipped:], checksum), 0
        return checksum


def random_document(mebibytes: int) -> Large:
    """Random octets: what PDF and JPEG look like to a spool."""
    return Large(mebibytes, os.urandom(min(mebibytes, _BLOCK) * MIB))


def pcl_xl_document(mebibytes: int) -> Large:
    """Octets such as a PCL XL driver writes for text and rules: zstd level 1 makes them about fifty times smaller."""
    return Large(mebibytes, _pcl_xl(min(mebibytes, _BLOCK) * MIB))


def _pcl_xl(octets: int) -> bytes:
    """PCL XL 2.0 operators (HP's class reference): lines of text at changing places, and empty raster bands."""
    draw = random.Random(9100)
    written = bytearray(b") HP-PCL XL;2;0\n\xd1\x58\x02\x58\x02\xf8\x89\xc0\x00\xf8\x86\xc0\x03\xf8\x8f\x41")
    words = [bytes(draw.choices(b"etaoinshrdlu ", k=draw.randrange(20, 60))) for _ in range(40)]
    while len(written) < octets:
        for _ in range(6):
            text = draw.choice(words)
            x, y = draw.randrange(100, 4800, 50), draw.randrange(100, 6800, 100)
            written += struct.pack("<BHHBBB", 0xD1, x, y, 0xF8, 0x4C, 0x6B)
            written += struct.pack("<BBH", 0xC8, 0xC1, len(text)) + text + b"\xf8\xab\xa8"
        written += b"\xc0\x00\xf8\x6d\xc1\x00\x10\xf8\x67\xb1\xfa" + struct.pack("<I", BAND) + bytes(BAND)
    return bytes(written[:octets])
