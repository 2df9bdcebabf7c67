"""People in PostgreSQL. What proves them is stored as hashes and read where it is compared, nowhere else."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import asyncpg

from ippgate.ipp import Attribute
from ippgate.model import ticket
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.person import Particulars, Person, PersonSource
from ippgate.store.database import Database


class KnownPerson(NamedTuple):
    """What every worker has in mind of a person."""

    name: str
    groups: tuple[str, ...]
    department: str
    cost_center: str
    active: bool
    has_password: bool
    stands_for: tuple[str, ...] = ()
    preferences: bytes | None = None  # packed as a ticket


class PersonStore:
    """The repository of people."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, name: str, said: Particulars, most: int) -> Person:
        """Raises NotPossible when the name is taken or there are so many people already."""
        active = True if said.active is None else said.active
        try:
            row = await self._db.row(
                "person_add",
                name,
                said.full_name or "",
                said.email or "",
                said.department or "",
                said.cost_center or "",
                said.language or "",
                list(said.join),
                active,
                bool(said.auto_release),
                most,
            )
        except asyncpg.UniqueViolationError:
            raise NotPossible(f"there is a person {name} already") from None
        if row is None:
            raise NotPossible(f"there are {most} people already: no more are taken")
        return _person(row)

    async def change(self, name: str, said: Particulars) -> Person:
        """Raises NotFound, and NotPossible for too many groups."""
        try:
            row = await self._db.row(
                "person_change",
                name,
                said.full_name,
                said.email,
                said.department,
                said.cost_center,
                said.language,
                said.active,
                said.auto_release,
                list(said.join),
                list(said.leave),
            )
        except asyncpg.CheckViolationError:
            raise NotPossible(f"{name} would be in too many groups") from None
        return _found(row, name)

    async def get(self, name: str) -> Person:
        """Raises NotFound."""
        return _found(await self._db.row("person_get", name), name)

    async def listing(
        self, *, after: str, group: str | None, department: str | None, active: bool | None, limit: int
    ) -> list[Person]:
        """By name, behind a name; of a group, of a department, active or not, where these are not None."""
        return [_person(row) for row in await self._db.fetch("person_list", after, group, department, active, limit)]

    async def remove(self, name: str) -> None:
        """Raises NotFound."""
        if await self._db.row("person_remove", name) is None:
            raise _absent(name)

    async def prefer(self, seen: Person, preferences: tuple[Attribute, ...]) -> Person | None:
        """Keep what somebody prefers. None: they are gone, or prefer something else than when they were seen."""
        row = await self._db.row("person_prefer", seen.name, _packed(preferences), _packed(seen.preferences))
        return None if row is None else _person(row)

    async def set_password(self, name: str, password: str | None) -> Person:
        """`password`: as argon2id stores it; None: none. Raises NotFound."""
        return _found(await self._db.row("person_set_password", name, password), name)

    async def password(self, name: str) -> str | None:
        """What proves the person's password; None: there is no such person, or none."""
        found = await self._db.value("person_password", name)
        return None if found is None else str(found)

    async def by_pin(self, digest: bytes) -> str | None:
        """The name of the person whose PIN has this keyed hash."""
        found = await self._db.value("person_by_pin", digest)
        return None if found is None else str(found)

    async def set_pin(self, name: str, digest: bytes | None) -> Person | None:
        """None: another has that PIN. Raises NotFound."""
        try:
            return _found(await self._db.row("person_set_pin", name, digest), name)
        except asyncpg.UniqueViolationError:
            return None

    async def pins(self) -> int:
        """How many people have a PIN."""
        return int(await self._db.value("person_pins"))

    # ── what workers have in mind ──

    async def edition(self) -> str:
        """Another one whenever what is to be known of anybody has changed."""
        return str(await self._db.value("person_edition"))

    async def known(self, after: str, limit: int) -> list[KnownPerson]:
        """By name, behind a name."""
        return [_known(row) for row in await self._db.fetch("person_facts", after, limit)]

    async def known_of(self, names: Iterable[str]) -> list[KnownPerson]:
        """Those of these names that there are."""
        return [_known(row) for row in await self._db.fetch("person_facts_of", list(names))]


def _packed(preferences: tuple[Attribute, ...]) -> bytes | None:
    return ticket.pack(preferences) if preferences else None


def _known(row: Any) -> KnownPerson:
    return KnownPerson(
        row["name"],
        tuple(row["groups"]),
        row["department"],
        row["cost_center"],
        row["active"],
        row["has_password"],
        tuple(row["stands_for"]),
        row["preferences"],
    )


def _found(row: asyncpg.Record | None, name: str) -> Person:
    if row is None:
        raise _absent(name)
    return _person(row)


def _person(row: Any) -> Person:
    """A row of `person`, without what proves them."""
    return Person(
        id=row["id"],
        name=row["name"],
        created_at=row["created_at"],
        full_name=row["full_name"],
        email=row["email"],
        department=row["department"],
        cost_center=row["cost_center"],
        language=row["language"],
        groups=tuple(row["groups"]),
        source=PersonSource(row["source"]),
        active=row["active"],
        has_password=row["has_password"],
        has_pin=row["has_pin"],
        auto_release=row["auto_release"],
        seen_at=row["seen_at"],
        preferences=() if row["preferences"] is None else ticket.unpack(row["preferences"]),
    )


def _absent(name: str) -> NotFound:
    return NotFound(f"there is no person {name[:80]}: `ippgate person add` makes one")
