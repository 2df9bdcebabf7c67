"""Operators' accounts in PostgreSQL: a name and what proves a password, never the password."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from ippgate.model.errors import NotFound, NotPossible
from ippgate.store.database import Database


@dataclass(frozen=True, slots=True)
class OperatorAccount:
    """An operator as others may see it."""

    name: str
    created_at: datetime
    changed_at: datetime  # when the password was set


class OperatorStore:
    """The repository of operators."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, name: str, password: str) -> OperatorAccount:
        """`password`: as argon2id stores it. Raises NotPossible when the name is taken."""
        try:
            return _account(await self._db.row("operator_add", name, password), name)
        except asyncpg.UniqueViolationError:
            raise NotPossible(f"there is an operator {name} already") from None

    async def accounts(self) -> list[OperatorAccount]:
        """By name."""
        return [_account(row, row["name"]) for row in await self._db.fetch("operator_list")]

    async def password(self, name: str) -> str | None:
        """What proves the operator's password; None: there is no such operator."""
        found = await self._db.value("operator_password", name)
        return None if found is None else str(found)

    async def set_password(self, name: str, password: str) -> OperatorAccount:
        """Raises NotFound."""
        return _account(await self._db.row("operator_set_password", name, password), name)

    async def remove(self, name: str) -> None:
        """Raises NotFound."""
        if await self._db.row("operator_remove", name) is None:
            raise _absent(name)


def _account(row: asyncpg.Record | None, name: str) -> OperatorAccount:
    if row is None:
        raise _absent(name)
    return OperatorAccount(row["name"], row["created_at"], row["changed_at"])


def _absent(name: str) -> NotFound:
    return NotFound(f"there is no operator {name[:63]}")
