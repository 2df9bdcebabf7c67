"""Stations in PostgreSQL: where they stand and what proves them, never a secret itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.station import Station
from ippgate.store.database import Database


class StationStore:
    """The repository of stations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def stations(self) -> list[Station]:
        """By name."""
        return [_station(row) for row in await self._db.fetch("station_list")]

    async def add(self, station: Station) -> Station:
        """Raises NotPossible when the name or the certificate is taken, NotFound for a device that is gone; id and
        times of the argument do not count.
        """
        facts = (station.names_people, station.certificate, station.secret, sorted(station.devices))
        with _devices_expected():
            try:
                return _station(await self._db.row("station_add", station.name, *facts))
            except asyncpg.UniqueViolationError as error:
                raise _taken(error, station.name) from None

    async def set(self, station: Station) -> Station:
        """Store where it stands and whether it names people, under its name. Raises NotFound."""
        with _devices_expected():
            row = await self._db.row("station_set", station.name, station.names_people, sorted(station.devices))
        return _found(row, station.name)

    async def renew(self, name: str, *, certificate: bytes | None, secret: bytes | None) -> Station:
        """Store what proves it from now on, one of both. Raises NotFound, and NotPossible when another station has
        that certificate.
        """
        try:
            return _found(await self._db.row("station_renew", name, certificate, secret), name)
        except asyncpg.UniqueViolationError as error:
            raise _taken(error, name) from None

    async def remove(self, name: str) -> None:
        """Raises NotFound."""
        if await self._db.row("station_remove", name) is None:
            raise _absent(name)


def _station(row: Any) -> Station:
    """A row of `station` with its devices."""
    return Station(
        id=row["id"],
        name=row["name"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        devices=frozenset(row["devices"]),
        names_people=row["names_people"],
        certificate=row["certificate"],
        fingerprint=row["fingerprint"],
        secret=row["secret"],
    )


def _found(row: asyncpg.Record | None, name: str) -> Station:
    if row is None:
        raise _absent(name)
    return _station(row)


def _absent(name: str) -> NotFound:
    return NotFound(f"there is no station {name[:63]}")


def _taken(error: asyncpg.UniqueViolationError, name: str) -> NotPossible:
    if error.constraint_name == "station_fingerprint_key":
        return NotPossible("another station has that certificate: each has one of its own")
    return NotPossible(f"there is a station {name} already")


@contextmanager
def _devices_expected() -> Iterator[None]:
    try:
        yield
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("one of these devices was removed a moment ago") from None
