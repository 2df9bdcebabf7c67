"""The HTTP server: listening, deadlines, draining. What a request means is the rooms' business.

It is aiohttp's low-level server: no routes, no middleware, no access log. A POST of IPP goes to the IPP room, and any
other that no page takes; all else to the web room. Every response is short, so compression, ranges and conditional
requests are left out.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from aiohttp import HttpVersion10, HttpVersion11, hdrs, web

from ippgate.doors import reply
from ippgate.doors.connection import MALFORMED, Connection
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Ports
from ippgate.doors.tls.handshakes import Handshakes
from ippgate.doors.watch import Watch

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
"""A room: it answers whatever it is given, and raises nothing but what it did not expect."""

MEDIA_TYPE: Final = "application/ipp"
METHODS: Final = "GET, HEAD, POST"
MAX_LINE: Final = 4096  # octets of the request line, and of a header; IPP clients need a tenth of it
MAX_HEADERS: Final = 64


class Server:
    """One port, and one for TLS. Start, stop; stopping twice does no harm.

    takes: whether there is a page for a method and a path, of those that change something.
    tls: the context for the next handshake; without it there is no TLS, whatever the settings say.
    """

    def __init__(
        self,
        settings: DoorSettings,
        *,
        ipp: Handler,
        web_pages: Handler,
        takes: Callable[[str, str], bool] = lambda _method, _path: False,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._settings = settings
        self._ipp = ipp
        self._web, self._takes = web_pages, takes
        self._watch = Watch(settings)
        self._tls = tls
        self._http: _Http | None = None
        self._listener: asyncio.Server | None = None
        self._secure: Handshakes | None = None

    @property
    def port(self) -> int:
        """The port that clients connect to; known once started."""
        return self._watch.ports.plain

    @property
    def tls_port(self) -> int | None:
        """The port of ipps and https; known once started. None: there is none."""
        return self._watch.ports.tls

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
        http = self._http = _Http(self._handle, self._watch, loop)
        settings = self._settings
        self._listener = await loop.create_server(
            http, settings.host, settings.port, backlog=settings.backlog, reuse_port=reuse_port or None
        )
        if self._tls is not None and settings.tls_port is not None:
            secure = Handshakes(http.secure, self._watch, self._tls)
            try:
                await secure.listen(settings.host, settings.tls_port, backlog=settings.backlog, reuse_port=reuse_port)
            except OSError:
                await self.stop()
                raise
            self._secure = secure
        plain: int = self._listener.sockets[0].getsockname()[1]
        self._watch.ports = Ports(plain, self._secure.port if self._secure else None)
        self._watch.start()

    async def stop(self, drain: float = 0.0) -> None:
        """Take no new connections; let requests under way end within `drain` seconds, then end what is left."""
        listener, http = self._listener, self._http
        secure = self._secure
        self._listener = self._secure = self._http = None
        if listener is None or http is None:
            return
        listener.close()
        if secure is not None:
            await secure.stop()
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
        if request.method in (hdrs.METH_GET, hdrs.METH_HEAD) or self._is_for_a_page(request):
            return await self._web(request)
        if request.method == hdrs.METH_POST:
            return await self._ipp(request)
        sentence = "Printing is POST with application/ipp; pages are GET."
        return reply.text(HTTPStatus.METHOD_NOT_ALLOWED, sentence, close=True, headers={hdrs.ALLOW: METHODS})

    def _is_for_a_page(self, request: web.BaseRequest) -> bool:
        is_ipp = request.content_type == MEDIA_TYPE
        return not is_ipp and self._takes(request.method, request.raw_path.partition("?")[0])


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
        return self._connection(secure=False)

    def secure(self) -> Connection:
        """One whose client has shaken hands."""
        return self._connection(secure=True)

    def _connection(self, *, secure: bool) -> Connection:
        loop = asyncio.get_running_loop()
        return Connection(self, loop=loop, watch=self._watch, secure=secure, **self._options)
