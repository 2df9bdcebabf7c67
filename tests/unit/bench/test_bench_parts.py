"""The bench's own parts: documents, requests, answers and devices are what the figures assume."""

import asyncio
import os
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import pytest

from bench.client import Client, RefusedError, Where, ask_all, checked, job_id, upload
from bench.document import MARK, MIB, marked, pcl_xl_document, random_document, small
from bench.memory import Memory
from bench.request import print_job, release_job
from bench.sinks import Delivered, WrongPaperError, check, sinks
from ippgate.ipp import Group, Message, Operation, Status, Tag, attribute, check_request, decode, encode
from ippgate.ipp.registry import attributes as A
from ippgate.spool.frame import Sealer

URI = "ipp://127.0.0.1:631/ipp/print/q"


# ── documents ──


def test_a_marked_document_differs_in_its_first_octets_only() -> None:
    document = small()
    assert marked(7, document)[:MARK] == b"0000000000000007"
    assert marked(7, document)[MARK:] == document[MARK:]


def test_a_large_document_is_the_same_each_time_and_its_checksum_is_that_of_its_octets() -> None:
    document = random_document(2)
    whole = b"".join(document.pieces())
    assert whole == b"".join(document.pieces())
    assert (len(whole), zlib.crc32(whole[MARK:])) == (document.size, document.checksum)


def test_random_octets_do_not_shrink_and_pcl_xl_shrinks_about_fifty_times() -> None:
    assert _stored(bytes(next(random_document(1).pieces()))) > MIB
    assert 30 < MIB / _stored(bytes(next(pcl_xl_document(1).pieces()))) < 80


def _stored(plain: bytes) -> int:
    return len(Sealer(bytes(32), 1).seal(plain, last=True, pad=False))


# ── requests and answers ──


def test_a_print_job_is_a_sound_request_with_the_document_behind_it() -> None:
    message, rest = decode(print_job(URI, b"document", document_format="application/octet-stream"))
    check_request(message, [Operation.PRINT_JOB])
    assert rest == b"document"
    job = message.group(Tag.JOB)
    assert job is not None
    assert job.text(A.JOB_HOLD_UNTIL) == "indefinite"


def test_a_release_names_the_job_and_the_device() -> None:
    device = UUID(int=5)
    message, _ = decode(release_job(URI, 12, device=device))
    check_request(message, [Operation.RELEASE_JOB])
    assert (message.operation.integer(A.JOB_ID), message.operation.text(A.OUTPUT_DEVICE_UUID)) == (12, device.urn)


def test_a_refusal_is_no_answer_to_count() -> None:
    with pytest.raises(RefusedError, match="0x0406: there is no queue q"):
        checked(_answer(Status.CLIENT_ERROR_NOT_FOUND, "there is no queue q"))
    with pytest.raises(RefusedError, match="no IPP answer"):
        checked(b"")


@pytest.mark.parametrize("chunked", [False, True])
async def test_answers_come_in_the_order_of_the_requests_over_any_number_of_connections(chunked: bool) -> None:
    async with _echo(chunked=chunked) as where:
        answers = await ask_all(where, [b"%d" % number for number in range(50)], connections=7)
    assert [job_id(answer) for answer in answers] == list(range(50))


async def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    async with _echo(kept=False) as where, Client(where) as client:
        assert [job_id(await client.ask(b"%d" % number)) for number in (3, 4)] == [3, 4]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_large_document_is_sent_whole(chunked: bool) -> None:
    document = random_document(3)
    async with _echo(chunked=chunked) as where:
        _, told = await asyncio.to_thread(upload, where, b"9", document)
    assert told == 1 + document.size


def _answer(status: Status, sentence: str = "", job: int | None = None) -> bytes:
    operation = [attribute(A.ATTRIBUTES_CHARSET, "utf-8"), attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, "en")]
    if sentence:
        operation.append(attribute(A.STATUS_MESSAGE, sentence))
    groups = [Group(Tag.OPERATION, operation)]
    if job is not None:
        groups.append(Group(Tag.JOB, [attribute(A.JOB_ID, job, tag=Tag.INTEGER)]))
    return encode(Message((2, 0), status, 1, groups))


@asynccontextmanager
async def _echo(*, chunked: bool = False, kept: bool = True) -> AsyncIterator[Where]:
    """An HTTP server whose answer's job-id is the number that was sent, or the length of what is longer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                body = await reader.readexactly(length)
                answer = _answer(Status.SUCCESSFUL_OK, job=int(body) if length < 9 else length)
                writer.write(_http(answer, chunked=chunked, kept=kept))
                if not kept:
                    break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield Where("127.0.0.1", port, "/ipp/print/q", URI)


def _http(answer: bytes, *, chunked: bool, kept: bool) -> bytes:
    closing = b"" if kept else b"Connection: close\r\n"
    if not chunked:
        return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (closing, len(answer), answer)
    half = len(answer) // 2
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (answer[:half], answer[half:], b""))
    return b"HTTP/1.1 200 OK\r\n%sTransfer-Encoding: chunked\r\n\r\n%s" % (closing, pieces)


# ── devices ──


async def test_a_device_tells_what_came_and_in_which_order_its_octets_did() -> None:
    document = small()
    async with sinks(2) as there:
        await _send(there.uris[1], marked(5, document))
        (one,) = await there.take(1)
    assert (one.device, one.number, one.octets) == (1, 5, len(document))
    assert one.first <= one.last
    check([one], document)


async def test_who_only_looks_whether_a_device_is_there_prints_nothing() -> None:
    async with sinks(1) as there:
        await _send(there.uris[0], b"")
        await _send(there.uris[0], marked(1, small()))
        (one,) = await there.take(1)
    assert one.number == 1


@pytest.mark.parametrize("wrong", ["octets", "checksum", "number"])
def test_wrong_paper_is_no_figure(wrong: str) -> None:
    document = small()
    checksum = zlib.crc32(document[MARK:])
    fine = Delivered(0, 0, 1.0, 2.0, len(document), checksum)
    changed = {"octets": len(document) - 1, "checksum": checksum + 1, "number": 0}[wrong]
    facts = {"device": 0, "number": 1, "first": 1.0, "last": 2.0, "octets": len(document), "checksum": checksum}
    with pytest.raises(WrongPaperError):
        check([fine, Delivered(**(facts | {wrong: changed}))], document)  # type: ignore[arg-type]


async def _send(uri: str, document: bytes) -> None:
    host, _, port = uri.removeprefix("socket://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(document)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()


# ── memory ──


def test_memory_tells_the_highest_moment_though_it_is_given_back() -> None:
    memory = Memory(os.getpid())
    octets = bytearray(os.urandom(40 * MIB))
    del octets
    assert 35 < memory.growth() < 90
