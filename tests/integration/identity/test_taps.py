"""Taps of cards: handed to the page that waits, in whichever worker; where a reader is alone, all is printed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from ippgate.app.gate import Gate
from ippgate.identity import taps as taps_module
from ippgate.identity.logins import Login, UnknownCard
from ippgate.identity.secret import secret_of
from ippgate.model.card_number import number_of
from ippgate.model.device import Device
from ippgate.model.errors import Busy, Forbidden, NotAuthenticated, NotFound, NotPossible, Unavailable
from ippgate.model.job import Caller
from ippgate.model.person import Particulars
from ippgate.model.session import LoginBy, SessionKind
from ippgate.model.station import Station
from ippgate.model.tap import Tap, TapKind
from ippgate.store.listen import Listener
from tests.integration.gates import Connection, hold_queue, job_of, submit
from tests.integration.store.births import a_device
from tests.rig.crew import Crew
from tests.rig.eventually import eventually

HERE, READER = "192.0.2.1", "reader hall"
BADGE, JAKES, UNKNOWN = "04A1B2C3", "04A1B2D4", "04FFFFFF"
PASSWORD = "correct horse battery"
PAGE = b"%PDF-1.7 a page"


class Client:
    """A browser; it stays."""

    left = False

    def when_left(self, call: Callable[[], None] | None) -> None: ...


@pytest.fixture
async def device(gate: Gate) -> Device:
    for name, card in (("anna", BADGE), ("jake", JAKES)):
        await gate.people.add(name, Particulars(), password=PASSWORD)
        await gate.cards.add(name, number_of(card))
    return await a_device(gate)


@pytest.fixture
async def station(gate: Gate, device: Device) -> Station:
    return (await gate.stations.add("panel", [device.id]))[0]


async def told(gate: Gate, station: Station, device: Device) -> Tap:
    tap = await gate.taps.wait(station, device, Client(), 0)
    assert tap is not None
    return tap


async def known(gate: Gate, login: Login | None) -> str:
    assert login is not None
    secret = secret_of(login.token)
    assert secret is not None
    session = await gate.sessions.by_token(secret, HERE)
    assert session is not None
    return session.person


# ── at a station's page ──


async def test_a_tap_becomes_the_session_of_the_station_that_asks_for_it_once(
    gate: Gate, station: Station, device: Device, sql: Connection
) -> None:
    outcome = await gate.taps.at_station(station, device, BADGE, READER)
    assert (outcome.words, await gate.sessions.listing()) == ("look at the screen", [])
    tap = await told(gate, station, device)
    assert tap.kind is TapKind.LOGIN
    assert await gate.taps.wait(station, device, Client(), 0) is None
    other, _ = await gate.stations.add("other", [device.id])
    for asks, handover in ((other, tap.handover), (station, "x" * 32)):
        with pytest.raises(NotFound, match="that tap is over"):
            await gate.taps.login(asks, handover)
    login = await gate.taps.login(station, tap.handover)
    session = login.session
    assert (session.person, session.kind, session.device_id, session.station_id) == (
        "anna",
        SessionKind.PANEL,
        device.id,
        station.id,
    )
    assert await known(gate, login) == "anna"
    with pytest.raises(NotFound, match="that tap is over"):
        await gate.taps.login(station, tap.handover)
    assert await sql.fetch("SELECT * FROM tap") == []


async def test_the_page_that_waits_in_another_worker_is_told_at_once(
    gates: Callable[..., Awaitable[Gate]], gate: Gate, station: Station, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taps_module, "LOOK", 60.0)
    there = await gates()
    crew, listener = Crew(), Listener(gate.database.settings)
    listener.subscribe("ippgate_tap", gate.taps.heard)
    crew.hire(listener.run())
    await listener.listening.wait()
    waiting = asyncio.ensure_future(gate.taps.wait(station, device, Client(), 20))
    await eventually(lambda: gate.taps._board.taken, "the page to wait")
    await there.taps.at_station(station, device, BADGE, READER)
    tap = await asyncio.wait_for(waiting, 10)
    assert tap is not None
    assert await known(gate, await gate.taps.login(station, tap.handover)) == "anna"
    await crew.dismiss()


async def test_a_page_that_hears_nothing_looks_now_and_then_and_goes_when_the_worker_stops(
    gate: Gate, station: Station, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taps_module, "LOOK", 0.02)
    waiting = asyncio.ensure_future(gate.taps.wait(station, device, Client(), 20))
    await asyncio.sleep(0)
    await gate.taps.at_station(station, device, BADGE, READER)
    assert await asyncio.wait_for(waiting, 10) is not None
    waiting = asyncio.ensure_future(gate.taps.wait(station, device, Client(), 20))
    await asyncio.sleep(0)
    gate.taps.close()
    assert await asyncio.wait_for(waiting, 10) is None


async def test_a_tap_that_nobody_asks_for_in_time_is_worth_nothing(
    gate: Gate, station: Station, device: Device, sql: Connection
) -> None:
    await gate.taps.at_station(station, device, BADGE, READER)
    left = await sql.fetchval("SELECT extract(epoch FROM expires_at - now()) FROM tap")
    assert 0 < left <= 15
    tap = await told(gate, station, device)
    await sql.execute("UPDATE tap SET expires_at = now(), told = false")
    assert await gate.taps.wait(station, device, Client(), 0) is None
    with pytest.raises(NotFound):
        await gate.taps.login(station, tap.handover)


async def test_the_next_tap_takes_the_place_of_one_before(
    gate: Gate, station: Station, device: Device, sql: Connection
) -> None:
    await gate.taps.at_station(station, device, BADGE, READER)
    first = await told(gate, station, device)
    await gate.taps.at_station(station, device, JAKES, READER)
    second = await told(gate, station, device)
    with pytest.raises(NotFound):
        await gate.taps.login(station, first.handover)
    assert await known(gate, await gate.taps.login(station, second.handover)) == "jake"


async def test_an_unknown_card_is_registered_by_code_or_by_password(
    gate: Gate, station: Station, device: Device
) -> None:
    for number, proof in (
        (UNKNOWN, {"code": (await gate.cards.code("jake"))[0]}),
        ("04EEEEEE", {"name": "jake", "password": PASSWORD}),
    ):
        with pytest.raises(UnknownCard):
            await gate.taps.at_station(station, device, number, READER)
        tap = await told(gate, station, device)
        assert (tap.kind, tap.label) == (TapKind.UNKNOWN, number_of(number).label)
        with pytest.raises(NotFound):
            await gate.taps.login(station, tap.handover)
        with pytest.raises(NotFound, match="that code is not good"):
            await gate.taps.register(station, tap.handover, HERE, code="0000000000")
        with pytest.raises(NotAuthenticated):
            await gate.taps.register(station, tap.handover, HERE, name="jake", password="wrong")
        assert await known(gate, await gate.taps.register(station, tap.handover, HERE, **proof)) == "jake"
        with pytest.raises(NotFound, match="that tap is over"):
            await gate.taps.register(station, tap.handover, HERE, **proof)
        await gate.taps.at_station(station, device, number, READER)
        tap = await told(gate, station, device)
        assert await known(gate, await gate.taps.login(station, tap.handover)) == "jake"


async def test_where_a_pin_is_asked_for_as_well_it_is_typed_behind_the_tap(
    gate: Gate, station: Station, device: Device
) -> None:
    strict = await gate.fleet.set_logins(device.name, remove=[LoginBy.CARD, LoginBy.PASSWORD])
    _, pin = await gate.pins.renew("anna")
    outcome = await gate.taps.at_station(station, strict, BADGE, READER)
    assert outcome.words == "type your PIN"
    tap = await told(gate, station, strict)
    assert tap.kind is TapKind.PIN
    for wrong in ("1", ""):
        with pytest.raises((NotAuthenticated, Forbidden)):
            await gate.taps.with_pin(station, tap.handover, wrong, HERE)
    assert await known(gate, await gate.taps.with_pin(station, tap.handover, pin, HERE)) == "anna"
    with pytest.raises(NotFound, match="that tap is over"):
        await gate.taps.with_pin(station, tap.handover, pin, HERE)
    await gate.taps.at_station(station, strict, UNKNOWN, READER)
    tap = await told(gate, station, strict)
    with pytest.raises(UnknownCard):
        await gate.taps.with_pin(station, tap.handover, pin, HERE)
    code, _ = await gate.cards.code("anna")
    assert await gate.taps.register(station, tap.handover, HERE, code=code) is None


async def test_what_is_refused_the_page_is_told_as_well(gate: Gate, station: Station, device: Device) -> None:
    await gate.people.change("anna", Particulars(active=False))
    await gate.people_book.reload()
    elsewhere = await a_device(gate, "elsewhere")
    with pytest.raises(Forbidden, match="shut out"):
        await gate.taps.at_station(station, device, BADGE, READER)
    tap = await told(gate, station, device)
    assert (tap.kind, "shut out" in tap.words) == (TapKind.REFUSED, True)
    with pytest.raises(NotPossible):
        await gate.taps.at_station(station, device, "zz", READER)
    assert (await told(gate, station, device)).kind is TapKind.REFUSED
    with pytest.raises(Forbidden, match="does not stand at elsewhere"):
        await gate.taps.at_station(station, elsewhere, JAKES, READER)


async def test_neither_number_nor_token_lies_in_the_database_or_in_the_log(
    gate: Gate, station: Station, device: Device, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SECURITY S20."""
    said: list[object] = []
    monkeypatch.setattr(taps_module, "note", lambda event, **facts: said.append((event, facts)))
    lying = ""
    for number in (UNKNOWN, BADGE):
        with contextlib.suppress(UnknownCard):
            await gate.taps.at_station(station, device, number, READER)
        lying += str([dict(row) for row in await sql.fetch("SELECT * FROM tap")])
    login = await gate.taps.login(station, (await told(gate, station, device)).handover)
    assert said
    for text in (UNKNOWN, BADGE, number_of(BADGE).whole, login.token):
        assert text not in lying + str(said) + repr(login)


