"""Cards in PostgreSQL, and codes by which people register one: keyed hashes, never a number or a code."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import asyncpg

from ippgate.model.card import MAX_CARDS, Card
from ippgate.model.errors import NotFound, NotPossible
from ippgate.store.database import Database


class CardTaken(NotPossible):
    """Somebody has that card already."""


class CardStore:
    """The repository of cards."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, person: str, digest: bytes, label: str) -> Card:
        """Raises NotFound for a person who is not there, CardTaken, and NotPossible when they have too many."""
        with _its_own():
            row = await self._db.row("card_add", person, digest, label, MAX_CARDS)
        if row is None:
            raise NotFound(f"there is no person {person[:80]}: `ippgate person add` makes one")
        return _made(row)

    async def listing(self, person: str | None, *, after: int, limit: int) -> list[Card]:
        """Of a person, or of everybody; in the order in which they were registered, behind an id."""
        return [_card(row) for row in await self._db.fetch("card_list", person, after, limit)]

    async def find(self, digest: bytes) -> Card | None:
        """The one whose number has this keyed hash."""
        row = await self._db.row("card_find", digest)
        return None if row is None else _card(row)

    async def seen(self, card_id: int) -> None:
        """Somebody has logged in with it."""
        await self._db.value("card_seen", card_id)

    async def remove(self, card_id: int) -> Card:
        """Raises NotFound."""
        row = await self._db.row("card_remove", card_id)
        if row is None:
            raise NotFound(f"there is no card {card_id}")
        return _card(row)

    # ── by people themselves ──

    async def set_code(self, person: str, digest: bytes, seconds: float) -> datetime:
        """A person's one-time code; until when it is good. Raises NotFound, and CardTaken when another has it."""
        with _its_own():
            until = await self._db.value("card_code_set", person, digest, seconds)
        if until is None:
            raise NotFound(f"there is no person {person[:80]}: `ippgate person add` makes one")
        assert isinstance(until, datetime)
        return until

    async def register(self, code: bytes, digest: bytes, label: str) -> Card | None:
        """A card of whoever has this code, which is used up; None: nobody has. Raises CardTaken, which leaves the code
        as it is, and NotPossible when they have too many.
        """
        with _its_own():
            row = await self._db.row("card_register", code, digest, label, MAX_CARDS)
        return None if row is None else _made(row)


def _made(row: Any) -> Card:
    if row["id"] is None:
        raise NotPossible(f"{row['person']} has {MAX_CARDS} cards already: remove one first")
    return _card(row)


def _card(row: Any) -> Card:
    return Card(row["id"], row["person_id"], row["person"], row["label"], row["created_at"], row["seen_at"])


@contextmanager
def _its_own() -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError:
        raise CardTaken("that card is somebody's already") from None
