"""S1: every page, asked for by everybody who may exist; the table of routes says who comes in."""

from collections.abc import AsyncIterator

import pytest

from ippgate.app import Gate as Services
from ippgate.app.worker import page_services
from ippgate.doors.settings import DoorSettings
from ippgate.doors.web import web_door
from ippgate.doors.web.known import SESSION_COOKIE
from ippgate.doors.web.route import Role, Route
from ippgate.model.person import Particulars
from ippgate.model.session import SessionKind
from ippgate.observe.metrics import Metrics
from ippgate.observe.monitor import Monitor
from tests.acceptance.conftest import Adding
from tests.rig.gate import Gate
from tests.rig.sink import Sink
from tests.rig.visitor import WebVisitor

STATION = "s1-station"
COMES_IN = {
    "nobody": {Role.PUBLIC},
    "a station": {Role.PUBLIC, Role.STATION},
    "a person at a panel": {Role.PUBLIC, Role.STATION, Role.PANEL},
    "a person elsewhere": {Role.PUBLIC, Role.PORTAL},
    "a panel's session without its station": {Role.PUBLIC},
    "a panel's session in the cookie of another realm": {Role.PUBLIC},
    "an operator's session in the cookies of people": {Role.PUBLIC},
}
"""Who there is, and the roles that they play."""


def routes_of(services: Services) -> tuple[Route, ...]:
    """As the server has them."""
    monitor = Monitor(Metrics(), None, refresh=60.0)  # type: ignore[arg-type]  # nobody asks it anything
    return web_door(page_services(services), DoorSettings(), monitor).router.routes


@pytest.fixture
async def tokens(services: Services, add_device: Adding, gate: Gate, operator: str) -> AsyncIterator[dict[str, str]]:
    """What each would show, by the name of its cookie."""
    async with Sink() as sink:
        device = await services.fleet.device(await add_device(sink.uri))
        await services.people.add("rosa", Particulars(), password="rosa's own battery")
        station, secret = await services.stations.add(STATION, [device.id])
        _, panel = await services.sessions.open("rosa", SessionKind.PANEL, device=device.id, station=station.id)
        _, portal = await services.sessions.open("rosa", SessionKind.PORTAL)
        _, admin = await services.sessions.open_admin(operator)
        await gate.caught_up(services)
        yield {"station": secret or "", "panel": panel, "portal": portal, "admin": admin}
    await services.stations.remove(STATION)
    await services.people.remove("rosa")


def shown_by(who: str, tokens: dict[str, str]) -> str:
    """Their cookies."""
    station, panel = f"ippgate-station={tokens['station']}", f"ippgate-panel={tokens['panel']}"
    return {
        "nobody": "ippgate-portal=x; ippgate-panel=session~1~x; ippgate-admin=",
        "a station": station,
        "a person at a panel": f"{station}; {panel}",
        "a person elsewhere": f"ippgate-portal={tokens['portal']}",
        "a panel's session without its station": panel,
        "a panel's session in the cookie of another realm": f"ippgate-portal={tokens['panel']}",
        "an operator's session in the cookies of people": (
            f"ippgate-portal={tokens['admin']}; ippgate-panel={tokens['admin']}; ippgate-admin={tokens['admin']}"
        ),
    }[who]


@pytest.mark.parametrize("who", COMES_IN)
async def test_who_comes_in_where(gate: Gate, services: Services, tokens: dict[str, str], who: str) -> None:
    async with WebVisitor(gate) as browser:
        for route in routes_of(services):
            path = route.path.replace("{station}", STATION).replace("{name}", "x.css").replace("{queue}", "q")
            browser.forget()
            cookie = shown_by(who, tokens)
            if route.method == "GET":
                page = await browser.get(path, follow=False, Cookie=cookie)
            else:  # a form without its token: whoever may come in is refused for that
                page = await browser.send(path, {}, token="", follow=False, headers={"Cookie": cookie})
            turned_away = page.status == 303 and page.headers["location"] in ("/panel", "/sign-in", f"/panel/{STATION}")
            if who == "a station" and route.path == "/panel":
                turned_away = False  # it is at home already
            if who == "a person at a panel" and route.path == "/panel":
                turned_away = False
            if route.role in COMES_IN[who]:
                assert not turned_away, (who, route.method, path)
                assert page.status == 403 or route.method == "GET", (who, route.method, path, page.status)
            else:
                assert turned_away, (who, route.method, path, page.status)
                assert "csrf" not in page.text


async def test_every_change_is_a_form_with_a_token(services: Services) -> None:
    """S24: what changes something is no GET, and in a realm of cookies it carries the token."""
    for route in routes_of(services):
        assert route.method in ("GET", "POST"), route.path
        if route.method == "POST":
            assert route.realm in SESSION_COOKIE, route.path


async def test_nothing_is_set_up_from_afar(gate: Gate) -> None:
    async with WebVisitor(gate) as browser:
        for path in ("/setup", "/install", "/admin/setup", "/api/v1/setup", "/panel/../setup", "/login"):
            assert (await browser.get(path, follow=False)).status in (400, 404)
