"""PCL XL written by hand: operators with their attributes, by the names of HP's Feature Reference."""

import struct

HEADER = b") HP-PCL XL;2;0;Comment made by hand\n"
UEL = b"\x1b%-12345X"

OPERATORS = {
    "BeginSession": 0x41, "EndSession": 0x42, "BeginPage": 0x43, "EndPage": 0x44, "OpenDataSource": 0x48,
    "CloseDataSource": 0x49, "BeginStream": 0x5B, "ReadStream": 0x5C, "EndStream": 0x5D, "ExecStream": 0x5E,
    "PopGS": 0x60, "PushGS": 0x61, "SetBrushSource": 0x63, "SetColorSpace": 0x6A, "SetCursor": 0x6B,
    "SetPenSource": 0x79, "SetROP": 0x7B, "NewPath": 0x85, "PaintPath": 0x86, "LinePath": 0x9B, "Rectangle": 0xA0,
    "Text": 0xA8, "BeginImage": 0xB0, "ReadImage": 0xB1, "EndImage": 0xB2, "BeginRastPattern": 0xB3,
    "ReadRastPattern": 0xB4, "EndRastPattern": 0xB5, "PassThrough": 0xBF,
}  # fmt: skip
ATTRIBUTES = {
    "ColorSpace": 3, "NullBrush": 4, "PaletteData": 6, "PatternSelectID": 8, "GrayLevel": 9, "RGBColor": 11,
    "PrimaryArray": 14, "MediaSize": 37, "Orientation": 40, "ROP3": 44, "CustomMediaSize": 47,
    "CustomMediaSizeUnits": 48, "PageCopies": 49, "SimplexPageMode": 52, "DuplexPageMode": 53, "BoundingBox": 66,
    "Point": 76, "ColorDepth": 98, "BlockHeight": 99, "ColorMapping": 100, "CompressMode": 101,
    "PatternDefineID": 105, "SourceHeight": 107, "SourceWidth": 108, "StartLine": 109, "PadBytesMultiple": 110,
    "TextData": 171,
}  # fmt: skip

GRAY, RGB, SRGB = 1, 2, 6
DIRECT, INDEXED = 0, 1
BITS_1, BITS_4, BITS_8 = 0, 1, 2
PLAIN, RLE, JPEG, DELTA_ROW = 0, 1, 2, 3


class Real(float):
    """A number that is written as real32."""


Value = int | Real | bytes | str | tuple[int, int] | tuple[Real, ...] | list[int]


def value(what: Value) -> bytes:
    """A value with its tag: a number, an array of octets, a pair, an array of real32, a box (a list of four)."""
    if isinstance(what, Real):
        return b"\xc5" + struct.pack("<f", what)
    if isinstance(what, int):
        return struct.pack("<BB", 0xC0, what) if what < 256 else struct.pack("<BH", 0xC1, what)
    if isinstance(what, str):
        what = what.encode()
    if isinstance(what, bytes):
        return b"\xc8\xc1" + struct.pack("<H", len(what)) + what
    if isinstance(what, list):
        return b"\xe1" + struct.pack("<4H", *what)
    if all(isinstance(part, Real) for part in what):
        pair = len(what) == 2
        return (b"\xd5" if pair else b"\xcd\xc0" + bytes((len(what),))) + struct.pack(f"<{len(what)}f", *what)
    return b"\xd1" + struct.pack("<HH", *what)


def op(name: str, **attributes: Value) -> bytes:
    """An operator behind its attributes."""
    written = b"".join(value(what) + b"\xf8" + bytes((ATTRIBUTES[key],)) for key, what in attributes.items())
    return written + bytes((OPERATORS[name],))


def data(octets: bytes) -> bytes:
    """Embedded data, with the shorter length where it fits."""
    if len(octets) < 256:
        return b"\xfb" + bytes((len(octets),)) + octets
    return b"\xfa" + struct.pack("<I", len(octets)) + octets


def page(*content: bytes, copies: int = 1) -> bytes:
    """One page, on A4."""
    return op("BeginPage", MediaSize=2) + b"".join(content) + op("EndPage", PageCopies=copies)


def document(*pages: bytes, header: bytes = HEADER) -> bytes:
    """A stream with one session."""
    return (
        header + op("BeginSession") + op("OpenDataSource") + b"".join(pages) + op("CloseDataSource") + op("EndSession")
    )


def image(
    *blocks: bytes, width: int = 2, mapping: int = DIRECT, depth: int = BITS_8, mode: int = PLAIN, pad: int = 1
) -> bytes:
    """An image, each block in a ReadImage of its own."""
    begin = op("BeginImage", ColorMapping=mapping, ColorDepth=depth, SourceWidth=width, SourceHeight=2)
    read = op("ReadImage", StartLine=0, BlockHeight=1, CompressMode=mode, PadBytesMultiple=pad)
    return begin + b"".join(read + data(block) for block in blocks) + op("EndImage")
