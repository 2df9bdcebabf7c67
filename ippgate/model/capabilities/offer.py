"""A job template attribute that may be asked for, and all of them together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ippgate.ipp import Attribute, Value
from ippgate.model.capabilities.media import MediaCol
from ippgate.model.capabilities.rule import Rule


@dataclass(frozen=True, slots=True)
class Offer:
    """A Job Template attribute, what it may be, and what happens when nobody asks."""

    name: str
    rule: Rule
    default: tuple[Value, ...] = ()  # empty: there is no xxx-default

    def attributes(self) -> Iterator[Attribute]:
        """xxx-default and xxx-supported."""
        if self.default:
            yield Attribute(f"{self.name}-default", self.default)
        yield from self.rule.advertised(self.name)


@dataclass(frozen=True, eq=False)
class Capabilities:
    """What can be asked for."""

    formats: tuple[str, ...]  # document-format-supported, as they are written
    default_format: str
    preferred_format: str
    compressions: tuple[str, ...]
    offers: tuple[Offer, ...]
    media: MediaCol
    description: tuple[Attribute, ...] = field(default=())  # further facts about formats and paper, told as they are
    laid_out: frozenset[str] = (
        frozenset()
    )  # attributes that documents answer: clients are told them, no device is asked
    chosen: tuple[Attribute, ...] = ()  # defaults that operators have chosen: for tickets that do not say

    @cached_property
    def _by_name(self) -> dict[str, Offer]:
        return {offer.name: offer for offer in self.offers}

    @cached_property
    def _known_formats(self) -> dict[str, str]:
        return {document_format.lower(): document_format for document_format in self.formats}

    def offer(self, name: str) -> Offer | None:
        """The offer for a job template attribute; None: it cannot be asked for."""
        return self._by_name.get(name)

    def format_of(self, asked: str) -> str | None:
        """The format as it is written here; parameters and case do not count (RFC 2045). None: not possible."""
        return self._known_formats.get(asked.partition(";")[0].strip().lower())

    def fact(self, name: str) -> Attribute | None:
        """One of the further facts."""
        return next((fact for fact in self.description if fact.name == name), None)

    def attributes(self) -> list[Attribute]:
        """Everything a printer tells about what it can do, media-col-database left out."""
        return [attribute for offer in self.offers for attribute in offer.attributes()] + list(self.description)

    def template_names(self) -> list[str]:
        """The job template attributes that may be asked for."""
        return [offer.name for offer in self.offers]


def with_own(able: Capabilities, own: Iterable[Offer]) -> Capabilities:
    """The same with some offers in place of those of their names; the same object, where those are equal."""
    instead = {offer.name: offer for offer in own}
    offers = tuple(instead.get(offer.name, offer) for offer in able.offers)
    return able if offers == able.offers else replace(able, offers=offers)
