"""Both PostgreSQLs start, stop, and die, and keep what was committed."""

from collections.abc import Callable

import asyncpg
import pytest

from tests.rig.database import Cluster, Stopping

Start = Callable[..., Cluster]


async def number(dsn: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("SELECT n FROM kept")
    finally:
        await connection.close()


async def keep(dsn: str, value: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CREATE TABLE kept (n int)")
        await connection.execute("INSERT INTO kept VALUES ($1)", value)
    finally:
        await connection.close()


async def version(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return connection.get_server_version().major
    finally:
        await connection.close()


async def test_they_are_the_versions_they_say(any_database: Cluster, request: pytest.FixtureRequest) -> None:
    expected = int(request.node.callspec.params["any_database"][-2:])
    assert await version(any_database.dsn) == expected


async def test_each_test_gets_an_empty_database(any_database: Cluster) -> None:
    one, other = any_database.new_database(), any_database.new_database()
    await keep(one, 1)
    await keep(other, 2)
    assert [await number(one), await number(other)] == [1, 2]


async def test_a_password_is_asked_for_over_tcp(any_database: Cluster) -> None:
    dsn = any_database.dsn_of("postgres", tcp_port=any_database.port)
    assert await version(dsn) >= 15
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn, password="wrong")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_restart_keeps_what_was_committed(any_database: Cluster, mode: Stopping) -> None:
    dsn = any_database.new_database()
    await keep(dsn, 7)
    any_database.restart(mode)
    assert await number(dsn) == 7


@pytest.mark.parametrize("kind", ["embedded18", "postgres15"])
async def test_sigkill_cuts_every_connection_and_keeps_what_was_committed(databases: Start, kind: str) -> None:
    database = databases(kind)
    dsn = database.new_database()
    await keep(dsn, 8)
    connection = await asyncpg.connect(dsn)
    database.kill()
    with pytest.raises((asyncpg.PostgresConnectionError, ConnectionError)):
        await connection.fetchval("SELECT 1")
    connection.terminate()
    assert not database.alive
    database.start()
    assert await number(dsn) == 8


async def test_settings_reach_the_server(databases: Start) -> None:
    database = databases(settings={"max_connections": "12"})
    connection = await asyncpg.connect(database.dsn)
    assert await connection.fetchval("SHOW max_connections") == "12"
    await connection.close()
