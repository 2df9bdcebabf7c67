"""A job that is released to a group, or arrives in the queue of one, goes to the device of it that suits it best."""

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import SILENT_REASON, DeviceReport
from ippgate.model.errors import DeviceNotReady, FormatNotSupported, NotBindable, NotFound, NotPossible
from ippgate.model.job import NewDocument, NewJob
from ippgate.model.queue import QueueMode
from tests.integration.gates import ALICE, job_of, stream, submit
from tests.integration.release.test_release_changes import (
    DUPLEXER,
    PLAIN,
    STAPLED,
    STAPLER,
    TWO_SIDED,
    printer,
)
from tests.integration.store.births import born

JAMMED = {"state": PrinterState.STOPPED, "reasons": ("media-jam",)}


async def a_group(gate: Gate, *members: str) -> None:
    for name in members:
        await printer(gate, name, DUPLEXER)
    await gate.fleet.add_group("floor-2", members)


async def report(gate: Gate, name: str, said: DeviceReport) -> None:
    await gate.fleet.keep_report(await gate.fleet.device(name), said)
    gate.fleet.forget()


# ── released ──


async def test_a_group_sends_a_job_to_the_shortest_lane_and_passes_over_what_is_stopped(gate: Gate) -> None:
    for name, said in (("one", {}), ("two", {}), ("three", JAMMED)):
        await printer(gate, name, DUPLEXER, **said)
    await gate.fleet.add_group("floor-2", ["one", "two", "three"])
    jobs = [await born(gate) for _ in range(4)]
    went = [(await gate.release.release(job, ALICE, group="floor-2")).device for job in jobs]
    assert went == ["one", "two", "one", "two"]


async def test_a_group_is_named_by_its_uuid_where_a_device_may_be(gate: Gate) -> None:
    await a_group(gate, "one")
    group = await gate.fleet.group("floor-2")
    job = await gate.release.release(await born(gate), ALICE, group.uuid)
    assert (job.state, job.device) == (JobState.PENDING, "one")
    assert job == await job_of(gate, job.id)


async def test_only_a_device_that_can_do_the_changes_is_chosen(gate: Gate) -> None:
    for name, said in (("plain", PLAIN), ("duplexer", DUPLEXER), ("stapler", STAPLER)):
        await printer(gate, name, said)
    await gate.fleet.add_group("floor-2", ["plain", "duplexer", "stapler"])
    job = await gate.release.release(await born(gate), ALICE, group="floor-2", changes=[STAPLED, TWO_SIDED])
    assert (job.device, set(job.template)) == ("stapler", {STAPLED, TWO_SIDED})


async def test_when_no_device_can_each_ones_reason_is_told(gate: Gate) -> None:
    await printer(gate, "plain", PLAIN)
    await printer(gate, "jammed", STAPLER, **JAMMED)
    await printer(gate, "raster", STAPLER, formats=("image/urf",))
    await gate.fleet.add_group("floor-2", ["plain", "jammed", "raster"])
    job_id = await born(gate)
    before = await job_of(gate, job_id)
    with pytest.raises(DeviceNotReady) as refused:
        await gate.release.release(job_id, ALICE, group="floor-2", changes=[STAPLED])
    said = str(refused.value)
    assert said.startswith("no device of the group floor-2 can print it: plain cannot do that (finishings: not staple")
    assert "; jammed is stopped (media-jam)" in said
    assert "; raster cannot print application/pdf" in said
    assert await job_of(gate, job_id) == before


async def test_a_refusal_for_changes_alone_names_the_attributes(gate: Gate) -> None:
    await a_group(gate, "one", "two")
    with pytest.raises(NotBindable) as refused:
        await gate.release.release(await born(gate), ALICE, group="floor-2", changes=[STAPLED])
    assert refused.value.attributes == (STAPLED,)


