"""What a document is found to be, whatever its client says of it: the facts that rules, quotas and prices speak of."""

from dataclasses import dataclass, field


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
