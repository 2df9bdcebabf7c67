"""A person's own page: the jobs that wait for them, to be printed at a device of their choice or deleted."""

import secrets
from collections.abc import Iterable

from aiohttp import web

from ippgate.doors.web.job_list import JobList
from ippgate.doors.web.refusing import sentence
from ippgate.doors.web.route import Realm, Role, Route
from ippgate.doors.web.services import Services
from ippgate.doors.web.visit import BAD, Visit
from ippgate.model.errors import Refusal


class JobPages:
    """The page."""

    def __init__(self, services: Services) -> None:
        self._fleet, self._list = services.fleet, JobList(services)

    def routes(self) -> Iterable[Route]:
        """The table of these."""
        return [
            Route("GET", "/jobs", Role.PORTAL, Realm.PORTAL, self._show),
            Route("POST", "/jobs", Role.PORTAL, Realm.PORTAL, self._act),
        ]

    async def _show(self, visit: Visit) -> web.Response:
        devices = await self._fleet.devices()
        sheets = await self._list.sheets(visit)
        return visit.page("jobs.html", sheets=sheets, devices=devices, key=secrets.token_urlsafe(12))

    async def _act(self, visit: Visit) -> web.Response:
        name = visit.form.text("device")
        try:
            await self._list.act(visit, await self._fleet.device(name) if name else None)
        except Refusal as error:
            visit.tell(sentence(error), BAD)
        return visit.go("/jobs")
