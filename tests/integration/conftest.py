"""Services of a gate on real PostgreSQL: a fresh, migrated database for each test, on the event loop of the gate."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import uvloop

from ippgate.app.gate import Gate
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.migrate import migrate
from tests.integration.gates import Connection, opened
from tests.rig.database import Cluster
from tests.rig.embedded import Embedded18
from tests.rig.eventually import eventually
from tests.rig.proxy import Proxy

TABLES = """attempt, card, card_code, decision, delegate, device, device_group, device_group_member, document, duty,
job, lane, notice, operator, owner_alias, password_guesser, person, private_uri, queue, reader, release_key,
session, setting, station, station_code, station_device, subscription, tap, trash, worker"""
END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
MANY_OBJECTS = 500

ON_UVLOOP = ("delivery", "device", "examine", "hold", "intake", "release", "spool", "store")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The gate serves on uvloop: what its services promise is shown there."""
    if item.path.parent.name in ON_UVLOOP:
        return {"uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


@pytest.fixture(scope="session")
def _spare() -> defaultdict[Cluster, list[str]]:
    """Databases that tests have used and that are empty again."""
    return defaultdict(list)


@pytest.fixture
def cluster(embedded18: Embedded18) -> Cluster:
    """The PostgreSQL that the tests of a room run on; a room that asks for both overrides this."""
    return embedded18


@pytest.fixture
async def gate_dsn(cluster: Cluster, _spare: defaultdict[Cluster, list[str]]) -> AsyncIterator[str]:
    """A database of its own with the whole schema and nothing in it."""
    dsn = _spare[cluster].pop() if _spare[cluster] else await migrated(cluster.new_database())
    yield dsn
    if cluster.alive and await _emptied(dsn):
        _spare[cluster].append(dsn)


@pytest.fixture
async def sql(gate_dsn: str) -> AsyncIterator[Connection]:
    """A connection beside the gate's, to look and to meddle."""
    connection = await asyncpg.connect(gate_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def proxy(cluster: Cluster) -> AsyncIterator[Proxy]:
    """Trouble on cue, in front of PostgreSQL."""
    async with Proxy(("127.0.0.1", cluster.port)) as proxy:
        yield proxy
        proxy.flow()


@pytest.fixture
def proxied_dsn(proxy: Proxy, cluster: Cluster, gate_dsn: str) -> str:
    """The test's database, behind the proxy."""
    return cluster.dsn_of(gate_dsn.partition("?")[0].rpartition("/")[2], tcp_port=proxy.port)


@pytest.fixture
async def gates(gate_dsn: str, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Gate]]]:
    """Opens gates on the test's database, all of them with the same keys: call it with `opened`'s keyword arguments."""
    async with AsyncExitStack() as stack:

        async def open_one(*, dsn: str = gate_dsn, home: Path = tmp_path, **settings: Any) -> Gate:
            return await stack.enter_async_context(opened(dsn, home, **settings))

        yield open_one


@pytest.fixture
async def gate(gates: Callable[..., Awaitable[Gate]]) -> Gate:
    """The services of one gate; nothing runs."""
    return await gates()


async def migrated(dsn: str) -> str:
    """Give an empty database the whole schema."""
    database = Database(DatabaseSettings(dsn))
    await database.open()
    await migrate(database)
    await database.close()
    return dsn


async def _alone(connection: Connection) -> bool:
    return not await connection.fetch(END_OTHERS)


async def _emptied(dsn: str) -> bool:
    """Make it as good as new, which is quicker than a new one; False: a new one is quicker."""
    connection = await asyncpg.connect(dsn)
    try:
        # What was killed may be in the middle of a statement: nothing is as good as new before it has gone.
        await eventually(lambda: _alone(connection), "other connections to end")
        if await connection.fetchval("SELECT count(*) FROM pg_largeobject_metadata") > MANY_OBJECTS:
            return False
        await connection.execute(f"TRUNCATE {TABLES} RESTART IDENTITY")
        await connection.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata")
    finally:
        await connection.close()
    return True


@pytest.fixture
def ruled(gates: Callable[..., Awaitable[Gate]], tmp_path: Path) -> Callable[[str], Awaitable[Gate]]:
    """Opens a gate on which these rules are in force."""

    async def opened(rules: str) -> Gate:
        (tmp_path / "rules.toml").write_text(rules)
        gate = await gates(home=tmp_path)
        assert await gate.rules.reload() == ()
        return gate

    return opened
