"""What queues offer is derived from what devices say, follows them, and is derived no more often than they change."""

from dataclasses import replace
from typing import Any

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import Attribute, Group, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.capabilities import PJL, RAW, SAFE, Capabilities, Choice, capabilities_of
from ippgate.model.device import Device, DeviceReport
from ippgate.model.queue import Advertised, Queue, QueueMode

SIDES = ("one-sided", "two-sided-long-edge")


async def says(gate: Gate, name: str, *said: Attribute) -> Device:
    """A device has said this of itself, and the book has been read since."""
    told = DeviceReport(PrinterState.IDLE, attributes=Group(Tag.PRINTER, list(said)))
    await gate.fleet.keep_report(await gate.fleet.device(name), told)
    gate.fleet.forget()
    return await gate.fleet.device(name)


async def added(gate: Gate, name: str, *said: Attribute) -> Device:
    device = await gate.fleet.add_device(name, f"ipp://127.0.0.1:9/{name}", force=True)
    return await says(gate, name, *said) if said else device


async def offering(gate: Gate, capabilities: Advertised, **target: Any) -> Queue:
    return await gate.fleet.add_queue(
        f"q-{capabilities}", QueueMode.RELEASE_PRINTING, capabilities=capabilities, **target
    )


async def sides(gate: Gate, queue: Queue) -> set[str | None]:
    queue = await gate.fleet.queue(queue.name)
    offer = gate.abilities.of_queue(queue).offer(A.SIDES)
    assert offer is not None
    assert isinstance(offer.rule, Choice)
    return {value.text for value in offer.rule.values}


async def test_a_queue_offers_what_all_or_any_of_its_devices_do_and_follows_them(gate: Gate) -> None:
    await added(gate, "duplex", attribute(A.SIDES_SUPPORTED, *SIDES))
    await added(gate, "simplex", attribute(A.SIDES_SUPPORTED, "one-sided"))
    common, total = [await offering(gate, each) for each in (Advertised.INTERSECTION, Advertised.UNION)]
    assert (await sides(gate, common), await sides(gate, total)) == ({"one-sided"}, set(SIDES))
    await says(gate, "simplex", attribute(A.SIDES_SUPPORTED, *SIDES))
    assert await sides(gate, common) == set(SIDES)
    await says(gate, "duplex", attribute(A.SIDES_SUPPORTED, "one-sided"))
    await gate.fleet.add_group("pair", ["duplex"])
    await gate.fleet.set_queue(total.name, group="pair")
    assert await sides(gate, total) == {"one-sided"}
    await gate.fleet.set_group("pair", add=["simplex"])
    assert await sides(gate, total) == set(SIDES)


async def test_the_safe_profile_is_that_whatever_the_devices(gate: Gate) -> None:
    await added(gate, "simplex", attribute(A.SIDES_SUPPORTED, "one-sided"))
    queue = await offering(gate, Advertised.SAFE, device="simplex")
    assert gate.abilities.of_queue(await gate.fleet.queue(queue.name)) is SAFE


async def test_where_nobody_has_said_anything_it_is_the_safe_profile(gate: Gate) -> None:
    queue = await offering(gate, Advertised.INTERSECTION)
    assert gate.abilities.of_queue(await gate.fleet.queue(queue.name)) is SAFE  # no devices at all
    unknown = await added(gate, "unknown")
    assert gate.abilities.of_device(unknown) is None
    assert gate.abilities.of_queue(await gate.fleet.queue(queue.name)) is SAFE
    await added(gate, "simplex", attribute(A.SIDES_SUPPORTED, "one-sided"))
    assert await sides(gate, queue) == {"one-sided"}  # who has never said anything is left out


async def test_raw_devices_are_what_can_be_asked_of_them(gate: Gate) -> None:
    raw = await gate.fleet.add_device("raw", "socket://127.0.0.1:9", pjl=False, force=True)
    pjl = await gate.fleet.add_device("pjl", "socket://127.0.0.1:9", pjl=True, force=True)
    assert (gate.abilities.of_device(raw), gate.abilities.of_device(pjl)) == (RAW, PJL)


async def test_what_has_not_changed_is_not_derived_again(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(device: Device) -> Capabilities | None:
        read.append(device.name)
        return capabilities_of(device)

    monkeypatch.setattr("ippgate.device.abilities.capabilities_of", counted)
    said = [attribute(A.SIDES_SUPPORTED, *SIDES), attribute(A.PRINTER_UP_TIME, 1)]
    await added(gate, "one", *said)
    await added(gate, "two", *said)
    queue = await offering(gate, Advertised.UNION)
    first = gate.abilities.of_queue(await gate.fleet.queue(queue.name))
    for seconds in range(2, 6):  # time goes by, and devices say so
        device = await says(gate, "one", said[0], attribute(A.PRINTER_UP_TIME, seconds))
        assert device.report.attributes is not None
        assert device.report.attributes.integer(A.PRINTER_UP_TIME) == seconds
        assert gate.abilities.of_queue(await gate.fleet.queue(queue.name)) is first
    assert read == ["one", "two"]


async def test_a_queue_that_only_changed_its_name_for_people_offers_the_same_object(gate: Gate) -> None:
    await added(gate, "one", attribute(A.SIDES_SUPPORTED, *SIDES))
    queue = await offering(gate, Advertised.UNION)
    first = gate.abilities.of_queue(await gate.fleet.queue(queue.name))
    await gate.fleet.set_queue(queue.name, info="Follow me")
    changed = await gate.fleet.queue(queue.name)
    assert changed == replace(queue, info="Follow me", changed_at=changed.changed_at)
    assert gate.abilities.of_queue(changed) is first
