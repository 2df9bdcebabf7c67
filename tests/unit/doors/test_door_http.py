"""HTTP below IPP: what is refused before a message is read, smuggling (SECURITY S14), sizes (S13, S16)."""

import asyncio
import gzip
import zlib

import pytest

from ippgate.doors import DoorSettings
from ippgate.ipp import Operation, Status
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import ClientGone, TooLarge, Unavailable
from ippgate.observe.monitor import Readiness
from tests.rig.eventually import eventually
from tests.unit.doors.client import chunked, message_of, post, sentence_of, status_of
from tests.unit.doors.gate import ALICE, FOLLOWME, Gate

SOUND = message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME)
PRINT = message_of(Operation.PRINT_JOB, FOLLOWME, ALICE)
HEAD = b"POST /ipp/print/followme HTTP/1.1\r\nHost: gate\r\nContent-Type: application/ipp\r\n"
OK = Status.SUCCESSFUL_OK
TOO_LARGE = Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE


def counted(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n" % len(body)


# what HTTP refuses


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
async def test_other_methods_are_not_allowed(method: str) -> None:
    async with Gate() as gate:
        reply = await gate.ask(f"{method} /ipp/print/followme HTTP/1.1\r\nHost: gate\r\n\r\n".encode())
        assert reply.status == 405
        assert reply.headers["allow"] == "GET, HEAD, POST"
        assert reply.closes


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/ippx", "", "nonsense"]
)
async def test_another_media_type_is_not_read(kind: str) -> None:
    async with Gate() as gate, gate.client() as client:
        request = post(SOUND).replace(b"application/ipp", kind.encode(), 1)
        reply = await client.ask(request)
        assert (reply.status, reply.closes) == (415, False)
        assert "application/ipp" in reply.text
        assert status_of((await client.ask(post(SOUND))).ipp) == OK


async def test_parameters_of_the_media_type_do_not_count() -> None:
    async with Gate() as gate:
        request = post(SOUND).replace(b"application/ipp", b"Application/IPP; charset=utf-8", 1)
        assert status_of((await gate.ask(request)).ipp) == OK


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip", "x"])
async def test_a_content_coding_is_not_undone(coding: str) -> None:
    async with Gate() as gate, gate.client() as client:
        reply = await client.ask(
            post(gzip.compress(PRINT + bytes(10_000_000)), headers=[f"Content-Encoding: {coding}"])
        )
        assert (reply.status, reply.headers["accept-encoding"]) == (415, "identity")
        assert "compression" in reply.text
        assert status_of((await client.ask(post(SOUND, headers=["Content-Encoding: identity"]))).ipp) == OK


@pytest.mark.parametrize("path", ["/other", "/ip", "/etc/passwd", "//", "/%2e%2e/", "/metrics", "*"])
async def test_there_is_no_printer_at_other_paths(path: str) -> None:
    async with Gate() as gate:
        reply = await gate.ask(post(SOUND, path=path))
        assert reply.status in (400, 404)


@pytest.mark.parametrize(
    "path", ["/", "/ipp/print", "/printers/followme", "/jobs/", "/jobs/5", "/admin/", "/ipp/print/x?y"]
)
async def test_the_path_does_not_say_what_is_meant(path: str) -> None:
    async with Gate() as gate:
        assert status_of((await gate.ask(post(SOUND, path=path))).ipp) == OK


async def test_an_unknown_expectation_fails() -> None:
    async with Gate() as gate:
        reply = await gate.ask(post(SOUND, headers=["Expect: 200-ok"]))
        assert (reply.status, reply.closes) == (417, True)


async def test_an_old_client_without_host_is_served_and_its_connection_closed() -> None:
    async with Gate() as gate, gate.client() as client:
        head = b"POST / HTTP/1.0\r\nContent-Type: application/ipp\r\n" + counted(SOUND) + b"\r\n"
        assert status_of((await client.ask(head + SOUND)).ipp) == OK
        assert await client.closed()


