"""PostgreSQL goes away and comes back; what the gate says meanwhile is its own word, and in bounded time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import Unavailable
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.errors import DatabaseAway
from ippgate.store.listen import Listener
from tests.integration.conftest import END_OTHERS
from tests.integration.gates import Connection
from tests.rig.database import Cluster
from tests.rig.eventually import eventually
from tests.rig.proxy import Proxy


@pytest.fixture
async def database(proxy: Proxy, proxied_dsn: str) -> AsyncIterator[Database]:
    """Reached through the proxy; a statement may take a second."""
    database = Database(DatabaseSettings(proxied_dsn, pool_size=2, connect_timeout=2, statement_timeout=1))
    await database.open()
    yield database
    proxy.flow()
    await database.close()


async def test_a_lost_connection_is_unavailable_and_the_next_one_works(database: Database, proxy: Proxy) -> None:
    assert await database.value("server_version") >= 15
    proxy.stall("down")
    asked = asyncio.create_task(database.value("server_version"))
    await asyncio.sleep(0)
    await proxy.until(lambda p: p.carried("up") > 0, "the question on its way")
    await proxy.cut()
    with pytest.raises(DatabaseAway, match="try again"):
        await asked
    proxy.flow()
    assert await database.value("server_version") >= 15


async def test_nobody_listening_is_unavailable(database: Database, proxy: Proxy) -> None:
    await proxy.refuse()
    await proxy.cut()
    with pytest.raises(Unavailable):
        await database.value("server_version")
    proxy.accept()
    assert await eventually(lambda: _answers(database), "the database to be back")


async def test_a_network_that_stalls_without_closing_is_noticed(database: Database, proxy: Proxy) -> None:
    await database.value("server_version")
    proxy.stall()
    async with asyncio.timeout(15):
        with pytest.raises(DatabaseAway):
            await database.value("server_version")
    proxy.flow()
    assert await eventually(lambda: _answers(database), "the database to be back")


async def test_a_server_that_does_not_exist_is_unavailable_at_opening() -> None:
    database = Database(DatabaseSettings("postgresql://nobody@127.0.0.1:9/none", connect_timeout=1))
    with pytest.raises(DatabaseAway):
        await database.open()
    await database.close()
    await database.close()


async def test_wrong_user_or_database_is_unavailable(cluster: Cluster) -> None:
    for dsn in (
        cluster.dsn_of("no_such_database"),
        cluster.dsn_of("postgres", tcp_port=cluster.port).replace("rig", "x"),
    ):
        with pytest.raises(DatabaseAway):
            await Database(DatabaseSettings(dsn, connect_timeout=5)).open()


async def test_a_notification_is_heard_and_a_lost_listener_wakes_everybody_when_it_is_back(
    gate: Gate, gate_dsn: str, sql: Connection
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = Listener(DatabaseSettings(gate_dsn))
    listener.subscribe("ippgate_lane", heard.put_nowait)
    async with asyncio.timeout(15), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(listener.run())
        await listener.listening.wait()
        assert await heard.get() == ""
        await sql.execute("SELECT pg_notify('ippgate_lane', '7')")
        assert await heard.get() == "7"
        await sql.execute(END_OTHERS)
        assert await heard.get() == ""
        await sql.execute("SELECT pg_notify('ippgate_lane', '8')")
        assert await heard.get() == "8"
        running.cancel()


async def _answers(database: Database) -> bool:
    try:
        return bool(await database.value("server_version"))
    except DatabaseAway:
        return False
