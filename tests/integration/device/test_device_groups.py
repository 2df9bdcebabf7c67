"""Groups of devices: written by operators, seen by every worker, and never left pointing to nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.group import MAX_MEMBERS
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Advertised, QueueMode
from tests.integration.gates import Connection, serving
from tests.integration.store.births import a_device, born, by_carrier, claimed
from tests.rig.eventually import eventually


async def names(gate: Gate, group: str = "floor-2") -> list[str]:
    return [device.name for device in await gate.fleet.members(await gate.fleet.group(group))]


async def test_a_group_has_the_devices_that_it_is_given(gate: Gate) -> None:
    for name in ("one", "two", "three"):
        await a_device(gate, name)
    added = await gate.fleet.add_group("floor-2", ["three", "one", "one"], "Second floor", "by the stairs")
    assert added == await gate.fleet.group("floor-2")
    assert added == await gate.fleet.group_by_uuid(added.uuid) == await gate.fleet.group_by_id(added.id)
    assert (added.info, added.location) == ("Second floor", "by the stairs")
    assert await names(gate) == ["one", "three"]
    changed = await gate.fleet.set_group("floor-2", add=["two"], remove=["one"], info="Two")
    assert (changed.info, changed.location, changed.uuid) == ("Two", "by the stairs", added.uuid)
    assert await names(gate) == ["two", "three"]
    await gate.fleet.remove_group("floor-2")
    assert await gate.fleet.groups() == []
    assert len(await gate.fleet.devices()) == 3


async def test_names_are_sound_and_taken_once_and_what_is_unknown_is_not_found(gate: Gate) -> None:
    await gate.fleet.add_group("floor-2")
    with pytest.raises(NotPossible, match="there is a group floor-2 already"):
        await gate.fleet.add_group("floor-2")
    with pytest.raises(NotPossible, match="is no name"):
        await gate.fleet.add_group("Floor 2")
    with pytest.raises(NotFound, match="there is no device attic"):
        await gate.fleet.add_group("floor-3", ["attic"])
    for asked in (
        gate.fleet.group("none"),
        gate.fleet.group_by_id(7),
        gate.fleet.group_by_uuid(uuid4()),
        gate.fleet.set_group("none", info="x"),
        gate.fleet.remove_group("none"),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_what_is_in_use_stays(gate: Gate) -> None:
    await a_device(gate)
    await gate.fleet.add_group("floor-2", ["printer"])
    with pytest.raises(NotPossible, match="printer is in the group floor-2: take it out first"):
        await gate.fleet.remove_device("printer")
    await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    with pytest.raises(NotPossible, match="a queue points to the group floor-2"):
        await gate.fleet.remove_group("floor-2")
    await gate.fleet.remove_queue("direct")
    await gate.fleet.remove_group("floor-2")
    await gate.fleet.remove_device("printer")


async def test_a_group_has_its_bound(gate: Gate, sql: Connection) -> None:
    await sql.execute(
        "INSERT INTO device (name, uri) SELECT 'd' || n, 'socket://192.0.2.1' FROM generate_series(0, $1::integer) n",
        MAX_MEMBERS,
    )
    everybody = [f"d{number}" for number in range(MAX_MEMBERS + 1)]
    with pytest.raises(NotPossible, match="at most 1000 devices"):
        await gate.fleet.add_group("all", everybody)
    assert len((await gate.fleet.add_group("all", everybody[:-1])).members) == MAX_MEMBERS


async def test_every_worker_hears_of_a_group(gates: Callable[..., Awaitable[Gate]]) -> None:
    one, two = await gates(), await gates()
    assert await two.fleet.groups() == []
    async with serving(two):
        await a_device(one)
        await one.fleet.add_group("floor-2", ["printer"])
        assert await eventually(two.fleet.groups, "the group to be heard of")
        await one.fleet.set_group("floor-2", remove=["printer"])

        async def empty() -> bool:
            return (await two.fleet.group("floor-2")).members == ()

        assert await eventually(empty, "the change to be heard of")


async def test_operators_who_make_the_same_group_at_once_make_one(gate: Gate) -> None:
    made = await asyncio.gather(*(gate.fleet.add_group("floor-2") for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, NotPossible) for one in made) == 4
    assert len(await gate.fleet.groups()) == 1


async def test_a_queue_has_one_device_or_a_group_or_all(gate: Gate) -> None:
    for name in ("one", "two", "three"):
        await a_device(gate, name)
    await gate.fleet.add_group("pair", ["one", "two"])
    queue = await gate.fleet.add_queue("followme", QueueMode.RELEASE_PRINTING, capabilities=Advertised.UNION)
    assert queue.capabilities is Advertised.UNION

    async def devices() -> list[str]:
        return [device.name for device in await gate.fleet.devices_of(await gate.fleet.queue("followme"))]

    assert await devices() == ["one", "two", "three"]
    await gate.fleet.set_queue("followme", group="pair")
    assert await devices() == ["one", "two"]
    await gate.fleet.set_queue("followme", device="three", capabilities=Advertised.INTERSECTION)
    assert await devices() == ["three"]
    changed = await gate.fleet.set_queue("followme", all_devices=True)
    assert (changed.device_id, changed.group_id, changed.capabilities) == (None, None, Advertised.INTERSECTION)
    with pytest.raises(NotPossible, match="a device or a group, not both"):
        await gate.fleet.set_queue("followme", device="one", group="pair")
    await gate.fleet.set_queue("followme", mode=QueueMode.PASSTHROUGH, group="pair")
    with pytest.raises(NotPossible, match="needs a device"):
        await gate.fleet.set_queue("followme", all_devices=True)


async def test_jobs_on_their_way_are_counted_for_each_device(gate: Gate) -> None:
    busy, idle = await a_device(gate, "busy"), await a_device(gate, "idle")
    load = await claimed(gate, busy)
    await born(gate, busy)
    await born(gate, busy)
    await born(gate)
    assert await gate.fleet.on_their_way([busy, idle]) == {busy.id: 3, idle.id: 0}
    for event in (Event.START, Event.COMPLETE):
        await gate.jobs.move(by_carrier(gate, load, event))
    assert await gate.fleet.on_their_way([busy]) == {busy.id: 2}
    assert await gate.fleet.on_their_way([]) == {}
