"""Where on the page PCL 5 is: text that runs over the end of the text area breaks the page without any form feed.

HP, PCL 5 Technical Reference, chapters 5 and 6. Vertical places are in 1/7200 inch from the top of the logical page.
"""

from dataclasses import dataclass

from ippgate.document.media_codes import LETTER
from ippgate.document.tally import HUNDREDTHS_PER_INCH, Size

PER_INCH = 7200
MAX_CURSORS = 20
"""Cursor positions pushed (ESC & f # S), as devices keep."""

_HALF_INCH = PER_INCH // 2


@dataclass(slots=True)
class Layout:
    """One page's geometry and the cursor's vertical place on it."""

    size: Size | None = None  # as the document says; None: the device's own
    landscape: bool = False
    line: int = PER_INCH // 6  # VMI, vertical motion index
    top: int = _HALF_INCH
    length: int = 0  # of the text area; 0: to half an inch above the end of the page
    skips: bool = True  # perforation skip: text keeps out of the margins at top and bottom
    y: int = 0
    unit: int = PER_INCH // 300
    _cursors: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.home()

    @property
    def height(self) -> int:
        """That of the paper; Letter, the shortest that is anywhere the default, where none is told."""
        x, y = self.size or LETTER
        return round((x if self.landscape else y) * PER_INCH / HUNDREDTHS_PER_INCH)

    @property
    def width(self) -> int:
        """What a row of raster may reach."""
        x, y = self.size or LETTER
        return round((y if self.landscape else x) * PER_INCH / HUNDREDTHS_PER_INCH)

    @property
    def at_home(self) -> bool:
        """Whether the cursor is on the first line."""
        return self.y == self.top + self._first_line

    @property
    def _end(self) -> int:
        if not self.skips:
            return self.height
        return self.top + (self.length or max(0, self.height - self.top - _HALF_INCH))

    @property
    def _restart(self) -> int:
        """Where text goes on behind the end of a page."""
        return self.top + self._first_line if self.skips else self._first_line

    @property
    def _first_line(self) -> int:
        return self.line * 3 // 4

    def home(self) -> None:
        """To the first line."""
        self.y = self.top + self._first_line

    def reset_margins(self) -> None:
        """A new size or orientation."""
        self.top, self.length = _HALF_INCH, 0
        self.home()

    def line_feeds(self, count: int) -> int:
        """Move so many lines down; return how many pages end on the way."""
        return self._advance(count, self.line, self._end, self._restart)

    def half_line_feed(self) -> int:
        """ESC =; return how many pages end on the way."""
        return self._advance(1, self.line // 2, self._end, self._restart)

    def rows(self, count: float, *, relative: bool) -> int:
        """ESC & a # R; return how many pages end on the way. Moves beyond the next page end there."""
        if not relative or count < 0:
            base = self.y if relative else self.top + self._first_line
            self.y = self._within(base + int(count * self.line))
            return 0
        fits = self.height // max(self.line, 1)
        return self._advance(min(int(count), 2 * fits), self.line, self.height, self._first_line)

    def _advance(self, count: int, step: int, end: int, first: int) -> int:
        if step <= 0 or count <= 0:
            return 0
        fitting = max(0, (end - self.y) // step)
        if count <= fitting:
            self.y += count * step
            return 0
        left = count - fitting - 1
        on_each = max(0, (end - first) // step) + 1
        self.y = first + left % on_each * step
        return 1 + left // on_each

    def move(self, distance: float, *, relative: bool) -> None:
        """A vertical move, which ends at the edge of the page."""
        self.y = self._within((self.y if relative else self.top) + int(distance))

    def _within(self, y: int) -> int:
        return min(max(y, 0), self.height)

    def set_top(self, lines: int) -> None:
        """ESC & l # E."""
        if self.line > 0 and lines * self.line <= self.height:
            self.top, self.length = lines * self.line, 0

    def set_length(self, lines: int) -> None:
        """ESC & l # F."""
        if self.top + lines * self.line <= self.height:
            self.length = lines * self.line

    def push(self) -> None:
        """ESC & f 0 S."""
        if len(self._cursors) < MAX_CURSORS:
            self._cursors += (self.y,)

    def pop(self) -> None:
        """ESC & f 1 S."""
        if self._cursors:
            *rest, self.y = self._cursors
            self._cursors = tuple(rest)
