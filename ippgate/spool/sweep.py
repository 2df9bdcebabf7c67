"""The duty of sweeping: jobs that their clients abandoned are aborted, documents of ended jobs unlinked, in batches."""

import asyncio

from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import Unavailable
from ippgate.model.lifecycle import Event
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.store.database import Database
from ippgate.store.jobs import JobStore, Move
from ippgate.store.lanes import LaneStore

DUTY = "sweep"
_BATCH = 100
"""Large objects unlinked in one transaction: each holds a lock until its end, and the lock table has room for
thousands.
"""
_ABANDONED = 200  # jobs aborted in one round
_FORGOTTEN = 1000  # sources of wrong passwords that are as good as new, and keys of releases, forgotten in one round
KEY_LIFE = 86_400.0
"""Seconds for which a release with the same key is the same release."""


class Sweeper:
    """interval: seconds between two rounds."""

    def __init__(self, database: Database, jobs: JobStore, lanes: LaneStore, *, interval: float) -> None:
        self._db, self._jobs, self._lanes, self._interval = database, jobs, lanes, interval

    async def run(self) -> None:
        """Sweep until cancelled; what goes wrong ends a round, never the sweeper."""
        while True:
            try:
                if await self._lanes.take_duty(DUTY):
                    await self.sweep()
                    await self._lanes.bury()
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - one strange object must not end the sweeping of all others
                mishap(error)
            await asyncio.sleep(self._interval)

    async def sweep(self) -> int:
        """One round; how many documents were unlinked."""
        await self._abort_abandoned()
        await self._db.value("password_forget_guessers", _FORGOTTEN)
        await self._db.value("release_key_forget", KEY_LIFE, _FORGOTTEN)
        swept = 0
        while count := int(await self._db.value("trash_reap", _BATCH)):
            swept += count
        if swept:
            note(Noted.SPOOL_SWEPT, documents=swept)
        return swept

    async def _abort_abandoned(self) -> None:
        reasons = (R.ABORTED_BY_SYSTEM, R.SUBMISSION_INTERRUPTED)
        for job_id, _state in await self._jobs.abandoned(_ABANDONED):
            move = Move(job_id, Event.ABORT, reasons, "its documents did not come in time", overdue=True)
            if await self._jobs.move(move) is not None:
                note(Noted.JOB_ABANDONED, job=job_id)


async def orphans(database: Database, limit: int = 1000) -> list[int]:
    """Large objects that nothing knows: there should never be one."""
    return [row["oid"] for row in await database.fetch("document_orphans", limit)]
