"""An IPP device in this process: a faithful minimal printer on the network, until it is told to lie.

`printer` is its panel and its memory (jobs, documents, state); `lie` tells it what to do wrong with which operation.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from ippgate.ipp import DecodeError, Decoder, Message, Operation, Status, encode
from tests.rig.certificate import Certificate
from tests.rig.changes import Changes
from tests.rig.crew import Crew
from tests.rig.eventually import PATIENCE
from tests.rig.http_talk import Request, Talk
from tests.rig.ipp_printer import IppPrinter, PrinterJob, RefusalError
from tests.rig.lies import Lie
from tests.rig.listener import LOOPBACK
from tests.rig.received import Keep
from tests.rig.where import free_port

HONEST = Lie()
JUNK = b"\0" * 65_536


class _CutError(Exception):
    """The connection is to be cut now."""


@dataclass
class Heard:
    """A request that came."""

    operation: int
    message: Message
    http: Request
    octets: int = 0
    """Of its document, so far."""

    answered: bool = False
    """Whether the device believes to have answered."""

    job_id: int | None = None
    """The job that it made or filled."""


class HostileDevice:
    """The device; `at_once`, `impressions`, `single`, `several` and `keep` are the printer's. With `tls` it is an ipps
    device.
    """

    def __init__(
        self,
        *,
        at_once: bool = True,
        impressions: int = 1,
        single: bool = False,
        several: bool = False,
        keep: Keep = "memory",
        tls: Certificate | None = None,
        host: str = LOOPBACK,
    ) -> None:
        self.port = free_port()
        self._tls = tls
        self._changes = Changes()
        uri = f"{'ipps' if tls else 'ipp'}://{host}:{self.port}/ipp/print"
        self.printer = IppPrinter(uri, at_once, impressions, single, several, keep, changed=self._changes.happened)
        self.heard: list[Heard] = []
        self._lies: list[Lie] = []
        self._crew = Crew()
        self._server: asyncio.Server | None = None
        self._resumed = asyncio.Event()
        self._talks: dict[asyncio.Task[None], Talk] = {}

    @property
    def uri(self) -> str:
        return self.printer.uri

    @property
    def jobs(self) -> dict[int, PrinterJob]:
        return self.printer.jobs

    # ── cues ──

    def lie(self, *lies: Lie) -> None:
        """Tell these lies, each to the requests it is meant for; of several that fit a request, the first given."""
        self._lies += lies

    def be_honest(self) -> None:
        """Forget all lies that have not been told."""
        self._lies.clear()

    def resume(self) -> None:
        """Read on where a lie had stalled."""
        self._resumed.set()

    async def sleep(self) -> None:
        """Cut every connection and refuse new ones until `wake`: switched off."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        await self.cut()

    async def wake(self) -> None:
        """Listen again, on the same port."""
        if self._server is None:
            context = self._tls.server() if self._tls else None
            self._server = await asyncio.start_server(self._connected, LOOPBACK, self.port, ssl=context)

    async def cut(self) -> None:
        """Send RST on every open connection now."""
        for talk in self._talks.values():
            talk.cut()
        if self._talks:
            await self._crew.dismiss(*self._talks)

    # ── what tests wait for ──

    def requests(self, operation: Operation) -> list[Heard]:
        """Return the requests of one operation, in order."""
        return [heard for heard in self.heard if heard.operation == operation]

    async def hears(self, operation: Operation, *, number: int = 1, octets: int = 0, within: float = PATIENCE) -> Heard:
        """Wait for the `number`th request of an operation, and `octets` of its document."""
        return await self._changes.until(
            lambda: next((one for one in self.requests(operation)[number - 1 : number] if one.octets >= octets), None),
            f"{operation.name} number {number} with {octets} octets",
            within=within,
        )

    async def job(self, number: int = 1, *, within: float = PATIENCE) -> PrinterJob:
        """Wait until the `number`th job (from 1, forgotten ones not counted) has ended, and return it."""

        def ended() -> PrinterJob | None:
            jobs = list(self.jobs.values())[number - 1 : number]
            return next((job for job in jobs if job.ended), None)

        return await self._changes.until(ended, f"job {number} to end at the device", within=within)

    # ── the device ──

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = Talk(reader, writer)
        self._talks[self._crew.hire(self._converse(talk))] = talk

    async def _converse(self, talk: Talk) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            while (request := await talk.request()) is not None:
                await self._attend(talk, request)
            await talk.close()
        except (OSError, EOFError):
            talk.cut()  # the client is gone
        except _CutError:
            talk.cut()
        finally:
            del self._talks[task]
            talk.cut()

    async def _attend(self, talk: Talk, request: Request) -> None:
        body = talk.body(request)
        decoder = Decoder()
        message: Message | None = None
        try:
            async for piece in body:
                if (message := decoder.feed(piece)) is not None:
                    break
            message = message or decoder.close()
        except DecodeError as error:
            await talk.answer(encode(_refusal(Message((1, 1), 0, 1), error.status, str(error))), close=True)
            raise _CutError from error
        heard = Heard(message.code, message, request)
        self.heard.append(heard)
        lie = self._next_lie(message.code)
        answer = await self._obey(talk, heard, _from(decoder.rest, body), lie)
        await self._answer(talk, heard, answer, lie)

    def _next_lie(self, operation: int) -> Lie:
        for index, lie in enumerate(self._lies):
            if lie.operation in (None, operation):
                if lie.times is not None:
                    self._lies[index : index + 1] = [replace(lie, times=lie.times - 1)] if lie.times > 1 else []
                return lie
        return HONEST

    async def _obey(self, talk: Talk, heard: Heard, document: AsyncIterator[bytes], lie: Lie) -> Message:
        """Read the document and do the operation, as far as the lie lets it; return the honest answer."""
        request = heard.message
        if lie.refuse is not None and lie.refuse_early:
            await talk.answer(encode(_refusal(request, lie.refuse)), close=True)
            await talk.close()
            raise _CutError
        job, refused = None, None
        try:
            job = self.printer.begin(request) if lie.refuse is None else None
        except RefusalError as refusal:
            refused = refusal
        heard.job_id = job.id if job else None
        self._changes.happened()
        await self._read(heard, document, job, lie)
        if lie.refuse is not None:
            return _refusal(request, lie.refuse)
        try:
            if refused is not None:
                raise refused
            return self.printer.complete(request, job)
        except RefusalError as refusal:
            return _refusal(request, refusal.status, str(refusal))

    async def _read(self, heard: Heard, document: AsyncIterator[bytes], job: PrinterJob | None, lie: Lie) -> None:
        try:
            async for piece in document:
                for part in _split(piece, heard.octets, lie.stall_after, lie.cut_after):
                    await self._take(heard, part, job, lie)
            if lie.cut_after is not None:
                raise _CutError
        except BaseException:  # a job whose document broke off is never printed
            if job is not None and not job.ended:
                self.printer.abort(job.id)
            raise

    async def _take(self, heard: Heard, part: bytes, job: PrinterJob | None, lie: Lie) -> None:
        if heard.octets == lie.cut_after:
            raise _CutError
        if heard.octets == lie.stall_after:
            await self._resumed.wait()
        heard.octets += len(part)
        if job is not None:
            job.document.take(part)
        self._changes.happened()

    async def _answer(self, talk: Talk, heard: Heard, answer: Message, lie: Lie) -> None:
        await asyncio.sleep(lie.answer_after)
        if lie.lose_answer:
            raise _CutError
        if lie.raw is not None:
            await talk.say(lie.raw)
            await talk.close()
            raise _CutError
        if lie.http_status is not None:
            await talk.answer(b"", status=lie.http_status)
            return
        told = answer if lie.twist is None else lie.twist(answer)
        body = told if isinstance(told, bytes) else encode(told)
        await self._send(talk, body, lie)
        heard.answered = True
        self._changes.happened()

    async def _send(self, talk: Talk, body: bytes, lie: Lie) -> None:
        if lie.cut_answer_after is not None:
            first = body[: lie.cut_answer_after]
            await talk.answer(first, more=len(body) - len(first))
            raise _CutError
        if lie.endless:
            await talk.answer(body, more=2**40)
            while True:
                await talk.say(JUNK)
        step = lie.drip or len(body) or 1
        await talk.answer(body[:step], more=len(body[step:]))
        for start in range(step, len(body), step):
            await asyncio.sleep(lie.drip_every)
            await talk.say(body[start : start + step])

    async def __aenter__(self) -> Self:
        await self.wake()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.sleep()
        await self._crew.dismiss()


def _refusal(request: Message, status: Status, sentence: str = "") -> Message:
    return IppPrinter("").answer(request, status=status, sentence=sentence)


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for piece in rest:
        yield piece


def _split(piece: bytes, position: int, *marks: int | None) -> list[bytes]:
    """Split a piece at those marks (octets of the whole document) that fall into it."""
    inside = sorted({mark - position for mark in marks if mark is not None and 0 < mark - position < len(piece)})
    ends = [*inside, len(piece)]
    return [piece[start:end] for start, end in zip([0, *inside], ends, strict=True)]
