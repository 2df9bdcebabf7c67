"""Passwords of jobs in PostgreSQL, sealed, with how often somebody has been wrong: all workers count together."""

from dataclasses import dataclass

from ippgate.store.database import Database
from ippgate.store.sealed import WrappedKey


@dataclass(frozen=True, slots=True)
class PatienceBounds:
    """How often a password may be guessed (SECURITY S21). Times in seconds."""

    free: int = 3  # wrong ones that cost nothing: people mistype
    first: float = 1.0  # the wait after the next one; it doubles with each
    longest: float = 60.0
    locks_after: int = 10  # then operators alone can help: four digits are guessed once in a thousand times until then
    source_free: int = 30  # wrong ones of a source (a panel in a busy hall, or an attacker), whatever the job
    source_every: float = 60.0  # and then one in so long: nobody can lock the jobs of a whole house


@dataclass(frozen=True, slots=True)
class Try:
    """What a password that is offered is held against."""

    key: WrappedKey
    sealed: bytes
    locked: bool  # not to be looked at any more
    wait: float  # seconds until somebody may try; 0: this try counts


class PasswordStore:
    """The repository of passwords."""

    def __init__(self, database: Database, bounds: PatienceBounds | None = None) -> None:
        self._db, self.bounds = database, bounds or PatienceBounds()

    async def kept(self, job_id: int) -> bytes | None:
        """A job's password as it is stored, for a copy of the job; None: it has none (any more)."""
        sealed: bytes | None = await self._db.value("password_kept", job_id)
        return sealed

    async def begin(self, job_id: int, source: str) -> Try | None:
        """Count a try as wrong and return what it is held against; None: the job has no password (any more)."""
        chosen = self.bounds
        waits = (chosen.free, chosen.first, chosen.longest, chosen.locks_after)
        row = await self._db.row(
            "password_try", job_id, source[:255] or "unknown", *waits, chosen.source_free, chosen.source_every
        )
        if row is None:
            return None
        key = WrappedKey(row["key"], row["key_id"], row["uuid"])
        return Try(key, row["password"], row["locked"], row["wait_for"])

    async def right(self, job_id: int, source: str) -> None:
        """The try was not wrong after all."""
        await self._db.value("password_right", job_id, source[:255] or "unknown", self.bounds.source_every)

    async def unlock(self, job_id: int) -> bool:
        """Forget what was wrong. False: the job has no password (any more)."""
        return await self._db.value("password_unlock", job_id) is not None
