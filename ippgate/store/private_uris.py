"""Printer URIs with a secret, in PostgreSQL: what the secret's keyed hash is, never the secret."""

from typing import Any

from ippgate.model.errors import NotFound
from ippgate.model.private_uri import PrivateUri
from ippgate.store.database import Database


class PrivateUriStore:
    """The repository of private URIs."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, queue: str, digest: bytes, person: str, workstation: str) -> PrivateUri:
        """Raises NotFound for a queue that is not there."""
        row = await self._db.row("private_uri_add", queue, digest, person or None, workstation or None)
        if row is None:
            raise NotFound(f"there is no queue {queue[:63]}")
        return _uri(row)

    async def all(self) -> list[PrivateUri]:
        """In the order in which they were issued."""
        return [_uri(row) for row in await self._db.fetch("private_uri_list")]

    async def find(self, digest: bytes) -> PrivateUri | None:
        """The one whose secret has this keyed hash."""
        row = await self._db.row("private_uri_find", digest)
        return None if row is None else _uri(row)

    async def revoke(self, uri_id: int) -> PrivateUri:
        """It is worth nothing from now on. Raises NotFound."""
        row = await self._db.row("private_uri_revoke", uri_id)
        if row is None:
            raise NotFound(f"there is no private URI {uri_id}")
        return _uri(row)


def _uri(row: Any) -> PrivateUri:
    return PrivateUri(row["id"], row["queue"], row["person"] or "", row["workstation"] or "", row["created_at"])
