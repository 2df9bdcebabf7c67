"""Whether a picture has colour in it. Integers as long as a strip of it compare every pixel of the strip at once."""

CHANNELS = 3
TOLERANCE = 5
"""By how much the channels of a pixel may differ, of 255, and still be grey. PDFium's black of CMYK is off by up to 5;
a tint of 3 % of one ink differs by 8."""

_STRIP = 16 * 1024  # octets of a channel
_LOW = int.from_bytes(b"\xff\0" * (_STRIP // 2), "little")
_BIAS = int.from_bytes((256 + 255 - TOLERANCE).to_bytes(2, "little") * (_STRIP // 2), "little")
_EXCEEDS = int.from_bytes((512).to_bytes(2, "little") * (_STRIP // 2), "little")


def has_color(octets: bytes | bytearray) -> bool:
    """Whether any pixel is neither black, grey nor white. octets: CHANNELS of each pixel, nothing else."""
    blue, green, red = octets[0::CHANNELS], octets[1::CHANNELS], octets[2::CHANNELS]
    if blue == green == red:
        return False
    strips = (slice(start, start + _STRIP) for start in range(0, len(blue), _STRIP))
    return any(_differ(blue[strip], green[strip], red[strip]) for strip in strips)


def _differ(blue: bytes | bytearray, green: bytes | bytearray, red: bytes | bytearray) -> bool:
    if blue == green == red:
        return False
    b, g, r = (int.from_bytes(plane, "little") for plane in (blue, green, red))
    return _exceeds(b, g) or _exceeds(r, g) or _exceeds(r, b)


def _exceeds(one: int, other: int) -> bool:
    """Whether any octet of one is more than TOLERANCE away from the other's: octets are spread to lanes of 16 bits, in
    which neither a sum nor a difference meets its neighbour."""
    for shift in (0, 8):
        x, y = (one >> shift) & _LOW, (other >> shift) & _LOW
        if ((x + _BIAS - y) | (y + _BIAS - x)) & _EXCEEDS:
            return True
    return False
