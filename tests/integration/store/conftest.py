"""The store is shown on both: the embedded PostgreSQL 18 and Debian's 15, the oldest that is supported."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.rig.database import Cluster


@pytest.fixture
def cluster(any_database: Cluster) -> Cluster:
    return any_database


@pytest.fixture
async def sql(gate_dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection beside the gate's, to look and to meddle."""
    connection = await asyncpg.connect(gate_dsn)
    yield connection
    await connection.close()
