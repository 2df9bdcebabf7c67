"""A lean IPP client over kept connections: exact counts, single times, and documents larger than memory.

Load comes from wrk; this client is for what wrk cannot do. It costs the machine little beside what it measures.
"""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bench.document import Large
from bench.request import CONTENT_TYPE
from ippgate.ipp import Message, Tag, decode
from ippgate.ipp.registry import attributes as A

PATIENCE = 120.0
"""Seconds an answer may take before the run is given up."""

_STATUS = struct.Struct(">2xH")
_FIRST_ERROR = 0x0400


class RefusedError(Exception):
    """An answer that is no success; the text is its status and sentence."""


@dataclass(frozen=True, slots=True)
class Where:
    """An IPP printer as a client sees it: where to connect, the HTTP path, and the printer-uri in requests."""

    host: str
    port: int
    path: str
    uri: str

    @property
    def url(self) -> str:
        """For wrk."""
        return f"http://{self.host}:{self.port}{self.path}"


class Client:
    """One kept connection to a printer; opened again when the server closes it."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._head = _head(where)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect, if there is no connection."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._where.host, self._where.port)

    async def ask(self, request: bytes) -> bytes:
        """Send a request and return the answer's IPP octets. Raises RefusedError and OSError."""
        await self.open()
        reader, writer = self._reader, self._writer
        assert reader is not None
        assert writer is not None
        writer.write(self._head % len(request) + request)
        async with asyncio.timeout(PATIENCE):
            answer, kept = await _answer(reader)
        if not kept:
            self.close()
        return checked(answer)

    async def print_held(self, request: bytes) -> int:
        """Send a Print-Job; the job's id."""
        return job_id(await self.ask(request))

    def close(self) -> None:
        """Close the connection."""
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def ask_all(where: Where, requests: Sequence[bytes], *, connections: int) -> list[bytes]:
    """Send every request, over so many connections at once; the answers in order."""
    answers: list[bytes] = [b""] * len(requests)
    left = iter(enumerate(requests))

    async def one_connection() -> None:
        async with Client(where) as client:
            for number, request in left:
                answers[number] = await client.ask(request)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(min(connections, len(requests))):
            tasks.create_task(one_connection())
    return answers


def upload(where: Where, head: bytes, document: Large) -> tuple[float, int]:
    """Send a Print-Job with a large document, blocking; seconds until its answer, and the job's id."""
    with socket.create_connection((where.host, where.port), timeout=PATIENCE) as connection:
        started = time.perf_counter()
        connection.sendall(_head(where) % (len(head) + document.size) + head)
        for piece in document.pieces():
            connection.sendall(piece)
        answer = _blocking_answer(connection)
        seconds = time.perf_counter() - started
    return seconds, job_id(checked(answer))


def checked(answer: bytes) -> bytes:
    """The answer, if it is a success. Raises RefusedError."""
    if len(answer) < _STATUS.size:
        raise RefusedError(f"no IPP answer: {answer[:80]!r}")
    (status,) = _STATUS.unpack_from(answer)
    if status >= _FIRST_ERROR:
        raise RefusedError(f"0x{status:04X}: {_message(answer).operation.text(A.STATUS_MESSAGE)}")
    return answer


def job_id(answer: bytes) -> int:
    """The job-id in an answer to Print-Job."""
    group = _message(answer).group(Tag.JOB)
    found = group.integer(A.JOB_ID) if group else None
    if found is None:
        raise RefusedError("the answer has no job-id")
    return found


def queued_jobs(answer: bytes) -> int:
    """queued-job-count in an answer to Get-Printer-Attributes."""
    group = _message(answer).group(Tag.PRINTER)
    found = group.integer(A.QUEUED_JOB_COUNT) if group else None
    if found is None:
        raise RefusedError("the answer has no queued-job-count")
    return found


def _message(answer: bytes) -> Message:
    return decode(answer)[0]


def _head(where: Where) -> bytes:
    lines = (
        f"POST {where.path} HTTP/1.1",
        f"Host: {where.host}:{where.port}",
        f"Content-Type: {CONTENT_TYPE}",
        "Content-Length: %d",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """The body of an answer, and whether the connection is kept."""
    status, fields = _fields(await reader.readuntil(b"\r\n\r\n"))
    if fields.get("transfer-encoding") == "chunked":
        body = b"".join([chunk async for chunk in _chunks(reader)])
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    if status != 200:
        raise RefusedError(f"HTTP {status}: {body[:200]!r}")
    return body, fields.get("connection", "").lower() != "close"


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")


def _fields(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, _, value in pairs}


def _blocking_answer(connection: socket.socket) -> bytes:
    """The body of an answer, read from a blocking socket."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += _more(connection)
    head, _, body = heard.partition(b"\r\n\r\n")
    status, fields = _fields(head)
    chunked = fields.get("transfer-encoding") == "chunked"
    while not body.endswith(b"0\r\n\r\n") if chunked else len(body) < int(fields.get("content-length", 0)):
        body += _more(connection)
    if status != 200:
        raise RefusedError(f"HTTP {status}: {body[:200]!r}")
    return b"".join(_joined(body)) if chunked else body


def _joined(body: bytes) -> Iterable[bytes]:
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        yield rest[:length]
        body = rest[length + 2 :]


def _more(connection: socket.socket) -> bytes:
    heard = connection.recv(65536)
    if not heard:
        raise RefusedError("the server closed the connection without an answer")
    return heard
