"""People log in: at a device by card, PIN, both or password, as it is set for that device; elsewhere by password.

Every way is slowed where it is guessed at, by source and by what is guessed at: a name, or a device where no name is
said. Right, wrong and unknown take the same time (SECURITY S21, S22); only a card that nobody has is told apart, for
whoever holds it may register it.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from ippgate.identity.cards import Cards
from ippgate.identity.operators import IdentitySettings, Operators
from ippgate.identity.owners import OwnerBook
from ippgate.identity.password import PasswordKeeper
from ippgate.identity.patience import Patience
from ippgate.identity.people_book import PeopleBook
from ippgate.identity.pins import Pins
from ippgate.identity.prover import Prover
from ippgate.identity.runs import Runs
from ippgate.identity.sessions import Sessions
from ippgate.identity.source import neighbourhood
from ippgate.model.card import KeyedCard
from ippgate.model.card_number import CardNumber, number_of, profile_of
from ippgate.model.device import Device
from ippgate.model.errors import Busy, Forbidden, NotAuthenticated, NotPossible
from ippgate.model.session import LoginBy, Session, SessionKind
from ippgate.model.text import plain
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.people import PersonStore

_SHOWN = 63  # characters of a name that a stranger gave, in the log
_TURNS = 64  # sources that are looked at side by side
_MOST = 10_000  # sources in mind; the oldest goes first
_WAYS = {
    LoginBy.CARD: "a card",
    LoginBy.PIN: "a PIN",
    LoginBy.CARD_AND_PIN: "a card and a PIN",
    LoginBy.PASSWORD: "a name and a password",
}


class UnknownCard(NotAuthenticated):
    """Nobody has that card: whoever holds it may register it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody gives to log in. What is empty they have not given."""

    card: str = field(default="", repr=False)  # as the device's reader writes it
    pin: str = field(default="", repr=False)
    name: str = ""
    password: str = field(default="", repr=False)

    @property
    def by(self) -> LoginBy | None:
        """Which way this is; None: none."""
        given = (bool(self.card), bool(self.pin), bool(self.name and self.password))
        return {
            (True, False, False): LoginBy.CARD,
            (False, True, False): LoginBy.PIN,
            (True, True, False): LoginBy.CARD_AND_PIN,
            (False, False, True): LoginBy.PASSWORD,
        }.get(given)


class Login(NamedTuple):
    """Somebody has logged in."""

    session: Session
    token: str  # told this once

    def __repr__(self) -> str:
        return f"Login({self.session!r})"


class Logins:
    """The service of logins; `forget` may be called from anywhere in the loop."""

    def __init__(
        self,
        store: PersonStore,
        cards: Cards,
        pins: Pins,
        sessions: Sessions,
        book: PeopleBook,
        owners: OwnerBook,
        operators: Operators,
        keeper: PasswordKeeper,
        settings: IdentitySettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        settings = settings or IdentitySettings()
        self._store, self._cards, self._pins, self._sessions = store, cards, pins, sessions
        self._book, self._owners, self._operators, self._clock = book, owners, operators, clock
        self._prover = Prover(store.password, keeper, settings.patience, settings.proof, clock)
        self._patience = Patience(settings.patience)
        self._runs = Runs()
        self._turns = [asyncio.Lock() for _ in range(_TURNS)]
        self._last: OrderedDict[str, str] = OrderedDict()  # who logged in last, by source

    # ── at a device ──

    async def at_device(self, device: Device, claim: Claim, source: str, *, station: int | None = None) -> Login:
        """Log in at a device. source: the client's address; station: id of what stands there and asks.

        Raises Forbidden for a way that is not for this device, and for somebody who is shut out; UnknownCard,
        NotAuthenticated, NotPossible for a card that was read badly, Busy and Unavailable.
        """
        by = claim.by
        if by is None or by not in device.logins:
            raise _another_way(device)
        number = number_of(claim.card, profile_of(device.card_profile)) if claim.card else None
        if by is LoginBy.PASSWORD:
            person = await self._by_password(claim.name, claim.password, source)
        else:
            person = await self._by_number(device, number, claim.pin, source)
        return await self.proven(person, device, station=station)

    async def tapped(self, device: Device, number: CardNumber, source: str) -> str | None:
        """Whose card somebody has tapped there; None: the device asks for a PIN as well, so nobody is known yet. No
        session is opened. Raises as `at_device` does.
        """
        if LoginBy.CARD in device.logins:
            person = await self._by_number(device, number, "", source)
            self._book.check_active(person)
            return person
        if LoginBy.CARD_AND_PIN in device.logins:
            return None
        raise _another_way(device)

    async def with_pin(
        self, device: Device, card: KeyedCard, pin: str, source: str, *, station: int | None = None
    ) -> Login:
        """Log in with a card that was tapped there and the PIN that was asked for. Raises as `at_device` does."""
        if not pin or LoginBy.CARD_AND_PIN not in device.logins:
            raise _another_way(device)
        return await self.proven(await self._by_number(device, card, pin, source), device, station=station)

    async def person(self, name: str, password: str, source: str) -> str:
        """Who that is, by their password. Raises as `at_device` does."""
        person = await self._by_password(name, password, source)
        self._book.check_active(person)
        return person

    async def proven(self, person: str, device: Device, *, station: int | None = None) -> Login:
        """A session at a device for somebody who has proven who they are. Raises Forbidden for who is shut out."""
        self._book.check_active(person)
        return Login(*await self._sessions.open(person, SessionKind.PANEL, device=device.id, station=station))

    async def elsewhere(self, name: str, password: str, source: str, kind: SessionKind) -> Login:
        """Log in by password where no device is. Raises as `at_device` does."""
        person = await self.person(name, password, source)
        return Login(*await self._sessions.open(person, kind))

    def slowed(self, person: str, device: Device | None = None) -> float:
        """Seconds for which logins of somebody, or at a device, wait because too many have failed, as far as this
        worker knows: each counts by itself. Sources that are slowed are not among it.
        """
        at_device = 0.0 if device is None else self._patience.slowed(_place(device), self._clock())
        return max(self._prover.slowed(person), at_device)

    # ── by name and password, with every request ──

    async def claims(self, name: str) -> str | None:
        """The person whose password goes with this name; None: it is an operator's or nobody's."""
        person = self._known(name)
        return person if self._book.has_password(person) and not await self._operators.knows(name) else None

    async def proves(self, person: str, password: str, source: str) -> bool:
        """Whether this is the person's password. Raises Busy and Unavailable."""
        if await self._prover.proves(person, password, source):
            return True
        note(Noted.LOGIN_REFUSED, user=plain(person, _SHOWN), client=source, by="password")
        return False

    def forget(self, _payload: str = "") -> None:
        """Somebody has changed: what was proven is to be proven again."""
        self._prover.forget()

    # ── within ──

    async def _by_password(self, name: str, password: str, source: str) -> str:
        person = self._known(name)
        if not await self.proves(person, password, source):
            raise NotAuthenticated("that name and password are not those of anybody here")
        return person

    async def _by_number(self, device: Device, number: CardNumber | KeyedCard | None, pin: str, source: str) -> str:
        """By a card, a PIN or both, where nobody says a name: what is guessed at is the device.

        Attempts of one source come one after the other, so that a crowd at one address is not taken for somebody who
        guesses, and nobody guesses at many at once.
        """
        place, source = _place(device), neighbourhood(source)
        async with self._turns[hash(source) % _TURNS]:
            now = self._clock()
            if wait := self._patience.wait(source, place, now):
                raise Busy(f"too many attempts have failed: try again in {wait:.0f} seconds", wait)
            card = await self._cards.find(number) if number else None
            owner = await self._store.by_pin(self._pins.digest(pin)) if pin else None
            person = card.person if card is not None else owner if number is None else None
            if person is None or (pin and owner != person):
                self._patience.failed(source, place, now)
            else:
                self._good(source, place, person)
        if number is not None and card is None:
            self._refused(device, source, "unknown card")
            if isinstance(number, CardNumber) and self._runs.in_a_row(source, number):
                note(Noted.CARDS_IN_A_ROW, device=device.name, client=source)
            raise UnknownCard("nobody has that card: register it with a code, or ask an operator")
        if person is None or (pin and owner != person):
            self._refused(device, source, "wrong PIN")
            raise NotAuthenticated("that PIN is not right")
        if card is not None:
            await self._cards.seen(card)
        return person

    def _good(self, source: str, place: str, person: str) -> None:
        """A good login makes up for mistakes of others there; whoever logs in again and again does not pay so for what
        they guess at in between.
        """
        if self._last.pop(source, None) == person:
            self._patience.known(source, place)
        else:
            self._patience.proved(source, place)
        self._last[source] = person
        while len(self._last) > _MOST:
            self._last.popitem(last=False)

    def _refused(self, device: Device, source: str, reason: str) -> None:
        note(Noted.LOGIN_REFUSED, device=device.name, client=source, reason=reason)

    def _known(self, name: str) -> str:
        """The person of this name; "": it is no name."""
        try:
            return self._owners.person(name)
        except NotPossible:
            return ""


def _place(device: Device) -> str:
    """What is guessed at where nobody says a name."""
    return f"device {device.name}"


def _another_way(device: Device) -> Forbidden:
    ways = " or ".join(words for way, words in _WAYS.items() if way in device.logins)
    return Forbidden(f"{device.name} asks for {ways or 'nothing: nobody logs in there'}")
