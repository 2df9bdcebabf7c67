"""The proxy makes each kind of trouble, in front of a device and of PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.rig.database import Cluster
from tests.rig.documents import random_document
from tests.rig.proxy import Proxy
from tests.rig.sink import Sink

BIG = 20_000_000
"""More octets than the kernel's buffers on the way take in."""


@pytest.fixture
async def proxy(sink: Sink) -> AsyncIterator[Proxy]:
    async with Proxy.to(sink.uri) as proxy:
        yield proxy


async def send(proxy: Proxy, data: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(data)
        await writer.drain()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_it_carries_bytes_and_the_end_of_them(proxy: Proxy, sink: Sink) -> None:
    data = random_document(1_000_000)
    await send(proxy, data)
    job = await sink.job()
    assert job.data == data
    assert job.ended == "whole"
    assert proxy.carried("up") == len(data)


async def test_it_cuts_after_exactly_so_many_octets(proxy: Proxy, sink: Sink) -> None:
    proxy.cut_after(10_000, "up")
    with pytest.raises(ConnectionError):
        await send(proxy, random_document(BIG))
    job = await sink.job()
    assert job.size == 10_000
    assert job.ended == "lost"


async def test_it_cuts_at_once_on_cue(proxy: Proxy, sink: Sink) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"begun")
    await sink.receiving(5)
    await proxy.cut()
    with pytest.raises(ConnectionError):
        await reader.read()
    writer.close()
    assert (await sink.job()).ended == "lost"
    assert proxy.links == 0


async def test_a_stall_closes_the_window_until_it_flows_again(proxy: Proxy, sink: Sink) -> None:
    proxy.stall("up")
    data = random_document(BIG)
    sending = asyncio.ensure_future(send(proxy, data))
    await proxy.until(lambda proxy: proxy.links == 1, "the link")
    done, _ = await asyncio.wait([sending], timeout=0.3)
    assert not done
    proxy.flow()
    await sending
    assert (await sink.job()).data == data


async def test_it_drips(proxy: Proxy, sink: Sink) -> None:
    proxy.drip(10, every=0.001)
    await send(proxy, b"x" * 100)
    assert (await sink.job()).size == 100


async def test_it_refuses_until_it_accepts_again(proxy: Proxy, sink: Sink) -> None:
    await proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        await send(proxy, b"nobody is there")
    proxy.accept()
    await send(proxy, b"now")
    assert (await sink.job()).data == b"now"


async def test_a_reset_of_the_client_reaches_the_target(sink: Sink) -> None:
    async with Proxy.to(sink.uri) as outer, Proxy.to(outer.through(sink.uri)) as inner:
        _, writer = await asyncio.open_connection("127.0.0.1", inner.port)
        writer.write(b"begun")
        await sink.receiving(5)
        await inner.cut()
        writer.close()
        assert (await sink.job()).ended == "lost"


async def test_it_stands_in_front_of_postgresql(any_database: Cluster) -> None:
    async with Proxy(any_database.socket) as proxy:
        connection = await asyncpg.connect(any_database.dsn_of("postgres", tcp_port=proxy.port), ssl=False)
        assert await connection.fetchval("SELECT 1") == 1
        proxy.cut_after(1, "down")
        with pytest.raises((asyncpg.PostgresConnectionError, ConnectionError)):
            await connection.fetchval("SELECT repeat('x', 100000)")
        assert connection.is_closed()
