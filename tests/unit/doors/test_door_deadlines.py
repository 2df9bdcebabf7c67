"""Slow clients, many clients, and the end of serving, on real connections (SECURITY S15)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from ippgate.doors import DoorSettings
from ippgate.ipp import Operation, Status
from ippgate.model.errors import ClientGone
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from tests.rig.eventually import eventually
from tests.unit.doors.client import Client, message_of, post, status_of
from tests.unit.doors.gate import ALICE, FOLLOWME, Gate
from tests.unit.doors.memory import Memory

SOUND = message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME)
PRINT = message_of(Operation.PRINT_JOB, FOLLOWME, ALICE)
LIST = message_of(Operation.GET_JOBS, FOLLOWME)
OK = Status.SUCCESSFUL_OK
QUICK = DoorSettings(
    port=0, header_timeout=0.4, body_timeout=0.4, idle_timeout=0.4, answer_timeout=0.4, rate=1000, rate_grace=0.8
)


class Slow(Memory):
    """Intake that does not read until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()
        self.asked = asyncio.Event()

    async def submit(self, queue: Queue, new: NewJob, document: NewDocument, body: AsyncIterator[bytes]) -> Job:
        self.asked.set()
        await self.may.wait()
        return await super().submit(queue, new, document, body)


async def test_a_connection_without_a_word_is_closed() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        assert await client.closed()


async def test_a_head_that_does_not_end_is_answered_and_closed() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        await client.say(b"POST / HTTP/1.1\r\nHost: ga")
        assert (await client.hear()).status == 408
        assert await client.closed()


async def test_an_idle_connection_is_closed_without_a_word() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        for _ in range(3):
            assert status_of((await client.ask(post(SOUND))).ipp) == OK
        assert await client.closed()
        await eventually(lambda: gate.server.connections == 0, "the connection to be forgotten")


async def test_silence_in_the_middle_of_a_document_ends_it() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        await client.say(post(PRINT + bytes(5000))[:-100])
        assert (await client.hear()).status == 408
        assert await client.closed()
        assert isinstance(gate.memory.gone[0], ClientGone)
        assert not gate.memory.jobs


async def test_silence_in_the_middle_of_the_attributes_ends_the_request() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        await client.say(post(PRINT)[:-10])
        assert (await client.hear()).status == 408
        assert await client.closed()


async def test_a_document_that_drips_is_ended() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        await client.say(post(PRINT + bytes(5000))[:-4000])
        with pytest.raises(ConnectionError):
            await client.say_for_ever(b"\0", pause=0.02)
        assert isinstance(gate.memory.gone[0], ClientGone)
        assert "slowly" in str(gate.memory.gone[0])


async def test_a_slow_gate_is_no_reason_to_end_a_client() -> None:
    memory = Slow()
    async with Gate(QUICK, memory) as gate, gate.client() as client:
        document = bytes(3_000_000)
        sending = asyncio.ensure_future(client.say(post(PRINT + document)))
        await asyncio.wait_for(memory.asked.wait(), 10)
        await asyncio.sleep(2 * QUICK.body_timeout + QUICK.rate_grace)  # longer than any deadline of the client's
        memory.may.set()
        await sending
        assert status_of((await client.hear()).ipp) == OK
        assert len(memory.documents[1]) == len(document)
        assert gate.server.connections == 1


async def test_a_client_that_never_listens_is_cut() -> None:
    async with Gate(QUICK) as gate, gate.client() as client:
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport reads
        request = post(message_of(Operation.GET_PRINTER_ATTRIBUTES, FOLLOWME))
        with pytest.raises(ConnectionError):
            await client.say_for_ever(request * 500)
        await eventually(lambda: gate.server.connections == 0, "the connection to be cut")


