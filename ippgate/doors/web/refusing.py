"""How a page says no: to whoever has not logged in, by the way to do so; to people in a page, to programs in JSON."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from ippgate.doors.web.route import Realm, Role, Route
from ippgate.doors.web.status import status_of
from ippgate.doors.web.visit import Visit
from ippgate.model.errors import Busy, Forbidden, NotAuthenticated, Refusal, Unavailable

CHALLENGE: Final = 'Bearer realm="ippgate"'
_LOG_IN: Final = {Realm.PORTAL: "/sign-in", Realm.ADMIN: "/admin/sign-in"}
_SOON: Final = "10"  # seconds


def turned_away(visit: Visit, route: Route) -> web.Response:
    """Whoever is not, or not any more, who may come in here."""
    if route.realm is Realm.API:
        known = visit.visitor.session is not None or visit.visitor.station is not None
        kind, sentence = (
            (Forbidden, "that is not for you") if known else (NotAuthenticated, "log in first: send a token")
        )
        return refused(visit, route, kind(sentence))
    if route.realm is Realm.PANEL:
        station = visit.visitor.station
        at_home = station is not None and station.name == visit.parts.get("station", station.name)
        return visit.go(f"/panel/{station.name}" if station and at_home and route.role is Role.PANEL else "/panel")
    return visit.go(_LOG_IN.get(route.realm, "/"))


def refused(visit: Visit, route: Route, error: Refusal | Unavailable) -> web.Response:
    """What a service or the reading of the request has refused."""
    status, sentence = status_of(error), _sentence(error)
    if route.realm is Realm.API:
        answer = visit.json({"error": _name(error), "sentence": sentence}, status)
    else:
        title = visit.language.say("That did not work")
        answer = visit.page(_TEMPLATE.get(route.realm, "refused.html"), status, title=title, sentence=sentence)
    if status is HTTPStatus.UNAUTHORIZED:
        answer.headers[hdrs.WWW_AUTHENTICATE] = CHALLENGE
    if isinstance(error, Busy | Unavailable):
        answer.headers[hdrs.RETRY_AFTER] = _SOON
    return answer


_TEMPLATE: Final = {Realm.PANEL: "panel/refused.html"}


def _sentence(error: Exception) -> str:
    """One sentence, as people read it."""
    text = str(error)
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "?", "!")) else f"{whole}."


def _name(error: Exception) -> str:
    """The kind of error as programs read it: not-found, not-possible, …"""
    name = type(error).__name__
    return "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("-")
