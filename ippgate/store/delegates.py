"""Delegates in PostgreSQL."""

from datetime import datetime

import asyncpg

from ippgate.model.delegate import Delegate
from ippgate.model.errors import NotFound, NotPossible
from ippgate.store.database import Database

_OF_DELEGATE = "delegate_delegate_fkey"


class DelegateStore:
    """The repository of delegates; names are those that jobs bear."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, person: str, delegate: str, most: int, most_standing: int) -> Delegate:
        """Raises NotFound when one of them is no person, and NotPossible: it is so already, or too many are."""
        try:
            row = await self._db.row("delegate_add", person, delegate, most, most_standing)
        except asyncpg.ForeignKeyViolationError as error:
            missing = delegate if error.constraint_name == _OF_DELEGATE else person
            raise NotFound(f"there is no person {missing[:80]}: `ippgate person add` makes one") from None
        assert row is not None
        since: datetime | None = row["since"]
        if since is not None:
            return Delegate(person, delegate, since)
        if not row["of_person"]:
            raise NotPossible(f"{person} has {most} delegates already: no more are taken")
        if not row["of_delegate"]:
            raise NotPossible(f"{delegate} stands for {most_standing} people already: for no more")
        raise NotPossible(f"{delegate} stands for {person} already")

    async def remove(self, person: str, delegate: str) -> None:
        """Raises NotFound."""
        if await self._db.row("delegate_remove", person, delegate) is None:
            raise NotFound(f"{delegate} does not stand for {person}: see `ippgate delegate list`")

    async def listing(
        self, *, person: str | None = None, delegate: str | None = None, after: tuple[str, str] = ("", ""), limit: int
    ) -> list[Delegate]:
        """Of a person, of a delegate, or all; by the two names, behind a pair of them."""
        rows = await self._db.fetch("delegate_list", person, delegate, *after, limit)
        return [Delegate(row["person"], row["delegate"], row["since"]) for row in rows]

    async def stands(self, person: str, delegate: str) -> bool:
        """Whether the one stands for the other at this moment, and neither is shut out."""
        return bool(await self._db.value("delegate_stands", person, delegate))
