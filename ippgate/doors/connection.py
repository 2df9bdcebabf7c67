"""One client's connection: aiohttp's protocol, with a count of what arrives and without its words.

aiohttp guards only the time between requests. Here a connection can say at any moment what it waits for, so that
`watch` can end the ones that are too slow; and what HTTP itself refuses is answered in one sentence, not logged with a
trace. Some of what is needed aiohttp keeps to itself (`_messages`, `_reading_paused`, `_lingering_time`); the tests of
deadlines and of broken framing fail if it ever means something else.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aiohttp import StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from ippgate.doors import reply
from ippgate.doors.pace import Look, Pace, Phase, Slow
from ippgate.doors.tls.clients import fingerprint
from ippgate.model.errors import ClientGone
from ippgate.observe import Event, mishap, note

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from ippgate.doors.site import Ports
    from ippgate.doors.watch import Watch

MALFORMED: Final = "This is not a request that this server reads: its HTTP framing is wrong."


class Connection(web.RequestHandler):
    """A connection that is watched. `begin` and `end` bracket each request; between them `body` is its body."""

    __slots__ = (
        *("_admitted", "_body", "_draining", "_idle_from", "_pace", "_requests", "_watch", "_when_left"),
        *("address", "began", "certificate", "left", "person", "received", "secure"),
    )

    def __init__(
        self,
        manager: web.Server,
        *,
        loop: "asyncio.AbstractEventLoop",
        watch: "Watch",
        secure: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(manager, loop=loop, **options)
        self._watch = watch
        self._admitted = secure  # before its hands were shaken
        self._body: StreamReader | None = None
        self._requests = 0
        self._draining: StreamReader | None = None  # the body of a request that was answered before its end
        self._idle_from = -1  # what had arrived when the last request was answered; -1: there was none
        self._pace = Pace(watch.settings, loop.time())
        self.address = ""
        self.began = False  # `connection_made` has been called
        self.received = 0  # octets
        self.left = False  # the client is gone, or sends nothing more
        self._when_left: Callable[[], None] | None = None
        self.secure = secure  # TLS: known by the port alone, never by what a client says (SECURITY S2)
        self.certificate: bytes | None = None  # SHA-256 of the one that its client has shown, and has the key of
        self.person: str | None = None  # whose it is; None: nobody has asked yet

    @property
    def ports(self) -> "Ports":
        """Where clients reach this server."""
        return self._watch.ports

    def connection_made(self, transport: "asyncio.BaseTransport") -> None:
        self.began = True
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) and peer else ""
        if self.secure:
            self.certificate = fingerprint(transport.get_extra_info("ssl_object"))
        refused = None if self._admitted else self._watch.admit(self.address)
        if refused is None:
            self._admitted = True
            self._watch.follow(self)
            super().connection_made(transport)
            return
        note(Event.CLIENT_TURNED_AWAY, client=self.address, reason=refused)
        self._force_close = True  # whatever arrives now is not looked at
        answer = reply.raw(HTTPStatus.SERVICE_UNAVAILABLE, f"{refused}: try again later")
        transport.write(answer)  # type: ignore[attr-defined]  # a listening socket gives stream transports
        transport.close()

    def when_left(self, call: "Callable[[], None] | None") -> None:
        """Call this once, when the client leaves: a request under way that only waits need not wait any longer."""
        self._when_left = call

    def connection_lost(self, exc: BaseException | None) -> None:
        self._leave()
        if self._admitted:
            self._admitted = False
            self._watch.lose(self)
            self._watch.leave(self.address)
            super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio's protocols say so, aiohttp's says None
        """The client sends no more. Whose request is here whole still gets its answer; then the connection ends.

        TLS knows no half-closed connections (RFC 5246 section 7.2.1): there the end of one side is the end of both.
        """
        self._leave()
        whole = self._body is not None and self._body.is_eof()
        whole = whole or any(payload.is_eof() for _, payload in self._messages)
        self._close = self._close or whole
        return whole and not self.secure

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)
        body, draining = self._body, self._draining
        if body is not None and self._messages and not body.is_eof():
            self._abandon(MALFORMED)  # aiohttp queues its error and lets the body's reader wait for ever
        if draining is not None and not draining.is_eof() and self._drained_enough():
            self.force_close()

    def begin(self, body: StreamReader) -> None:
        """A request has arrived, and its body may still be arriving."""
        self._requests += 1
        self._body = body
        self._draining = None

    def end(self) -> None:
        """The request is about to be answered."""
        body, self._body = self._body, None
        self._idle_from = self.received
        if body is not None and not body.is_eof():
            self._draining = body

    def check(self, now: float) -> Slow | None:
        """End the connection, or the request under way, if its client is too slow; say what was wrong."""
        slow = self._pace.judge(self._look(), now)
        if slow is None or self.transport is None:
            return None
        if slow in (Slow.SILENT, Slow.CRAWLS):
            self._abandon(slow.value)
        elif slow is Slow.DEAF:
            self.transport.abort()
        else:
            if slow is Slow.HEAD and self.received > max(self._idle_from, 0):
                self.transport.write(reply.raw(HTTPStatus.REQUEST_TIMEOUT, slow.value))
            self.force_close()
        return slow

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - aiohttp's signature
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes what was received, so it stays here
    ) -> web.StreamResponse:
        """Answer what never became a request."""
        if isinstance(exc, HttpProcessingError):
            return reply.text(HTTPStatus(status), MALFORMED, close=True)
        return reply.mishap(exc, self.address)

    def log_exception(self, *_args: Any, **facts: Any) -> None:
        """Called by aiohttp for what it did not expect; the text may quote a client."""
        error = facts.get("exc_info")
        if isinstance(error, Exception) and not isinstance(error, ClientGone):
            mishap(error, client=self.address)

    def _leave(self) -> None:
        self.left = True
        call, self._when_left = self._when_left, None
        if call is not None:
            call()

    def _abandon(self, why: str) -> None:
        """The body will not become whole: whoever reads it learns so now, and the connection ends with the answer."""
        self._lingering_time = 0.0
        if self._body is not None:
            self._body.set_exception(ClientGone(why))

    def _drained_enough(self) -> bool:
        return self.received - self._idle_from > self._watch.settings.drain_octets

    def _look(self) -> Look:
        unsent = self.transport.get_write_buffer_size() if self.transport else 0
        return Look(self._phase(), self._requests, self.received, unsent)

    def _phase(self) -> Phase:
        if self._body is not None:
            return Phase.GATE if self._body.is_eof() or self._reading_paused else Phase.BODY
        if self._draining is not None:
            if not self._draining.is_eof():
                return Phase.GATE  # aiohttp bounds the time, `data_received` the octets
            self._draining = None
            self._idle_from = self.received
        if self._messages:
            return Phase.GATE
        return Phase.IDLE if self.received == self._idle_from else Phase.HEAD
