"""One IPP request to a device and its answer, over HTTP: bounded, never redirected, to the looked-up address only.

What went wrong is told apart by what it lets us know: the device was not reached, is not the one it should be, refused
in HTTP, talked nonsense, or gave no answer (and may have done anything).
"""

import asyncio
import socket
import ssl
from functools import cache

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from ippgate import __version__
from ippgate.ipp import DecodeError, Decoder, Limits, Message, encode
from ippgate.model.parcel import Unreachable
from ippgate.transport.ipp_answer import NonsenseError, succeeded
from ippgate.transport.ipp_body import Bound, DocumentBody, NoAnswerError
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.port import TransportSettings
from ippgate.transport.source import Source
from ippgate.transport.tcp import tune

MEDIA_TYPE = "application/ipp"
IDLE_SECONDS = 2.0
"""How long a TLS connection is kept for the next request of the same conversation: devices take long for a handshake,
but close idle connections themselves, and a request that meets a closing one cannot be told from one that was lost.
Without TLS each request has a connection of its own."""

MAX_CONNECTIONS = 4
"""Connections to one device: a delivery and a few questions beside it."""

MAX_ATTRIBUTES = 5000
"""Attributes in an answer: a list of FIND_LIMIT jobs has a few for each."""

HEADERS = {"User-Agent": f"ippgate/{__version__}", "Accept": MEDIA_TYPE, "Accept-Encoding": "identity"}


class NotReachedError(Exception):
    """No connection: the device has seen nothing of the request. The text is the end of a sentence."""


class UntrustedError(Exception):
    """The certificate is not the one expected: the device has seen nothing of the request."""


class HttpRefusalError(Exception):
    """An HTTP status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered HTTP {status}")
        self.status = status


FAILURES = (NotReachedError, UntrustedError, HttpRefusalError, NonsenseError, NoAnswerError)
"""All that an exchange raises, but for cancellation."""


class IppExchange:
    """Posts requests to one device. Connections are opened when needed, and to the addresses found once."""

    def __init__(self, whereabouts: Whereabouts, settings: TransportSettings, fingerprint: bytes | None) -> None:
        self._whereabouts = whereabouts
        self._settings = settings
        self._fingerprint = fingerprint
        self._limits = Limits(header_octets=settings.answer_limit, attributes=MAX_ATTRIBUTES)
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, request: Message) -> Message:
        """Send a request without a document. Raises one of this module's errors, or NonsenseError."""
        async with Bound(self._settings.connect_timeout + self._settings.answer_timeout):
            return await self._post(encode(request))

    async def send(self, request: Message, source: Source, size: int | None) -> Message:
        """Send a request and its document; an answer that comes before the document's end is an answer as well.

        With a known size the body has a Content-Length, for some devices do not take chunks. Raises as `ask` does; when
        the document itself broke, `source.fault` says so.
        """
        bound = Bound(self._settings.connect_timeout + self._settings.stall_timeout)
        body = DocumentBody(encode(request), source, size, bound, self._settings)
        try:
            async with bound, asyncio.TaskGroup() as group:
                posting = group.create_task(self._outcome(body))
                try:
                    await asyncio.wait([posting])
                except asyncio.CancelledError:
                    await body.break_off()  # before the HTTP client closes in good order
                    raise
        finally:
            await body.stop()
        outcome = posting.result()
        if isinstance(outcome, Exception):
            raise outcome
        if succeeded(outcome) and not body.whole:
            raise NonsenseError("said that it took the document before it had been sent")
        return outcome

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _outcome(self, body: DocumentBody) -> Message | Exception:
        try:
            return await self._post(body)
        except FAILURES as error:
            return error

    async def _post(self, body: bytes | DocumentBody) -> Message:
        try:
            # Looked up before the request: a device that has gone from the name service was not reached.
            await self._whereabouts.endpoints(self._settings.connect_timeout)
            url = URL(self._whereabouts.address.http, encoded=True)
            async with self._opened().post(url, data=body, allow_redirects=False) as response:
                return await self._answer(response)
        except Unreachable as error:
            raise NotReachedError(f"cannot be found: {error}") from error
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ServerFingerprintMismatch) as error:
            raise UntrustedError("shows a certificate that is not the one expected") from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            self._whereabouts.forget()
            raise NotReachedError(_why(error)) from error
        except aiohttp.ClientResponseError as error:
            raise NonsenseError("answered something that is not HTTP") from error
        except (aiohttp.ClientError, OSError) as error:
            raise NoAnswerError("closed the connection without an answer") from error

    async def _answer(self, response: aiohttp.ClientResponse) -> Message:
        """Read the answer, and not an octet more of it than its limit."""
        if response.status != 200:
            raise HttpRefusalError(response.status)
        if response.content_type.lower() != MEDIA_TYPE:
            raise NonsenseError("answered something that is not IPP")
        decoder = Decoder(self._limits)
        try:
            async for octets in response.content.iter_any():
                message = decoder.feed(octets)
                if message is not None:
                    return message
            return decoder.close()
        except DecodeError as error:
            raise NonsenseError(f"answered IPP that cannot be read: {error.sentence}") from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connect, secure = self._settings.connect_timeout, self._whereabouts.address.scheme == "ipps"
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=_Resolver(self._whereabouts),
                    use_dns_cache=False,
                    ssl=self._trust(),
                    limit=MAX_CONNECTIONS,
                    **({"keepalive_timeout": IDLE_SECONDS} if secure else {"force_close": True}),
                    socket_factory=_tuned_socket,
                ),
                timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=connect, sock_read=None),
                headers=HEADERS | {"Content-Type": MEDIA_TYPE},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    def _trust(self) -> aiohttp.Fingerprint | ssl.SSLContext | bool:
        """A pinned certificate is trusted for what it is; others for who signed them and for whom."""
        if self._fingerprint:
            return aiohttp.Fingerprint(self._fingerprint)
        return verifying() if self._whereabouts.address.scheme == "ipps" else True


@cache
def verifying() -> ssl.SSLContext:
    """Return the context that trusts the system's certificate authorities; they are read once."""
    return ssl.create_default_context()


class _Resolver(AbstractResolver):
    """Gives the HTTP client the addresses that were found once, and those of no other name."""

    def __init__(self, whereabouts: Whereabouts) -> None:
        self._whereabouts = whereabouts

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002  (aiohttp's signature)
        if host != self._whereabouts.address.host:
            raise OSError(f"{host} is not the device")
        found = await self._whereabouts.endpoints(0)
        return [
            ResolveResult(hostname=host, host=one.ip, port=port, family=one.family, proto=0, flags=0) for one in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _tuned_socket(where: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = where
    opened = socket.socket(family, kind, protocol)
    tune(opened)
    return opened


def _why(error: Exception) -> str:
    reason = error.os_error.strerror if isinstance(error, aiohttp.ClientConnectorError) else None
    return f"cannot be reached ({reason or 'no connection in time'})"
