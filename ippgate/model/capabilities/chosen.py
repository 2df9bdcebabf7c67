"""Defaults that operators choose for a queue: told as xxx-default, and put into every ticket that does not say; before
them comes what whoever prints prefers, which is told to nobody.

What cannot be asked for (any more) is passed over, so that devices may come and go. A default that nobody has chosen is
not put into tickets: it is what devices do by themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ippgate.ipp import Attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import syntax_of
from ippgate.model.capabilities import finishing
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.rule import Between, Choice
from ippgate.model.until import DELAYS, HOLDS, RETENTIONS

END: Final = "-default"

FIXED: Final = frozenset({*HOLDS, *DELAYS, *RETENTIONS, A.MEDIA_COL, A.FINISHINGS_COL})
"""Not to be chosen: whether a queue holds is its mode's affair, and the default of a collection follows that of what
says less: of media, of finishings.
"""

SAYS_THE_SAME: Final = {A.MEDIA: A.MEDIA_COL, A.FINISHINGS: A.FINISHINGS_COL}
"""A ticket that has the second has said the first."""


def choosable(able: Capabilities) -> Iterator[Offer]:
    """The attributes whose defaults operators may choose."""
    return (offer for offer in able.offers if _is_choosable(offer))


def _is_choosable(offer: Offer) -> bool:
    """Values of a list, and numbers."""
    return bool(offer.default) and isinstance(offer.rule, Choice | Between) and offer.name not in FIXED


def is_possible(able: Capabilities, chosen: Attribute) -> bool:
    """Whether this may be the default of its attribute: every value of it."""
    offer = able.offer(chosen.name)
    if offer is None or not _is_choosable(offer):
        return False
    syntax = syntax_of(offer.name)
    alone = syntax is None or not syntax.many
    return not (alone and len(chosen.values) > 1) and all(
        offer.rule.accepted(value) == value for value in chosen.values
    )


def with_defaults(able: Capabilities, chosen: Iterable[Attribute]) -> Capabilities:
    """The same capabilities with these defaults, as far as they are possible."""
    possible = tuple(default for default in chosen if is_possible(able, default))
    if not possible:
        return able
    by_name = {default.name: default.values for default in possible}
    if A.MEDIA in by_name:
        size = next(size for size in able.media.sizes if size.name == by_name[A.MEDIA][0].text)
        by_name[A.MEDIA_COL] = (able.media.collection(size),)
    if A.FINISHINGS in by_name and (
        templates := finishing.words(Attribute(A.FINISHINGS, by_name[A.FINISHINGS]).integers())
    ):
        by_name[A.FINISHINGS_COL] = (finishing.collected(templates[0]),)
    offers = (replace(offer, default=by_name.get(offer.name, offer.default)) for offer in able.offers)
    return replace(able, offers=tuple(offers), chosen=possible)


def filled(ticket: Sequence[Attribute], able: Capabilities, preferred: Sequence[Attribute] = ()) -> Sequence[Attribute]:
    """The ticket with what is preferred for what it does not say, as far as that is possible, and else what operators
    have chosen. preferred: by whoever prints.
    """
    if preferred:
        ticket = _filled(ticket, [each for each in preferred if is_possible(able, each)])
    return _filled(ticket, able.chosen) if able.chosen else ticket


def _filled(ticket: Sequence[Attribute], defaults: Sequence[Attribute]) -> Sequence[Attribute]:
    said = {attribute.name for attribute in ticket}
    silent = (default for default in defaults if default.name not in said)
    return [*ticket, *(default for default in silent if SAYS_THE_SAME.get(default.name) not in said)]
