"""Documents as they are converted for a device, in PostgreSQL: who makes one carries its job, or it is not recorded."""

from uuid import UUID

from ippgate.store.database import Database
from ippgate.store.lanes import Lease


class RenditionStore:
    """The repository of renditions. worker: whose leases count."""

    def __init__(self, database: Database, worker: UUID) -> None:
        self._db, self._worker = database, worker

    async def begin(self, lease: Lease, document_format: str, sheet: str, message: str) -> int | None:
        """Record an empty large object in place of what was made for the job before; its oid. None: the job is not
        this worker's by this lease any more. message: what is said of the job meanwhile.
        """
        job_id, number = lease
        facts = (document_format, sheet, message)
        oid: int | None = await self._db.value("rendition_begin", job_id, self._worker, number, *facts)
        return oid

    async def finish(self, lease: Lease, oid: int, size: int, sha256: bytes) -> bool:
        """It is whole. False: the job was held, changed or ended meanwhile."""
        job_id, number = lease
        return await self._db.value("rendition_finish", job_id, self._worker, number, oid, size, sha256) is not None

    async def put_off(self, lease: Lease) -> None:
        """Give a job back whose document still arrives: its lane gets it when the document is whole."""
        job_id, number = lease
        await self._db.value("rendition_put_off", job_id, self._worker, number)
