"""A client of the doors that can break every rule: octets out, octets in, over one real connection."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from ippgate.ipp import Attribute, Group, Limits, Message, Status, Tag, decode, encode
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A

PATIENCE: Final = 10.0
CHARSET: Final = attribute(A.ATTRIBUTES_CHARSET, "utf-8")
LANGUAGE: Final = attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, "en")


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def closes(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"

    @property
    def ipp(self) -> Message:
        """The IPP message in it."""
        assert self.status == 200, (self.status, self.body)
        assert self.headers["content-type"] == "application/ipp"
        message, rest = decode(self.body, Limits(header_octets=1 << 24, attributes=1 << 20))
        assert rest == b""
        return message


def status_of(message: Message) -> Status:
    return Status(message.code)


def sentence_of(message: Message) -> str:
    """status-message."""
    return message.operation.text(A.STATUS_MESSAGE) or ""


def unsupported_of(message: Message) -> Group:
    """The unsupported group; empty if there is none."""
    return message.group(Tag.UNSUPPORTED_GROUP) or Group(Tag.UNSUPPORTED_GROUP)


def message_of(
    code: int,
    *operation: Attribute,
    job: Iterable[Attribute] = (),
    subscriptions: Iterable[Iterable[Attribute]] = (),
    version: tuple[int, int] = (2, 0),
    request_id: int = 7,
) -> bytes:
    """A sound request: charset and language come first by themselves."""
    groups = [Group(Tag.OPERATION, [CHARSET, LANGUAGE, *operation])]
    wishes = list(job)
    if wishes:
        groups.append(Group(Tag.JOB, wishes))
    groups += [Group(Tag.SUBSCRIPTION, list(each)) for each in subscriptions]
    return encode(Message(version, code, request_id, groups))


def post(
    body: bytes, *, path: str = "/ipp/print/followme", headers: Iterable[str] = (), host: str = "gate:8631"
) -> bytes:
    """A POST with a Content-Length."""
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/ipp",
        f"Content-Length: {len(body)}",
        *headers,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body: bytes, *, size: int = 1000, headers: Iterable[str] = ()) -> bytes:
    """The same in chunks."""
    lines = (
        "POST /ipp/print/followme HTTP/1.1",
        "Host: gate:8631",
        "Content-Type: application/ipp",
        "Transfer-Encoding: chunked",
        *headers,
    )
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class Client:
    """One connection."""

    def __init__(self, port: int, *, source: str = "127.0.0.1") -> None:
        self._port = port
        self._source = source

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._source, 0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except OSError:
            return  # the server may have cut it: that is what some tests are about

    async def say(self, octets: bytes) -> None:
        """Write octets as they are."""
        self.writer.write(octets)
        await self.writer.drain()

    async def say_for_ever(self, octets: bytes, pause: float = 0.0) -> None:
        """Write the same octets again and again. Raises ConnectionError when the server has had enough."""
        while True:
            await asyncio.wait_for(self.say(octets), PATIENCE)
            await asyncio.sleep(pause)

    async def hear(self) -> Reply:
        """Read one answer; an interim one (100) too. Raises asyncio.IncompleteReadError when the connection ends."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            fields = (line.partition(":") for line in lines if line)
            headers = {name.strip().lower(): value.strip() for name, _, value in fields}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
            return Reply(int(first.split(" ")[1]), headers, body)

    async def ask(self, octets: bytes) -> Reply:
        """Write a request, read its answer."""
        await self.say(octets)
        return await self.hear()

    async def closed(self) -> bool:
        """Whether the server closes now, without another word."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read(1) == b""
            except ConnectionError:
                return True
