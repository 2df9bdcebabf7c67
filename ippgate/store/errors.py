"""asyncpg's errors, translated where they enter: what the gate cannot do now, and why, in its own words."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from ippgate.model.errors import NotFound, SpoolFull, Unavailable

_FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError)
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    OSError,
    TimeoutError,
)


class DatabaseAway(Unavailable):
    """PostgreSQL cannot be reached, or the connection broke: whether the last statement happened is not known."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn what PostgreSQL and its driver raise into the gate's own errors; programming errors pass through."""
    try:
        yield
    except asyncpg.DataError:
        raise  # an argument of the wrong kind is a fault of the gate's own
    except _FULL as error:
        raise SpoolFull(
            "the database has no room left; an operator must free space before jobs can be taken"
        ) from error
    except _AWAY as error:
        raise DatabaseAway("the database cannot be reached at the moment; try again in a minute") from error


@contextmanager
def queue_expected() -> Iterator[None]:
    """What points to a queue that is gone is NotFound."""
    try:
        yield
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("the queue was removed a moment ago") from None
