"""Stations are enrolled by a one-time code in real PostgreSQL: once, in time, and by nobody who guesses."""

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie

import pytest

from ippgate.app.gate import Gate
from ippgate.identity import enrolment
from ippgate.identity.secret import Secret, secret_of
from ippgate.identity.typed_code import typed
from ippgate.model.errors import Busy, NotFound, NotPossible
from tests.integration.gates import Connection
from tests.integration.store.births import a_device

HERE, THERE = "192.0.2.1", "198.51.100.9"
WRONG = "WXYZ-2345-ABCD"


def written(text: str) -> Secret:
    secret = secret_of(text)
    assert secret is not None
    return secret


async def test_whoever_brings_the_code_is_that_station_once(gate: Gate) -> None:
    device = await a_device(gate)
    code, made = await gate.stations.code("panel", [device.id], names_people=True)
    assert [(one.name, one.until) for one in await gate.stations.codes()] == [("panel", made.until)]
    assert await gate.stations.stations() == []
    station, secret = await gate.stations.enrol(code.lower().replace("-", " "), HERE)
    assert (station.name, station.devices, station.names_people) == ("panel", frozenset({device.id}), True)
    assert await gate.stations.by_secret(written(secret), HERE) == station
    with pytest.raises(NotFound, match="that code is not good"):
        await gate.stations.enrol(code, HERE)
    assert await gate.stations.codes() == []


async def test_of_those_who_come_with_a_code_at_once_one_is_the_station(
    gates: Callable[..., Awaitable[Gate]],
) -> None:
    here, there = await gates(), await gates()
    code, _ = await here.stations.code("panel", [(await a_device(here)).id])
    asked = [each.stations.enrol(code, f"192.0.2.{place}") for place in range(4) for each in (here, there)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    [(_, secret)] = [each for each in outcomes if not isinstance(each, BaseException)]
    assert all(isinstance(each, NotFound) for each in outcomes if isinstance(each, BaseException))
    assert await there.stations.by_secret(written(secret), HERE)


async def test_a_station_that_is_there_keeps_its_secret_until_the_code_is_brought(gate: Gate) -> None:
    one, other = await a_device(gate), await a_device(gate, "other")
    _, first = await gate.stations.add("panel", [one.id], names_people=True)
    assert first is not None
    code, _ = await gate.stations.code("panel")
    assert await gate.stations.by_secret(written(first), HERE)
    station, second = await gate.stations.enrol(code, HERE)
    assert (station.devices, station.names_people) == (frozenset({one.id}), True)
    assert await gate.stations.by_secret(written(first), HERE) is None
    assert await gate.stations.by_secret(written(second), HERE)
    code, _ = await gate.stations.code("panel", [other.id], names_people=False)
    assert (await gate.stations.station("panel")).devices == {one.id}
    moved, _ = await gate.stations.enrol(code, HERE)
    assert (moved, moved.devices, moved.names_people) == (
        await gate.stations.station("panel"),
        frozenset({other.id}),
        False,
    )


async def test_a_code_is_over_in_time_replaced_by_the_next_and_goes_with_its_station(
    gate: Gate, sql: Connection
) -> None:
    device = await a_device(gate)
    first, _ = await gate.stations.code("panel", [device.id])
    second, _ = await gate.stations.code("panel", [device.id])
    with pytest.raises(NotFound):
        await gate.stations.enrol(first, HERE)
    await sql.execute("UPDATE station_code SET expires_at = now()")
    with pytest.raises(NotFound):
        await gate.stations.enrol(second, HERE)
    assert await gate.stations.codes() == []
    third, _ = await gate.stations.code("panel", [device.id])
    await gate.stations.remove("panel")
    with pytest.raises(NotFound):
        await gate.stations.enrol(third, HERE)
    with pytest.raises(NotFound, match="there is no station panel"):
        await gate.stations.remove("panel")


async def test_a_new_station_needs_a_device_and_a_name(gate: Gate) -> None:
    with pytest.raises(NotFound, match="there is no station panel"):
        await gate.stations.code("panel")
    with pytest.raises(NotPossible, match="is no name"):
        await gate.stations.code("A Panel", [1])
    code, _ = await gate.stations.code("panel", [999])
    with pytest.raises(NotFound, match="removed a moment ago"):
        await gate.stations.enrol(code, HERE)


async def test_a_code_is_not_in_the_database_nor_in_the_log(
    gate: Gate, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    monkeypatch.setattr(enrolment, "note", lambda event, **facts: said.append((event, facts)))
    code, _ = await gate.stations.code("panel", [(await a_device(gate)).id])
    stored = str([dict(row) for row in await sql.fetch("SELECT * FROM station_code")])
    _, secret = await gate.stations.enrol(code, HERE)
    kept = str([dict(row) for row in await sql.fetch("SELECT * FROM station")])
    for text in (code, typed(code) or "", written(secret).drawn):
        assert text not in stored + kept + str(said)


async def test_guessing_is_slowed_for_its_source_and_in_all_and_keeps_nobody_else_out_for_long(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _ = await gate.stations.code("panel", [(await a_device(gate)).id])
    for _ in range(5):
        with pytest.raises(NotFound):
            await gate.stations.enrol(WRONG, HERE)
    with pytest.raises(Busy):
        await gate.stations.enrol(code, HERE)
    for place in range(enrolment.OVERALL.free):
        with pytest.raises((NotFound, Busy)):
            await gate.stations.enrol("no code", f"10.0.{place // 250}.{place % 250}")
    with pytest.raises(Busy):
        await gate.stations.enrol(code, THERE)
    later = gate.stations._enrolment._clock() + enrolment.OVERALL.longest
    monkeypatch.setattr(gate.stations._enrolment, "_clock", lambda: later)
    assert await gate.stations.enrol(code, THERE)


async def test_a_secret_fits_a_cookie_and_a_bearer_header(gate: Gate) -> None:
    code, _ = await gate.stations.code("panel.at_the-door", [(await a_device(gate)).id])
    _, secret = await gate.stations.enrol(code, HERE)
    cookie = SimpleCookie({"station": secret})
    assert cookie["station"].OutputString() == f"station={secret}"  # needs no quotes: RFC 6265 section 4.1.1
    signs = set(secret) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    assert signs <= set("-._~+/")  # b64token: RFC 6750 section 2.1
