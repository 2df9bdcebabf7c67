"""The lines of a page of PWG raster or Apple raster: packed in runs (PWG 5102.4 section 4.4), or plain (CUPS v1, v3).

To find the next page every run has to be passed, one by one: nothing says how long a page is in octets. A page's
colour is found on the way and costs nothing more once it is known.
"""

from functools import cache

from ippgate.document.pixels import IsGrey, always_grey

MAX_PIXEL_OCTETS = 30
"""Fifteen colours of sixteen bits, the most that a colour space of PWG 5102.4 has."""

_LITERAL = (
    128  # code 128 itself: the rest of the line is blank; below it: a pixel repeated; above it: pixels as they are
)
_REST_OF_LINE = 1 << 40
_MAX_SEEN = 4096  # pixels remembered to be grey


class BadLineError(Exception):
    """A line has more pixels than its page is wide."""


@cache
def _runs(pixel_octets: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For each first octet of a run: the octets the run takes here, and those it makes in the line."""
    taken = [1 + pixel_octets] * 128 + [1] + [1 + (257 - code) * pixel_octets for code in range(129, 256)]
    made = [(code + 1) * pixel_octets for code in range(128)] + [_REST_OF_LINE]
    made += [(257 - code) * pixel_octets for code in range(129, 256)]
    return tuple(taken), tuple(made)


class PackedLines:
    """Passes the lines of one page. `color` is True as soon as a pixel is neither black, grey nor white.

    Without `is_grey` nothing is said of colour: it is None.
    """

    def __init__(self, line_octets: int, lines: int, pixel_octets: int, is_grey: IsGrey | None) -> None:
        self.color: bool | None = None if is_grey is None else False
        self._is_grey = is_grey
        self._looks = is_grey is not None and is_grey is not always_grey
        self._seen: set[bytes] = set()
        self._line_octets, self._lines, self._pixel_octets = line_octets, lines, pixel_octets
        self._left = 0  # octets that the line being passed still lacks
        self._taken, self._made = _runs(pixel_octets)

    @property
    def done(self) -> bool:
        return self._lines <= 0 and self._left <= 0

    def read(self, data: bytes, at: int) -> int:
        """Pass what is there; return the place reached, which may lie beyond the end. Raises BadLineError."""
        if self._looks:
            at = self._look(data, at)
        return at if self._looks else self._leap(data, at)

    def _leap(self, data: bytes, at: int) -> int:
        taken, made, line_octets = self._taken, self._made, self._line_octets
        left, lines, code = self._left, self._lines, 0
        try:
            while True:
                while left > 0:
                    code = data[at]
                    at += taken[code]
                    left -= made[code]
                left = _ended(left, code)
                if lines <= 0:
                    break
                lines -= data[at] + 1
                at += 1
                left = line_octets
        except IndexError:  # all there is has been passed
            pass
        self._left, self._lines = left, lines
        return at

    def _look(self, data: bytes, at: int) -> int:
        """The same, but look at each run; stop where a colour is found."""
        taken, made, line_octets, seen = self._taken, self._made, self._line_octets, self._seen
        left, lines, end, code = self._left, self._lines, len(data), 0
        while at < end or left > 0 or lines > 0:
            if left <= 0:
                left = _ended(left, code)
                if lines <= 0 or at >= end:
                    break
                lines -= data[at] + 1
                at += 1
                left = line_octets
                continue
            if at >= end or (stop := at + taken[code := data[at]]) > end:
                break
            pixels = data[at + 1 : stop]
            if pixels not in seen and not self._found_grey(pixels):
                break
            at = stop
            left -= made[code]
        self._left, self._lines = _ended(left, code), lines
        return at

    def _found_grey(self, pixels: bytes) -> bool:
        if self._is_grey is not None and not self._is_grey(pixels):
            self.color, self._looks = True, False
            return False
        if len(pixels) <= self._pixel_octets and len(self._seen) < _MAX_SEEN:
            self._seen.add(pixels)
        return True


def _ended(left: int, code: int) -> int:
    """Judge a line when it has all its octets, or too many."""
    if left < 0 and code != _LITERAL:
        raise BadLineError
    return max(left, 0)


class PlainLines:
    """The same for lines that are not packed: so many octets, of whole pixels."""

    def __init__(self, octets: int, pixel_octets: int, is_grey: IsGrey | None) -> None:
        self.color: bool | None = None if is_grey is None else False
        self._is_grey = is_grey
        self._looks = is_grey is not None and is_grey is not always_grey
        self._left, self._pixel_octets = octets, pixel_octets

    @property
    def done(self) -> bool:
        return self._left <= 0

    def read(self, data: bytes, at: int) -> int:
        """Pass what is there; return the place reached, which may lie beyond the end."""
        if not self._looks or self._is_grey is None:
            at, self._left = at + self._left, 0
            return at
        take = min(len(data) - at, self._left)
        if take < self._left:
            take -= take % self._pixel_octets
        if not self._is_grey(data[at : at + take]):
            self.color, self._looks = True, False
        self._left -= take
        return at + take
