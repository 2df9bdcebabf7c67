"""The card readers' door on real PostgreSQL: what each line is answered, and what nobody gets away with (S29, D10)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from ippgate.app.gate import Gate
from ippgate.doors.reader import ReaderDoor, ReaderDoorSettings
from ippgate.identity import tap_pace
from ippgate.identity.secret import draw
from ippgate.model.card_number import number_of
from ippgate.model.device import Device
from ippgate.model.errors import Unavailable
from ippgate.model.job import Caller
from ippgate.model.person import Particulars
from ippgate.model.session import LoginBy
from ippgate.observe import Event
from tests.integration.gates import hold_queue, job_of, submit
from tests.integration.store.births import a_device
from tests.rig.crew import Crew
from tests.rig.eventually import eventually
from tests.rig.reader import CardReader

BADGE, UNKNOWN = "04A1B2C3", "04FFFFFF"
PAGE = b"%PDF-1.7 a page"


@pytest.fixture
async def device(gate: Gate) -> Device:
    await gate.people.add("anna", Particulars())
    await gate.cards.add("anna", number_of(BADGE))
    return await a_device(gate)


@pytest.fixture
async def token(gate: Gate, device: Device) -> str:
    return (await gate.readers.add("hall", device, None))[1] or ""


@asynccontextmanager
async def opened(gate: Gate, **bounds: float) -> AsyncIterator[ReaderDoor]:
    door = ReaderDoor(gate.readers, replace(ReaderDoorSettings(), **bounds))  # type: ignore[arg-type]  # int or float
    await door.open()
    crew = Crew()
    crew.hire(door.run())
    yield door
    await crew.dismiss()


@pytest.fixture
async def door(gate: Gate) -> AsyncIterator[ReaderDoor]:
    async with opened(gate) as door:
        yield door


async def test_a_reader_says_who_it_is_and_each_tap_is_answered(
    gate: Gate, device: Device, door: ReaderDoor, token: str
) -> None:
    queue = await hold_queue(gate)
    job = await submit(gate, queue, PAGE, owner=Caller("anna", "192.0.2.1"))
    async with CardReader(door.port, token) as reader:
        assert await reader.hello() == "OK hall 0"
        assert await reader.ask("PING") == "PONG"
        assert await reader.tap(BADGE) == "OK 1 job prints"
        assert (await job_of(gate, job)).device == device.name
        assert await reader.tap(BADGE) == "OK nothing waits for you"
        assert await reader.tap(UNKNOWN) == "UNKNOWN"
        assert (await reader.tap("zz")).startswith("DENIED that is too short for a card")
        assert (await reader.ask("TAP")).startswith("DENIED that is not understood")
    await gate.fleet.set_logins(device.name, remove=[LoginBy.CARD])
    async with CardReader(door.port, token) as reader:
        assert await reader.hello() == "OK hall 4"
        assert (await reader.tap(BADGE)).startswith("DENIED printer asks for a PIN as well")
    await eventually(lambda: door.connections == 0, "the connections to be forgotten")


@pytest.mark.parametrize(
    "line", ["PING", f"TAP {BADGE} 1", "HELLO", "HELLO hall", "GET / HTTP/1.1", f"HELLO reader~hall~{'x' * 43}"]
)
async def test_who_does_not_say_who_it_is_is_sent_away(gate: Gate, door: ReaderDoor, token: str, line: str) -> None:
    async with CardReader(door.port) as reader:
        assert (await reader.ask(line)).startswith("DENIED ")
        assert await reader.ask(f"TAP {BADGE} 1") == ""
    assert (await gate.readers.reader("hall")).sequence == 0


async def test_a_tap_that_is_played_again_is_refused_on_any_connection(door: ReaderDoor, token: str) -> None:
    async with CardReader(door.port, token) as reader:
        await reader.hello()
        assert (await reader.tap(BADGE, 7)).startswith("OK")
        assert (await reader.tap(BADGE, 7)).startswith("DENIED that tap was here before")
    async with CardReader(door.port, token) as again:
        assert await again.hello() == "OK hall 7"
        assert (await again.tap(BADGE, 7)).startswith("DENIED that tap was here before")
        assert (await again.tap(BADGE)).startswith("OK")


async def test_a_second_connection_takes_the_place_of_the_first(door: ReaderDoor, token: str) -> None:
    async with CardReader(door.port, token) as first, CardReader(door.port, token) as second:
        await first.hello()
        await second.hello()
        assert await first.answer() == "DENIED another connection of this reader has taken the place of this one"
        assert await first.answer() == ""
        assert (await second.tap(BADGE)).startswith("OK")


async def test_a_reader_that_is_renewed_or_gone_is_sent_away(gate: Gate, door: ReaderDoor, token: str) -> None:
    async with CardReader(door.port, token) as reader:
        await reader.hello()
        await gate.readers.renew("hall")
        door.heard("hall")
        assert (await reader.answer()).startswith("DENIED that reader has another token")
        assert await reader.answer() == ""
    async with CardReader(door.port, token) as reader:
        assert (await reader.hello()).startswith("DENIED")


async def test_a_flood_is_told_to_wait_and_never_reaches_a_person_s_jobs(
    gate: Gate, door: ReaderDoor, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tap_pace, "EVERY", 60.0)
    async with CardReader(door.port, token) as reader:
        await reader.hello()
        lines = b"".join(b"TAP %s %d\n" % (UNKNOWN.encode(), number) for number in range(1, 11))
        await reader.send(lines)
        answers = [await reader.answer() for _ in range(10)]
    assert answers[-1].startswith("BUSY ")
    assert (await gate.readers.reader("hall")).sequence == tap_pace.AT_ONCE


async def test_who_says_too_much_is_read_no_further_for_a_while(gate: Gate, token: str) -> None:
    async with opened(gate, lines_at_once=3, line_every=60.0) as door, CardReader(door.port, token) as reader:
        await reader.hello()
        await reader.send(b"PING\n" * 4)
        assert [await reader.answer() for _ in range(4)] == ["PONG", "PONG", "PONG", "BUSY 1"]


@pytest.mark.parametrize("before", [True, False])
async def test_a_line_without_end_ends_the_connection(door: ReaderDoor, token: str, before: bool) -> None:
    async with CardReader(door.port, token) as reader:
        if not before:
            await reader.hello()
        await reader.send(b"x" * 65_536)
        assert await reader.answer() in ("DENIED that line is too long", "")
        assert await reader.answer() == ""


async def test_half_a_line_does_nothing_and_is_not_waited_for_for_ever(gate: Gate, token: str) -> None:
    async with opened(gate, silence=0.2, hello_timeout=0.2) as door:
        async with CardReader(door.port, token) as reader:
            await reader.send(b"HELLO reader~ha")
            assert await reader.answer() == ""
        async with CardReader(door.port, token) as reader:
            assert await reader.hello() == "OK hall 0"
            await reader.send(f"TAP {BADGE}".encode())
            assert await reader.answer() == ""
        async with CardReader(door.port, token) as reader:
            await reader.hello()
            await reader.send(f"TAP {BADGE} 1".encode())
    await eventually(lambda: door.connections == 0, "the connections to be forgotten")
    assert (await gate.readers.reader("hall")).sequence == 0


async def test_there_are_so_many_connections_and_so_many_from_one_address(gate: Gate, token: str) -> None:
    for bounds in ({"max_connections": 2}, {"max_connections_per_address": 2}):
        async with opened(gate, **bounds) as door, AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(CardReader(door.port))
            await eventually(lambda: door.connections == 2, "two connections")
            async with CardReader(door.port, token) as third:
                assert await third.hello() == ""
            await stack.aclose()
            await eventually(lambda: door.connections == 0, "room again")
            async with CardReader(door.port, token) as third:
                assert (await third.hello()).startswith("OK hall")


async def test_guessed_tokens_are_slowed(door: ReaderDoor, token: str) -> None:
    for _ in range(5):
        async with CardReader(door.port, draw("reader", "hall").whole) as guesser:
            assert await guesser.hello() == "DENIED that token is no reader's"
    async with CardReader(door.port, token) as reader:
        assert await reader.hello() == "BUSY 1"


async def test_while_the_database_is_away_a_reader_is_told_to_come_again(
    gate: Gate, door: ReaderDoor, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: object) -> None:
        raise Unavailable("the database is away")

    async with CardReader(door.port, token) as reader:
        await reader.hello()
        monkeypatch.setattr(gate.readers._store, "advance", away)
        assert await reader.tap(BADGE) == "BUSY 5"
        monkeypatch.undo()
        assert (await reader.tap(BADGE)).startswith("OK")


async def test_no_number_and_no_token_is_noted(
    gate: Gate, door: ReaderDoor, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[Event, dict[str, object]]] = []
    for module in ("identity.readers", "identity.taps", "identity.logins", "doors.reader.talk", "doors.reader.door"):
        monkeypatch.setattr(f"ippgate.{module}.note", lambda event, **facts: said.append((event, facts)))
    async with CardReader(door.port, token) as reader:
        await reader.hello()
        for card in (BADGE, UNKNOWN):
            await reader.tap(card)
        await reader.tap(BADGE, 1)
    assert {event for event, _ in said} >= {Event.READER_CONNECTED, Event.CARD_TAPPED, Event.READER_REPLAYED}
    assert all(text not in str(said) for text in (BADGE, UNKNOWN, token.rpartition("~")[2]))