# ── where a reader stands alone ──


async def test_alone_everything_of_theirs_is_printed_there(gate: Gate, device: Device) -> None:
    queue = await hold_queue(gate)
    hers = [await submit(gate, queue, PAGE, owner=Caller("anna", HERE)) for _ in range(2)]
    his = await submit(gate, queue, PAGE, owner=Caller("jake", HERE))
    outcome = await gate.taps.alone(device, BADGE, READER)
    assert (outcome.words, outcome.released) == ("2 jobs print", 2)
    assert {(await job_of(gate, job)).device for job in hers} == {device.name}
    assert (await job_of(gate, his)).device is None
    assert (await gate.taps.alone(device, BADGE, READER)).words == "nothing waits for you"
    assert (await gate.taps.alone(device, f";{JAKES}?", READER, profile="hex,prefix=;,suffix=?")).released == 1
    assert await gate.sessions.listing() == []


async def test_alone_a_card_must_be_known_and_be_enough(gate: Gate, device: Device) -> None:
    with pytest.raises(UnknownCard):
        await gate.taps.alone(device, UNKNOWN, READER)
    with pytest.raises(NotPossible):
        await gate.taps.alone(device, "x" * 200, READER)
    strict = await gate.fleet.set_logins(device.name, remove=[LoginBy.CARD])
    with pytest.raises(Forbidden, match="asks for a PIN as well"):
        await gate.taps.alone(strict, BADGE, READER)


async def test_guessed_cards_slow_their_reader_and_say_for_how_long(gate: Gate, device: Device) -> None:
    with pytest.raises(Busy) as slowed:  # noqa: PT012 - whichever attempt it is
        for number in range(20):
            with pytest.raises((UnknownCard, Busy)) as refused:
                await gate.taps.alone(device, f"04FF{number:04}", READER)
            if isinstance(refused.value, Unavailable):
                raise refused.value
    assert 0 < slowed.value.seconds <= 300
    assert (await gate.taps.alone(device, BADGE, "reader door")).words == "nothing waits for you"
