"""Devices are registered by operators, asked about themselves before they are taken, and watched after."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.device.watch import Watch
from ippgate.ipp import PrinterState, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import DeviceNotReady, NotFound, NotPossible, Unavailable
from ippgate.model.queue import QueueMode
from tests.integration.gates import ALICE, QUICK_WIRES, Connection, hold_queue, register, serving, submit, until
from tests.integration.store.births import a_device, born
from tests.rig.certificate import certificate
from tests.rig.crew import Crew
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.pjl_device import PjlDevice
from tests.rig.sink import Manners, Sink

Gates = Callable[..., Awaitable[Gate]]
NOWHERE = "socket://127.0.0.1:9"


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


def watch_of(gate: Gate, interval: float = 0.05) -> Watch:
    return Watch(gate.fleet, gate.lanes, gate.open_transport, interval=interval)


async def kept(gate: Gate, name: str = "printer") -> Device:
    gate.fleet.forget()
    return await gate.fleet.device(name)


# ── registered ──


async def test_a_device_is_asked_about_itself_before_it_is_taken(gate: Gate, device: HostileDevice) -> None:
    added = await gate.fleet.add_device("printer", device.uri, info="by the stairs", location="2nd floor")
    assert (added.info, added.location, added.uri) == ("by the stairs", "2nd floor", device.uri)
    assert added.report.state is PrinterState.IDLE
    assert "application/pdf" in added.report.formats
    assert added.report.make_and_model == "Rig IPP Printer"
    assert added.report.attributes is not None
    assert added.probed_at is not None
    assert added == await kept(gate)


async def test_one_that_does_not_answer_is_taken_only_by_force(gate: Gate) -> None:
    with pytest.raises(DeviceNotReady, match=r"was not registered: .*--force registers it all the same"):
        await gate.fleet.add_device("printer", NOWHERE)
    with pytest.raises(NotFound):
        await gate.fleet.device("printer")
    assert (await gate.fleet.add_device("printer", NOWHERE, force=True)).probed_at is None


@pytest.mark.parametrize("uri", ["http://192.0.2.1/", "ipp://a@b/", "socket://2130706433", "", "lpd://192.0.2.1/"])
async def test_an_address_that_is_never_called_is_refused(gate: Gate, uri: str) -> None:
    for force in (False, True):
        with pytest.raises(NotPossible):
            await gate.fleet.add_device("printer", uri, force=force)


@pytest.mark.parametrize("name", ["", "Printer", "a b", "../x", "ä", "x" * 64, "-x"])
async def test_a_name_that_is_not_safe_in_a_path_is_refused(gate: Gate, name: str) -> None:
    with pytest.raises(NotPossible, match="is no name: use a-z"):
        await gate.fleet.add_device(name, NOWHERE, force=True)
    with pytest.raises(NotPossible, match="is no name"):
        await gate.fleet.add_queue(name, QueueMode.RELEASE_PRINTING)


async def test_a_passthrough_queue_needs_a_device_that_is_there(gate: Gate) -> None:
    with pytest.raises(NotPossible, match="needs a device"):
        await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH)
    with pytest.raises(NotFound, match="there is no device attic"):
        await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, "attic")
    queue = await hold_queue(gate)
    with pytest.raises(NotPossible, match="needs a device"):
        await gate.fleet.set_queue(queue.name, mode=QueueMode.PASSTHROUGH)
    device = await a_device(gate)
    changed = await gate.fleet.set_queue(queue.name, mode=QueueMode.PASSTHROUGH, device=device.name)
    assert (changed.mode, changed.device_id) == (QueueMode.PASSTHROUGH, device.id)


async def test_whether_a_raw_device_speaks_pjl_is_found_out_once(gate: Gate) -> None:
    async with Sink(manners=Manners(pjl=PjlDevice(model="ACME 7"))) as speaks:
        found = await gate.fleet.add_device("speaks", speaks.uri)
        assert (found.pjl, found.report.make_and_model) == (True, "ACME 7")
        told = await gate.fleet.add_device("told", speaks.uri, pjl=False)
        assert not told.pjl


async def test_a_pinned_certificate_is_the_only_one_that_is_trusted(gate: Gate, rig_dir: Path) -> None:
    shown = certificate(rig_dir)
    async with HostileDevice(tls=shown) as device:
        with pytest.raises(DeviceNotReady, match="certificate"):
            await gate.fleet.add_device("printer", device.uri)
        added = await gate.fleet.add_device("printer", device.uri, pin=True)
        assert added.fingerprint == bytes.fromhex(shown.fingerprint)
        assert (await gate.fleet.probe("printer")).state is PrinterState.IDLE


async def test_every_worker_sees_a_new_queue_and_device_at_once(gates: Gates) -> None:
    one, two = await gates(), await gates()
    assert await two.fleet.queues() == []
    async with serving(two):
        await a_device(one)
        await hold_queue(one)
        assert await eventually(two.fleet.queues, "the queue to be heard of")
        assert (await two.fleet.device("printer")).name == "printer"


# ── watched ──


async def test_what_a_device_says_of_itself_is_kept(gate: Gate, device: HostileDevice) -> None:
    await register(gate, device.uri)
    device.printer.state, device.printer.state_reasons = PrinterState.STOPPED, ("media-jam",)
    device.printer.set(attribute(A.PRINTER_STATE_MESSAGE, "open door A"))
    await watch_of(gate).look()
    report = (await kept(gate)).report
    assert (report.state, report.reasons, report.message) == (PrinterState.STOPPED, ("media-jam",), "open door A")
    job_id = await born(gate)
    with pytest.raises(DeviceNotReady, match=r"printer is stopped \(open door A\)"):
        await gate.release.release(job_id, ALICE, "printer")


async def test_a_silent_device_is_stopped_and_keeps_what_it_can_do(gate: Gate, device: HostileDevice) -> None:
    before = await register(gate, device.uri)
    await device.sleep()
    await watch_of(gate).look()
    silent = await kept(gate)
    assert (silent.report.state, silent.report.reasons) == (PrinterState.STOPPED, ("connecting-to-device",))
    assert (silent.report.formats, silent.report.attributes) == (before.report.formats, before.report.attributes)
    await device.wake()
    await watch_of(gate).look()
    assert (await kept(gate)).report.state is PrinterState.IDLE


async def test_a_raw_device_that_says_nothing_today_still_speaks_pjl(gates: Gates) -> None:
    gate = await gates(wires=replace(QUICK_WIRES, answer_timeout=0.3))
    async with Sink(manners=Manners(pjl=PjlDevice())) as sink:
        await gate.fleet.add_device("printer", sink.uri)
        sink.manners = Manners()
        await watch_of(gate).look()
        assert (await kept(gate)).pjl
        await gate.fleet.probe("printer")
        assert (await kept(gate)).pjl


async def test_a_strange_device_does_not_end_the_round_of_the_others(
    gate: Gate, device: HostileDevice, sql: Connection
) -> None:
    await gate.fleet.add_device("strange", NOWHERE, force=True)
    await gate.fleet.add_device("printer", device.uri, force=True)
    await sql.execute("UPDATE device SET uri = 'socket://not a host' WHERE name = 'strange'")
    await kept(gate)
    device.printer.state = PrinterState.STOPPED
    await watch_of(gate).look()
    assert (await kept(gate)).report.state is PrinterState.STOPPED


async def test_a_database_that_goes_away_in_the_middle_does_not_end_the_watch(
    gate: Gate, device: HostileDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(gate, device.uri)
    keep, lost = gate.fleet.keep_report, asyncio.Event()

    async def away_once(of: Device, report: DeviceReport) -> None:
        if not lost.is_set():
            lost.set()
            raise Unavailable("away")
        await keep(of, report)

    monkeypatch.setattr(gate.fleet, "keep_report", away_once)
    await gate.lanes.beat()
    crew = Crew()
    crew.hire(watch_of(gate).run())
    await lost.wait()
    device.printer.state = PrinterState.STOPPED

    async def noticed() -> bool:
        return (await kept(gate)).report.state is PrinterState.STOPPED

    await eventually(noticed, "the next round")
    await crew.dismiss()


async def test_one_worker_watches(gates: Gates, device: HostileDevice) -> None:
    one, two = await gates(), await gates()
    await register(one, device.uri)
    for gate in (one, two):
        await gate.lanes.beat()
    assert await one.lanes.take_duty("watch")
    heard = len(device.heard)
    crew = Crew()
    crew.hire(watch_of(two).run())
    crew.hire(watch_of(one).run())
    await eventually(lambda: len(device.heard) >= heard + 3, "some looks")
    await crew.dismiss()
    assert not await two.lanes.take_duty("watch")


async def test_a_device_that_comes_back_prints_what_was_released_meanwhile(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        await register(gate, device.uri)
        queue = await hold_queue(gate)
        job = await submit(gate, queue, b"document")
        await device.sleep()
        await gate.release.release(job.id, ALICE, "printer")
        await watch_of(gate).look()
        await device.wake()
        await until(gate, job, *(state for state in type(job.state) if state.name == "COMPLETED"))


async def test_counts_of_waiting_jobs_are_good_for_a_moment(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = await hold_queue(gate)
    now = 100.0
    monkeypatch.setattr(gate.fleet, "_clock", lambda: now)
    await submit(gate, queue, b"1")
    assert await gate.fleet.waiting(queue.id) == 1
    await submit(gate, queue, b"2")
    assert await gate.fleet.waiting(queue.id) == 1
    now += 2.5
    assert await gate.fleet.waiting(queue.id) == 2


async def test_what_has_not_changed_stays_the_same_object(gate: Gate, device: HostileDevice) -> None:
    before = await register(gate, device.uri)
    assert await kept(gate) is before
    await gate.fleet.keep_report(before, replace(before.report, message="hello"))
    assert await kept(gate) is not before
