"""What a document is found to be, whatever its client says of it: the facts that rules, quotas and prices speak of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True)
class MediaUse:
    """So many pages of one size, in the order in which the sizes first appear. Hundredths of a millimetre."""

    x: int
    y: int
    pages: int


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What was found. A page is one impression before copies and before several pages share a side; None: not known.

    What is not known has its reason in `unknown`: a sentence without a full stop, "" when pages are known.
    """

    document_format: str | None = None  # MIME media type by its own octets; None: not recognised
    pages: int | None = None  # of one copy
    color_pages: int | None = None  # those of `pages` that put down anything but black, grey and white
    copies: int | None = None  # that the document itself asks for (PCL, PostScript, PJL …)
    sides: str | None = None  # keyword of `sides` that the document itself asks for
    media: tuple[MediaUse, ...] = field(default=())
    finishings: tuple[int, ...] = field(default=())  # enums of `finishings` that the document itself asks for
    producer: str = ""  # the program that made it, as it says: hostile text, made plain
    title: str = ""  # as the document itself says: hostile text, made plain
    encrypted: bool = False  # it needs a password to be opened
    unknown: str = ""

    @property
    def undrawn(self) -> bool:
        """Whether its pages are known and their colours are not: drawing them may tell."""
        return self.pages is not None and self.color_pages is None

    @property
    def color(self) -> bool | None:
        """Whether any page is in colour; None: not known."""
        return None if self.color_pages is None else self.color_pages > 0


def together(found: Sequence[DocumentFacts | None]) -> DocumentFacts | None:
    """What several documents are, taken as one: sums, where all are known; what they do not agree about is not known.

    None: one of them nobody has looked at, or there is none.
    """
    if len(found) == 1:
        return found[0]
    known = [facts for facts in found if facts is not None]
    if not known or len(known) < len(found):
        return None
    whys = (f"document {place}: {facts.unknown}" for place, facts in enumerate(known, 1) if facts.unknown)
    return DocumentFacts(
        _same(facts.document_format for facts in known),
        _sum(facts.pages for facts in known),
        _sum(facts.color_pages for facts in known),
        _same(facts.copies for facts in known),
        _same(facts.sides for facts in known),
        _used(use for facts in known for use in facts.media),
        tuple(dict.fromkeys(finishing for facts in known for finishing in facts.finishings)),
        _same(facts.producer for facts in known) or "",
        _same(facts.title for facts in known) or "",
        any(facts.encrypted for facts in known),
        next(whys, ""),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _same(values: Iterable[_Fact]) -> _Fact | None:
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _used(uses: Iterable[MediaUse]) -> tuple[MediaUse, ...]:
    pages: dict[tuple[int, int], int] = {}
    for use in uses:
        pages[use.x, use.y] = pages.get((use.x, use.y), 0) + use.pages
    return tuple(MediaUse(x, y, count) for (x, y), count in pages.items())
