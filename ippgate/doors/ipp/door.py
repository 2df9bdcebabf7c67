"""HTTP in, HTTP out: reads the message, finds its operation, and answers whatever happens, never with a trace."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion11, hdrs, web
from multidict import CIMultiDict

from ippgate.doors import reply
from ippgate.doors.basic import CHALLENGE
from ippgate.doors.connection import Connection
from ippgate.doors.ipp.answer import CHARSET, US_ASCII, Answer
from ippgate.doors.ipp.bearer import bearer_of
from ippgate.doors.ipp.body import Body, read
from ippgate.doors.ipp.cups import GET_CLASSES
from ippgate.doors.ipp.device_face import DeviceFaces
from ippgate.doors.ipp.exchange import Exchange, Room, caller_of, said_by
from ippgate.doors.ipp.face import Faces, clock
from ippgate.doors.ipp.login import OPEN, is_secure, proof_of
from ippgate.doors.ipp.person import People, person_of
from ippgate.doors.ipp.place import NOTHING_PROVEN, Place, at_queue, device_named, standing, unproven
from ippgate.doors.ipp.services import Counting, Services
from ippgate.doors.ipp.status import refusal
from ippgate.doors.ipp.table import AT_DEVICE, FOR_OPERATORS, HANDLERS, NEW, OF_PRINTERS, REASONS
from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Site, site_of
from ippgate.ipp import DecodeError, Decoder, IppError, Message, Operation, Status
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.validate import answer_version, check_request, operation_name
from ippgate.model.capabilities import SAFE, Capabilities
from ippgate.model.errors import ClientGone, NotAuthenticated, Refusal, Unavailable
from ippgate.model.queue import Queue, own_queue
from ippgate.observe import Event, mishap, note

MEDIA_TYPE: Final = "application/ipp"
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

_PATHS: Final = re.compile(r"/(?:(?:ipp|printers|jobs|admin|classes)(?:/.*)?)?")
"""Where clients post; what they mean is in the message. /admin and /classes are CUPS's."""

_HEADERS: Final = CIMultiDict(
    {hdrs.CONTENT_TYPE: MEDIA_TYPE, hdrs.SERVER: reply.SERVER, hdrs.CACHE_CONTROL: "no-store"}
)
_NAMES: Final = {int(operation): operation.keyword for operation in Operation} | {GET_CLASSES: "cups-get-classes"}


