"""Sessions of people and operators, known by a token: one kind of token for panels, pages, programs and IPP.

A token is `session~ID~…`, 256 bits of chance, kept as a keyed hash. What was good a moment ago is not asked for again;
so a session may end for want of use a few seconds early, and never late. Whoever ends one tells all workers.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ippgate.identity.owners import OwnerBook
from ippgate.identity.patience import Patience, PatienceSettings
from ippgate.identity.secret import Secret, draw
from ippgate.identity.source import neighbourhood
from ippgate.identity.uri_secret import SecretKey
from ippgate.model.errors import Busy
from ippgate.model.session import Session, SessionKind
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.sessions import NewSession, SessionStore

KIND: Final = "session"
"""What a session's token begins with."""

PAGE: Final = 1000
"""Sessions that are listed at once."""

MOST: Final = 10_000
"""Sessions in mind; the oldest goes first."""

_FRESH: Final = 5.0  # seconds that a session is good without being looked up; a tenth of its idle time at most
_ID_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Span:
    """How long a session is good, in seconds."""

    idle: float  # without use
    longest: float  # however much it is used


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How long each kind is good."""

    panel: Span = field(default=Span(60.0, 3600.0))
    portal: Span = field(default=Span(1800.0, 12 * 3600.0))  # programs and operators, too


class Sessions:
    """The service of sessions; `forget` may be called from anywhere in the loop."""

    def __init__(
        self,
        store: SessionStore,
        key: SecretKey,
        owners: OwnerBook,
        settings: SessionSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._key, self._owners, self._clock = store, key, owners, clock
        self._settings = settings or SessionSettings()
        self._patience = Patience(PatienceSettings())
        self._good: OrderedDict[bytes, tuple[float, Session]] = OrderedDict()
        self._age = 0  # how often something was forgotten: what was found out before that is not kept

    # ── by people ──

    async def open(
        self, person: str, kind: SessionKind, *, device: int | None = None, station: int | None = None
    ) -> tuple[Session, str]:
        """A session of somebody who has proven who they are, and its token, which is told this once. device: id of the
        one at which it is good, for a panel alone. Raises Forbidden for somebody who is shut out.
        """
        span = self._settings.panel if kind is SessionKind.PANEL else self._settings.portal
        number = await self._store.number()
        token = draw(KIND, str(number))
        new = NewSession(number, self._digest(token), kind, person, device, station, span.idle, span.longest)
        opened = await self._store.open(new)
        note(Noted.SESSION_OPENED, session=opened.id, user=person, kind=str(kind))
        return opened, token.whole

    async def open_admin(self, operator: str) -> tuple[Session, str]:
        """A session of an operator who has proven it, and its token, which is told this once. Raises Forbidden."""
        span, number = self._settings.portal, await self._store.number()
        token = draw(KIND, str(number))
        opened = await self._store.open_admin(operator, number, self._digest(token), span.idle, span.longest)
        note(Noted.SESSION_OPENED, session=opened.id, user=operator, kind=str(opened.kind))
        return opened, token.whole

    async def by_token(self, token: Secret, source: str) -> Session | None:
        """Whose session it is, used at this moment; None: nobody's, or it has ended. source: the client's address.

        Raises Busy for a source that has come with too many wrong tokens just now, and Unavailable.
        """
        now, digest, age, source = self._clock(), self._digest(token), self._age, neighbourhood(source)
        until, known = self._good.get(digest, (now, None))
        if known is not None and until > now:
            return known
        self._good.pop(digest, None)
        if wait := self._patience.wait(source, source, now):
            raise Busy(f"too many sessions from there were wrong: try again in {wait:.0f} seconds", wait)
        found = await self._store.use(int(token.name), digest) if _is_id(token) else None
        if found is None:
            self._patience.failed(source, source, now)
            note(Noted.SESSION_REFUSED, client=source)
            return None
        self._patience.proved(source, source)
        if age == self._age:
            self._good[digest] = (now + min(_FRESH, found.idle / 10), found)
            while len(self._good) > MOST:
                self._good.popitem(last=False)
        return found

    async def close(self, session: Session) -> None:
        """Its person logs out. Raises NotFound when it has ended."""
        await self._end(session.id)

    # ── by operators ──

    async def listing(self, person: str | None = None, *, after: int = 0, limit: int = PAGE) -> list[Session]:
        """Of a person, or of everybody; in the order in which they were opened, behind an id."""
        own = None if person is None else self._owners.person(person)
        return await self._store.listing(own, after=after, limit=min(limit, PAGE))

    async def revoke(self, session_id: int) -> Session:
        """Raises NotFound."""
        return await self._end(session_id)

    async def revoke_all(self, person: str) -> int:
        """All of a person's; how many there were. Raises NotPossible for what is no name."""
        own = self._owners.person(person)
        ended = await self._store.end_all(own)
        self.forget()
        note(Noted.SESSIONS_REVOKED, user=own, sessions=ended)
        return ended

    def forget(self, session_id: str = "") -> None:
        """A session is no more; "": any may be."""
        self._age += 1
        if not session_id:
            self._good.clear()
            return
        for digest in [digest for digest, (_, each) in self._good.items() if str(each.id) == session_id]:
            del self._good[digest]

    # ── within ──

    async def _end(self, session_id: int) -> Session:
        ended = await self._store.end(session_id)
        self.forget(str(session_id))
        note(Noted.SESSION_ENDED, session=session_id, user=ended.person or ended.operator)
        return ended

    def _digest(self, token: Secret) -> bytes:
        return self._key.digest(token.whole)


def _is_id(token: Secret) -> bool:
    return token.kind == KIND and token.name.isascii() and token.name.isdigit() and len(token.name) <= _ID_DIGITS
