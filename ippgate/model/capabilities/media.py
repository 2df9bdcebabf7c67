"""Paper: sizes by self-describing name (PWG 5101.1) and by dimensions, and the collection media-col (PWG 5100.7)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.builder import collection as collected
from ippgate.ipp.registry import OrientationRequested
from ippgate.ipp.registry import attributes as A

TOLERANCE: Final = 50
"""Hundredths of a millimetre by which a size may differ and still be meant: clients reckon in points and inches."""

_SIZE_NAME = re.compile(r"[a-z0-9-]+_[a-z0-9.-]+_([0-9.]+)x([0-9.]+)(mm|in)")
_UNIT: Final = {"mm": 100, "in": 2540}  # hundredths of a millimetre


@dataclass(frozen=True, slots=True)
class MediaSize:
    """A size of paper; dimensions in hundredths of a millimetre."""

    name: str
    x: int
    y: int

    @classmethod
    def of(cls, name: str) -> Self:
        """The size that a name such as iso_a4_210x297mm describes; raises ValueError for any other name."""
        found = _SIZE_NAME.fullmatch(name)
        if found is None:
            raise ValueError(f"{name!r} is no self-describing media size name")
        x, y, unit = found.groups()
        return cls(name, round(float(x) * _UNIT[unit]), round(float(y) * _UNIT[unit]))

    def collection(self) -> dict[str, int]:
        """The members of media-size."""
        return {A.X_DIMENSION: self.x, A.Y_DIMENSION: self.y}


@dataclass(frozen=True, slots=True)
class Margins:
    """What each side's margin may be, in hundredths of a millimetre; the usual one is the first."""

    bottom: tuple[int, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    top: tuple[int, ...]

    @classmethod
    def even(cls, *margins: int) -> Self:
        """The same on all four sides."""
        return cls(margins, margins, margins, margins)

    def members(self) -> dict[str, tuple[int, ...]]:
        """By the members of media-col that hold them."""
        return dict(zip(MARGINS, (self.bottom, self.left, self.right, self.top), strict=True))


@dataclass(frozen=True, slots=True)
class MediaCol:
    """What media-col may hold. The sizes are also what `media` may name. What is usual is the first of its kind."""

    sizes: tuple[MediaSize, ...]
    ready: tuple[MediaSize, ...]
    types: tuple[str, ...]
    sources: tuple[str, ...]
    margins: Margins

    def accepted(self, value: Value) -> Value | None:
        """The collection without what is not possible; None when nothing of it is left."""
        kept = tuple(each for each in value.members if self._possible(each) and each.name != A.MEDIA_SOURCE_PROPERTIES)
        return Value(Tag.BEG_COLLECTION, kept) if kept else None

    def refused(self, value: Value) -> Value | None:
        if value.tag != Tag.BEG_COLLECTION or not value.members:
            return value
        bad = tuple(member for member in value.members if not self._possible(member))
        return Value(Tag.BEG_COLLECTION, bad) if bad else None

    def advertised(self, name: str) -> list[Attribute]:
        """media-col-supported and what belongs to it, all but the database: that is told only when named."""
        return [
            attribute(f"{name}-supported", *_MEMBERS),
            attribute(f"{name}-ready", *self._entries(self.ready)),
            attribute(A.MEDIA_READY, *(size.name for size in self.ready)),
            attribute(A.MEDIA_SIZE_SUPPORTED, *(size.collection() for size in self.sizes)),
            attribute(A.MEDIA_TYPE_SUPPORTED, *self.types),
            attribute(A.MEDIA_SOURCE_SUPPORTED, *self.sources),
            *(attribute(f"{member}-supported", *margins) for member, margins in self.margins.members().items()),
        ]

    def database(self) -> Attribute:
        """media-col-database: every size there is."""
        return attribute(A.MEDIA_COL_DATABASE, *self._entries(self.sizes))

    def collection(self, size: MediaSize) -> Value:
        """A media-col that names everything about one size."""
        return collected(
            {
                A.MEDIA_SIZE: size.collection(),
                A.MEDIA_SIZE_NAME: size.name,
                **{member: margins[0] for member, margins in self.margins.members().items()},
                A.MEDIA_SOURCE: self.sources[0],
                A.MEDIA_TYPE: self.types[0],
            },
            A.MEDIA_COL,
        )

    def _entries(self, sizes: Iterable[MediaSize]) -> list[Value]:
        """With the way in which sheets lie: a fact of the source, which nobody can ask for (PWG 5100.13)."""
        return [Value(Tag.BEG_COLLECTION, (*self.collection(size).members, _LIES)) for size in sizes]

    def _possible(self, member: Attribute) -> bool:
        if len(member.values) != 1:
            return False
        match member.name:
            case A.MEDIA_SIZE:
                return self._has_size(member.first)
            case A.MEDIA_SIZE_NAME:
                return member.text() in {size.name for size in self.sizes}
            case A.MEDIA_TYPE:
                return member.text() in self.types
            case A.MEDIA_SOURCE:
                return member.text() in self.sources
            case A.MEDIA_SOURCE_PROPERTIES:
                return True  # clients that copy an entry of the database ask for nothing by it
        return member.integer() in self.margins.members().get(member.name, ())

    def _has_size(self, value: Value) -> bool:
        sides = [value.member(name) for name in (A.X_DIMENSION, A.Y_DIMENSION)]
        x, y = (side.integer() if side else None for side in sides)
        if x is None or y is None:
            return False
        return any(abs(size.x - x) <= TOLERANCE and abs(size.y - y) <= TOLERANCE for size in self.sizes)


MARGINS: Final = (A.MEDIA_BOTTOM_MARGIN, A.MEDIA_LEFT_MARGIN, A.MEDIA_RIGHT_MARGIN, A.MEDIA_TOP_MARGIN)

_MEMBERS: Final = (*MARGINS, A.MEDIA_SIZE, A.MEDIA_SIZE_NAME, A.MEDIA_SOURCE, A.MEDIA_TYPE)

_LIES: Final = Attribute(
    A.MEDIA_SOURCE_PROPERTIES,
    (
        collected(
            {
                A.MEDIA_SOURCE_FEED_DIRECTION: "short-edge-first",  # what every office device can do
                A.MEDIA_SOURCE_FEED_ORIENTATION: OrientationRequested.PORTRAIT,
            },
            f"{A.MEDIA_COL_DATABASE}/{A.MEDIA_SOURCE_PROPERTIES}",
        ),
    ),
)
