"""The HTTP server: listening, deadlines, draining. What a request means is the rooms' business.

It is aiohttp's low-level server: no routes, no middleware, no access log. A POST goes to the IPP room, a GET to the web
room. Every response is short, so compression, ranges and conditional requests are left out.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from aiohttp import HttpVersion10, HttpVersion11, hdrs, web

from ippgate.doors import reply
from ippgate.doors.connection import MALFORMED, Connection
from ippgate.doors.settings import DoorSettings
from ippgate.doors.watch import Watch

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
"""A room: it answers whatever it is given, and raises nothing but what it did not expect."""

METHODS: Final = "GET, HEAD, POST"
MAX_LINE: Final = 4096  # octets of the request line, and of a header; IPP clients need a tenth of it
MAX_HEADERS: Final = 64


class Server:
    """One listening socket. Start, stop; stopping twice does no harm."""

    def __init__(self, settings: DoorSettings, *, ipp: Handler, web_pages: Handler) -> None:
        self._settings = settings
        self._ipp = ipp
        self._web = web_pages
        self._watch = Watch(settings)
        self._http: _Http | None = None
        self._listener: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that clients connect to; known once started."""
        if self._listener is None or not self._listener.sockets:
            return self._settings.port
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    @property
    def listening(self) -> bool:
        """Whether new clients are taken."""
        return self._listener is not None

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._watch)

    async def start(self, *, reuse_port: bool = False) -> None:
        """Listen; `reuse_port`: other processes listen on the same port. Raises OSError if the address is taken."""
        loop = asyncio.get_running_loop()
        self._http = _Http(self._handle, self._watch, loop)
        self._listener = await loop.create_server(
            self._http,
            self._settings.host,
            self._settings.port,
            backlog=self._settings.backlog,
            reuse_port=reuse_port or None,
        )
        self._watch.start()

    async def stop(self, drain: float = 0.0) -> None:
        """Take no new connections; let requests under way end within `drain` seconds, then end what is left."""
        listener, http = self._listener, self._http
        self._listener = self._http = None
        if listener is None or http is None:
            return
        listener.close()
        http.pre_shutdown()
        await http.shutdown(drain)
        self._watch.stop()
        await listener.wait_closed()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, Connection)
        connection.begin(request.content)
        try:
            return await self._route(request)
        except Exception as error:  # noqa: BLE001 - the outermost edge: nobody gets a trace
            return reply.mishap(error, connection.address)
        finally:
            connection.end()

    async def _route(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.version not in (HttpVersion10, HttpVersion11):
            return reply.text(HTTPStatus.BAD_REQUEST, MALFORMED, close=True)
        if request.method == hdrs.METH_POST:
            return await self._ipp(request)
        if request.method in (hdrs.METH_GET, hdrs.METH_HEAD):
            return await self._web(request)
        sentence = "Printing is POST with application/ipp; pages are GET."
        return reply.text(HTTPStatus.METHOD_NOT_ALLOWED, sentence, close=True, headers={hdrs.ALLOW: METHODS})


class _Http(web.Server):
    """aiohttp's server, making connections that are watched."""

    def __init__(self, handler: Handler, watch: Watch, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(handler, loop=loop)
        self._watch = watch
        self._options: dict[str, Any] = {
            "access_log": None,
            "auto_decompress": False,  # only IPP compression is inflated, and within bounds
            "keepalive_timeout": watch.settings.idle_timeout * 2,  # `watch` is stricter; this is the net below it
            "lingering_time": watch.settings.drain_timeout,
            "max_line_size": MAX_LINE,
            "max_field_size": MAX_LINE,
            "max_headers": MAX_HEADERS,
        }

    def __call__(self) -> Connection:
        loop = asyncio.get_running_loop()
        return Connection(self, loop=loop, watch=self._watch, **self._options)
