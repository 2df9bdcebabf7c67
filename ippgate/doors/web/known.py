"""Who visits, by the cookies of the realm that a page is in.

What is there and no good is as if it were not there: the page then asks to log in.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from aiohttp import web

from ippgate.doors.web import cookies
from ippgate.doors.web.route import Realm
from ippgate.doors.web.visitor import Visitor
from ippgate.identity.enrolment import KIND as STATION
from ippgate.identity.secret import Secret, secret_of
from ippgate.identity.sessions import KIND as SESSION
from ippgate.model.errors import Busy
from ippgate.model.session import Session
from ippgate.model.station import Station


class Sessions(Protocol):
    async def by_token(self, token: Secret, source: str) -> Session | None: ...


class Stations(Protocol):
    async def by_secret(self, secret: Secret, source: str) -> Station | None: ...


class Nobody:
    """Knows no session and no station."""

    async def by_token(self, token: Secret, source: str) -> None:
        del token, source

    async def by_secret(self, secret: Secret, source: str) -> None:
        del secret, source


SESSION_COOKIE: Final = {Realm.PANEL: cookies.PANEL, Realm.PORTAL: cookies.PORTAL}
"""In which cookie a realm has its session."""


class Known:
    """Finds out who visits."""

    def __init__(self, sessions: Sessions, stations: Stations) -> None:
        self._sessions, self._stations = sessions, stations

    async def visitor(self, request: web.BaseRequest, realm: Realm, jar: Mapping[str, str]) -> Visitor:
        """Raises what services raise."""
        source = request.remote or ""
        if realm is Realm.OPEN:
            return Visitor(source)
        station = await self._station(jar.get(cookies.STATION, ""), source) if realm is Realm.PANEL else None
        return Visitor(source, station, await self._session(jar.get(SESSION_COOKIE[realm], ""), source))

    async def _session(self, token: str, source: str) -> Session | None:
        secret = secret_of(token)
        if secret is None or secret.kind != SESSION:
            return None
        try:
            return await self._sessions.by_token(secret, source)
        except Busy:  # a page that asks to log in says so when it is tried
            return None

    async def _station(self, token: str, source: str) -> Station | None:
        secret = secret_of(token)
        if secret is None or secret.kind != STATION:
            return None
        return await self._stations.by_secret(secret, source)
