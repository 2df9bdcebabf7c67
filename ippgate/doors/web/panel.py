"""The touch page at a device: whoever stands there logs in, sees what waits for them, and has it printed right there.

It needs no script: forms and pages, small enough for the browsers that are built into printers.
"""

import secrets
from collections.abc import Iterable
from http import HTTPStatus

from aiohttp import web

from ippgate.doors.web import cookies
from ippgate.doors.web.cookies import LONG, Cookie
from ippgate.doors.web.job_list import JobList
from ippgate.doors.web.refusing import sentence
from ippgate.doors.web.route import Realm, Role, Route
from ippgate.doors.web.services import Services
from ippgate.doors.web.visit import BAD, Visit
from ippgate.doors.web.visitor import Visitor
from ippgate.identity.logins import Claim, UnknownCard
from ippgate.model.device import Device
from ippgate.model.errors import NotAuthenticated, NotPossible, Refusal, Unavailable


class Panel:
    """The pages."""

    def __init__(self, services: Services) -> None:
        self._services, self._list = services, JobList(services)

    def routes(self) -> Iterable[Route]:
        """The table of these."""
        realm = Realm.PANEL
        return [
            Route("GET", "/panel", Role.PUBLIC, realm, self._ask_for_code),
            Route("POST", "/panel", Role.PUBLIC, realm, self._enrol),
            Route("GET", "/panel/{station}", Role.STATION, realm, self._ask),
            Route("POST", "/panel/{station}", Role.STATION, realm, self._log_in),
            Route("GET", "/panel/{station}/jobs", Role.PANEL, realm, self._show),
            Route("POST", "/panel/{station}/jobs", Role.PANEL, realm, self._act),
            Route("POST", "/panel/{station}/log-out", Role.PANEL, realm, self._log_out),
        ]

    # ── the panel itself ──

    async def _ask_for_code(self, visit: Visit) -> web.Response:
        station = visit.visitor.station
        return visit.go(f"/panel/{station.name}") if station else visit.page("panel/enrol.html", sentence="")

    async def _enrol(self, visit: Visit) -> web.Response:
        try:
            station, secret = await self._services.stations.enrol(visit.form.text("code"), visit.visitor.source)
        except (Refusal, Unavailable) as error:
            return visit.page("panel/enrol.html", HTTPStatus.FORBIDDEN, sentence=sentence(error))
        visit.set(Cookie(cookies.STATION, secret, "/panel", LONG))
        return visit.go(f"/panel/{station.name}")

    # ── whoever stands there ──

    async def _ask(self, visit: Visit) -> web.Response:
        if visit.visitor.plays(Role.PANEL):
            return visit.go(f"{visit.path}/jobs")
        return self._asked(visit, await self._device(visit))

    async def _log_in(self, visit: Visit) -> web.Response:
        device, station = await self._device(visit), visit.visitor.station
        assert station is not None, "nobody else is let in here"
        form = visit.form
        claim = Claim(form.text("card"), form.text("pin"), form.text("name"), form.secret("password"))
        try:
            login = await self._services.logins.at_device(device, claim, visit.visitor.source, station=station.id)
        except UnknownCard:
            unknown = visit.language.say("Nobody has that card yet. Log in another way, or ask an operator.")
            return self._asked(visit, device, unknown)
        except NotAuthenticated:
            return self._asked(visit, device, visit.language.say("That was not right. Try again."))
        except (Refusal, Unavailable) as error:
            return self._asked(visit, device, sentence(error))
        visit.set(Cookie(cookies.PANEL, login.token, f"/panel/{station.name}"))
        visit.visitor = Visitor(visit.visitor.source, station, login.session)
        await self._greet(visit, device)
        return visit.go(f"/panel/{station.name}/jobs")

    async def _greet(self, visit: Visit, device: Device) -> None:
        """Tell what happened meanwhile, and let everything go where it is set so."""
        await self._list.tell_tidings(visit)
        gone = await self._services.everything.on_login(self._list.caller(visit), device)
        if gone is not None and gone.released:
            visit.tell(visit.language.say_many("%(number)s job prints.", "%(number)s jobs print.", len(gone.released)))

    async def _log_out(self, visit: Visit) -> web.Response:
        session, station = visit.visitor.session, visit.visitor.station
        assert session is not None
        assert station is not None
        await self._services.sessions.close(session)
        visit.set(Cookie(cookies.PANEL, "", f"/panel/{station.name}", seconds=0))
        return visit.go(f"/panel/{station.name}")

    async def _show(self, visit: Visit) -> web.Response:
        sheets, device = await self._list.sheets(visit), await self._device(visit)
        return visit.page(
            "panel/jobs.html",
            station=visit.parts["station"],
            sheets=sheets,
            device=device,
            person=visit.visitor.person,
            key=secrets.token_urlsafe(12),
            idle=int(self._services.panel_idle) + 1,
        )

    async def _act(self, visit: Visit) -> web.Response:
        try:
            await self._list.act(visit, await self._device(visit))
        except Refusal as error:
            visit.tell(sentence(error), BAD)
        return visit.go(visit.path)

    def _asked(self, visit: Visit, device: Device, said: str = "") -> web.Response:
        ways = {str(way) for way in device.logins}
        return visit.page("panel/log_in.html", device=device, ways=ways, sentence=said, action=visit.path)

    async def _device(self, visit: Visit) -> Device:
        """Where the panel stands. Raises NotPossible for a station of several devices."""
        station = visit.visitor.station
        assert station is not None, "nobody else is let in here"
        if len(station.devices) != 1:
            raise NotPossible("this station stands at several devices: a panel needs a station of its own")
        return await self._services.fleet.device_by_id(next(iter(station.devices)))
