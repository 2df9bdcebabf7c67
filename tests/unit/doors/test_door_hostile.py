"""Hostile words in all that a client writes: no header, no line of the log, no way in (SECURITY S1, S2, S6, S28)."""

import io
import json
from http import HTTPStatus

import pytest

from ippgate.doors import reply
from ippgate.ipp import Attribute, Operation, Status, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.observe import configure, log
from tests.unit.doors.client import CHARSET, LANGUAGE, Reply, message_of, post, status_of
from tests.unit.doors.gate import ALICE, FOLLOWME, HERE, Gate

HEADERS = {
    *("content-type", "content-length", "date", "server", "cache-control", "connection"),
    *("x-content-type-options", "content-security-policy", "allow", "accept-encoding", "retry-after"),
    *("www-authenticate", "referrer-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"),
}
"""Every header that an answer has."""

WORDS = {
    "a header": "x\r\nX-Injected: 1",
    "a line feed": "x\nX-Injected: 1",
    "an answer": "x\r\n\r\nHTTP/1.1 200 OK\r\nX-Injected: 1\r\n\r\n",
    "a folded line": "x\r\n X-Injected: 1",
    "a zero": "x\0X-Injected: 1",
    "separators of lines": "x\u2028X-Injected: 1\u2029\x85",
    "an escape": "\x1b[2J\x1b]0;X-Injected\x07",
    "another direction": "\u202eX-Injected\u2066",
    "an option": "--X-Injected=1",
    "a line of the log": '"}\n{"time":"2026-01-01T00:00:00Z","event":"operator.added","user":"X-Injected"}',
}


def check_head(answer: Reply) -> None:
    assert set(answer.headers) <= HEADERS, answer.headers
    assert not any("injected" in f"{name}{value}".lower() for name, value in answer.headers.items())


@pytest.mark.parametrize("name", WORDS)
async def test_no_word_of_a_client_becomes_a_header_of_an_answer(name: str) -> None:
    raw = WORDS[name].encode()
    attributes = [
        Attribute(A.REQUESTING_USER_NAME, (Value(Tag.NAME, raw),)),
        Attribute(A.JOB_NAME, (Value(Tag.NAME, raw),)),
        Attribute(A.DOCUMENT_NAME, (Value(Tag.NAME, raw),)),
        Attribute(A.MESSAGE, (Value(Tag.TEXT, raw),)),
        Attribute(A.DOCUMENT_FORMAT, (Value(Tag.MIME, raw),)),
        Attribute(A.PRINTER_URI, (Value(Tag.URI, raw),)),
        Attribute(A.REQUESTED_ATTRIBUTES, (Value(Tag.KEYWORD, raw),)),
        Attribute(A.ATTRIBUTES_CHARSET, (Value(Tag.CHARSET, raw),)),
        Attribute(A.ATTRIBUTES_NATURAL_LANGUAGE, (Value(Tag.LANGUAGE, raw),)),
    ]
    async with Gate() as gate:
        for hostile in attributes:
            usual = [CHARSET, LANGUAGE, FOLLOWME, ALICE]
            given = [hostile if each.name == hostile.name else each for each in usual]
            given += [hostile] if hostile not in given else []
            for code in (Operation.PRINT_JOB, Operation.GET_JOBS, Operation.IDENTIFY_PRINTER):
                async with gate.client() as client:
                    answer = await client.ask(post(message_of(code, *given)[:8] + _body(given)))
                    check_head(answer)
                    assert await _goes_on(client), hostile.name


def _body(given: list[Attribute]) -> bytes:
    """The attributes as they are: `message_of` would put its own charset before them."""
    from ippgate.ipp import Group, Message, encode  # noqa: PLC0415

    return encode(Message((2, 0), Operation.PRINT_JOB, 7, [Group(Tag.OPERATION, given)]))[8:] + b"%PDF"


async def _goes_on(client: object) -> bool:
    sound = message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME)
    return status_of((await client.ask(post(sound))).ipp) == Status.SUCCESSFUL_OK  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", WORDS)
async def test_what_http_itself_is_told_becomes_no_header_either(name: str) -> None:
    word = WORDS[name].replace("\r\n\r\n", "\r\n")
    heads = (
        f"GET /{word} HTTP/1.1\r\nHost: gate\r\n\r\n",
        f"GET /ipp/print/{word} HTTP/1.1\r\nHost: gate\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {word}\r\n\r\n",
        f"POST /{word} HTTP/1.1\r\nHost: gate\r\nContent-Length: 0\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: gate\r\nContent-Type: {word}\r\nContent-Length: 0\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: gate\r\nExpect: {word}\r\nContent-Length: 0\r\n\r\n",
        f"{word[:20]} / HTTP/1.1\r\nHost: gate\r\n\r\n",
    )
    async with Gate() as gate:
        for head in heads:
            answer = await gate.ask(head.encode())
            assert answer.status in (200, 400, 404, 405, 415, 417), head
            check_head(answer)


