"""Foreign errors are translated where they enter."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from ippgate.model.errors import SpoolFull, Unavailable
from ippgate.store.errors import DatabaseAway, translated
from ippgate.store.migrate import known_migrations

AWAY = [
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.ConnectionFailureError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    asyncpg.ReadOnlySQLTransactionError,
    ConnectionResetError,
    FileNotFoundError,
    TimeoutError,
]


@pytest.mark.parametrize("error", AWAY)
def test_what_means_that_the_database_is_away(error: type[Exception]) -> None:
    with pytest.raises(DatabaseAway, match="try again") as told, translated():
        raise error("secret detail")
    assert "secret" not in str(told.value)
    assert isinstance(told.value.__cause__, error)


@pytest.mark.parametrize("error", [asyncpg.DiskFullError, asyncpg.OutOfMemoryError])
def test_what_means_that_there_is_no_room(error: type[Exception]) -> None:
    with pytest.raises(SpoolFull, match="no room left"), translated():
        raise error("x")


@pytest.mark.parametrize("error", [asyncpg.CheckViolationError, asyncpg.UndefinedTableError, KeyError, ValueError])
def test_a_mistake_of_ours_passes_through(error: type[Exception]) -> None:
    with pytest.raises(error), translated():
        raise error("x")


def test_cancellation_passes_through() -> None:
    with pytest.raises(asyncio.CancelledError), translated():
        raise asyncio.CancelledError


def test_no_room_is_unavailable_too() -> None:
    assert issubclass(SpoolFull, Unavailable)
    assert issubclass(DatabaseAway, Unavailable)


def test_a_misnamed_migration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_house.sql").write_text("")
    with pytest.raises(ValueError, match=r"0001_house\.sql is not called NNNN_pre_name\.sql or NNNN_post_name\.sql"):
        known_migrations(tmp_path)
