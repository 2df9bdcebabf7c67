"""Card readers in real PostgreSQL: known by a token, taps counted once in any worker, floods refused (S29, D10)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.identity import readers as readers_module
from ippgate.identity import tap_pace
from ippgate.identity.logins import UnknownCard
from ippgate.identity.readers import Replayed
from ippgate.identity.secret import draw
from ippgate.identity.tap_pace import AT_ONCE, EVERY
from ippgate.model.card_number import number_of
from ippgate.model.device import Device
from ippgate.model.errors import Busy, NotAuthenticated, NotFound, NotPossible
from ippgate.model.job import Caller
from ippgate.model.person import Particulars
from ippgate.model.reader import HIGHEST_SEQUENCE, Reader
from ippgate.model.tap import TapKind, TapOutcome
from tests.integration.gates import Connection, hold_queue, job_of, submit
from tests.integration.store.births import a_device
from tests.rig.certificate import certificate

HERE, THERE = "192.0.2.1", "198.51.100.9"
BADGE, UNKNOWN = "04A1B2C3", "04FFFFFF"
PAGE = b"%PDF-1.7 a page"


@pytest.fixture
async def device(gate: Gate) -> Device:
    await gate.people.add("anna", Particulars())
    await gate.cards.add("anna", number_of(BADGE))
    return await a_device(gate)


@pytest.fixture
async def token(gate: Gate, device: Device) -> str:
    """Of a reader that stands alone."""
    return told((await gate.readers.add("hall", device, None))[1])


def told(token: str | None) -> str:
    assert token is not None
    return token


class Client:
    left = False

    def when_left(self, call: Callable[[], None] | None) -> None: ...


async def test_a_reader_is_registered_changed_renewed_and_removed(gate: Gate, device: Device, sql: Connection) -> None:
    other = await a_device(gate, "other")
    station, _ = await gate.stations.add("panel", [device.id])
    made, first = await gate.readers.add("hall", device, station, "decimal, octets=4")
    assert (made.device_id, made.station_id, made.profile) == (device.id, station.id, "decimal,octets=4")
    assert await gate.readers.readers() == [made]
    with pytest.raises(NotPossible, match="there is a reader hall already"):
        await gate.readers.add("hall", device, None)
    with pytest.raises(NotPossible, match="does not stand at other"):
        await gate.readers.set("hall", device=other)
    changed = await gate.readers.set("hall", device=other, alone=True, profile="")
    assert (changed.device_id, changed.station_id, changed.profile) == (other.id, None, "")
    with pytest.raises(NotPossible, match="a reader"):
        await gate.fleet.remove_device("other")
    _, second = await gate.readers.renew("hall")
    with pytest.raises(NotAuthenticated):
        await gate.readers.proven(told(first), HERE)
    assert (await gate.readers.proven(told(second), HERE)).name == "hall"
    stored = str([dict(row) for row in await sql.fetch("SELECT * FROM reader")])
    assert all(told(text).rpartition("~")[2] not in stored for text in (first, second))
    await gate.readers.remove("hall")
    for asked in (gate.readers.remove("hall"), gate.readers.renew("hall"), gate.readers.reader("hall")):
        with pytest.raises(NotFound, match="there is no reader hall"):
            await asked
    for name, profile in (("Hall", ""), ("hall", "octal")):
        with pytest.raises(NotPossible):
            await gate.readers.add(name, device, None, profile)


async def test_nothing_but_its_token_is_a_readers(gate: Gate, device: Device, token: str) -> None:
    _, other = await gate.readers.add("door", device, None)
    drawn = token.rpartition("~")[2]
    wrong = [
        *("", "hall", drawn, token[:-1], f"{token} ", f"station~hall~{drawn}", f"reader~door~{drawn}"),
        draw("reader", "hall").whole,
        draw("reader", "nobody").whole,
    ]
    for place, text in enumerate(wrong):
        with pytest.raises(NotAuthenticated, match="that token is no reader's"):
            await gate.readers.proven(text, f"192.0.2.{place}")
    assert (await gate.readers.proven(token, HERE)).name == "hall"
    assert (await gate.readers.proven(told(other), HERE)).name == "door"


async def test_guessing_at_tokens_slows_its_source_and_not_where_the_reader_is(gate: Gate, token: str) -> None:
    await gate.readers.proven(token, HERE)
    for place in range(40):
        with pytest.raises((NotAuthenticated, Busy)):
            await gate.readers.proven(draw("reader", "hall").whole, f"198.51.100.{place % 4}")
    with pytest.raises(Busy) as slowed:
        await gate.readers.proven(token, "198.51.100.1")
    assert slowed.value.seconds > 0
    assert (await gate.readers.proven(token, HERE)).name == "hall"


async def test_a_tap_prints_once_and_played_again_counts_for_nothing_in_any_worker(
    gates: Callable[..., Awaitable[Gate]], gate: Gate, device: Device, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SECURITY S29."""
    monkeypatch.setattr(tap_pace, "AT_ONCE", 100)
    there, queue = await gates(), await hold_queue(gate)
    job = await submit(gate, queue, PAGE, owner=Caller("anna", HERE))
    reader = await gate.readers.connected(token, HERE)
    assert (await gate.readers.tap(reader, BADGE, 7)).released == 1
    assert (await job_of(gate, job)).device == device.name
    kept = await submit(gate, queue, PAGE, owner=Caller("anna", HERE))
    for number in (7, 6, 1):
        with pytest.raises(Replayed, match="above 7"):
            await gate.readers.tap(reader, BADGE, number)
        with pytest.raises(Replayed):
            await there.readers.post(token, BADGE, number, HERE)
    assert (await job_of(gate, kept)).device is None
    asked = [each.readers.post(token, BADGE, 8, HERE) for each in (gate, there) for _ in range(2)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(each, TapOutcome) for each in outcomes) == 1
    for odd in (0, -1, HIGHEST_SEQUENCE + 1):
        with pytest.raises(NotPossible):
            await there.readers.tap(reader, BADGE, odd)


