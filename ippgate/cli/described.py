"""What `ippgate queue describe` is told, as Set-Printer-Attributes has it: the same law judges both."""

from collections.abc import Iterator, Sequence
from typing import Final

from ippgate.cli.sentence import FailedError
from ippgate.ipp import DELETE_ATTRIBUTE, Attribute, IppError, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import Between, Capabilities, Choice
from ippgate.model.capabilities.chosen import END, choosable
from ippgate.model.capabilities.offer import Offer
from ippgate.model.capabilities.words import rule_in_words, value_in_words

TEXTS: Final = {
    "geo": A.PRINTER_GEO_LOCATION,
    "organization": A.PRINTER_ORGANIZATION,
    "unit": A.PRINTER_ORGANIZATIONAL_UNIT,
    "message": A.PRINTER_MESSAGE_FROM_OPERATOR,
}
"""Options and the attributes that they set."""


def texts(said: dict[str, str | None]) -> list[Attribute]:
    """Those options that were given; an empty text is none."""
    given = {TEXTS[option]: text for option, text in said.items() if text is not None}
    return [Attribute(name, (_said(name, text) if text else DELETE_ATTRIBUTE,)) for name, text in given.items()]


def contact(name: str | None, uri: str | None, known: tuple[str, str]) -> list[Attribute]:
    """Whom to ask; what is not given stays as it is known."""
    if name is None and uri is None:
        return []
    wanted = {A.CONTACT_NAME: known[0] if name is None else name, A.CONTACT_URI: known[1] if uri is None else uri}
    members = tuple(Attribute(member, (_said(member, text),)) for member, text in wanted.items() if text)
    return [Attribute(A.PRINTER_CONTACT_COL, (Value(Tag.BEG_COLLECTION, members) if members else DELETE_ATTRIBUTE,))]


def defaults(said: Sequence[str], able: Capabilities) -> Iterator[Attribute]:
    """NAME=VALUE, values of a list with commas between them; NAME= chooses none. Raises FailedError."""
    offers = {offer.name: offer for offer in choosable(able)}
    for each in said:
        name, equals, value = each.partition("=")
        offer = offers.get(name.removesuffix(END))
        if offer is None or not equals:
            raise FailedError(f"{each}: write NAME=VALUE, where NAME is one of {', '.join(offers)}")
        yield _default(offer, value)


def _default(offer: Offer, said: str) -> Attribute:
    name = f"{offer.name}{END}"
    if not said:
        return Attribute(name, (DELETE_ATTRIBUTE,))
    if isinstance(offer.rule, Choice):
        known = {value_in_words(offer.name, value): value for value in offer.rule.values}
        words = said.split(",")
        if all(word in known for word in words):
            return Attribute(name, tuple(known[word] for word in words))
    elif isinstance(offer.rule, Between) and said.isascii() and said.isdigit() and len(said) < 10:
        return attribute(name, int(said))
    raise FailedError(f"{name} cannot be {said[:80]}: it is one of {rule_in_words(offer.name, offer.rule)}")


def _said(name: str, text: str) -> Value:
    """However long it is: whoever judges it says so."""
    return Value(_TAGS.get(name, Tag.TEXT), text.encode())


_TAGS: Final = {A.PRINTER_GEO_LOCATION: Tag.URI, A.CONTACT_URI: Tag.URI, A.CONTACT_NAME: Tag.NAME}


def sentence(error: IppError) -> FailedError:
    """A refusal as the command line tells it."""
    values = [f"{each.name} {value_in_words(each.name, each.first)}" for each in error.unsupported or ()]
    return FailedError(f"{error.sentence} ({'; '.join(values[:5])})" if values else error.sentence)
