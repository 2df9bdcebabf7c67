"""The pixels of an image in PCL XL, unpacked as they stream by, until one is neither black, grey nor white."""

from ippgate.document.pixels import IsGrey
from ippgate.document.sight import Sight
from ippgate.document.unpacking import MAX_ROW, replace_delta, unpack_bits

_PLAIN, _PACK_BITS, _JPEG, _DELTA = 0, 1, 2, 3


class ImageRows:
    """Takes the octets of one image; `color` is True when it has any, None when it can't be told."""

    def __init__(self, row_octets: int, is_grey: IsGrey, sight: Sight) -> None:
        self.color: bool | None = False if 0 < row_octets <= MAX_ROW else None
        self._row_octets, self._is_grey = row_octets, is_grey
        self._padded = row_octets
        self._mode = _PLAIN
        self._packed = b""
        self._row = b""
        self._seed = bytearray()
        self._sight = sight

    @property
    def looks(self) -> bool:
        """Whether its octets are wanted."""
        return self.color is False

    def block(self, mode: int, pad: int) -> None:
        """Some rows follow, packed in this mode, each filled up to a multiple of `pad` octets."""
        self._mode, self._packed, self._row = mode, b"", b""
        self._padded = -(-self._row_octets // pad) * pad if pad > 0 else self._row_octets
        self._seed = bytearray(self._padded if mode == _DELTA else 0)
        if mode not in {_PLAIN, _PACK_BITS, _DELTA} and self.looks:
            self.color = None  # JPEG, and what came after

    def take(self, octets: bytes) -> None:
        """Look at the next octets of the block."""
        self._sight.spend(len(octets), 0)
        data = self._packed + octets
        if self._mode == _PACK_BITS:
            pixels, reached = unpack_bits(data)
            self._packed = data[reached:]
            self._judge(pixels)
        elif self._mode == _DELTA:
            self._packed = data[self._delta_rows(data) :]
        else:
            self._judge(data)

    def _delta_rows(self, data: bytes) -> int:
        """Each row has its packed length before it, the lower octet first."""
        at = 0
        while self.looks and at + 2 <= len(data):
            stop = at + 2 + int.from_bytes(data[at : at + 2], "little")
            if stop > len(data):
                break
            if stop > at + 2:
                replace_delta(self._seed, data[at + 2 : stop])
                self._judge(bytes(self._seed))
            at = stop
        return at

    def _judge(self, pixels: bytes) -> None:
        if not self._sight.spend(0, len(pixels)):
            self.color = None
            return
        padded, data = self._padded, self._row + pixels
        whole = len(data) - len(data) % padded
        self._row = data[whole:]
        if padded == self._row_octets:
            grey = self._is_grey(data[:whole])
        else:
            grey = all(self._is_grey(data[at : at + self._row_octets]) for at in range(0, whole, padded))
        if not grey:
            self.color = True
