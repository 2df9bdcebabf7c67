"""The socket device keeps what it gets and misbehaves on cue."""

import asyncio
import hashlib
import socket
from pathlib import Path

import pytest

from tests.rig.documents import random_document
from tests.rig.listener import reset
from tests.rig.pjl_device import PjlDevice
from tests.rig.sink import Manners, Sink

BIG = 20_000_000
UEL = b"\x1b%-12345X"


async def send(sink: Sink, data: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    try:
        writer.write(data)
        await writer.drain()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_it_keeps_bytes_hash_and_times(sink: Sink) -> None:
    data = random_document(2_000_000)
    await send(sink, data)
    job = await sink.job()
    assert job.data == data
    assert job.sha256 == hashlib.sha256(data).hexdigest()
    assert job.ended == "whole"
    assert job.first_byte_at is not None
    assert job.ended_at is not None
    assert job.connected_at <= job.first_byte_at <= job.ended_at


async def test_it_keeps_a_file_or_only_the_hash(tmp_path: Path) -> None:
    data = random_document(500_000)
    async with Sink(keep=tmp_path) as filed, Sink(keep="hash") as hashed:
        await send(filed, data)
        await send(hashed, data)
        assert (await filed.job()).data == data
        seen = await hashed.job()
        assert (seen.data, seen.size, seen.sha256) == (b"", len(data), hashlib.sha256(data).hexdigest())


async def test_it_cuts_after_exactly_so_many_octets(sink: Sink) -> None:
    sink.next_manners = [Manners(cut_after=1000)]
    with pytest.raises(ConnectionError):
        await send(sink, random_document(BIG))
    job = await sink.job()
    assert (job.size, job.ended) == (1000, "cut")
    await send(sink, b"well again")
    assert (await sink.job(2)).data == b"well again"


async def test_it_closes_early(sink: Sink) -> None:
    sink.manners = Manners(close_after=3)
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    writer.write(b"abc")
    assert await reader.read() == b""
    writer.close()
    assert (await sink.job()).ended == "closed"


async def test_it_stalls_until_it_resumes(sink: Sink) -> None:
    sink.manners = Manners(stall_after=10)
    data = random_document(BIG)
    sending = asyncio.ensure_future(send(sink, data))
    await sink.receiving(10)
    done, _ = await asyncio.wait([sending], timeout=0.3)
    assert not done
    sink.resume()
    await sending
    assert (await sink.job()).data == data


async def test_it_drips(sink: Sink) -> None:
    sink.manners = Manners(drip=7, drip_every=0.001)
    await send(sink, b"x" * 50)
    assert (await sink.job()).size == 50


async def test_it_cuts_on_cue(sink: Sink) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    await sink.receiving(0)
    await sink.cut()
    with pytest.raises(ConnectionError):
        await reader.read()
    writer.close()
    assert (await sink.job()).ended == "cut"


async def test_it_tells_a_sender_that_broke_from_one_that_ended(sink: Sink) -> None:
    sender = socket.create_connection(("127.0.0.1", sink.port))
    sender.sendall(b"half")
    await sink.receiving(4)
    reset(sender)
    job = await sink.job()
    assert (job.data, job.ended) == (b"half", "lost")


async def test_it_sleeps_and_wakes_on_the_same_port(sink: Sink) -> None:
    await sink.sleep()
    with pytest.raises(ConnectionRefusedError):
        await send(sink, b"too early")
    sink.wake()
    await send(sink, b"good morning")
    assert (await sink.job()).data == b"good morning"


async def test_it_answers_pjl_as_a_device_does(sink: Sink) -> None:
    device = PjlDevice(model="LaserJet", pages=3)
    sink.manners = Manners(pjl=device)
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    writer.write(UEL + b"@PJL INFO ID\r\n@PJL INFO STATUS\r\n")
    assert await reader.readuntil(b"\x0c") == b'@PJL INFO ID\r\n"LaserJet"\r\n\x0c'
    assert b"CODE=10001" in await reader.readuntil(b"\x0c")
    writer.write(b'@PJL USTATUS JOB=ON\r\n@PJL JOB NAME="one"\r\n@PJL ENTER LANGUAGE=PCL\r\n')
    assert await reader.readuntil(b"\x0c") == b'@PJL USTATUS JOB\r\nSTART\r\nNAME="one"\r\n\x0c'
    writer.write(b"pages" + UEL + b'@PJL EOJ NAME="one"\r\n' + UEL)
    assert await reader.readuntil(b"\x0c") == b'@PJL USTATUS JOB\r\nEND\r\nNAME="one"\r\nPAGES=3\r\n\x0c'
    writer.close()
    assert "ENTER LANGUAGE=PCL" in device.heard
