"""Other names of owners, in PostgreSQL."""

from collections.abc import Sequence

import asyncpg

from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.owner import Alias
from ippgate.store.database import Database


class AliasStore:
    """The repository of aliases."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, alias: Alias, queue_id: int | None) -> Alias:
        """Raises NotPossible when the name has one for this network and queue, NotFound when the queue is gone."""
        try:
            row = await self._db.row("alias_add", alias.name, alias.owner, alias.network, queue_id)
        except asyncpg.UniqueViolationError:
            raise NotPossible(f"{alias.name} has an owner there already: remove that alias first") from None
        except asyncpg.ForeignKeyViolationError:
            raise NotFound("the queue was removed a moment ago") from None
        assert row is not None
        return _alias(row)

    async def all(self, most: int) -> Sequence[Alias]:
        """By name; so many at the most."""
        return [_alias(row) for row in await self._db.fetch("alias_list", most)]

    async def remove(self, name: str, network: str | None, queue_id: int | None) -> int:
        """How many there were; network and queue: only that one."""
        return int(await self._db.value("alias_remove", name, network, queue_id))


def _alias(row: asyncpg.Record) -> Alias:
    return Alias(row["name"], row["owner"], row["network"], row["queue"] or "")
