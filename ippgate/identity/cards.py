"""Cards by which people are known at devices: registered by operators, or by whoever has a one-time code.

Of a number only a keyed hash is kept (SECURITY S20): who reads the database cannot try numbers out, and there are few.
"""

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ippgate.identity.owners import OwnerBook
from ippgate.identity.patience import Patience, PatienceSettings
from ippgate.identity.source import neighbourhood
from ippgate.identity.uri_secret import SecretKey
from ippgate.model.card import Card, KeyedCard
from ippgate.model.card_number import CardNumber
from ippgate.model.errors import Busy, NotFound, NotPossible
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.cards import CardStore, CardTaken

CODE_DIGITS: Final = 10
CODE_SECONDS: Final = 24 * 3600.0
"""Digits of a one-time code, which a pad can type, and how long it is good."""

NO_CODE: Final = "that code is not good: it may be used up, or over; ask an operator for another"
PAGE: Final = 1000
"""Cards that are listed at once."""


class Cards:
    """The service of cards."""

    def __init__(
        self,
        store: CardStore,
        key: SecretKey,
        owners: OwnerBook,
        patience: PatienceSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._key, self._owners, self._clock = store, key, owners, clock
        self._patience = Patience(patience)

    def keyed(self, number: CardNumber) -> KeyedCard:
        """As it may lie in the database until somebody has said whose it is."""
        return KeyedCard(self._digest(number), number.label)

    async def find(self, number: CardNumber | KeyedCard) -> Card | None:
        """Whose card has that number; None: nobody's. Raises Unavailable."""
        return await self._store.find(self._digest(number))

    async def seen(self, card: Card) -> None:
        """Somebody has logged in with it. Raises Unavailable."""
        await self._store.seen(card.id)

    # ── by operators ──

    async def listing(self, person: str | None = None, *, after: int = 0, limit: int = PAGE) -> list[Card]:
        """Of a person, or of everybody; in the order in which they were registered, behind an id."""
        own = None if person is None else self._owners.person(person)
        return await self._store.listing(own, after=after, limit=min(limit, PAGE))

    async def add(self, person: str, number: CardNumber | KeyedCard) -> tuple[Card, bool]:
        """The card, and whether it is new: to register somebody's own card again changes nothing.

        Raises NotFound for a person who is not there, NotPossible when another has that card, or they have too many.
        """
        own, digest = self._owners.person(person), self._digest(number)
        try:
            added = await self._store.add(own, digest, number.label)
        except CardTaken:
            found = await self._store.find(digest)
            if found is None:  # removed a moment ago
                raise
            if found.person != own:
                raise NotPossible(f"that card is {found.person}'s already (card {found.id})") from None
            return found, False
        note(Noted.CARD_ADDED, card=added.id, user=own)
        return added, True

    async def remove(self, card_id: int) -> Card:
        """Raises NotFound."""
        gone = await self._store.remove(card_id)
        note(Noted.CARD_REMOVED, card=card_id, user=gone.person)
        return gone

    async def code(self, person: str) -> tuple[str, datetime]:
        """A code by which a person registers one card, told this once, and until when. Raises NotFound."""
        own = self._owners.person(person)
        while True:
            code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
            try:
                until = await self._store.set_code(own, self._digest_of_code(code), CODE_SECONDS)
            except CardTaken:  # another has it: as likely as not to be guessed
                continue
            note(Noted.CARD_CODE_MADE, user=own)
            return code, until

    # ── by people themselves ──

    async def register(self, code: str, number: CardNumber | KeyedCard, source: str) -> Card:
        """Register a card for whoever has this code. source: the client's address.

        Raises NotFound for a code that is not good, Busy for a source that has come with too many of those, NotPossible
        for a card that is somebody's; Unavailable.
        """
        now, source = self._clock(), neighbourhood(source)
        if wait := self._patience.wait(source, source, now):
            raise Busy(f"too many codes from there were wrong: try again in {wait:.0f} seconds", wait)
        self._patience.failed(source, source, now)
        added = await self._store.register(self._digest_of_code(code), self._digest(number), number.label)
        if added is None:
            note(Noted.CARD_CODE_REFUSED, client=source)
            raise NotFound(NO_CODE)
        self._patience.proved(source, source)
        note(Noted.CARD_REGISTERED, card=added.id, user=added.person, client=source)
        return added

    def _digest(self, number: CardNumber | KeyedCard) -> bytes:
        if isinstance(number, KeyedCard):
            return number.digest
        return self._key.digest(f"card~{number.whole}")

    def _digest_of_code(self, code: str) -> bytes:
        return self._key.digest(f"card code~{code.strip()}")
