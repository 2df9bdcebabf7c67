"""Stations in real PostgreSQL, and gates that hear of what others change there."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.identity.secret import Secret, secret_of
from ippgate.model.errors import NotFound, NotPossible
from ippgate.store.listen import Listener
from tests.integration.gates import Connection
from tests.integration.store.births import a_device
from tests.rig.certificate import certificate
from tests.rig.crew import Crew
from tests.rig.eventually import eventually

HERE = "192.0.2.1"


def written(text: str | None) -> Secret:
    secret = secret_of(text or "")
    assert secret is not None
    return secret


async def test_a_station_is_made_listed_changed_renewed_and_removed(gate: Gate, sql: Connection) -> None:
    one, other = await a_device(gate), await a_device(gate, "other")
    made, secret = await gate.stations.add("panel", [one.id], names_people=True)
    await gate.stations.add("app", [one.id, other.id])
    assert [station.name for station in await gate.stations.stations()] == ["app", "panel"]
    assert await gate.stations.by_secret(written(secret), HERE) == made
    changed = await gate.stations.set("panel", add=[other.id], remove=[one.id], names_people=False)
    assert (changed.devices, changed.names_people, changed.changed_at) == (
        frozenset({other.id}),
        False,
        made.changed_at,
    )
    renewed, fresh = await gate.stations.renew("panel")
    assert renewed.changed_at > made.changed_at
    assert await gate.stations.by_secret(written(secret), HERE) is None
    assert await gate.stations.by_secret(written(fresh), HERE) == renewed
    await gate.stations.remove("panel")
    assert await gate.stations.by_secret(written(fresh), HERE) is None
    stored = str(await sql.fetch("SELECT * FROM station"))
    assert all(written(text).drawn not in stored for text in (secret, fresh))


async def test_a_certificate_is_one_station_s_and_takes_the_place_of_a_secret(gate: Gate, tmp_path: Path) -> None:
    device, shown = await a_device(gate), certificate(tmp_path)
    octets, fingerprint = shown.certificate.read_bytes(), bytes.fromhex(shown.fingerprint)
    made, secret = await gate.stations.add("panel", [device.id], certificate=octets)
    assert (secret, made.fingerprint, made.certificate) == (None, fingerprint, shown.der)
    assert await gate.stations.by_certificate(fingerprint) == made
    assert await gate.stations.by_certificate(bytes(32)) is None
    assert list(await gate.stations.certificates()) == [shown.der]
    with pytest.raises(NotPossible, match="another station has that certificate"):
        await gate.stations.add("other", [device.id], certificate=octets)
    _, drawn = await gate.stations.add("other", [device.id])
    with pytest.raises(NotPossible, match="another station has that certificate"):
        await gate.stations.renew("other", octets)
    assert await gate.stations.by_secret(written(drawn), HERE)
    await gate.stations.renew("panel")
    assert await gate.stations.by_certificate(fingerprint) is None
    renewed, _ = await gate.stations.renew("other", octets)
    assert await gate.stations.by_certificate(fingerprint) == renewed
    assert await gate.stations.by_secret(written(drawn), HERE) is None


async def test_what_is_taken_or_not_there_is_said(gate: Gate) -> None:
    device = await a_device(gate)
    await gate.stations.add("app", [device.id])
    with pytest.raises(NotPossible, match="there is a station app already"):
        await gate.stations.add("app", [device.id])
    for asked in (gate.stations.add("new", [999]), gate.stations.set("app", add=[999])):
        with pytest.raises(NotFound, match="removed a moment ago"):
            await asked
    assert (await gate.stations.station("app")).devices == {device.id}
    assert len(await gate.stations.stations()) == 1


async def test_a_device_at_which_a_station_stands_is_not_removed(gate: Gate) -> None:
    device = await a_device(gate)
    await gate.stations.add("app", [device.id])
    with pytest.raises(NotPossible, match="a queue, a station, a reader or a job points to printer"):
        await gate.fleet.remove_device("printer")
    await gate.stations.remove("app")
    await gate.fleet.remove_device("printer")


async def test_the_database_takes_one_proof_and_no_secret_as_it_is(sql: Connection) -> None:
    for columns, values in (
        ("name, secret", "'app', 'station~app~x'"),
        ("name, secret", "'App', convert_to(repeat('x', 48), 'utf8')"),
        ("name", "'app'"),
        ("name, certificate", "'app', 'x'"),
        ("name, certificate, fingerprint", "'app', 'x', sha256('y')"),
        ("name, certificate, fingerprint, secret", "'app', 'x', sha256('x'), convert_to(repeat('x', 48), 'utf8')"),
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute(f"INSERT INTO station ({columns}) VALUES ({values})")


async def test_what_was_proven_at_one_worker_ends_when_another_changes_it(
    gates: Callable[..., Awaitable[Gate]],
) -> None:
    here, there = await gates(), await gates()
    crew, listener = Crew(), Listener(here.database.settings)
    listener.subscribe("ippgate_station", here.stations.forget)
    crew.hire(listener.run())
    await listener.listening.wait()
    _, secret = await there.stations.add("app", [(await a_device(there)).id])

    async def known() -> bool:
        return await here.stations.by_secret(written(secret), HERE) is not None

    await eventually(known, "the station to be heard of", within=5)
    await there.stations.remove("app")

    async def forgotten() -> bool:
        return not await known()

    await eventually(forgotten, "the removal to be heard of", within=5)
    await crew.dismiss()
