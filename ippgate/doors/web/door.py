"""GET: the page, the icon, and for monitoring whether the gate lives, is ready, and how it does."""

import re
from collections.abc import Awaitable, Callable
from functools import cached_property
from http import HTTPStatus
from typing import Final, Protocol

from aiohttp import hdrs, web
from multidict import CIMultiDict

from ippgate.doors import reply
from ippgate.doors.connection import Connection
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import site_of
from ippgate.doors.web.icon import icon
from ippgate.doors.web.page import page
from ippgate.model.errors import Unavailable
from ippgate.model.queue import Queue
from ippgate.observe.metrics import CONTENT_TYPE
from ippgate.observe.monitor import Readiness

_PAGES: Final = re.compile(r"/|/(?:ipp/print|printers)/?(?:[A-Za-z0-9][A-Za-z0-9._-]{0,126})?")


class Fleet(Protocol):
    """The book of queues."""

    async def queues(self) -> list[Queue]: ...


class Monitoring(Protocol):
    """What monitoring is told; `observe.Monitor` is one."""

    async def render(self) -> bytes: ...

    async def readiness(self) -> Readiness: ...


class WebDoor:
    """The web room of the server: `answer` takes every GET and HEAD. `metrics`: whether /metrics is served."""

    def __init__(self, fleet: Fleet, settings: DoorSettings, monitoring: Monitoring, *, metrics: bool = True) -> None:
        self._fleet = fleet
        self._settings = settings
        self._monitoring = monitoring
        self._routes: dict[str, Callable[[], Awaitable[web.Response]]] = {
            "/healthz": self._health,
            "/readyz": self._readiness,
            "/icon.png": self._icon,
        }
        if metrics:
            self._routes["/metrics"] = self._metrics

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request, whatever it is."""
        path = request.raw_path.partition("?")[0]
        route = self._routes.get(path)
        if route is not None:
            return await route()
        if _PAGES.fullmatch(path):
            return await self._page(request)
        return reply.text(HTTPStatus.NOT_FOUND, "There is no such page here.")

    async def _health(self) -> web.Response:
        return reply.text(HTTPStatus.OK, "alive")

    async def _readiness(self) -> web.Response:
        readiness = await self._monitoring.readiness()
        if readiness.ready:
            return reply.text(HTTPStatus.OK, "ready")
        return reply.text(HTTPStatus.SERVICE_UNAVAILABLE, f"not ready: {readiness.reason}")

    async def _metrics(self) -> web.Response:
        return _shown(await self._monitoring.render(), CONTENT_TYPE)

    async def _icon(self) -> web.Response:
        return _shown(self._drawn, "image/png")

    async def _page(self, request: web.BaseRequest) -> web.Response:
        try:
            queues = await self._fleet.queues()
        except Unavailable as error:
            return reply.text(HTTPStatus.SERVICE_UNAVAILABLE, f"Try again in a minute: {error}.")
        address, port = (request.get_extra_info("sockname") or (self._settings.host, self._settings.port))[:2]
        secure = isinstance(request.protocol, Connection) and request.protocol.secure
        site = site_of(request.headers.get(hdrs.HOST), self._settings.public_name, address, port, secure=secure)
        return _shown(page(queues, site).encode(), "text/html; charset=utf-8")

    @cached_property
    def _drawn(self) -> bytes:
        return icon()


def _shown(body: bytes, kind: str) -> web.Response:
    return web.Response(body=body, headers=CIMultiDict({**reply.SECURE, hdrs.CONTENT_TYPE: kind}))