async def test_the_last_connection_of_a_reader_is_the_good_one(
    gates: Callable[..., Awaitable[Gate]], gate: Gate, token: str
) -> None:
    there = await gates()
    first = await gate.readers.connected(token, HERE)
    second = await there.readers.connected(token, THERE)
    with pytest.raises(NotAuthenticated, match="taken the place"):
        await gate.readers.tap(first, BADGE, 1)
    assert await there.readers.tap(second, BADGE, 1)
    _, fresh = await gate.readers.renew("hall")
    with pytest.raises(NotAuthenticated, match="another token"):
        await there.readers.tap(second, BADGE, 2)
    third = await gate.readers.connected(told(fresh), HERE)
    assert await gate.readers.tap(third, BADGE, 1)  # counted anew
    await gate.readers.remove("hall")
    with pytest.raises(NotAuthenticated, match="is gone"):
        await there.readers.tap(third, BADGE, 2)


async def test_a_flood_is_refused_before_it_costs_anything(
    gate: Gate, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = gate.readers._clock()
    monkeypatch.setattr(gate.readers, "_clock", lambda: now)
    reader = await gate.readers.connected(token, HERE)
    for number in range(1, AT_ONCE + 1):
        await gate.readers.tap(reader, BADGE, number)
    monkeypatch.setattr(gate.readers, "_store", None)  # nothing asks the database
    for _ in range(100):
        with pytest.raises(Busy) as slowed:
            await gate.readers.tap(reader, BADGE, 99)
        assert 0 < slowed.value.seconds <= EVERY


async def test_beside_a_station_its_page_is_told_and_the_reader_s_own_profile_counts(
    gate: Gate, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    monkeypatch.setattr(readers_module, "note", lambda event, **facts: said.append((event, facts)))
    station, _ = await gate.stations.add("panel", [device.id])
    _, token = await gate.readers.add("hall", device, station, "hex,prefix=;,suffix=?")
    assert (await gate.readers.post(told(token), f";{BADGE}?", 1, HERE)).words == "look at the screen"
    tap = await gate.taps.wait(station, device, Client(), 0)
    assert tap is not None
    assert (await gate.taps.login(station, tap.handover)).session.person == "anna"
    with pytest.raises(UnknownCard):
        await gate.readers.post(told(token), f";{UNKNOWN}?", 2, HERE)
    unknown = await gate.taps.wait(station, device, Client(), 0)
    assert unknown is not None
    assert unknown.kind is TapKind.UNKNOWN
    assert all(text not in str(said) for text in (BADGE, UNKNOWN, told(token)))
    await gate.stations.remove("panel")
    assert await gate.readers.readers() == []  # never alone because its station went


async def test_the_database_takes_no_reader_that_cannot_be(gate: Gate, token: str, sql: Connection) -> None:
    for change in ("secret = 'x'", "sequence = -1", "name = 'Hall'", "device_id = 999", "station_id = 999"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await sql.execute(f"UPDATE reader SET {change}")
    assert isinstance(await gate.readers.reader("hall"), Reader)


async def test_a_certificate_is_one_readers_and_takes_the_place_of_a_token(
    gate: Gate, device: Device, token: str, tmp_path: Path
) -> None:
    shown = certificate(tmp_path)
    octets, fingerprint = shown.certificate.read_bytes(), bytes.fromhex(shown.fingerprint)
    assert await gate.readers.certificates() == []
    made, none = await gate.readers.add("door", device, None, certificate=octets)
    assert (none, made.fingerprint, await gate.readers.certificates()) == (None, fingerprint, [shown.der])
    reader = await gate.readers.connected("", HERE, certificate=fingerprint)
    assert (reader.name, (await gate.readers.tap(reader, BADGE, 1)).released) == ("door", 0)
    with pytest.raises(NotPossible, match="another reader has that certificate"):
        await gate.readers.renew("hall", octets)
    for said, with_it in (("", bytes(32)), ("", None), (draw("reader", "door").whole, fingerprint)):
        with pytest.raises(NotAuthenticated):
            await gate.readers.connected(said, HERE, certificate=with_it)
    assert (await gate.readers.connected(token, HERE, certificate=bytes(32))).name == "hall"  # a token is enough
    await gate.readers.renew("door")
    with pytest.raises(NotAuthenticated):
        await gate.readers.connected("", HERE, certificate=fingerprint)
    with pytest.raises(NotPossible, match="that is no certificate"):
        await gate.readers.renew("door", b"x")