class IppDoor:
    """The IPP room of the server: `answer` takes every POST."""

    def __init__(
        self,
        services: Services,
        settings: DoorSettings,
        counting: Counting,
        *,
        capabilities_of: Callable[[Queue], Capabilities] = lambda _queue: SAFE,
        now: Callable[[], datetime] = clock,
        people: People | None = None,
    ) -> None:
        faces = Faces(capabilities_of, settings, OF_PRINTERS)
        for_people = Faces(capabilities_of, settings, tuple(code for code in OF_PRINTERS if code not in FOR_OPERATORS))
        for_old = Faces(capabilities_of, settings, tuple(code for code in OF_PRINTERS if code not in NEW))
        device_faces = DeviceFaces(capabilities_of, settings, tuple(AT_DEVICE))
        self._room = Room(
            services, settings, faces, for_people, for_old, device_faces, capabilities_of, now, now(), people
        )
        self._settings = settings
        self._counting = counting

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request, whatever it is."""
        refused = _refused_by_http(request)
        if refused is not None:
            return refused
        started = time.perf_counter()
        if request.version >= HttpVersion11 and hdrs.EXPECT in request.headers and request.transport is not None:
            request.transport.write(CONTINUE)
        try:
            message, body = await self._read(request)
        except ClientGone as error:
            return _gone(error)
        except DecodeError as error:
            return self._unreadable(request, error, started)
        try:
            answer = await self._outcome(request, message, body)
        except ClientGone as error:
            return _gone(error)
        except NotAuthenticated as error:
            return self._challenge(request, message, error, started)
        return self._response(request, message, answer, started, _charset(message))

    async def _read(self, request: web.BaseRequest) -> tuple[Message, Body]:
        """The IPP message at the beginning of the body. Raises DecodeError and ClientGone."""
        decoder = Decoder(self._settings.limits)
        while chunk := await read(request.content):
            message = decoder.feed(chunk)
            if message is not None:
                return message, Body(request.content, decoder.rest)
        return decoder.close(), Body(request.content, b"")

    async def _outcome(self, request: web.BaseRequest, message: Message, body: Body) -> Answer:
        """What comes of a message. Raises ClientGone, and NotAuthenticated where HTTP says it: over TLS."""
        try:
            return await self._operate(request, message, body)
        except IppError as error:
            return Answer.refused(error)
        except ClientGone:
            raise
        except (Refusal, Unavailable) as error:
            if isinstance(error, NotAuthenticated) and is_secure(request):
                raise
            return Answer.refused(refusal(error))
        except Exception as error:  # noqa: BLE001 - the edge of this room: a client is answered whatever happens
            error_id = mishap(error, operation=_name(message.code), client=request.remote or "")
            sentence = f"something went wrong here; tell the operator this error: {error_id}"
            return Answer(Status.SERVER_ERROR_INTERNAL_ERROR, sentence)

    async def _operate(self, request: web.BaseRequest, message: Message, body: Body) -> Answer:
        _check(message)
        operation = message.operation
        site, device = self._site(request), device_named(operation)
        if device is not None:
            return await self._at_device(request, message, body, site, device)
        services, source = self._room.services, request.remote or ""
        bearer = await bearer_of(operation, services.private_uris, source)
        if bearer is not None:
            site = replace(site, queue=bearer.uri.queue, secret=bearer.target.secret)
        proof = await proof_of(request, message.code, services, site)
        login, certified = at_queue(proof), person_of(request, self._room.people)
        caller, named = caller_of(operation, source, proof.operator, bearer, certified, login=login)
        agent = request.headers.get(hdrs.USER_AGENT, "")
        size = request.content_length
        is_open = message.code in OPEN
        exchange = Exchange(
            self._room, message, operation, caller, named, site, body, size, bearer, agent, open=is_open
        )
        if isinstance(request.protocol, Connection):
            exchange.client = request.protocol
        return await HANDLERS[message.code](exchange)

    async def _at_device(self, request: web.BaseRequest, message: Message, body: Body, site: Site, name: str) -> Answer:
        """An operation at a device, for whoever has proven to have a business there."""
        services, operation, host = self._room.services, message.operation, request.remote or ""
        handler = AT_DEVICE.get(message.code)
        if handler is None:
            sentence = f"{operation_name(message.code)} is not for a device: ask the queue"
            raise IppError(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, sentence)
        place = Place(await services.fleet.device(name), await services.fleet.queue(own_queue(name)))
        proof = await proof_of(request, message.code, services, site, at_device=True)
        if message.code in OPEN:
            caller, named = caller_of(operation, host)
        elif proof == NOTHING_PROVEN:
            raise unproven(site, place.device)
        else:
            caller, named = standing(proof, place.device, message.code, said_by(operation), host), True
            if caller.station:
                facts = {"device": name, "operation": _name(message.code), "client": host}
                note(Event.STATION_NAMED, station=caller.station, user=caller.name, **facts)
        here = replace(site, at=place.queue.name)
        agent, size = request.headers.get(hdrs.USER_AGENT, ""), request.content_length
        is_open = message.code in OPEN
        exchange = Exchange(
            self._room, message, operation, caller, named, here, body, size, agent=agent, place=place, open=is_open
        )
        return await handler(exchange)

    def _challenge(
        self, request: web.BaseRequest, message: Message, error: NotAuthenticated, started: float
    ) -> web.Response:
        """401 (RFC 8010 section 4, RFC 7617): the client asks its person for a name and a password, and tries again."""
        name, status = _name(message.code), Status.CLIENT_ERROR_NOT_AUTHENTICATED.keyword
        note(Event.CLIENT_REFUSED, operation=name, status=status, reason=str(error), client=request.remote or "")
        self._counting.ipp_request(name, status, time.perf_counter() - started)
        sentence = f"{str(error)[0].upper()}{str(error)[1:]}."
        close = self._left(request) > self._settings.drain_octets
        headers = {"WWW-Authenticate": CHALLENGE}
        return reply.text(HTTPStatus.UNAUTHORIZED, sentence, close=close, headers=headers)

    def _unreadable(self, request: web.BaseRequest, error: DecodeError, started: float) -> web.Response:
        """Octets that are no message: answered by IPP if there was as much as a header, else by HTTP."""
        if error.version is None:
            return reply.text(HTTPStatus.BAD_REQUEST, f"This is no IPP request: {error.sentence}.")
        message = Message(error.version, error.code or 0, error.request_id or 0)
        return self._response(request, message, Answer.refused(error), started)

    def _response(
        self, request: web.BaseRequest, message: Message, answer: Answer, started: float, charset: str = CHARSET
    ) -> web.Response:
        name, status = _name(message.code), answer.status.keyword
        if answer.status >= Status.CLIENT_ERROR_BAD_REQUEST:
            note(
                Event.CLIENT_REFUSED,
                operation=name,
                status=status,
                reason=answer.message,
                client=request.remote or "",
            )
        octets = answer.octets(answer_version(message.version), message.request_id, charset)
        response = web.Response(body=octets, headers=_HEADERS)
        if self._left(request) > self._settings.drain_octets:
            response.force_close()
        self._counting.ipp_request(name, status, time.perf_counter() - started)
        return response

    @staticmethod
    def _left(request: web.BaseRequest) -> int:
        """Octets of the body that are announced and have not arrived."""
        return 0 if request.content.is_eof() else (request.content_length or 0) - request.content.total_bytes

    def _site(self, request: web.BaseRequest) -> Site:
        """By which names and ports the client reaches the gate."""
        connection = request.protocol
        assert isinstance(connection, Connection)
        name = connection.sockname  # kept for the connection; the transport would ask the system each time
        address, port = (name[0], name[1]) if isinstance(name, tuple) else (self._settings.host, self._settings.port)
        plain, tls = connection.ports
        host, secure = request.headers.get(hdrs.HOST), connection.secure
        other = plain if secure else tls
        return site_of(host, self._settings.public_name, address, port, secure=secure, other=other)


def _check(message: Message) -> None:
    """Version, operation, request-id, groups, charset, in this order (RFC 8011 section 4.1). Raises IppError."""
    try:
        check_request(message, HANDLERS)
    except IppError as error:
        why = REASONS.get(message.code)
        if error.status is Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED and why:
            raise IppError(error.status, why) from error
        raise


def _charset(message: Message) -> str:
    """The charset of the answer: the one asked for if it is spoken here."""
    asked = message.groups[0].text(A.ATTRIBUTES_CHARSET) if message.groups else None
    return US_ASCII if asked and asked.lower() == US_ASCII else CHARSET


def _name(code: int) -> str:
    """The operation as monitoring counts it: a client cannot make up names."""
    return _NAMES.get(code, "unknown")


def _gone(error: ClientGone) -> web.Response:
    """For a client that is still there but fell silent; for the others nobody reads it."""
    note(Event.CLIENT_GONE, reason=str(error))
    return reply.text(HTTPStatus.REQUEST_TIMEOUT, f"The request did not arrive whole: {error}.", close=True)


def _refused_by_http(request: web.BaseRequest) -> web.Response | None:
    """What is refused before IPP is spoken (RFC 8010 section 4)."""
    path = request.raw_path.partition("?")[0]
    if not _PATHS.fullmatch(path):
        return reply.text(HTTPStatus.NOT_FOUND, "There is no printer here: use /ipp/print/QUEUE.")
    if request.content_type != MEDIA_TYPE:
        return reply.text(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Printing is POST with Content-Type {MEDIA_TYPE}.")
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        sentence = "Content-Encoding is not read here: compress the document with the IPP attribute `compression`."
        headers = {"Accept-Encoding": "identity"}  # RFC 9110 section 15.5.16
        return reply.text(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, sentence, headers=headers)
    if request.headers.get(hdrs.EXPECT, "100-continue").lower() != "100-continue":
        return reply.text(HTTPStatus.EXPECTATION_FAILED, "Only `Expect: 100-continue` is known here.", close=True)
    return None
