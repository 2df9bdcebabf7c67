"""Pages counted by their size."""

from ippgate.model.facts import MediaUse

POINTS_PER_INCH = 72.0
MAX_SIZES = 64
"""Sizes told apart in one document; pages of further ones are counted in no size."""
LONGEST = 10_000_000
"""Hundredths of a millimetre, 100 m: a page that says it is longer is counted in no size."""
SAME = 50
"""Hundredths of a millimetre by which two pages may differ and be of one size: producers round to points."""

_INCH = 2540.0


class MediaTally:
    """Counts pages of each size in the order in which sizes first appear. Bounded by MAX_SIZES."""

    def __init__(self) -> None:
        self._pages: dict[tuple[int, int], int] = {}

    def add(self, x: float, y: float, *, per_inch: float = POINTS_PER_INCH, pages: int = 1) -> None:
        """Count pages of a size in units of which `per_inch` make an inch; a size that can't be is not counted."""
        if not per_inch > 0 or not 0 < (width := x / per_inch * _INCH) < LONGEST:
            return
        if not 0 < (height := y / per_inch * _INCH) < LONGEST:
            return
        size = self._size(max(1, round(width)), max(1, round(height)))
        if size is not None:
            self._pages[size] = self._pages.get(size, 0) + pages

    def media(self) -> tuple[MediaUse, ...]:
        """What was counted."""
        return tuple(MediaUse(x, y, pages) for (x, y), pages in self._pages.items())

    def _size(self, x: int, y: int) -> tuple[int, int] | None:
        if (x, y) in self._pages:
            return x, y
        near = (size for size in self._pages if abs(size[0] - x) <= SAME and abs(size[1] - y) <= SAME)
        new = (x, y) if len(self._pages) < MAX_SIZES else None
        return next(near, new)
