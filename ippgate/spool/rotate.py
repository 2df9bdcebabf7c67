"""Rotation of the master key: a new one wraps new jobs, then the keys of all others; documents stay as they are.

The former master key is kept until the next rotation, and an hour at least: a worker that has not yet heard may wrap a
last job with it, and a job that was wrapped with it may still be on its way into the database.
"""

from collections.abc import AsyncIterator
from pathlib import Path

from ippgate.model.errors import DocumentDamaged, Refusal
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.spool.keys import KeyRing
from ippgate.store.database import Database
from ippgate.store.fleet import FleetStore
from ippgate.store.sealed import WrappedKey

_BATCH = 1000  # keys wrapped in one statement
_GRACE = (
    3600.0  # seconds that a former master key stays: a job on its way may have been wrapped with it, and is not stored
)


class WrongMasterKey(Refusal):
    """The key folder is not that of this database."""


async def check_masters(settings: FleetStore, keys: KeyRing, folder: Path) -> None:
    """See that the master keys are those that this database knows by number; a new one becomes known.

    Raises WrongMasterKey: with its folder lost a gate would make a key of its own, and no held job could be read again.
    """
    for number, mark in keys.marks.items():
        if await settings.setting(f"master-key-{number}", mark) != mark:
            file = folder / f"master-{number:04d}.key"
            raise WrongMasterKey(f"{file} is not the master key of this database: restore it from a backup")


class KeyRotation:
    """Wraps the keys of all jobs anew."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._db, self._keys = database, keys

    async def pending(self) -> int:
        """How many jobs' keys are wrapped by another master key than the current one."""
        return int(await self._db.value("job_count_keys_to_wrap", self._keys.current))

    async def rotate(self) -> AsyncIterator[int]:
        """Make a new master key and wrap everything with it; yields how many keys each batch wrapped.

        Raises DocumentDamaged when a job's key does not open; what was wrapped until then stays wrapped.
        """
        former = self._keys.current
        number = self._keys.add_master()
        note(Noted.KEY_MADE, key=number)
        done = 0
        async for count in self._wrap_all(number):
            done += count
            yield count
        for old in self._keys.known:
            long_ago = old < former and self._keys.superseded_for(old) > _GRACE
            if long_ago and not await self._db.value("job_count_keys_of", old):
                self._keys.drop_master(old)
        note(Noted.KEY_ROTATED, key=number, jobs=done)

    async def _wrap_all(self, number: int) -> AsyncIterator[int]:
        after = 0
        while rows := await self._db.fetch("job_keys_to_wrap", number, after, _BATCH):
            ids = [row["id"] for row in rows]
            stale = [row["key"] for row in rows]
            try:
                wrapped = [WrappedKey(row["key"], row["key_id"], row["uuid"]) for row in rows]
                fresh = [self._keys.rewrap(key, number).octets for key in wrapped]
            except DocumentDamaged as error:
                raise DocumentDamaged(
                    f"a key among jobs {ids[0]} to {ids[-1]} was not wrapped anew: {error}"
                ) from error
            await self._db.fetch("job_wrap_keys", ids, stale, fresh, number)
            after = ids[-1]
            yield len(rows)
