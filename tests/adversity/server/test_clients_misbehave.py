"""Clients that cut, fall silent, drip and crowd: nothing half is ever kept or printed, and the others are served."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import pytest

from ippgate.ipp import JobState, Operation, Status, attribute, encode
from ippgate.ipp.registry import attributes as A
from tests.adversity.server.house import MIB, House, digest, document, printed, receiving
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import Answer
from tests.rig.sink import Sink

ENV = {
    "IPPGATE_INTAKE_BODY_TIMEOUT": "1",
    "IPPGATE_INTAKE_RATE": "1000",
    "IPPGATE_INTAKE_RATE_GRACE": "1",
    "IPPGATE_DELIVERY_STALL_TIMEOUT": "5",
}
DRIPPING = 100
"""Clients that hold a connection each while a good one prints."""


@pytest.mark.parametrize("size", [10_000, 3 * MIB], ids=["small", "large"])
async def test_a_client_that_cuts_leaves_nothing(house: House, size: int) -> None:
    async with house.client.printing(house.queue) as sending:
        await sending.send(document(size))
        if size > MIB:
            await eventually(house.jobs, "the job to be open")
    jobs = await house.audit()
    assert {job.state for job in jobs} <= {JobState.ABORTED}


async def test_a_client_that_cuts_the_document_of_its_job_must_make_a_new_one(house: House) -> None:
    opened = await house.client.ask(Operation.CREATE_JOB, queue=house.queue)
    wanted = attribute(A.JOB_ID, opened.job_id), attribute(A.LAST_DOCUMENT, True)
    async with house.client.sending(house.client.request(Operation.SEND_DOCUMENT, *wanted)) as sending:
        await sending.send(document(1000))
    await house.job_in(opened.job_id, JobState.ABORTED)
    answer = await house.client.ask(Operation.SEND_DOCUMENT, *wanted, document=document())
    assert answer.status == Status.CLIENT_ERROR_TIMEOUT
    assert answer.sentence.endswith("create a new one")
    await house.audit()


@pytest.mark.parametrize("kind", [Sink, HostileDevice], ids=["raw", "ipp"])
@pytest.mark.parametrize("how", ["cuts", "falls silent"])
async def test_what_a_client_did_not_finish_no_device_takes_for_whole(house: House, kind: type, how: str) -> None:
    async with kind() as device:
        direct = await house.passing_to(device)
        async with house.client.printing(direct) as sending:
            await sending.send(document(2 * MIB))
            if isinstance(device, Sink):
                await receiving(device, MIB)
            else:
                await device.hears(Operation.SEND_DOCUMENT, octets=MIB)
            if how == "falls silent":
                assert (await sending.answer()).http == 408
        [job] = await house.audit(device)
        assert job.state is JobState.ABORTED
        assert not printed(device)


async def test_a_silent_client_is_told_and_leaves_nothing(house: House) -> None:
    async with house.client.printing(house.queue) as sending:
        await sending.send(document(1000))
        answer = await sending.answer()
        assert answer.http == 408
        assert answer.sentence.startswith("The request did not arrive whole: ")
        assert await sending.gone()
    assert await house.audit() == []


async def test_a_client_that_drips_is_ended(house: House) -> None:
    async with house.client.printing(house.queue) as sending:
        answer = await dripped(sending.send, sending.answer())
        assert answer.http == 408
    assert await house.audit() == []


async def dripped(send: Callable[[bytes], Awaitable[None]], answering: Coroutine[Any, Any, Answer]) -> Answer:
    """Send an octet now and then until there is an answer."""
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(answering)
        while not waiting.done():
            await send(b"x")
            await asyncio.wait([waiting], timeout=0.1)
    return waiting.result()


async def test_dripping_clients_do_not_keep_a_good_one_waiting(house: House) -> None:
    octets = document()
    async with HostileDevice() as device, AsyncExitStack() as crowd:
        direct = await house.passing_to(device)
        alone = await timed(house, direct, document())
        for _ in range(DRIPPING):
            sending = await crowd.enter_async_context(house.client.printing(direct))
            await sending.send(b"x")
        beside = await timed(house, direct, octets)
        assert beside < max(10 * alone, 3.0)
        await house.job_in(house.promised[digest(octets)], JobState.COMPLETED)
    assert len(await house.audit(device)) == 2


async def timed(house: House, queue: str, octets: bytes) -> float:
    began = time.monotonic()
    await house.print(queue, octets)
    return time.monotonic() - began


async def test_a_message_that_never_ends_is_no_job(house: House) -> None:
    """The attributes themselves are cut: nothing was asked for."""
    octets = encode(house.client.request(Operation.PRINT_JOB, queue=house.queue))
    reader, writer = await asyncio.open_connection("127.0.0.1", house.gate.port)
    head = (
        f"POST /ipp/print HTTP/1.1\r\nHost: x\r\nContent-Type: application/ipp\r\nContent-Length: {len(octets)}\r\n\r\n"
    )
    writer.write(head.encode() + octets[:-10])
    assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 408 ")
    writer.close()
    assert await house.audit() == []
