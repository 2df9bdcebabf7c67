"""Queues and devices in PostgreSQL, and who is told when they change."""

import asyncio

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import Group, Tag, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import DeviceReport
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.lifecycle import Event
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import Move
from tests.integration.gates import Connection, direct_queue, hold_queue
from tests.integration.store.births import a_device, born


@pytest.fixture
def store(gate: Gate) -> FleetStore:
    return FleetStore(gate.database)


@pytest.fixture
async def told(sql: Connection) -> "asyncio.Queue[str]":
    """What other workers hear of the fleet."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    await sql.add_listener("ippgate_fleet", lambda *said: heard.put_nowait(str(said[-1])))
    return heard


async def settled(sql: Connection, told: "asyncio.Queue[str]") -> list[str]:
    """All that was said until now."""
    await sql.execute("SELECT pg_notify('ippgate_fleet', 'END')")
    said = []
    while (word := await told.get()) != "END":
        said.append(word)
    return said


async def test_every_change_of_the_book_is_told(
    gate: Gate, store: FleetStore, sql: Connection, told: "asyncio.Queue[str]"
) -> None:
    device = await a_device(gate)
    queue = await hold_queue(gate)
    assert await settled(sql, told) == ["printer", "followme"]
    await gate.fleet.set_queue(queue.name, accepting=False)
    await gate.fleet.move_device(device.name, "socket://127.0.0.2:9")
    assert await settled(sql, told) == ["followme", "printer"]
    await gate.fleet.remove_queue(queue.name)
    await gate.fleet.remove_device(device.name)
    assert await settled(sql, told) == ["followme", "printer"]


async def test_a_report_is_told_when_it_changes_what_others_act_on(
    gate: Gate, store: FleetStore, sql: Connection, told: "asyncio.Queue[str]"
) -> None:
    device = await a_device(gate)
    idle = DeviceReport(PrinterState.IDLE)
    reports = {
        "the first": idle,
        "the same": idle,
        "another message": DeviceReport(PrinterState.IDLE, message="hello"),
        "stopped": DeviceReport(PrinterState.STOPPED, ("media-jam",)),
        "not accepting": DeviceReport(PrinterState.STOPPED, ("media-jam",), accepting=False),
        "formats": DeviceReport(PrinterState.STOPPED, ("media-jam",), accepting=False, formats=("image/urf",)),
    }
    await settled(sql, told)
    heard = {}
    for what, report in reports.items():
        await store.report(device.id, report)
        heard[what] = bool(await settled(sql, told))
    assert [what for what, loud in heard.items() if loud] == ["the first", "stopped", "not accepting", "formats"]


async def test_what_a_device_said_comes_back_as_it_was(gate: Gate, store: FleetStore) -> None:
    device = await a_device(gate)
    said = Group(Tag.PRINTER, [attribute(A.PRINTER_NAME, "Drucker ü"), attribute(A.COPIES_DEFAULT, 7)])
    report = DeviceReport(
        PrinterState.PROCESSING, ("toner-low",), "soon", False, "ACME 1", ("application/pdf",), False, said
    )
    await store.report(device.id, report)
    assert (await store.device_by_id(device.id)).report == report
    await store.report(device.id, DeviceReport(PrinterState.STOPPED))
    kept = (await store.device_by_uuid(device.uuid)).report
    assert kept.state is PrinterState.STOPPED
    assert kept.attributes == said  # silence does not make a device forget what it can do


async def test_names_are_taken_once(gate: Gate) -> None:
    await hold_queue(gate)
    await a_device(gate)
    with pytest.raises(NotPossible, match="there is a queue followme already"):
        await hold_queue(gate)
    with pytest.raises(NotPossible, match="there is a device printer already"):
        await gate.fleet.add_device("printer", "socket://127.0.0.1:9", pjl=False, force=True)


async def test_what_is_in_use_stays(gate: Gate) -> None:
    device = await a_device(gate)
    await direct_queue(gate, device)
    with pytest.raises(NotPossible, match="a queue, a station, a reader or a job points to printer"):
        await gate.fleet.remove_device("printer")
    job_id = await born(gate)
    with pytest.raises(NotPossible, match="the queue direct has jobs"):
        await gate.fleet.remove_queue("direct")
    await gate.jobs.move(Move(job_id, Event.CANCEL, ()))
    with pytest.raises(NotPossible, match="the queue direct has jobs"):
        await gate.fleet.remove_queue("direct")


async def test_the_unknown_is_not_found(gate: Gate, store: FleetStore) -> None:
    for asked in (
        gate.fleet.queue("none"),
        gate.fleet.device("none"),
        gate.fleet.device_by_id(7),
        gate.fleet.remove_queue("none"),
        gate.fleet.remove_device("none"),
        gate.fleet.set_queue("none", accepting=True),
        gate.fleet.move_device("none", "socket://127.0.0.1:9"),
        store.move_device("none", "socket://127.0.0.1:9"),
        store.device_by_id(7),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_a_device_moves_only_to_where_it_can_be_called(gate: Gate) -> None:
    device = await a_device(gate)
    for uri in ("http://192.0.2.1/", "socket://2130706433:9100", "ipp://host/?query", "socket://user@host:9100", ""):
        with pytest.raises(NotPossible):
            await gate.fleet.move_device(device.name, uri)
    assert (await gate.fleet.device(device.name)).uri == device.uri


async def test_the_gates_own_facts_are_made_once(store: FleetStore) -> None:
    made = await asyncio.gather(*(store.setting("uuid", f"value {n}") for n in range(8)))
    assert len(set(made)) == 1
    await store.put_setting("uuid", "other")
    assert await store.setting("uuid", "unused") == "other"
