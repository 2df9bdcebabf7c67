"""What is held, counted: of each queue and each owner."""

from ippgate.store.database import Database


async def held(database: Database, *, by_owner: bool) -> list[tuple[tuple[int, str], int, int]]:
    """Jobs that have not ended and octets of their documents, by queue and, if asked for, owner."""
    rows = await database.fetch("job_count_held", by_owner)
    return [((row["queue_id"], row["owner"]), row["jobs"], row["octets"]) for row in rows]
