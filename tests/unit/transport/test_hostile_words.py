"""Hostile words in what goes to a device: the head of a request has the gate's own lines alone (SECURITY S6)."""

import asyncio
from contextlib import suppress
from uuid import uuid4

import pytest

from ippgate.model.parcel import Parcel
from ippgate.transport.address import parse
from ippgate.transport.ipp_exchange import FAILURES, IppExchange
from ippgate.transport.ipp_request import Asker
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.port import TransportSettings

WORDS = (
    "x\r\nX-Injected: 1",
    "x\nX-Injected: 1",
    "x\0y",
    "x\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "-o/x",
    "\u2028x",
    "%0d%0ax",
)
SETTINGS = TransportSettings(connect_timeout=5, answer_timeout=5, stall_timeout=5, close_timeout=1, answer_limit=65_536)
LINES = ("Host", "Connection", "User-Agent", "Accept", "Accept-Encoding", "Content-Type", "Content-Length")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "place", ["ipp://{}/", "ipp://host{}/", "ipp://host/{}", "ipp://host:631{}/", "ipp://host/p{}?x"]
)
def test_no_address_adds_a_header_to_a_request(place: str, word: str) -> None:
    uri = place.format(word)
    with suppress(ValueError):
        address = parse(uri)
        assert address.http.isascii()
        assert address.http.isprintable()
        assert " " not in address.http


@pytest.mark.parametrize("word", WORDS)
async def test_the_head_of_a_request_has_the_gates_own_lines_alone(word: str) -> None:
    heads: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as device:
        port = device.sockets[0].getsockname()[1]
        uri = f"ipp://127.0.0.1:{port}/ipp/print"
        exchange = IppExchange(Whereabouts(parse(uri)), SETTINGS, None)
        parcel = Parcel(1, uuid4(), word, word, "application/pdf")
        for request in (Asker(uri).create_job(parcel, []), Asker(uri).print_job(parcel, None, [])):
            with pytest.raises(FAILURES):
                await exchange.ask(request)
        await exchange.aclose()
    assert len(heads) == 2
    for head in heads:
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        assert first == "POST /ipp/print HTTP/1.1"
        assert {line.partition(":")[0] for line in lines} <= set(LINES)
