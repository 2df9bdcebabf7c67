"""The pool of connections to PostgreSQL, and the one way to run a named query."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from ippgate.store.errors import translated
from ippgate.store.query import queries


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where PostgreSQL is and how much of it one worker uses. Times in seconds."""

    dsn: str
    pool_size: int = 10
    connect_timeout: float = 10.0
    statement_timeout: float = 60.0  # no query of the gate takes as long as this on a healthy server
    warm: bool = False  # open the whole pool at once and keep it: a server's first crowd does not wait for connections


_IDLE = 60.0  # seconds that a command's spare connection stays open
_ARRAY_TYPES = 7  # arguments of tuning_types
_SESSION = {
    "application_name": "ippgate",
    "jit": "off",  # no statement runs long enough to earn its compilation
    "plan_cache_mode": "force_generic_plan",  # planning a move of jobs takes three times as long as moving them
}


class Database:
    """A pool; open before use. Connections are held for a query, never while anybody else is waited for."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.settings = settings
        self._queries = queries()
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Connect. Raises DatabaseAway."""
        with translated():
            self._pool = await asyncpg.create_pool(
                self.settings.dsn,
                min_size=self.settings.pool_size if self.settings.warm else 1,
                max_size=self.settings.pool_size,
                timeout=self.settings.connect_timeout,
                command_timeout=self.settings.statement_timeout,
                max_inactive_connection_lifetime=0 if self.settings.warm else _IDLE,
                init=self._set_up,
                reset=_nothing,  # no query leaves session state behind: spare the round trip
                server_settings=_SESSION,
            )

    async def close(self) -> None:
        """Close every connection; safe to call twice or before open."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await pool.close()
            finally:
                pool.terminate()

    async def fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        """Run a named query; all rows."""
        with translated():
            return await self._opened.fetch(self._queries[name], *arguments)

    async def row(self, name: str, *arguments: Any) -> asyncpg.Record | None:
        """Run a named query; its first row."""
        with translated():
            return await self._opened.fetchrow(self._queries[name], *arguments)

    async def value(self, name: str, *arguments: Any) -> Any:
        """Run a named query; the first column of its first row."""
        with translated():
            return await self._opened.fetchval(self._queries[name], *arguments)

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Session"]:
        """One connection for work that needs it (migrations)."""
        with translated():
            async with self._opened.acquire() as connection:
                yield Session(connection, self._queries)

    async def _set_up(self, connection: asyncpg.Connection) -> None:
        session = Session(connection, self._queries)
        await session.value("tuning_session")
        await session.fetch("tuning_types", *([[]] * _ARRAY_TYPES))

    @property
    def idle(self) -> tuple[int, int]:
        """Idle and open connections, for the metrics."""
        return (self._opened.get_idle_size(), self._opened.get_size())

    @property
    def _opened(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            raise RuntimeError("the database is not open")
        return self._pool


class Session:
    """Named queries on one connection, and scripts of several statements."""

    def __init__(
        self, connection: "asyncpg.Connection | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", known: dict[str, str]
    ) -> None:
        self._connection = connection
        self._queries = known

    async def fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        """Run a named query; all rows."""
        return await self._connection.fetch(self._queries[name], *arguments)

    async def value(self, name: str, *arguments: Any) -> Any:
        """Run a named query; the first column of its first row."""
        return await self._connection.fetchval(self._queries[name], *arguments)

    async def script(self, text: str) -> None:
        """Run statements that take no arguments and return nothing."""
        await self._connection.execute(text)

    def transaction(self) -> "asyncpg.transaction.Transaction":
        """`async with`: all or nothing."""
        return self._connection.transaction()


async def _nothing(_connection: object) -> None:
    return