@pytest.mark.parametrize("octets", [b"", b"\x02", b"\x02\x00\x00\x0b\x00\x00", b"hello world"])
async def test_octets_that_are_not_even_a_header_are_no_request(octets: bytes) -> None:
    async with Gate() as gate, gate.client() as client:
        reply = await client.ask(post(octets))
        assert reply.status == 400 if len(octets) < 8 else 200
        assert b"Traceback" not in reply.body
        assert status_of((await client.ask(post(SOUND))).ipp) == OK


# smuggling (S14): refused, and the connection ends

INNER = b"POST /admin/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/ipp\r\nContent-Length: 0\r\n\r\n"
BODY = b"0\r\n\r\n" + INNER
SMUGGLED = {
    "a length and chunks": HEAD + counted(BODY) + b"Transfer-Encoding: chunked\r\n\r\n" + BODY,
    "chunks and a length": HEAD + b"Transfer-Encoding: chunked\r\n" + counted(BODY) + b"\r\n" + BODY,
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + SOUND,
    "the same length twice": HEAD + counted(SOUND) * 2 + b"\r\n" + SOUND,
    "two lengths in one line": HEAD + b"Content-Length: 5, 5\r\n\r\n" + SOUND,
    "a signed length": HEAD + b"Content-Length: +5\r\n\r\n" + SOUND,
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n" + SOUND,
    "a length in hex": HEAD + b"Content-Length: 0x10\r\n\r\n" + SOUND,
    "a length with blanks inside": HEAD + b"Content-Length: 1 0\r\n\r\n" + SOUND,
    "a length beyond counting": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n" + SOUND,
    "two transfer codings": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + BODY,
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + BODY,
    "an unknown transfer coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
    "a transfer coding before a blank": HEAD + b"Transfer-Encoding : chunked\r\n\r\n" + BODY,
    "chunked, then something": HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n" + BODY,
    "a bare line feed after a header": HEAD.replace(b"gate\r\n", b"gate\n") + counted(SOUND) + b"\r\n" + SOUND,
    "bare line feeds at the end of the head": HEAD + counted(SOUND)[:-2] + b"\n\n" + SOUND,
    "a bare carriage return in a header": HEAD + b"X: a\rb\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "a folded header": HEAD + b"X: a\r\n b\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "a blank before a colon": HEAD + b"X : a\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "a header without a name": HEAD + b": a\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "a zero octet in a header": HEAD + b"X: a\0b\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "a line that is no header": HEAD + b"nonsense\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "no host": b"POST / HTTP/1.1\r\nContent-Type: application/ipp\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "two hosts": HEAD + b"Host: other\r\n" + counted(SOUND) + b"\r\n" + SOUND,
    "an unknown version": HEAD.replace(b"HTTP/1.1", b"HTTP/1.7") + counted(SOUND) + b"\r\n" + SOUND,
    "no version": b"POST /\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a line that never ends": b"POST /" + b"a" * 10_000 + b" HTTP/1.1\r\n",
    "a header that never ends": HEAD + b"X: " + b"a" * 10_000 + b"\r\n\r\n",
    "headers that never end": HEAD + b"X: a\r\n" * 100 + b"\r\n",
}


@pytest.mark.parametrize("name", SMUGGLED)
async def test_an_ambiguous_request_is_refused_and_the_connection_closed(name: str) -> None:
    async with Gate() as gate, gate.client() as client:
        reply = await client.ask(SMUGGLED[name])
        assert reply.status == 400
        assert b"Traceback" not in reply.body
        assert await client.closed()
        assert gate.counted.requests == []


BROKEN_CHUNKS = {
    "a size that is no number": b"zz\r\nabc\r\n",
    "a size beyond counting": b"fffffffffffffffffff\r\nabc\r\n",
    "a negative size": b"-5\r\nabc\r\n",
    "more octets than were announced": b"3\r\nabcdef\r\n",
    "a bare line feed after a size": b"3\nabc\r\n",
    "a bare line feed after a chunk": b"3\r\nabc\n0\r\n\r\n",
    "a zero octet after a size": b"3\0\r\nabc\r\n",
}


