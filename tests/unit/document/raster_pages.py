"""Small pages of PWG raster and Apple raster, made by hand."""

import struct

SGRAY, SRGB, CMYK, BLACK = 18, 19, 6, 3
WHITE_LINE = 128
HEADER = 1796


def pwg_header(
    *,
    width: int = 4,
    height: int = 2,
    bits: int = 8,
    colors: int = 3,
    space: int = SRGB,
    order: str = ">",
    size: tuple[int, int] = (595, 842),
    color_order: int = 0,
    media_class: bytes = b"PwgRaster",
    duplex: int = 0,
    tumble: int = 0,
    copies: int = 0,
    total: int = 0,
) -> bytes:
    """A page header of PWG 5102.4 (or CUPS raster version 2 and 3)."""
    header = bytearray(HEADER)
    header[: len(media_class)] = media_class
    bits_per_pixel = bits * colors if color_order == 0 else bits
    line = (width * bits_per_pixel + 7) // 8 * (colors if color_order == 1 else 1)
    numbers = {
        272: duplex,
        276: 300,
        280: 300,
        340: copies,
        352: size[0],
        356: size[1],
        368: tumble,
        372: width,
        376: height,
        384: bits,
        388: bits_per_pixel,
        392: line,
        396: color_order,
        400: space,
        420: colors,
        452: total,
    }
    for at, number in numbers.items():
        struct.pack_into(order + "I", header, at, number)
    return bytes(header)


def repeated(pixel: bytes, count: int) -> bytes:
    """A run of one pixel."""
    return bytes((count - 1,)) + pixel


def literal(pixels: bytes, count: int) -> bytes:
    """A run of `count` pixels as they are."""
    return bytes((257 - count,)) + pixels


def lines(runs: bytes, count: int) -> bytes:
    """The same line so many times."""
    return bytes((count - 1,)) + runs


def urf_file(pages: int = 0) -> bytes:
    """The header of a file."""
    return b"UNIRAST\0" + struct.pack(">I", pages)


def urf_header(
    *, bits: int = 24, space: int = 1, duplex: int = 1, copies: int = 0, width: int = 4, height: int = 2, dpi: int = 300
) -> bytes:
    """The header of a page."""
    return struct.pack(">8B4I8x", bits, space, duplex, 0, 0, 0, 0, copies, 0, width, height, dpi)
