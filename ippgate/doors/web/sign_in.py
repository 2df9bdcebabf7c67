"""How people come in where no device is: by name and password, and out again."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import web

from ippgate.doors.web import cookies
from ippgate.doors.web.cookies import Cookie
from ippgate.doors.web.route import Realm, Role, Route
from ippgate.doors.web.services import Services
from ippgate.doors.web.status import status_of
from ippgate.doors.web.visit import Visit
from ippgate.model.errors import NotAuthenticated, Refusal, Unavailable
from ippgate.model.session import SessionKind

if TYPE_CHECKING:
    from ippgate.doors.web.route import Handler

HOME: Final = "/jobs"


class SignIn:
    """The pages. start: what a visitor sees who has not come in."""

    def __init__(self, services: Services, start: "Handler") -> None:
        self._services, self._start = services, start

    def routes(self) -> Iterable[Route]:
        """The table of these."""
        portal = Realm.PORTAL
        return [
            Route("GET", "/", Role.PUBLIC, portal, self._home, plain_too=True),
            Route("GET", "/sign-in", Role.PUBLIC, portal, self._ask),
            Route("POST", "/sign-in", Role.PUBLIC, portal, self._come_in),
            Route("POST", "/sign-out", Role.PORTAL, portal, self._go_out),
        ]

    async def _home(self, visit: Visit) -> web.StreamResponse:
        return visit.go(HOME) if visit.visitor.plays(Role.PORTAL) else await self._start(visit)

    async def _ask(self, visit: Visit) -> web.Response:
        return _asked(visit)

    async def _come_in(self, visit: Visit) -> web.Response:
        name, password = visit.form.text("name"), visit.form.secret("password")
        try:
            login = await self._services.logins.elsewhere(name, password, visit.visitor.source, SessionKind.PORTAL)
        except (Refusal, Unavailable) as error:
            return _asked(visit, error)
        visit.set(Cookie(cookies.PORTAL, login.token))
        return visit.go(HOME)

    async def _go_out(self, visit: Visit) -> web.Response:
        await self._close(visit)
        visit.set(Cookie(cookies.PORTAL, "", seconds=0))
        return visit.go("/")

    async def _close(self, visit: Visit) -> None:
        session = visit.visitor.session
        assert session is not None, "nobody else is let in here"
        await self._services.sessions.close(session)


def _asked(visit: Visit, error: Exception | None = None) -> web.Response:
    if visit.visitor.plays(Role.PORTAL):
        return visit.go(HOME)
    sentence = ""
    if isinstance(error, NotAuthenticated):
        sentence = visit.language.say("That name and password do not go together.")
    elif error is not None:
        sentence = visit.language.say("That did not work: %(reason)s.", reason=str(error))
    status = HTTPStatus.OK if error is None else status_of(error)
    answer = visit.page("sign_in.html", status, sentence=sentence, name=visit.form.text("name"))
    if status is HTTPStatus.UNAUTHORIZED:
        answer.set_status(HTTPStatus.FORBIDDEN)  # 401 would have the browser ask by itself (RFC 9110 section 15.5.2)
    return answer
