"""Each device has a queue of its own: made and gone with it, listed nowhere, and what is printed there goes there."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import Attribute, Group, JobState, Range, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import RAW, SAFE
from ippgate.model.errors import NotBindable, NotFound, NotPossible
from ippgate.model.job import Caller, NewDocument, NewJob
from ippgate.model.queue import QueueMode
from ippgate.store.jobs import WAITING
from tests.integration.gates import (
    ALICE,
    BOB,
    Connection,
    hold_queue,
    job_of,
    printed,
    register,
    serving,
    stream,
    submit,
)
from tests.integration.store.births import a_device, born
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

CARRY = Callable[[str], Awaitable[Gate]]


async def test_a_device_s_own_queue_comes_and_goes_with_it(gate: Gate, sql: Connection) -> None:
    device = await a_device(gate, "kyocera")
    own = await gate.fleet.queue("device/kyocera")
    assert (own.mode, own.device_id, own.of_device) == (QueueMode.PASSTHROUGH, device.id, True)
    assert gate.abilities.of_queue(own) is gate.abilities.of_device(device) is RAW
    assert await gate.fleet.queues() == []
    assert await gate.fleet.default_queue() is None
    await gate.fleet.remove_device("kyocera")
    assert await sql.fetch("SELECT FROM queue") == []
    with pytest.raises(NotFound):
        await gate.fleet.queue("device/kyocera")


async def test_devices_of_before_get_one_as_well(sql: Connection) -> None:
    """As the migration makes it."""
    await sql.execute("INSERT INTO device (name, uri) VALUES ('old', 'socket://192.0.2.1')")
    await sql.execute(
        "INSERT INTO queue (name, mode, device_id, capabilities, of_device)"
        " SELECT 'device/' || name, 'passthrough', id, 'intersection', true FROM device"
    )
    for name, device in (("other", 1), ("device/old", 1), ("device/old", None)):
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.UniqueViolationError)):
            await sql.execute(
                "INSERT INTO queue (name, mode, device_id, capabilities, of_device)"
                " VALUES ($1, 'passthrough', $2, 'intersection', true)",
                name,
                device,
            )
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute("INSERT INTO queue (name, mode) VALUES ('device/x', 'release-printing')")


async def test_it_stays_what_it_is(gate: Gate) -> None:
    await a_device(gate, "kyocera")
    await a_device(gate, "ricoh")
    own = "device/kyocera"
    for changes in ({"mode": QueueMode.RELEASE_PRINTING}, {"device": "ricoh"}, {"all_devices": True}):
        with pytest.raises(NotPossible, match="is a device's own queue: it prints there"):
            await gate.fleet.set_queue(own, **changes)
    with pytest.raises(NotPossible, match="it goes with the device"):
        await gate.fleet.remove_queue(own)
    assert not (await gate.fleet.set_queue(own, accepting=False)).accepting
    with pytest.raises(NotPossible, match="is no name"):
        await gate.fleet.add_queue("device/x", QueueMode.RELEASE_PRINTING)


async def test_a_device_with_a_job_of_its_own_queue_is_not_removed(gate: Gate) -> None:
    device = await a_device(gate, "kyocera")
    await submit(gate, await gate.fleet.queue("device/kyocera"), b"%PDF-1.7")
    with pytest.raises(NotPossible, match="points to kyocera"):
        await gate.fleet.remove_device("kyocera")
    assert await gate.fleet.queue("device/kyocera")
    assert device in await gate.fleet.devices()


async def test_what_is_printed_there_comes_out_there(gate: Gate, sink: Sink) -> None:
    await register(gate, sink.uri, "kyocera")
    async with serving(gate):
        job = await submit(gate, await gate.fleet.queue("device/kyocera"), b"%PDF-1.7 a page")
        [paper] = await printed(sink)
    assert paper.data == b"%PDF-1.7 a page"
    assert (job.queue, job.device_id) == ("device/kyocera", (await gate.fleet.device("kyocera")).id)


async def test_rules_judge_what_is_printed_there(ruled: CARRY) -> None:
    gate = await ruled(
        """
