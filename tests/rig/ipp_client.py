"""Somebody who prints, in this process: requests of our codec over plain HTTP, each on a connection of its own.

A document goes in chunks as the test hands them over, so that a test can stop, drip, cut or wait anywhere in it.
"""

import asyncio
import socket
import ssl
import struct
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from ippgate.ipp import Attribute, Group, JobState, Limits, Message, Operation, Status, Tag, attribute, decode, encode
from ippgate.ipp.registry import attributes as A
from tests.rig.eventually import PATIENCE, DeadlineError, eventually

WIDE: Final = Limits(header_octets=1 << 24, attributes=1 << 20, values=1 << 20)
"""An answer may have more than any request."""

RESET: Final = struct.pack("ii", 1, 0)
REQUEST_IDS = count(1)

JOB_ATTRIBUTES = (A.JOB_ID, A.JOB_STATE, A.JOB_STATE_REASONS, A.JOB_STATE_MESSAGE, A.JOB_IMPRESSIONS_COMPLETED)
ENDED = (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    http: int
    message: Message | None
    """None where HTTP alone answered."""

    body: bytes

    @property
    def status(self) -> Status:
        assert self.message is not None, f"HTTP {self.http}: {self.body!r}"
        return Status(self.message.code)

    @property
    def ok(self) -> bool:
        return self.message is not None and 0 <= self.message.code <= 0xFF

    @property
    def sentence(self) -> str:
        """What it says to people: status-message, or the text of HTTP's own answer."""
        return self.body.decode() if self.message is None else self.message.operation.text(A.STATUS_MESSAGE) or ""

    @property
    def jobs(self) -> list[Group]:
        return [] if self.message is None else list(self.message.groups_of(Tag.JOB))

    @property
    def job_id(self) -> int:
        """The job that it names."""
        job_id = self.jobs[0].integer(A.JOB_ID) if self.ok and self.jobs else None
        assert job_id is not None, f"no job: {self}"
        return job_id

    def __str__(self) -> str:
        return f"HTTP {self.http}" if self.message is None else f"{self.status.keyword}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A job as the gate tells it."""

    id: int
    state: JobState
    reasons: tuple[str, ...]
    message: str
    impressions: int | None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Sending:
    """A request under way, its document in chunks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, octets: bytes) -> None:
        """Send a piece of the document. Raises ConnectionError when the gate has gone."""
        self._writer.write(b"%x\r\n%b\r\n" % (len(octets), octets))
        await self._writer.drain()

    async def finish(self, *, within: float = PATIENCE) -> Answer:
        """End the document and wait for the answer."""
        self._writer.write(b"0\r\n\r\n")
        return await self.answer(within=within)

    async def answer(self, *, within: float = PATIENCE) -> Answer:
        """The answer, also one that comes early. Raises EOFError or ConnectionError when there will be none."""
        async with asyncio.timeout(within):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            if head.startswith("http/1.1 100"):
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await self._reader.readexactly(int(fields.get("content-length", "0")))
        message = decode(body, WIDE)[0] if fields.get("content-type") == "application/ipp" else None
        return Answer(int(head.split(" ")[1]), message, body)

    async def gone(self, *, within: float = PATIENCE) -> bool:
        """Wait until the gate has closed the connection."""
        async with asyncio.timeout(within):
            try:
                while await self._reader.read(65_536):
                    pass
            except ConnectionError:
                pass
        return True

    def cut(self) -> None:
        """Break the connection with a reset."""
        opened = self._writer.get_extra_info("socket")
        if opened is not None and opened.fileno() >= 0:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._writer.transport.abort()


class IppClient:
    """One person at one gate. tls: how the gate's certificate is checked, for the port of TLS; login: name:password;
    token: of a session.
    """

    def __init__(
        self, port: int, *, user: str = "jake", tls: ssl.SSLContext | None = None, login: str = "", token: str = ""
    ) -> None:
        self.port, self.user, self._tls = port, user, tls
        self._headers = [f"Authorization: Basic {b64encode(login.encode()).decode()}"] if login else []
        self._headers += [f"Authorization: Bearer {token}"] if token else []

    def uri(self, queue: str | None = None) -> str:
        """A queue, or a device as `device/NAME`; None: the gate as a whole."""
        scheme = "ipps" if self._tls else "ipp"
        path = queue if queue and queue.startswith("device/") else "print" + (f"/{queue}" if queue else "")
        return f"{scheme}://127.0.0.1:{self.port}/ipp/{path}"

    def request(
        self,
        operation: int,
        *more: Attribute,
        queue: str | None = None,
        job: Iterable[Attribute] = (),
        subscriptions: Iterable[Iterable[Attribute]] = (),
    ) -> Message:
        """A request; `more` are operation attributes, `job` those of the job, `subscriptions` those of each of them."""
        head = [
            attribute(A.ATTRIBUTES_CHARSET, "utf-8"),
            attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, "en"),
            attribute(A.PRINTER_URI, self.uri(queue)),
            *(one for one in more if one.name in (A.JOB_ID, A.JOB_URI)),
            attribute(A.REQUESTING_USER_NAME, self.user, tag=Tag.NAME),
            *(one for one in more if one.name not in (A.JOB_ID, A.JOB_URI)),
        ]
        groups = [Group(Tag.OPERATION, head)]
        if template := list(job):
            groups.append(Group(Tag.JOB, template))
        groups += [Group(Tag.SUBSCRIPTION, list(each)) for each in subscriptions]
        return Message((2, 0), operation, next(REQUEST_IDS), groups)

    @asynccontextmanager
    async def sending(self, request: Message, *, headers: Sequence[str] = ()) -> AsyncIterator[Sending]:
        """Send a request whose document follows piece by piece; what is not finished at the end is cut."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self._tls)
        sending = Sending(reader, writer)
        try:
            lines = ["POST /ipp/print HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Content-Type: application/ipp"]
            lines += [*self._headers, *headers, "Transfer-Encoding: chunked", "", ""]
            writer.write("\r\n".join(lines).encode())
            await sending.send(encode(request))
            yield sending
        finally:
            sending.cut()
            await asyncio.sleep(0)  # the socket is closed in the next turn of the loop

    @asynccontextmanager
    async def printing(self, queue: str, *more: Attribute, name: str = "") -> AsyncIterator[Sending]:
        """A Print-Job whose document follows piece by piece."""
        titled = (attribute(A.JOB_NAME, name, tag=Tag.NAME),) if name else ()
        async with self.sending(self.request(Operation.PRINT_JOB, *titled, *more, queue=queue)) as sending:
            yield sending

    async def ask(
        self,
        operation: int,
        *more: Attribute,
        queue: str | None = None,
        job: Iterable[Attribute] = (),
        subscriptions: Iterable[Iterable[Attribute]] = (),
        document: bytes = b"",
        within: float = PATIENCE,
    ) -> Answer:
        """Send a whole request and return the answer."""
        request = self.request(operation, *more, queue=queue, job=job, subscriptions=subscriptions)
        async with self.sending(request) as sending:
            if document:
                await sending.send(document)
            return await sending.finish(within=within)

    async def print(
        self, queue: str, document: bytes, *more: Attribute, name: str = "", within: float = PATIENCE
    ) -> int:
        """Print a document; the job's id."""
        titled = (attribute(A.JOB_NAME, name, tag=Tag.NAME),) if name else ()
        answer = await self.ask(Operation.PRINT_JOB, *titled, *more, queue=queue, document=document, within=within)
        return answer.job_id

    async def release(self, job_id: int, device_uuid: object = None) -> Answer:
        """Release-Job, to a device by its uuid (PWG 5100.18)."""
        where = () if device_uuid is None else (attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{device_uuid}"),)
        return await self.ask(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), *where)

    async def job(self, job_id: int) -> Seen:
        """Get-Job-Attributes."""
        wanted = attribute(A.REQUESTED_ATTRIBUTES, *JOB_ATTRIBUTES)
        answer = await self.ask(Operation.GET_JOB_ATTRIBUTES, attribute(A.JOB_ID, job_id), wanted)
        assert answer.ok, answer
        return _seen(answer.jobs[0])

    async def printer(self, queue: str, *names: str) -> Group | None:
        """Get-Printer-Attributes; None: there is no such queue."""
        wanted = (attribute(A.REQUESTED_ATTRIBUTES, *names),) if names else ()
        answer = await self.ask(Operation.GET_PRINTER_ATTRIBUTES, *wanted, queue=queue)
        return answer.message.group(Tag.PRINTER) if answer.ok and answer.message else None

    async def jobs(self, which: str = "not-completed", queue: str | None = None) -> list[Seen]:
        """Get-Jobs, of everybody."""
        wanted = attribute(A.REQUESTED_ATTRIBUTES, *JOB_ATTRIBUTES)
        answer = await self.ask(Operation.GET_JOBS, attribute(A.WHICH_JOBS, which), wanted, queue=queue)
        assert answer.ok, answer
        return [_seen(group) for group in answer.jobs]

    async def wait(self, job_id: int, *states: JobState, within: float = 2 * PATIENCE) -> Seen:
        """Wait until a job is in one of `states` (by default: has ended)."""
        wanted, last = states or ENDED, None

        async def there() -> Seen | None:
            nonlocal last
            last = await self.job(job_id)
            return last if last.state in wanted else None

        try:
            seen = await eventually(there, f"job {job_id} to be {wanted}", within=within, every=0.05)
        except DeadlineError as error:
            raise DeadlineError(error.what, within, last) from error
        assert seen is not None
        return seen


def _seen(group: Group) -> Seen:
    return Seen(
        group.integer(A.JOB_ID) or 0,
        JobState(group.integer(A.JOB_STATE) or 0),
        tuple(group.texts(A.JOB_STATE_REASONS)),
        group.text(A.JOB_STATE_MESSAGE) or "",
        group.integer(A.JOB_IMPRESSIONS_COMPLETED),
    )
