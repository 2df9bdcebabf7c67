"""How much of a document's pixels is looked at: in proportion to its size, whatever a few octets unpack to."""

FREE = 1 << 30
"""Octets of unpacked pixels looked at in any document: ten pages of A4 in RGB at 600 dots per inch, in about 4 s."""

EARNED = 64
"""More of them for each octet that the document itself has: what PackBits makes of one at most."""


class Sight:
    """What is left to be looked at in one document. When it is spent, the colour of further pixels is not known."""

    def __init__(self, free: int = FREE) -> None:
        self._left = free

    def spend(self, packed: int, pixels: int) -> bool:
        """So many octets came and so many octets of pixels are to be looked at; False: no more."""
        self._left += EARNED * packed - pixels
        return self._left >= 0
