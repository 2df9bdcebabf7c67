"""Services of a gate on real PostgreSQL: a fresh, migrated database for each test, on the event loop the gate runs on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import uvloop

from ippgate.app.gate import Gate
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.migrate import migrate
from tests.integration.gates import opened
from tests.rig.database import Cluster
from tests.rig.embedded import Embedded18

ON_UVLOOP = ("delivery", "device", "hold", "intake", "release", "spool", "store")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The gate serves on uvloop: what its services promise is shown there."""
    if item.path.parent.name in ON_UVLOOP:
        return {"uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


@pytest.fixture(scope="session")
def _templates() -> dict[Cluster, str]:
    return {}


@pytest.fixture
def cluster(embedded18: Embedded18) -> Cluster:
    """The PostgreSQL that the tests of a room run on; a room that asks for both overrides this."""
    return embedded18


@pytest.fixture
def gate_dsn(cluster: Cluster, _templates: dict[Cluster, str]) -> str:
    """A database of its own with the whole schema, copied from one that was migrated once."""
    if cluster not in _templates:
        dsn = cluster.new_database()
        asyncio.run(_migrated(dsn))
        _templates[cluster] = database_name(dsn)
    return copied(cluster, _templates[cluster])


@pytest.fixture
async def gates(gate_dsn: str, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Gate]]]:
    """Opens gates on the test's database, all of them with the same keys: call it with `opened`'s keyword arguments."""
    async with AsyncExitStack() as stack:

        async def open_one(*, dsn: str = gate_dsn, home: Path = tmp_path / "home", **settings: Any) -> Gate:
            home.mkdir(exist_ok=True)
            return await stack.enter_async_context(opened(dsn, home, **settings))

        yield open_one


@pytest.fixture
async def gate(gates: Callable[..., Awaitable[Gate]]) -> Gate:
    """The services of one gate; nothing runs."""
    return await gates()


def database_name(dsn: str) -> str:
    return dsn.partition("?")[0].rpartition("/")[2]


def copied(cluster: Cluster, template: str) -> str:
    name = f"{template}_{next(cluster._numbers)}"
    words = ("psql", "-X", "-q", "-d", cluster.dsn, "-c", f"CREATE DATABASE {name} TEMPLATE {template}")
    cluster._run(*words)
    return cluster.dsn_of(name)


async def _migrated(dsn: str) -> None:
    database = Database(DatabaseSettings(dsn))
    await database.open()
    try:
        await migrate(database)
    finally:
        await database.close()


