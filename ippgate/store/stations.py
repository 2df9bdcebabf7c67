"""Stations in PostgreSQL: where they stand and what proves them, never a secret itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.station import Station, StationCode
from ippgate.store.database import Database


class CodeTaken(NotPossible):
    """Another station has that code."""


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
        """With its code, or its code alone. Raises NotFound."""
        if await self._db.row("station_remove", name) is None:
            raise _absent(name)

    # ── enrolment ──

    async def set_code(
        self, name: str, digest: bytes, devices: frozenset[int] | None, *, names_people: bool | None, seconds: float
    ) -> StationCode:
        """A station's code, in place of one it had. devices: ids; None: where it stands. Raises NotFound for one that
        stands nowhere, and CodeTaken when another has that code.
        """
        where = None if devices is None else sorted(devices)
        try:
            row = await self._db.row("station_code_set", name, digest, where, names_people, seconds)
        except asyncpg.UniqueViolationError:
            raise CodeTaken("another station has that code") from None
        if row is None:
            raise NotFound(f"there is no station {name[:63]} yet: say at which device it will stand")
        return _code(row)

    async def codes(self) -> list[StationCode]:
        """Those that are good, by name."""
        return [_code(row) for row in await self._db.fetch("station_code_list")]

    async def code_of(self, digest: bytes) -> str | None:
        """The name of the station with this code."""
        name = await self._db.value("station_code_find", digest)
        return None if name is None else str(name)

    async def enrol(self, digest: bytes, secret: bytes) -> Station | None:
        """The station of this code, with this for its secret from now on; the code is used up. None: nobody has that
        code any more. Raises NotFound for a device that is gone, which leaves the code as it is.
        """
        with _devices_expected():
            row = await self._db.row("station_enrol", digest, secret)
        return None if row is None else _station(row)


def _code(row: Any) -> StationCode:
    devices = row["devices"]
    where = None if devices is None else frozenset(devices)
    return StationCode(row["name"], row["expires_at"], where, row["names_people"])


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
