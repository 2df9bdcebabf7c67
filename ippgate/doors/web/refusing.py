"""How a page says no: to whoever has not logged in, by the way to do so; to others in a sentence."""

from typing import Final

from aiohttp import hdrs, web

from ippgate.doors.web.route import Realm, Role, Route
from ippgate.doors.web.status import status_of
from ippgate.doors.web.visit import Visit
from ippgate.model.errors import Refusal, Unavailable

_SOON: Final = "10"  # seconds


def turned_away(visit: Visit, route: Route) -> web.Response:
    """Whoever is not, or not any more, who may come in here."""
    if route.realm is Realm.PANEL:
        station = visit.visitor.station
        at_home = station is not None and station.name == visit.parts.get("station", station.name)
        return visit.go(f"/panel/{station.name}" if station and at_home and route.role is Role.PANEL else "/panel")
    return visit.go("/sign-in")


def refused(visit: Visit, route: Route, error: Refusal | Unavailable) -> web.Response:
    """What a service or the reading of the request has refused."""
    title, template = visit.language.say("That did not work"), _TEMPLATE.get(route.realm, "refused.html")
    answer = visit.page(template, status_of(error), title=title, sentence=sentence(error))
    if isinstance(error, Unavailable):
        answer.headers[hdrs.RETRY_AFTER] = _SOON
    return answer


_TEMPLATE: Final = {Realm.PANEL: "panel/refused.html"}


def sentence(said: Exception | str) -> str:
    """What was refused, as people read it: one whole sentence; empty stays empty."""
    text = str(said)
    whole = text[:1].upper() + text[1:]
    return whole if not whole or whole.endswith((".", "?", "!")) else f"{whole}."
