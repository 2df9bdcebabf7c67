"""A database is brought to this version, once, and never back."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import asyncpg
import pytest

from ippgate.store import migrate as migrations
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.migrate import Migration, MigrationRefused, known_migrations, migrate, migration_status


@pytest.fixture
async def database(any_dsn: str) -> AsyncIterator[Database]:
    database = Database(DatabaseSettings(any_dsn))
    await database.open()
    yield database
    await database.close()


async def run(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()


async def test_a_fresh_database_gets_every_migration_in_order(database: Database) -> None:
    assert [step.applied for step in await migration_status(database)] == [False] * len(known_migrations())
    applied = await migrate(database)
    assert [step.number for step in applied] == [step.number for step in known_migrations()]
    assert all(step.applied for step in await migration_status(database))


async def test_a_second_run_changes_nothing(database: Database) -> None:
    await migrate(database)
    assert await migrate(database) == []


async def test_only_the_phases_asked_for_are_applied(database: Database) -> None:
    assert {step.phase for step in await migrate(database, phases=("pre",))} == {"pre"}
    applied = await migrate(database, phases=("post",))
    assert [step.number for step in applied] == [step.number for step in known_migrations() if step.phase == "post"]


async def test_two_that_run_at_once_wait_for_one_another(any_dsn: str) -> None:
    async with AsyncExitStack() as stack:
        both = [Database(DatabaseSettings(any_dsn)) for _ in range(2)]
        for database in both:
            await database.open()
            stack.push_async_callback(database.close)
        results = await asyncio.gather(*(migrate(database) for database in both))
    assert sorted(map(len, results)) == [0, len(known_migrations())]


async def test_a_database_from_the_future_is_refused(database: Database, any_dsn: str) -> None:
    await migrate(database)
    await run(any_dsn, "INSERT INTO schema_migration VALUES (9999, 'tomorrow', 'x')")
    with pytest.raises(MigrationRefused, match=r"9999.*later version of ippgate.*run that"):
        await migrate(database)
    with pytest.raises(MigrationRefused, match="9999"):
        await migration_status(database)


async def test_a_migration_that_was_applied_in_another_form_is_refused(database: Database, any_dsn: str) -> None:
    await migrate(database)
    await run(any_dsn, "UPDATE schema_migration SET checksum = 'other' WHERE number = 1")
    with pytest.raises(MigrationRefused, match=r"0001.*restore the original file"):
        await migrate(database)


async def test_a_server_that_is_too_old_is_refused_and_left_as_it_was(
    database: Database, any_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "OLDEST_SERVER", 99)
    with pytest.raises(MigrationRefused, match=r"PostgreSQL \d+; ippgate needs 99"):
        await migrate(database)
    connection = await asyncpg.connect(any_dsn)
    assert await connection.fetchval("SELECT to_regclass('schema_migration')") is None
    await connection.close()


async def test_a_migration_that_fails_leaves_nothing_behind(
    database: Database, any_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Migration(1, "pre", "good", "CREATE TABLE kept (id integer);")
    bad = Migration(2, "pre", "bad", "CREATE TABLE gone (id integer); SELECT 1 / 0;")
    monkeypatch.setattr(migrations, "known_migrations", lambda: [good, bad])
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database)
    assert [step.applied for step in await migration_status(database)] == [True, False]
    monkeypatch.setattr(migrations, "known_migrations", lambda: [good, replace(bad, text="CREATE TABLE gone ();")])
    assert [step.name for step in await migrate(database)] == ["bad"]


def test_every_file_says_its_number_and_phase() -> None:
    numbers = [step.number for step in known_migrations()]
    assert numbers == sorted(set(numbers))
    assert all(re.fullmatch(r"[0-9a-f]{16}", step.checksum) for step in known_migrations())
