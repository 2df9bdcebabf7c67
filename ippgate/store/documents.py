"""Single documents of jobs in PostgreSQL: cancelled and named, while their job waits."""

from ippgate.store.database import Database


class DocumentStore:
    """The repository of single documents; their octets are the spool's."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def cancel(self, job_id: int, number: int, *, seen: int) -> bool:
        """Take a document out of a waiting job, octets and all. False: there is none, the job waits no more, or its
        documents are not those of the edition that was `seen`.
        """
        return await self._db.value("document_cancel", job_id, number, seen) is not None

    async def rename(self, job_id: int, number: int, name: str) -> bool:
        """Name a document of a waiting job. False: there is none, or the job waits no more."""
        return await self._db.value("document_rename", job_id, number, name) is not None