async def test_too_many_connections_from_one_address_are_turned_away() -> None:
    async with Gate(DoorSettings(port=0, max_connections_per_address=3)) as gate:
        clients = [await gate.client().__aenter__() for _ in range(3)]
        for client in clients:
            assert status_of((await client.ask(post(SOUND))).ipp) == OK
        async with gate.client() as fourth:
            reply = await fourth.hear()
            assert (reply.status, reply.closes) == (503, True)
            assert "address" in reply.text
            assert await fourth.closed()
        async with gate.client(source="127.0.0.2") as other:
            assert status_of((await other.ask(post(SOUND))).ipp) == OK
        await clients[0].__aexit__(None, None, None)
        await eventually(lambda: gate.server.connections == 2, "the places to be free again")
        async with gate.client() as again:
            assert status_of((await again.ask(post(SOUND))).ipp) == OK
        for client in clients[1:]:
            await client.__aexit__(None, None, None)


async def test_too_many_connections_in_all_are_turned_away() -> None:
    async with (
        Gate(DoorSettings(port=0, max_connections=2)) as gate,
        gate.client() as one,
        gate.client(source="127.0.0.2") as two,
        gate.client(source="127.0.0.3") as three,
    ):
        for client in (one, two):
            assert status_of((await client.ask(post(SOUND))).ipp) == OK
        assert (await three.hear()).status == 503


async def test_hundreds_of_dripping_clients_do_not_slow_a_good_one() -> None:
    settings = DoorSettings(port=0, max_connections_per_address=1000)
    async with Gate(settings) as gate, gate.client() as good:
        alone = await median_of_answers(good, 20)
        drips = [await gate.client(source="127.0.0.9").__aenter__() for _ in range(300)]
        for drip in drips:
            await drip.say(post(PRINT + bytes(1000))[:-500])

        async def drip_on() -> None:
            for drip in drips[::6]:
                await drip.say(b"\0")

        assert await median_of_answers(good, 50, drip_on) < 20 * alone
        for drip in drips:
            drip.writer.transport.abort()


async def median_of_answers(
    good: Client, rounds: int, before_each: Callable[[], Awaitable[None]] | None = None
) -> float:
    """Seconds that an answer to a small job takes; the work done before each is not counted."""
    times = []
    for _ in range(rounds):
        if before_each:
            await before_each()
        started = time.perf_counter()
        assert status_of((await good.ask(post(PRINT + bytes(20_000)))).ipp) == OK
        times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2]


# the end of serving


async def test_a_request_under_way_is_finished_before_the_server_ends() -> None:
    memory = Slow()
    gate = Gate(memory=memory)
    await gate.server.start()
    port = gate.server.port
    async with gate.client() as busy, gate.client() as idle:
        assert status_of((await idle.ask(post(SOUND))).ipp) == OK
        await busy.say(post(PRINT + bytes(1000)))
        await asyncio.wait_for(memory.asked.wait(), 10)
        stopping = asyncio.ensure_future(gate.server.stop(10))
        await eventually(lambda: not gate.server.listening, "the server to stop listening")
        with pytest.raises(ConnectionError):
            await Client(port).__aenter__()
        memory.may.set()
        assert status_of((await busy.hear()).ipp) == OK
        assert await busy.closed()
        assert await idle.closed()
        await stopping
        assert gate.server.connections == 0
    assert memory.documents[1] == bytes(1000)


async def test_a_request_that_takes_too_long_is_ended_with_the_server() -> None:
    memory = Slow()
    gate = Gate(memory=memory)
    await gate.server.start()
    async with gate.client() as busy:
        await busy.say(post(PRINT + bytes(1000)))
        await asyncio.wait_for(memory.asked.wait(), 10)
        await asyncio.wait_for(gate.server.stop(0.05), 10)
        assert await busy.closed()
    assert not memory.jobs


async def test_the_server_starts_once_and_stops_as_often_as_it_is_told() -> None:
    gate = Gate()
    await gate.server.stop()
    await gate.server.start()
    port = gate.server.port
    assert status_of(await gate.ipp_ask(SOUND)) == OK
    await gate.server.stop()
    await gate.server.stop()
    await gate.server.start()
    assert port
    assert status_of(await gate.ipp_ask(LIST)) == OK
    await gate.server.stop()


async def test_an_address_that_is_taken_is_said() -> None:
    async with Gate() as gate:
        other = Gate(DoorSettings(port=gate.server.port))
        with pytest.raises(OSError, match="address already in use"):
            await other.server.start()
