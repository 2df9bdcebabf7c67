"""What documents were found to be and what rules made of jobs, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ippgate.ipp import Attribute
from ippgate.ipp.registry.enums import JobState
from ippgate.model import ticket
from ippgate.model.facts import DocumentFacts
from ippgate.model.packed_facts import pack
from ippgate.store.database import Database
from ippgate.store.sealed import WrappedKey

Stage = Literal["arrival", "release"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A job as rules made it, all its documents being here."""

    template: tuple[Attribute, ...]
    priority: int
    reasons: tuple[str, ...]
    message: str = ""
    device_id: int | None = None  # where it is to go; None: as before
    tags: tuple[str, ...] = ()
    waits_for: float | None = None  # seconds; a job that still waits then is given up
    decision: bytes | None = None  # stored as it is


@dataclass(frozen=True, slots=True)
class Unexamined:
    """A whole document that nobody has looked at."""

    job_id: int
    number: int
    oid: int
    size: int  # octets
    key: WrappedKey


@dataclass(frozen=True, slots=True)
class Decided:
    """What rules decided once, as it was stored."""

    stage: Stage
    at: datetime
    decision: bytes


class JudgementStore:
    """The repository of facts and decisions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def close(self, job_id: int, judged: Judged, *, seen: JobState, edition: int) -> bool:
        """Close an open job as rules made it. False: it was closed before, has ended, left the state it was seen in, or
        has not the documents of this edition.
        """
        facts = (
            ticket.pack(judged.template),
            judged.priority,
            " ".join(judged.reasons),
            judged.message,
            judged.device_id,
            " ".join(judged.tags),
            judged.waits_for,
            judged.decision,
            int(seen),
            edition,
        )
        return await self._db.value("job_judged", job_id, *facts) is not None

    async def found(self, job_id: int, number: int, facts: DocumentFacts) -> None:
        """Keep what a document was found to be."""
        await self._db.value("document_found", job_id, number, pack(facts))

    async def to_examine(self, after: tuple[int, int], limit: int) -> list[Unexamined]:
        """Whole documents that nobody has looked at, after this job and number, oldest first."""
        return [
            Unexamined(
                row["job_id"],
                row["number"],
                row["oid"],
                row["size"],
                WrappedKey(row["key"], row["key_id"], row["uuid"]),
            )
            for row in await self._db.fetch("documents_to_examine", *after, limit)
        ]

    async def keep(self, job_id: int, stage: Stage, decision: bytes) -> None:
        """Keep what rules decided; of several decisions at a stage the last one counts."""
        await self._db.value("decision_keep", job_id, stage, decision)

    async def decisions(self, job_id: int) -> list[Decided]:
        """What rules decided of a job, in the order of its story."""
        rows = await self._db.fetch("decision_list", job_id)
        return [Decided(row["stage"], row["decided_at"], row["decision"]) for row in rows]
