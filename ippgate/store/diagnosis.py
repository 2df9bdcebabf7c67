"""What is looked at for a diagnosis; nothing here changes anything, and each look is one statement."""

from ippgate.ipp.registry.enums import JobState
from ippgate.model.diagnosis import Attempted, Errand, Holding, LaneFacts
from ippgate.store.database import Database


class DiagnosisStore:
    """Reads facts about jobs, lanes and owners. Raises Unavailable."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def lane(self, device_id: int) -> LaneFacts:
        """How a device's lane stands; of a device that is gone: as of one in which nothing is."""
        row = await self._db.row("diagnosis_lane", device_id)
        return LaneFacts() if row is None else LaneFacts(**dict(row))

    async def errand(self, job_id: int, most: int) -> Errand:
        """How a job stands on its way; jobs before it are counted up to `most`."""
        row = await self._db.row("diagnosis_errand", job_id, most)
        return Errand() if row is None else Errand(**dict(row))

    async def attempts(self, device_id: int, limit: int) -> list[Attempted]:
        """The last deliveries to a device that ended, latest first."""
        return [Attempted(**dict(row)) for row in await self._db.fetch("diagnosis_attempts", device_id, limit)]

    async def holdings(self, owner: str) -> list[Holding]:
        """What somebody has that has not ended, by queue and state."""
        rows = await self._db.fetch("diagnosis_holdings", owner)
        return [Holding(row["queue"], JobState(row["state"]), row["jobs"]) for row in rows]

    async def owners(self, limit: int) -> list[str]:
        """Whose jobs have not ended: so many names at the most."""
        return [row["owner"] for row in await self._db.fetch("diagnosis_owners", limit)]

    async def unclaimed(self, most: int) -> int:
        """Jobs that nobody has claimed, counted up to `most`."""
        return int(await self._db.value("diagnosis_unclaimed", most))
