"""Counting the pages of a document as they are found, whatever language they are written in.

Where pages ask for different numbers of copies, each is counted as often as it is printed and `copies` is 1: the
number of impressions stays true, which is what quotas and prices speak of.
"""

from dataclasses import dataclass, field

from ippgate.document.media import MediaTally
from ippgate.model.facts import DocumentFacts

Size = tuple[int, int]
"""Width and height of a medium in hundredths of a millimetre."""

HUNDREDTHS_PER_INCH = 2540

MAX_COPIES = 1_000_000
"""A document that asks for more copies of a page than any device counts is taken to ask for this many."""


@dataclass(slots=True)
class _Count:
    plain: int = 0  # before copies
    printed: int = 0  # with copies

    def add(self, copies: int, pages: int = 1) -> None:
        self.plain += pages
        self.printed += pages * copies


@dataclass(slots=True)
class PageTally:
    """Pages that were found so far. Bounded: numbers, and the sizes of MediaTally."""

    sides: str | None = None  # what the first page that says so asks for
    _pages: _Count = field(default_factory=_Count)
    _color: _Count | None = field(default_factory=_Count)
    _media: MediaTally = field(default_factory=MediaTally)
    _printed_media: MediaTally = field(default_factory=MediaTally)
    _copies: set[int | None] = field(default_factory=set)  # never more than two: then they differ

    @property
    def pages(self) -> int:
        """Pages so far, before copies."""
        return self._pages.plain

    def add(
        self, *, color: bool | None, size: Size | None, copies: int | None = None, sides: str | None = None
    ) -> None:
        """Count one page; None for what is not known of it (color, size) or not asked for by it (copies, sides)."""
        many = 1 if copies is None else min(max(copies, 1), MAX_COPIES)
        self._pages.add(many)
        self.sides = self.sides or sides
        if len(self._copies) < 2:
            self._copies.add(None if copies is None else many)
        if color is None:
            self._color = None
        elif color and self._color is not None:
            self._color.add(many)
        if size is not None:
            self._media.add(*size, per_inch=HUNDREDTHS_PER_INCH)
            self._printed_media.add(*size, per_inch=HUNDREDTHS_PER_INCH, pages=many)

    def facts(self, document_format: str, *, producer: str = "") -> DocumentFacts:
        """Return what was counted, for a document that was read to its end."""
        mixed = len(self._copies) > 1
        return DocumentFacts(
            document_format=document_format,
            pages=_told(self._pages, mixed=mixed),
            color_pages=None if self._color is None else _told(self._color, mixed=mixed),
            copies=1 if mixed else next(iter(self._copies), None),
            sides=self.sides,
            media=(self._printed_media if mixed else self._media).media(),
            producer=producer,
        )


def _told(count: _Count, *, mixed: bool) -> int:
    return count.printed if mixed else count.plain
