"""The facts of a job of several parts, added up, with what the PJL lines between them ask for."""

from dataclasses import dataclass, field, replace

from ippgate.document.media import MediaTally
from ippgate.document.pjl_settings import PjlSettings
from ippgate.document.tally import HUNDREDTHS_PER_INCH
from ippgate.model.facts import DocumentFacts

MIXED = "application/octet-stream"
"""The format of a job in several languages: the device finds out by itself (RFC 8011, 5.1.10)."""


@dataclass(slots=True)
class _Sum:
    """Pages before copies and with them."""

    plain: int | None = 0
    printed: int | None = 0

    def add(self, pages: int | None, copies: int) -> None:
        if pages is None or self.plain is None or self.printed is None:
            self.plain = self.printed = None
        else:
            self.plain += pages
            self.printed += pages * copies


@dataclass(slots=True)
class JobSum:
    """The sum of the parts. Where they ask for different copies, pages are counted as often as they are printed."""

    _parts: int = 0
    _formats: set[str | None] = field(default_factory=set)  # of parts with pages; two at most: then it is MIXED
    _pages: _Sum = field(default_factory=_Sum)
    _color_pages: _Sum = field(default_factory=_Sum)
    _copies: set[int | None] = field(default_factory=set)  # two at most: then they differ
    _media: MediaTally = field(default_factory=MediaTally)
    _printed_media: MediaTally = field(default_factory=MediaTally)
    _first: DocumentFacts = field(default_factory=DocumentFacts)

    def add(self, facts: DocumentFacts, settings: PjlSettings) -> None:
        """Add one part, and what PJL asked for before it."""
        self._parts += 1
        copies = settings.copies(facts.copies)
        if facts.pages != 0:
            if len(self._formats) < 2:
                self._formats.add(facts.document_format)
            if len(self._copies) < 2:
                self._copies.add(copies)
        self._pages.add(facts.pages, copies or 1)
        self._color_pages.add(settings.of_device(facts), copies or 1)
        self._add_media(facts, copies or 1, settings)
        first = self._first
        self._first = replace(
            first,
            document_format=first.document_format or facts.document_format,
            sides=first.sides or facts.sides or settings.sides,
            finishings=first.finishings or facts.finishings or settings.finishings,
            producer=first.producer or facts.producer,
            title=first.title or facts.title,
            encrypted=first.encrypted or facts.encrypted,
            unknown=first.unknown or (self._reason(facts) if facts.pages is None else ""),
        )

    def _add_media(self, facts: DocumentFacts, copies: int, settings: PjlSettings) -> None:
        uses = [(use.x, use.y, use.pages) for use in facts.media]
        if not uses and settings.paper and facts.pages:
            uses = [(*settings.paper, facts.pages)]
        for x, y, pages in uses:
            self._media.add(x, y, per_inch=HUNDREDTHS_PER_INCH, pages=pages)
            self._printed_media.add(x, y, per_inch=HUNDREDTHS_PER_INCH, pages=pages * copies)

    def _reason(self, facts: DocumentFacts) -> str:
        return facts.unknown if self._parts == 1 else f"part {self._parts} of the job: {facts.unknown}"

    def facts(self, title: str) -> DocumentFacts:
        """The facts of the whole job."""
        mixed = len(self._copies) > 1
        known = self._pages.plain is not None
        formats = self._formats
        return replace(
            self._first,
            document_format=MIXED if len(formats) > 1 else next(iter(formats), self._first.document_format),
            pages=self._pages.printed if mixed else self._pages.plain,
            color_pages=(self._color_pages.printed if mixed else self._color_pages.plain) if known else None,
            copies=1 if mixed and known else next(iter(self._copies), None) if not mixed else None,
            media=(self._printed_media if mixed else self._media).media() if known else (),
            title=title or self._first.title,
        )
