"""Why a card does not log its person in: nobody has it, another has it, or its reader writes otherwise than its profile
says. Pure but for what was looked up before; no number is told, only how it looks.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ippgate.model.card import Card
from ippgate.model.card_number import MAX_READ, CardNumber, CardProfile, Notation, number_of
from ippgate.model.errors import NotPossible
from ippgate.model.finding import Finding, fail, ok, warn
from ippgate.model.text import plain

_SHOWN: Final = 4
_OCTETS: Final = (None, 4, 7, 8, 10)
_SUBJECT: Final = "card"


@dataclass(frozen=True, slots=True)
class CardCase:
    """A card as a reader has sent it, and whose it was found to be."""

    read: str
    profile: CardProfile
    card: Card | None = None  # of the number as the profile reads it
    otherwise: Sequence[tuple[CardProfile, Card]] = ()  # as other profiles read it
    person: str = ""  # whose it is thought to be
    device: str = ""  # whose reader it is

    def __repr__(self) -> str:
        return f"CardCase({masked(self.read)})"


def of_card(case: CardCase) -> Iterator[Finding]:
    """Whose card it is, or why nobody's."""
    looks = f"{masked(case.read)}, read as {case.profile}"
    if case.card is not None:
        whose = f"the card {looks}, is {case.card.person}'s (card {case.card.id})"
        if case.person and case.card.person != case.person:
            remedy = f"ippgate card remove {case.card.id}, then ippgate card add {case.person}"
            yield fail(_SUBJECT, whose, remedy)
        else:
            yield ok(_SUBJECT, whose)
        return
    for profile, card in case.otherwise:
        there = f"ippgate device logins {case.device or 'DEVICE'} --profile '{profile}'"
        yield fail(_SUBJECT, f"the card {looks}, is nobody's; read as {profile} it is {card.person}'s", there)
    if case.otherwise:
        return
    try:
        number_of(case.read, case.profile)
    except NotPossible as error:
        yield fail(_SUBJECT, f"the card {looks}, cannot be read: {error}", "ippgate device logins DEVICE --profile …")
        return
    who = case.person or "PERSON"
    remedy = f"ippgate card add {who} --profile '{case.profile}', or a code to register it: ippgate card code {who}"
    yield warn(_SUBJECT, f"nobody has the card {looks}", remedy)


def masked(read: str) -> str:
    """How a number looks: signs that are no letters or digits, and of those the last few, at most half of them."""
    line = plain(read, MAX_READ)
    places = [place for place, sign in enumerate(line) if sign.isalnum()]
    shown = set(places[len(places) - min(_SHOWN, len(places) // 2) :]) if places else set()
    return "".join("•" if place in places and place not in shown else sign for place, sign in enumerate(line))


def readings(read: str, but: CardProfile) -> list[tuple[CardProfile, CardNumber]]:
    """Each number that the same signs may be to another reader, with a profile of that one; none twice."""
    found: dict[str, tuple[CardProfile, CardNumber]] = {}
    for profile in _profiles(read.strip("\r\n\t ")):
        try:
            number = number_of(read, profile)
        except NotPossible:
            continue
        found.setdefault(number.whole, (profile, number))
    with contextlib.suppress(NotPossible):
        found.pop(number_of(read, but).whole, None)
    return list(found.values())


def _profiles(read: str) -> Iterable[CardProfile]:
    """Those that fit the signs around a number, the plainest first."""
    inner = [place for place, sign in enumerate(read) if sign.isalnum()]
    if not inner:
        return
    around = CardProfile(prefix=read[: inner[0]], suffix=read[inner[-1] + 1 :])
    for notation in (Notation.HEX, Notation.DECIMAL):
        yield replace(around, notation=notation)
    for octets in _OCTETS:
        yield replace(around, reversed=True, octets=octets)
        if octets is not None:
            yield replace(around, notation=Notation.DECIMAL, reversed=True, octets=octets)
    yield replace(around, notation=Notation.TEXT)