@pytest.mark.parametrize("name", BROKEN_CHUNKS)
async def test_broken_chunks_end_the_document_and_the_connection(name: str) -> None:
    async with Gate() as gate, gate.client() as client:
        start = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n" % (len(PRINT) + 1, PRINT + b"%")
        await client.say(start)
        await asyncio.wait_for(gate.memory.receiving.wait(), 10)
        await client.say(BROKEN_CHUNKS[name])
        reply = await client.hear()
        assert reply.status in (400, 408)
        assert await client.closed()
        assert not gate.memory.jobs
        assert isinstance(gate.memory.gone[0], ClientGone)


async def test_chunks_split_anywhere_are_put_together() -> None:
    async with Gate() as gate, gate.client() as client:
        for octet in chunked(PRINT + b"%PDF", size=3):
            await client.say(bytes([octet]))
        assert status_of((await client.hear()).ipp) == OK
        assert gate.memory.documents == {1: b"%PDF"}


async def test_an_upgrade_is_not_taken() -> None:
    async with Gate() as gate, gate.client() as client:
        headers = ["Upgrade: TLS/1.2, TLS/1.1", "Connection: Upgrade"]
        assert status_of((await client.ask(post(SOUND, headers=headers))).ipp) == OK
        websocket = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: eA=="]
        assert status_of((await client.ask(post(SOUND, headers=websocket))).ipp) == OK
        assert status_of((await client.ask(post(SOUND))).ipp) == OK


# a client that goes away


@pytest.mark.parametrize("framing", ["length", "chunks"])
async def test_a_client_that_cuts_its_document_leaves_no_job(framing: str) -> None:
    request = post(PRINT + bytes(100_000)) if framing == "length" else chunked(PRINT + bytes(100_000))
    async with Gate() as gate:
        async with gate.client() as client:
            await client.say(request[:50_000])
            await asyncio.wait_for(gate.memory.receiving.wait(), 10)
        await eventually(lambda: gate.memory.gone, "the document's reader to learn that its client is gone")
        assert isinstance(gate.memory.gone[0], ClientGone)
        assert not gate.memory.jobs
        assert status_of(await gate.ipp_ask(SOUND)) == OK


async def test_a_client_that_cuts_inside_the_attributes_is_forgotten() -> None:
    async with Gate() as gate:
        async with gate.client() as client:
            await client.say(post(PRINT)[:-10])
        await eventually(lambda: gate.server.connections == 0, "the connection to be forgotten")
        assert gate.counted.requests == []


async def test_a_client_that_has_said_all_and_closes_its_half_is_answered() -> None:
    async with Gate() as gate, gate.client() as client:
        client.writer.write(post(PRINT + bytes(300_000)))
        client.writer.write_eof()
        assert status_of((await client.hear()).ipp) == OK
        assert await client.closed()
        assert len(gate.memory.jobs) == 1


async def test_a_client_that_closes_its_half_too_early_leaves_no_job() -> None:
    async with Gate() as gate, gate.client() as client:
        client.writer.write(post(PRINT + bytes(300_000))[:-1])
        client.writer.write_eof()
        assert await client.closed()
        assert not gate.memory.jobs
        assert isinstance(gate.memory.gone[0], ClientGone)


# sizes


async def test_a_document_that_is_announced_too_large_is_not_read() -> None:
    settings = DoorSettings(port=0, max_document=10_000)
    async with Gate(settings) as gate, gate.client() as client:
        await client.say(HEAD + b"Content-Length: 1000000000\r\n\r\n" + PRINT + bytes(1000))
        reply = await client.hear()
        assert status_of(reply.ipp) == TOO_LARGE
        assert "10000" in sentence_of(reply.ipp)
        assert reply.closes
        assert gate.memory.received == 0


