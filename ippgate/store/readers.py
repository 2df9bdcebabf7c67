"""Card readers in PostgreSQL: where they are, what proves them, and the number of their last tap."""

from typing import Any, NamedTuple

import asyncpg

from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.reader import Reader
from ippgate.store.database import Database


class ReaderProof(NamedTuple):
    """What proves a reader: what is kept of its token, or a certificate in DER."""

    secret: bytes | None = None
    certificate: bytes | None = None


class ReaderStore:
    """The repository of readers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def readers(self) -> list[Reader]:
        """By name."""
        return [_reader(row) for row in await self._db.fetch("reader_list")]

    async def find(self, name: str) -> Reader | None:
        row = await self._db.row("reader_find", name)
        return None if row is None else _reader(row)

    async def of_certificate(self, fingerprint: bytes) -> Reader | None:
        """The one that has the certificate of this SHA-256."""
        row = await self._db.row("reader_of_certificate", fingerprint)
        return None if row is None else _reader(row)

    async def certificates(self) -> list[bytes]:
        """Those by which readers prove themselves, in DER."""
        return [row["certificate"] for row in await self._db.fetch("reader_certificates")]

    async def add(self, name: str, device_id: int, station_id: int | None, profile: str, proof: ReaderProof) -> Reader:
        """Raises NotPossible when the name or the certificate is taken, NotFound for a device or station that went."""
        try:
            return _reader(await self._db.row("reader_add", name, device_id, station_id, profile, *proof))
        except asyncpg.UniqueViolationError as error:
            raise _taken(error, name) from None
        except asyncpg.ForeignKeyViolationError:
            raise _gone() from None

    async def set(self, reader: Reader) -> Reader:
        """Store where it is and how it writes, under its name. Raises NotFound."""
        try:
            row = await self._db.row("reader_set", reader.name, reader.device_id, reader.station_id, reader.profile)
        except asyncpg.ForeignKeyViolationError:
            raise _gone() from None
        return _found(row, reader.name)

    async def renew(self, name: str, proof: ReaderProof) -> Reader:
        """Store what proves it from now on. Raises NotFound, and NotPossible for another reader's certificate."""
        try:
            return _found(await self._db.row("reader_renew", name, *proof), name)
        except asyncpg.UniqueViolationError as error:
            raise _taken(error, name) from None

    async def remove(self, name: str) -> None:
        """Raises NotFound."""
        if await self._db.row("reader_remove", name) is None:
            raise _absent(name)

    async def visit(self, reader: Reader) -> Reader | None:
        """It has connected, and its other connections are over; None: it has another token by now, or is gone."""
        row = await self._db.row("reader_visit", reader.id, reader.changed_at)
        return None if row is None else _reader(row)

    async def advance(self, reader: Reader, sequence: int, visit: int | None) -> Reader | None:
        """A tap of that number counts, once, on that connection; None: it does not, or the reader has changed."""
        row = await self._db.row("reader_advance", reader.id, reader.changed_at, sequence, visit)
        return None if row is None else _reader(row)


def _reader(row: Any) -> Reader:
    return Reader(
        id=row["id"],
        name=row["name"],
        device_id=row["device_id"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        station_id=row["station_id"],
        profile=row["profile"],
        sequence=row["sequence"],
        visit=row["visit"],
        seen_at=row["seen_at"],
        secret=row["secret"],
        certificate=row["certificate"],
        fingerprint=row["fingerprint"],
    )


def _found(row: asyncpg.Record | None, name: str) -> Reader:
    if row is None:
        raise _absent(name)
    return _reader(row)


def _absent(name: str) -> NotFound:
    return NotFound(f"there is no reader {name[:63]}")


def _taken(error: asyncpg.UniqueViolationError, name: str) -> NotPossible:
    if error.constraint_name == "reader_fingerprint_key":
        return NotPossible("another reader has that certificate: each has one of its own")
    return NotPossible(f"there is a reader {name} already")


def _gone() -> NotFound:
    return NotFound("its device or station was removed a moment ago")
