"""The web room of the server: every request that is not IPP. It finds the route, who visits, and whether they may.

Nothing that is refused here reaches a handler; whatever a handler raises is answered in a sentence, never with a trace.
"""

import secrets
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from ippgate.doors import reply
from ippgate.doors.connection import Connection
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site, site_of
from ippgate.doors.web import cookies
from ippgate.doors.web.cookies import Cookie
from ippgate.doors.web.form import read_form
from ippgate.doors.web.known import SESSION_COOKIE, Known
from ippgate.doors.web.language import Languages
from ippgate.doors.web.origin import FIELD, check_origin, check_token, token_of
from ippgate.doors.web.refusing import refused, turned_away
from ippgate.doors.web.render import Pages
from ippgate.doors.web.route import Found, Realm, Route, Router
from ippgate.doors.web.seal import Seal
from ippgate.doors.web.visit import Visit, told_by
from ippgate.doors.web.visitor import Visitor
from ippgate.model.errors import Refusal, Unavailable

NOWHERE: Final = "There is no such page here."
PLAIN: Final = "This page is served over TLS alone: ask an operator to switch that on (server.tls)."
_SEED: Final = 32  # characters
_SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})


class WebDoor:
    """`answer` takes every request that is not IPP. digest: keyed; of the tokens against forgery."""

    def __init__(
        self,
        routes: Iterable[Route],
        known: Known,
        digest: Callable[[str], bytes],
        seal: Seal,
        settings: DoorSettings,
        pages: Pages,
        languages: Languages,
    ) -> None:
        self.router = Router(routes)
        self._known, self._digest, self._seal, self._settings = known, digest, seal, settings
        self._pages, self._languages = pages, languages

    def takes(self, method: str, path: str) -> bool:
        """Whether there is a page for this method at this path (as it was sent, without its fields)."""
        return isinstance(self.router.find(method, path), Found)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request, whatever it is."""
        path = request.raw_path.partition("?")[0]
        found = self.router.find(request.method, path)
        if found is None:
            return reply.text(HTTPStatus.NOT_FOUND, NOWHERE)
        if not isinstance(found, Found):
            methods = ", ".join(sorted(found | ({hdrs.METH_HEAD} if hdrs.METH_GET in found else set())))
            sentence = f"This page takes {methods}."
            return reply.text(HTTPStatus.METHOD_NOT_ALLOWED, sentence, close=True, headers={hdrs.ALLOW: methods})
        site = self._site(request)
        may_be_read = found.route.realm is Realm.OPEN or found.route.plain_too or self._settings.plain_pages
        if not site.secure and not may_be_read:
            return _elsewhere(request, site)
        return await self._visited(request, found, site)

    async def _visited(self, request: web.BaseRequest, found: Found, site: Site) -> web.StreamResponse:
        route, jar = found.route, cookies.read(request)
        visit = self._visit(request, found, site, jar)
        try:
            visit.visitor = await self._known.visitor(request, route.realm, jar)
            if not visit.visitor.plays(route.role) or not visit.at_home:
                return turned_away(visit, route)
            await self._read(visit, route)
            return await route.handler(visit)
        except (Refusal, Unavailable) as error:
            return refused(visit, route, error)

    async def _read(self, visit: Visit, route: Route) -> None:
        """Read what was sent, once it is known to come from a page of ours."""
        if route.method not in _SAFE:
            check_origin(visit.request.headers, _origin(visit.site))
            visit.form = await read_form(visit.request)
            check_token(visit.csrf, visit.form.text(FIELD))

    def _visit(self, request: web.BaseRequest, found: Found, site: Site, jar: dict[str, str]) -> Visit:
        language = self._languages.best(request.headers.get(hdrs.ACCEPT_LANGUAGE))
        realm = found.route.realm
        has_forms = realm in SESSION_COOKIE
        seed = jar.get(cookies.FORM, "")
        fresh = has_forms and len(seed) < _SEED
        if fresh:
            seed = secrets.token_urlsafe(24)
        token = token_of(self._digest, f"{realm}~{seed}~{jar.get(SESSION_COOKIE.get(realm, ''), '')}")
        told = told_by(self._seal, jar.get(cookies.TOLD, "")) if has_forms else []
        visit = Visit(
            request,
            found.parts,
            Visitor(request.remote or ""),
            language,
            site,
            self._pages,
            self._seal,
            token,
            told=told,
        )
        if fresh:
            visit.set(Cookie(cookies.FORM, seed))
        return visit

    def _site(self, request: web.BaseRequest) -> Site:
        connection = request.protocol
        assert isinstance(connection, Connection)
        address, port = (request.get_extra_info("sockname") or (self._settings.host, self._settings.port))[:2]
        other = connection.ports.plain if connection.secure else connection.ports.tls
        host = request.headers.get(hdrs.HOST)
        return site_of(host, self._settings.public_name, address, port, secure=connection.secure, other=other)


def _origin(site: Site) -> str:
    """As browsers write it: without the port that the scheme implies (RFC 6454 section 6.2)."""
    whole = site.page("")
    return whole.removesuffix(":443" if site.secure else ":80")


def _elsewhere(request: web.BaseRequest, site: Site) -> web.Response:
    """The same page over TLS; what was sent in the clear is not looked at."""
    if not site.tls:
        return reply.text(HTTPStatus.FORBIDDEN, PLAIN)
    if request.method not in _SAFE:
        return reply.text(
            HTTPStatus.FORBIDDEN, f"Send this to https://{site.tls} instead: it could be read on the way."
        )
    answer = reply.text(HTTPStatus.TEMPORARY_REDIRECT, "This page is served over TLS.")
    answer.headers[hdrs.LOCATION] = f"https://{site.tls}{request.raw_path}"
    return answer
