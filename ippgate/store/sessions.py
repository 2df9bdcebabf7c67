"""Sessions in PostgreSQL: a keyed hash of each one's token, never the token."""

from dataclasses import dataclass
from typing import Any

from ippgate.model.errors import Forbidden, NotFound
from ippgate.model.session import MAX_SESSIONS, Session, SessionKind
from ippgate.store.database import Database


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that is about to be opened. Times in seconds."""

    id: int
    digest: bytes  # keyed hash of its token
    kind: SessionKind
    person: str
    device_id: int | None
    station_id: int | None
    idle: float
    longest: float


class SessionStore:
    """The repository of sessions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def number(self) -> int:
        """The id of a session that is about to be opened."""
        return int(await self._db.value("session_number"))

    async def open(self, new: NewSession) -> Session:
        """Raises Forbidden for somebody who is shut out or gone."""
        row = await self._db.row(
            "session_open",
            new.person,
            new.id,
            new.digest,
            str(new.kind),
            new.device_id,
            new.station_id,
            new.idle,
            new.longest,
            MAX_SESSIONS,
        )
        if row is None:
            raise Forbidden(f"{new.person} is shut out of printing here: ask an operator")
        return _session(row)

    async def open_admin(self, operator: str, number: int, digest: bytes, idle: float, longest: float) -> Session:
        """An operator's. Raises Forbidden for one who is gone."""
        row = await self._db.row("session_open_admin", operator, number, digest, idle, longest, MAX_SESSIONS)
        if row is None:
            raise Forbidden(f"{operator} is no operator any more")
        return _session(row)

    async def use(self, session_id: int, digest: bytes) -> Session | None:
        """The session with this token, used at this moment; None: there is none, or it has ended."""
        row = await self._db.row("session_use", session_id, digest)
        return None if row is None else _session(row)

    async def listing(self, person: str | None, *, after: int, limit: int) -> list[Session]:
        """Of a person, or of everybody; in the order in which they were opened, behind an id."""
        return [_session(row) for row in await self._db.fetch("session_list", person, after, limit)]

    async def end(self, session_id: int) -> Session:
        """Raises NotFound."""
        row = await self._db.row("session_end", session_id)
        if row is None:
            raise _absent(session_id)
        return _session(row)

    async def end_all(self, person: str) -> int:
        """How many there were."""
        return int(await self._db.value("session_end_all", person))


def _absent(session_id: int) -> NotFound:
    return NotFound(f"there is no session {session_id}")


def _session(row: Any) -> Session:
    return Session(
        row["id"],
        SessionKind(row["kind"]),
        row["person"] or "",
        row["device_id"],
        row["station_id"],
        row["idle"],
        row["opened_at"],
        row["seen_at"],
        row["ends_at"],
        row["operator"] or "",
    )
