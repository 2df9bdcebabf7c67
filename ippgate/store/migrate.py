"""Bring a database to this version: sql/migrations/NNNN_{pre,post}_name.sql in order, each in a transaction of its own.

`pre` migrations run before the new version serves (they only add); `post` migrations run when no old worker is left
(they may take away). Two that run at once wait for one another.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from ippgate.data import sql_folder
from ippgate.model.errors import Refusal
from ippgate.store.database import Database, Session

OLDEST_SERVER = 15
"""The oldest major version of PostgreSQL that the tests run on."""

_FILE = re.compile(r"^(\d{4})_(pre|post)_(\w+)\.sql$")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    number: int
    phase: str  # pre | post
    name: str
    text: str
    applied: bool = False

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


class MigrationRefused(Refusal):
    """The database is not one that this version can take forward."""


def known_migrations(folder: Path | None = None) -> list[Migration]:
    """The migrations that travel with this version, in order. Raises ValueError for a misnamed file."""
    return [_read(file) for file in sorted((folder or sql_folder() / "migrations").glob("*.sql"))]


async def migration_status(database: Database) -> list[Migration]:
    """Every known migration and whether it was applied; raises MigrationRefused for a database from the future."""
    async with database.session() as session:
        return await _status(session)


async def migrate(database: Database, *, phases: tuple[str, ...] = ("pre", "post")) -> list[Migration]:
    """Apply what is missing; returns what was applied. Raises MigrationRefused and leaves the database as it was."""
    async with database.session() as session:
        await _check_server(session)
        await session.value("migration_lock")
        try:
            await session.value("migration_ledger")
            missing = [step for step in await _status(session) if not step.applied and step.phase in phases]
            for step in missing:
                await _apply(session, step)
            return missing
        finally:
            await session.value("migration_unlock")


async def _apply(session: Session, step: Migration) -> None:
    async with session.transaction():
        await session.script(step.text)
        await session.value("migration_record", step.number, step.name, step.checksum)


async def _status(session: Session) -> list[Migration]:
    known = known_migrations()
    if not await session.value("migration_ledger_exists"):
        return known
    applied = {row["number"]: row for row in await session.fetch("migration_applied")}
    if foreign := sorted(applied.keys() - {step.number for step in known}):
        raise MigrationRefused(
            f"the database has migration {foreign[-1]:04d}, which a later version of ippgate made: run that"
        )
    for step in known:
        row = applied.get(step.number)
        if row is not None and row["checksum"] != step.checksum:
            raise MigrationRefused(
                f"migration {step.number:04d} was applied in another form: restore the original file"
            )
    return [replace(step, applied=step.number in applied) for step in known]


async def _check_server(session: Session) -> None:
    version = await session.value("server_version")
    if version < OLDEST_SERVER:
        raise MigrationRefused(f"this is PostgreSQL {version}; ippgate needs {OLDEST_SERVER} or later")


def _read(file: Path) -> Migration:
    match = _FILE.match(file.name)
    if match is None:
        raise ValueError(f"{file.name} is not called NNNN_pre_name.sql or NNNN_post_name.sql")
    return Migration(int(match[1]), match[2], match[3], file.read_text(encoding="utf-8"))
