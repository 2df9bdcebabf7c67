"""How the database stands, for `ippgate doctor`: nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ippgate.store.database import Database
from ippgate.store.sealed import WrappedKey


@dataclass(frozen=True, slots=True)
class WorkerLife:
    """A worker that has registered itself."""

    id: UUID
    host: str
    pid: int
    until: datetime
    lives: bool

    @property
    def machine(self) -> str:
        """The name of the host; the rest of `host` tells containers apart."""
        return self.host.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Health:
    """Figures that should be nought, but for the version."""

    version: str  # of PostgreSQL
    overdue_trash: int  # documents that wait for the sweeper longer than they should
    waiting_long: int  # released jobs that no lane has taken for ten minutes
    carried_by_nobody: int  # jobs at a device whose worker is gone
    open_long: int  # jobs whose client was silent, not yet aborted


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A master key that wraps the keys of jobs."""

    number: int
    jobs: int
    sample: WrappedKey  # the key of one of them


async def health(database: Database) -> Health:
    """How the gate's work stands. Raises Unavailable."""
    row = await database.row("health_facts")
    assert row is not None
    return Health(**dict(row))


async def workers(database: Database) -> list[WorkerLife]:
    """Every worker that is registered, living ones first."""
    return [WorkerLife(**dict(row)) for row in await database.fetch("worker_list")]


async def keys_in_use(database: Database) -> list[KeyUse]:
    """The master keys that jobs need."""
    rows = await database.fetch("health_keys")
    return [KeyUse(row["key_id"], row["jobs"], WrappedKey(row["sample"], row["key_id"], row["uuid"])) for row in rows]
