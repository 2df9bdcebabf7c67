"""What everybody may see: how to add the printer, the icon, what pages are dressed in, and what monitoring asks."""

from collections.abc import Iterable
from functools import cached_property
from http import HTTPStatus
from typing import Protocol

from aiohttp import hdrs, web

from ippgate.doors import reply
from ippgate.doors.web.assets import Assets
from ippgate.doors.web.icon import icon
from ippgate.doors.web.route import Realm, Role, Route
from ippgate.doors.web.visit import Visit
from ippgate.model.queue import Queue
from ippgate.observe.metrics import CONTENT_TYPE
from ippgate.observe.monitor import Readiness

_FOR_EVER = "public, max-age=31536000, immutable"
_PRINTERS = ("/ipp/print", "/ipp/print/", "/ipp/print/{queue}", "/printers", "/printers/", "/printers/{queue}")


class Fleet(Protocol):
    """The book of queues."""

    async def queues(self) -> list[Queue]: ...


class Monitoring(Protocol):
    """What monitoring is told; `observe.Monitor` is one."""

    async def render(self) -> bytes: ...

    async def readiness(self) -> Readiness: ...


class OpenPages:
    """The pages. metrics: whether /metrics is served; signs_in: whether there are pages for people who log in."""

    def __init__(
        self, fleet: Fleet, assets: Assets, monitoring: Monitoring, *, metrics: bool = True, signs_in: bool = False
    ) -> None:
        self._fleet, self._assets, self._monitoring = fleet, assets, monitoring
        self._metrics, self._signs_in = metrics, signs_in

    def routes(self) -> Iterable[Route]:
        """The table of these."""
        handlers = {
            "/healthz": self._health,
            "/readyz": self._readiness,
            "/icon.png": self._icon,
            "/static/{name}": self._asset,
            **dict.fromkeys(_PRINTERS, self.start),
        }
        if not self._signs_in:
            handlers["/"] = self.start
        if self._metrics:
            handlers["/metrics"] = self._metrics_page
        return [Route("GET", path, Role.PUBLIC, Realm.OPEN, handler) for path, handler in handlers.items()]

    async def start(self, visit: Visit) -> web.Response:
        """Which queues there are, and how to add one."""
        site = visit.site
        queues = [
            {
                "title": queue.info or queue.name,
                "location": queue.location,
                "uri": site.printer(queue.name),
                "command": f"lpadmin -p {queue.name} -E -v {site.printer(queue.name)} -m everywhere",
            }
            for queue in await self._fleet.queues()
        ]
        return visit.page("start.html", queues=queues, signs_in=self._signs_in)

    async def _health(self, _visit: Visit) -> web.Response:
        return reply.text(HTTPStatus.OK, "alive")

    async def _readiness(self, _visit: Visit) -> web.Response:
        readiness = await self._monitoring.readiness()
        if readiness.ready:
            return reply.text(HTTPStatus.OK, "ready")
        return reply.text(HTTPStatus.SERVICE_UNAVAILABLE, f"not ready: {readiness.reason}")

    async def _metrics_page(self, visit: Visit) -> web.Response:
        return _shown(visit, await self._monitoring.render(), CONTENT_TYPE)

    async def _icon(self, visit: Visit) -> web.Response:
        return _shown(visit, self._drawn, "image/png")

    async def _asset(self, visit: Visit) -> web.Response:
        asset = self._assets.get(visit.parts["name"])
        if asset is None:
            return reply.text(HTTPStatus.NOT_FOUND, "There is no such page here.")
        return _shown(visit, asset.octets, asset.kind, _FOR_EVER)

    @cached_property
    def _drawn(self) -> bytes:
        return icon()


def _shown(visit: Visit, body: bytes, kind: str, cached: str = "") -> web.Response:
    answer = web.Response(body=body)
    answer.headers[hdrs.CONTENT_TYPE] = kind
    if cached:
        answer.headers[hdrs.CACHE_CONTROL] = cached
    return visit.dressed(answer)