@pytest.mark.parametrize("framing", [post, chunked])
@pytest.mark.parametrize("code", [Operation.PRINT_JOB, Operation.SEND_DOCUMENT])
async def test_a_document_that_turns_out_too_large_is_cut(framing: object, code: Operation) -> None:
    assert callable(framing)
    async with Gate(DoorSettings(port=0, max_document=10_000)) as gate, gate.client() as client:
        await client.ask(post(message_of(Operation.CREATE_JOB, FOLLOWME, ALICE)))
        target = (attribute(A.JOB_ID, 1), attribute(A.LAST_DOCUMENT, True)) if code == Operation.SEND_DOCUMENT else ()
        message = message_of(code, FOLLOWME, ALICE, *target)
        assert status_of((await client.ask(framing(message + bytes(10_000)))).ipp) == OK
        await client.ask(post(message_of(Operation.CREATE_JOB, FOLLOWME, ALICE)))
        answer = (await client.ask(framing(message_of(Operation.PRINT_JOB, FOLLOWME, ALICE) + bytes(10_001)))).ipp
        assert status_of(answer) == TOO_LARGE
        answer = (await client.ask(framing(message_of(Operation.PRINT_JOB, FOLLOWME, ALICE) + bytes(1_000_000)))).ipp
        assert status_of(answer) == TOO_LARGE
        assert gate.memory.received <= 30_000
        assert len(gate.memory.documents) == 1
        assert status_of((await client.ask(post(SOUND))).ipp) == OK


async def test_a_document_that_turns_out_too_large_on_the_way_leaves_no_job() -> None:
    async with Gate(DoorSettings(port=0, max_document=10_000)) as gate, gate.client() as client:
        request = chunked(PRINT + bytes(20_000), size=1000)
        await client.say(request[:6000])
        await asyncio.wait_for(gate.memory.receiving.wait(), 10)
        assert status_of((await client.ask(request[6000:])).ipp) == TOO_LARGE
        assert isinstance(gate.memory.gone[0], TooLarge)
        assert not gate.memory.jobs


def bomb(kind: str) -> bytes:
    packer = zlib.compressobj(9, wbits={"gzip": 31, "deflate": 15, "raw": -15}[kind])
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(64)]) + packer.flush()


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw"])
@pytest.mark.parametrize(
    ("settings", "status"),
    [
        (DoorSettings(port=0, max_document=5 << 20, inflate_ratio=10_000), TOO_LARGE),
        (DoorSettings(port=0, inflate_ratio=100), Status.CLIENT_ERROR_COMPRESSION_ERROR),
    ],
)
async def test_a_bomb_is_stopped_while_it_grows(kind: str, settings: DoorSettings, status: Status) -> None:
    async with Gate(settings) as gate, gate.client() as client:
        name = attribute(A.COMPRESSION, "gzip" if kind == "gzip" else "deflate")
        message = message_of(Operation.PRINT_JOB, FOLLOWME, ALICE, name)
        answer = (await client.ask(post(message + bomb(kind)))).ipp
        assert status_of(answer) == status
        assert gate.memory.received <= 6 << 20
        assert not gate.memory.jobs
        assert status_of((await client.ask(post(SOUND))).ipp) == OK


async def test_what_is_left_of_a_refused_request_is_dropped_and_the_connection_goes_on() -> None:
    async with Gate() as gate, gate.client() as client:
        refused = message_of(Operation.PRINT_JOB, FOLLOWME, attribute(A.DOCUMENT_FORMAT, "video/mp4"))
        for framing in (post, chunked):
            answer = (await client.ask(framing(refused + bytes(3_000_000)))).ipp
            assert status_of(answer) == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED
            assert status_of((await client.ask(post(SOUND))).ipp) == OK