@pytest.mark.parametrize("name", WORDS)
def test_a_header_of_an_answer_is_one_line_or_none(name: str) -> None:
    """If ever a word of a client got that far, there would be no answer at all."""
    answer = reply.text(HTTPStatus.OK, "x", headers={"X-Test": WORDS[name]})
    if any(sign in WORDS[name] for sign in "\r\n\0"):
        from aiohttp.http_writer import _serialize_headers  # noqa: PLC0415

        with pytest.raises(ValueError, match="header"):
            _serialize_headers("HTTP/1.1 200 OK", answer.headers)


@pytest.mark.parametrize("name", WORDS)
async def test_no_word_of_a_client_forges_a_line_of_the_log(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_log", log._log)
    stream = io.StringIO()
    configure("json", "info", stream)
    user = Attribute(A.REQUESTING_USER_NAME, (Value(Tag.NAME, WORDS[name].encode()),))
    message = Attribute(A.MESSAGE, (Value(Tag.TEXT, WORDS[name].encode()),))
    uri = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/nobody")
    odd_name = "\n" + "".join(sign for sign in WORDS[name] if sign.isascii())
    async with Gate() as gate:
        await gate.operate(Operation.IDENTIFY_PRINTER, message, user=user)
        await gate.operate(Operation.PRINT_JOB, user=user, target=uri)
        await gate.ipp_ask(
            message_of(Operation.GET_JOBS, FOLLOWME, user, Attribute(odd_name, (Value(0x21, b"\0\0\0\1"),)))
        )
    written = stream.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in lines] == ["printer.identified", "client.refused", "client.refused"]
    assert written.count("\n") == len(lines)
    assert written.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/setup",
            "/install",
            "/wizard",
            "/admin",
            "/admin/setup",
            "/login",
            "/app",
            "/api/v1/setup",
            "/SetupCompleted",
        ),
        *("/app?service=page/SetupCompleted", "/.well-known/setup", "/ipp/print/../../setup", "//setup", "/setup;x=1"),
    ],
)
async def test_there_is_nothing_to_set_up_from_afar(path: str) -> None:
    """The first operator is made at the gate's own command line, where whoever reaches the database may."""
    async with Gate() as gate:
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = await gate.ask(f"{method} {path} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n".encode())
            assert answer.status in (400, 404, 405), method
        form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3"
        answer = await gate.ask(f"POST {path} HTTP/1.1\r\nHost: gate\r\n{form}\r\n\r\na=b".encode())
        assert answer.status in (400, 404, 415)
        assert "set-cookie" not in answer.headers


ODD_PATHS = (
    *("//ipp/print/followme", "/ipp//print/followme", "/ipp/print//followme", "/ipp/print/./followme"),
    *("/ipp/print/x/../followme", "/ipp/print/%66ollowme", "/ipp/%2e%2e/print/followme", "/ipp/print/followme;x=1"),
    *("/ipp/print/followme%00", "/ipp/print/followme%2f", "/ipp/print/followme/.", "/ipp/print\\followme"),
    *("/ipp/print/followme?admin=1", "/ipp/print/followme#x", "/ipp/print/followme/1/2", "/ipp/print/followme//1"),
    *("/jobs/01", "/jobs/-1", "/jobs/1/", "/jobs//1", "/jobs/%31", "/jobs/1;x", "/jobs/99999999999"),
)


@pytest.mark.parametrize("path", ODD_PATHS)
async def test_an_odd_path_points_to_nothing(path: str) -> None:
    """One reading or none, so that nobody is let in by one and served by another."""
    async with Gate() as gate:
        await gate.print()
        target = attribute(A.PRINTER_URI, f"ipp://gate{path}")
        assert status_of(await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=target)) == (
            Status.CLIENT_ERROR_NOT_FOUND
        )
        by_uri = attribute(A.JOB_URI, f"ipp://gate{path}")
        answer = await gate.operate(Operation.CANCEL_JOB, by_uri, target=None)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND
        assert all(job.completed_at is None for job in gate.memory.jobs.values())