[[rule]]
name = "Nothing direct"
when = 'queue.name == "device/kyocera"'
hold = "Direct printing is off here: release it."
"""
    )
    await a_device(gate, "kyocera")
    new = NewJob((await gate.fleet.queue("device/kyocera")).id, "alice", "report", "")
    job = await gate.intake.submit(
        await gate.fleet.queue("device/kyocera"), new, NewDocument("application/pdf"), stream(b"%PDF-1.7")
    )
    assert job.state is JobState.PENDING_HELD


# ── what can be released there ──


async def test_at_a_device_is_listed_what_may_be_released_there_and_what_goes_there(gate: Gate) -> None:
    here, there = await a_device(gate, "here"), await a_device(gate, "there")
    first = await hold_queue(gate)
    second = await gate.fleet.add_queue("second", QueueMode.RELEASE_PRINTING)
    one, two = await submit(gate, first, b"%PDF-1"), await submit(gate, second, b"%PDF-2")
    his = await submit(gate, first, b"%PDF-3", owner=BOB)
    going, gone = await born(gate, here), await born(gate, there)

    async def listed(owner: str | None = "alice", *states: JobState, limit: int = 10) -> list[int]:
        jobs = await gate.desk.listing_at(here.id, states or WAITING, owner, limit)
        return [job.id for job in jobs]

    assert await listed() == [one.id, two.id, going]
    assert await listed("bob") == [his.id]
    assert await listed(None) == [one.id, two.id, his.id, going]
    assert await listed("alice", JobState.PENDING) == [going]
    assert await listed(limit=1) == [one.id]
    for job in (going, gone, two.id):
        await gate.desk.cancel(job, ALICE)
    assert await listed() == [one.id]
    assert await listed("alice", *JobState) == [one.id, going]
    assert await listed("alice", *JobState, limit=1) == [one.id]


async def test_changes_are_held_against_the_device_before_the_release(gate: Gate) -> None:
    duplexer = Group(
        Tag.PRINTER,
        [attribute(A.SIDES_SUPPORTED, "one-sided", "two-sided-long-edge"), attribute(A.COPIES_SUPPORTED, Range(1, 9))],
    )
    plain = await gate.fleet.add_device("plain", "ipp://127.0.0.1:9/plain", force=True)
    able = await gate.fleet.add_device("able", "ipp://127.0.0.1:9/able", force=True)
    raw = await a_device(gate, "raw")
    for device, said in ((plain, Group(Tag.PRINTER, [])), (able, duplexer)):
        report = device.report
        await gate.fleet.keep_report(device, type(report)(report.state, attributes=said))
    gate.fleet.forget()
    job = await job_of(gate, await born(gate))
    wish: tuple[Attribute, ...] = (attribute(A.SIDES, "two-sided-long-edge"),)
    await gate.release.check_changes(job, await gate.fleet.device("able"), wish)
    for name in ("plain", raw.name):
        with pytest.raises(NotBindable, match=rf"{name} cannot do that \(sides: .*; these could: able"):
            await gate.release.check_changes(job, await gate.fleet.device(name), wish)
    assert gate.abilities.of_queue(await gate.fleet.queue("device/plain")) is not SAFE


# ── a sign ──


async def test_a_device_that_can_shows_itself(gate: Gate, sink: Sink) -> None:
    async with HostileDevice() as device:
        await register(gate, device.uri, "able")
        await register(gate, sink.uri, "raw")
        able, raw = await gate.fleet.device("able"), await gate.fleet.device("raw")
        assert await gate.fleet.identify(able, ["flash", "sound", "x-explode"], "over here")
        assert not await gate.fleet.identify(raw, [], "")
        assert device.printer.identified == [(["flash"], "over here")]
    assert not await gate.fleet.identify(able, [], "")


async def test_only_a_caller_s_own_job_is_released(gate: Gate) -> None:
    """A station's person is a person like any other."""
    device = await a_device(gate)
    job = await job_of(gate, await born(gate))
    with pytest.raises(Exception, match="belongs to somebody else"):
        await gate.release.release(job, Caller("bob", station="app"), device.uuid)
    assert (await gate.release.release(job, Caller("alice", station="app"), device.uuid)).state is JobState.PENDING