async def test_a_second_release_to_the_same_group_is_no_error_to_another_it_is(gate: Gate) -> None:
    await a_group(gate, "one", "two")
    await printer(gate, "three", DUPLEXER)
    await gate.fleet.add_group("others", ["three"])
    job = await gate.release.release(await born(gate), ALICE, group="floor-2")
    assert await gate.release.release(job.id, ALICE, group="floor-2") == job
    with pytest.raises(NotPossible, match="on its way to one already: it cannot go to others as well"):
        await gate.release.release(job.id, ALICE, group="others")
    with pytest.raises(NotPossible, match="on its way to one already: it cannot go to two as well"):
        await gate.release.release(job.id, ALICE, "two")


async def test_groups_that_are_not_there_or_empty_are_refused(gate: Gate) -> None:
    await gate.fleet.add_group("empty")
    job_id = await born(gate)
    with pytest.raises(NotFound, match="there is no group attic"):
        await gate.release.release(job_id, ALICE, group="attic")
    with pytest.raises(DeviceNotReady, match="there is no device in the group empty"):
        await gate.release.release(job_id, ALICE, group="empty")
    with pytest.raises(NotPossible, match="name one of them"):
        await gate.release.release(job_id, ALICE, "one", group="empty")


async def test_a_job_of_a_groups_queue_goes_to_one_of_its_devices_when_none_is_named(gate: Gate) -> None:
    await a_group(gate, "one", "two")
    queue = await gate.fleet.add_queue("followme", QueueMode.RELEASE_PRINTING, group="floor-2")
    held = await submit(gate, queue, b"x")
    assert (held.state, held.device_id) == (JobState.PENDING_HELD, None)
    assert (await gate.release.release(held.id, ALICE)).device == "one"


# ── on arrival ──


async def test_a_groups_passthrough_queue_sends_each_job_to_the_shortest_lane(gate: Gate) -> None:
    await a_group(gate, "one", "two")
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    jobs = [await job_of(gate, await submit(gate, queue, b"x")) for _ in range(4)]
    assert [(job.state, job.device) for job in jobs] == [
        (JobState.PENDING, name) for name in ("one", "two", "one", "two")
    ]


async def test_a_job_whose_document_follows_has_its_device_at_once(gate: Gate) -> None:
    await a_group(gate, "one")
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    job = await gate.intake.create(queue, NewJob(queue.id, "alice", "report", ""))
    await gate.intake.add_document(job.id, ALICE, NewDocument(), stream(b"x"), True)
    assert (await job_of(gate, job.id)).device == "one"


async def test_on_arrival_a_stopped_device_is_waited_for_when_there_is_no_better(gate: Gate) -> None:
    await a_group(gate, "one", "two")
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    await report(gate, "one", DeviceReport(PrinterState.STOPPED, ("media-jam",)))
    assert (await job_of(gate, await submit(gate, queue, b"x"))).device == "two"
    await report(gate, "two", DeviceReport(PrinterState.STOPPED, (SILENT_REASON,)))
    assert (await job_of(gate, await submit(gate, queue, b"x"))).device == "two"
    await report(gate, "two", DeviceReport(PrinterState.STOPPED, ("media-jam",)))
    assert (
        await job_of(gate, await submit(gate, queue, b"x"))
    ).device == "one"  # as ready as two, and a lane less long


async def test_a_format_that_no_device_of_the_group_prints_is_refused_on_arrival(gate: Gate) -> None:
    await printer(gate, "raster", DUPLEXER, formats=("image/urf",))
    await gate.fleet.add_group("floor-2", ["raster"])
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    with pytest.raises(FormatNotSupported, match="no device of the queue direct can print it: raster cannot print"):
        await submit(gate, queue, b"x")
    assert await gate.desk.listing(queue.id, tuple(JobState), None, 10) == []


async def test_a_held_job_of_a_groups_passthrough_queue_has_its_device_too(gate: Gate) -> None:
    await a_group(gate, "one")
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    new = NewJob(queue.id, "alice", "report", "", hold_until="indefinite")
    held = await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(b"x"))
    assert (held.state, held.reasons) == (JobState.PENDING_HELD, (R.JOB_HOLD_UNTIL_SPECIFIED,))
    await gate.desk.change(held.id, ALICE, hold_until="no-hold")
    job = await job_of(gate, held)
    assert (job.state, job.device) == (JobState.PENDING, "one")