async def test_what_is_left_of_a_refused_request_is_not_dropped_for_ever() -> None:
    refused = message_of(Operation.PRINT_JOB, FOLLOWME, attribute(A.DOCUMENT_FORMAT, "video/mp4"))
    async with Gate(DoorSettings(port=0, drain_octets=100_000)) as gate, gate.client() as client:
        await client.say(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n" % (len(refused), refused))
        assert status_of((await client.hear()).ipp) == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED
        with pytest.raises(ConnectionError):
            await client.say_for_ever(b"2710\r\n" + bytes(10_000) + b"\r\n")


# pages and monitoring


async def test_the_page_names_each_queue_and_says_how_to_add_it() -> None:
    async with Gate() as gate:
        gate.memory.add_queue("odd", info="<script>alert(1)</script>", location='"&<b>')
        for path in ("/", "/ipp/print/followme", "/printers/", "/printers/odd"):
            reply = await gate.ask(f"GET {path} HTTP/1.1\r\nHost: print.example.org:8631\r\n\r\n".encode())
            assert reply.status == 200
            assert reply.headers["content-type"] == "text/html; charset=utf-8"
            assert "default-src 'none'" in reply.headers["content-security-policy"]
            assert (
                "lpadmin -p followme -E -v ipp://print.example.org:8631/ipp/print/followme -m everywhere" in reply.text
            )
            assert "<script>" not in reply.text
            assert "&lt;script&gt;" in reply.text


async def test_a_page_that_cannot_be_made_says_try_again() -> None:
    async with Gate() as gate:
        gate.memory.failure = Unavailable("the database is away")
        reply = await gate.ask(b"GET / HTTP/1.1\r\nHost: gate\r\n\r\n")
        assert reply.status == 503
        gate.memory.failure = ZeroDivisionError("secret")
        reply = await gate.ask(b"GET / HTTP/1.1\r\nHost: gate\r\n\r\n")
        assert (reply.status, reply.closes) == (500, True)
        assert "secret" not in reply.text


async def test_monitoring_is_answered() -> None:
    async with Gate() as gate, gate.client() as client:

        async def get(path: str) -> tuple[int, str]:
            reply = await client.ask(f"GET {path} HTTP/1.1\r\nHost: gate\r\n\r\n".encode())
            return reply.status, reply.text

        assert await get("/healthz") == (200, "alive\n")
        assert await get("/readyz") == (200, "ready\n")
        assert await get("/metrics") == (200, "ippgate_up 1\n")
        gate.counted.ready = Readiness(ready=False, reason="the database does not answer")
        assert await get("/readyz") == (503, "not ready: the database does not answer\n")
        assert (await get("/nothing"))[0] == 404
        assert (await get("/healthz/../metrics"))[0] == 404


async def test_metrics_can_be_left_out() -> None:
    async with Gate(metrics=False) as gate:
        assert (await gate.ask(b"GET /metrics HTTP/1.1\r\nHost: gate\r\n\r\n")).status == 404


async def test_head_is_get_without_a_body() -> None:
    async with Gate() as gate, gate.client() as client:
        await client.say(b"HEAD /healthz HTTP/1.1\r\nHost: gate\r\n\r\nGET /healthz HTTP/1.1\r\nHost: gate\r\n\r\n")
        head = await client.reader.readuntil(b"\r\n\r\n")
        assert b"Content-Length: 6" in head
        assert (await client.hear()).text == "alive\n"


async def test_the_icon_is_a_picture() -> None:
    async with Gate() as gate:
        reply = await gate.ask(b"GET /icon.png HTTP/1.1\r\nHost: gate\r\n\r\n")
        assert reply.headers["content-type"] == "image/png"
        assert reply.body.startswith(b"\x89PNG\r\n\x1a\n")


async def test_nothing_tells_which_software_answers() -> None:
    async with Gate() as gate, gate.client() as client:
        replies = [
            await client.ask(post(SOUND)),
            await client.ask(b"GET /nothing HTTP/1.1\r\nHost: gate\r\n\r\n"),
            await client.ask(b"BREW / HTTP/1.1\r\nHost: gate\r\n\r\n"),
        ]
        assert {reply.headers["server"] for reply in replies} == {"ippgate"}
