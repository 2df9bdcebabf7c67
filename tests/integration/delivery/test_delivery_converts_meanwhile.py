"""While a document is converted jobs are cancelled, held and changed, gates stop, databases go: each comes out once."""

import asyncio
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.delivery import preparation
from ippgate.ipp import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import NewDocument, NewJob
from ippgate.spool.frame import FRAME
from tests.integration.delivery.conversions import (
    CANCELED,
    COMPLETED,
    DOCUMENT,
    RASTER,
    Gates,
    converting_for,
    held,
    nothing_converts,
    only_the_documents_are_left,
    printed,
    released,
)
from tests.integration.gates import (
    ALICE,
    QUICK,
    Connection,
    Feed,
    direct_queue,
    job_of,
    register,
    serving,
    until,
)
from tests.rig.eventually import eventually
from tests.rig.filters import Filters
from tests.rig.hostile_device import HostileDevice
from tests.rig.proxy import Proxy


async def test_others_of_the_lane_are_sent_meanwhile(
    converting: Gate, filters: Filters, temp: Path, raster_device: HostileDevice
) -> None:
    filters.write("gstoraster", "cat; sleep MARK")
    async with serving(converting):
        slow = await released(converting, raster_device)
        await converting_for(filters)
        quick = await released(converting, raster_device, b"raster", document_format=RASTER)
        await until(converting, quick, COMPLETED)
        assert (await job_of(converting, slow)).message == (
            "its document is being converted to image/pwg-raster for printer"
        )
        await converting.desk.cancel(slow.id, ALICE)
        await nothing_converts(filters, temp)
    assert printed(raster_device) == [(RASTER, b"raster")]


@pytest.mark.parametrize("listening", [True, False], ids=["told", "untold"])
async def test_a_job_that_is_cancelled_is_converted_no_further(
    converting: Gate, sql: Connection, filters: Filters, temp: Path, raster_device: HostileDevice, *, listening: bool
) -> None:
    filters.write("gstoraster", "head -c 3000000 /dev/zero; sleep MARK")
    async with serving(converting, listening=listening):
        job = await released(converting, raster_device)
        await converting_for(filters)
        await converting.desk.cancel(job.id, ALICE)
        assert (await job_of(converting, job)).state is CANCELED
        await nothing_converts(filters, temp)
        await eventually(lambda: not any(lane.hands for lane in converting.dispatcher._lanes.values()), "idle hands")
    assert raster_device.jobs == {}
    await only_the_documents_are_left(converting, sql, 0)


async def test_a_job_that_is_held_can_be_released_again(
    converting: Gate, sql: Connection, filters: Filters, temp: Path, raster_device: HostileDevice
) -> None:
    filters.write("gstoraster", "cat; sleep MARK")
    async with serving(converting):
        job = await released(converting, raster_device)
        await converting_for(filters)
        await converting.desk.hold(job.id, ALICE, None)
        await nothing_converts(filters, temp)
        await only_the_documents_are_left(converting, sql, 1)
        filters.write("gstoraster", "cat")
        await converting.release.release(job.id, ALICE, "printer")
        await until(converting, job, COMPLETED)
    assert printed(raster_device) == [(RASTER, DOCUMENT)]
    await only_the_documents_are_left(converting, sql, 0)


async def test_a_job_that_is_changed_is_converted_as_it_is_then(
    converting: Gate, sql: Connection, filters: Filters, raster_device: HostileDevice
) -> None:
    filters.write("gstoraster", 'case "$5" in *Gray*) cat;; *) cat; sleep MARK;; esac')
    color, grey = (attribute(A.PRINT_COLOR_MODE, mode) for mode in ("color", "monochrome"))
    job = await held(converting, raster_device)
    await converting.desk.change(job.id, ALICE, template=(color,))
    async with serving(converting):
        await converting.release.release(job.id, ALICE, "printer")
        await converting_for(filters)
        await converting.desk.change(job.id, ALICE, template=(grey,))
        await until(converting, job, COMPLETED)
    assert printed(raster_device) == [(RASTER, DOCUMENT)]
    await only_the_documents_are_left(converting, sql, 0)


async def test_a_gate_that_stops_stops_its_filters_and_another_begins_anew(
    gates: Gates, by_filters: Settings, sql: Connection, filters: Filters, temp: Path, raster_device: HostileDevice
) -> None:
    filters.write("gstoraster", "cat; sleep MARK")
    gate, heir = await gates(settings=by_filters), await gates(settings=by_filters)
    async with serving(gate):
        job = await released(gate, raster_device)
        await converting_for(filters)
        async with asyncio.timeout(5):
            await gate.dispatcher.drain(5)
    await nothing_converts(filters, temp)
    await gate.lanes.leave()
    filters.write("gstoraster", "cat")
    async with serving(heir):
        await until(heir, job, COMPLETED)
    assert printed(raster_device) == [(RASTER, DOCUMENT)]
    await only_the_documents_are_left(heir, sql, 0)


async def test_a_document_that_still_arrives_is_converted_when_it_is_whole(
    converting: Gate, filters: Filters, raster_device: HostileDevice
) -> None:
    queue = await direct_queue(converting, await register(converting, raster_device.uri))
    feed, new = Feed(), NewJob(queue.id, ALICE.name, "report", "")
    document = DOCUMENT + b"%" * (2 * FRAME)
    async with serving(converting):
        taking = asyncio.create_task(converting.intake.submit(queue, new, NewDocument("application/pdf"), feed.body()))
        feed.send(document[: FRAME + 1])
        feed.send(document[FRAME + 1 :])
        [job_id] = await eventually(lambda: converting.jobs.waiting(limit=1), "the job to be there")
        await eventually(lambda: _given_back(converting, job_id), "the lane to give it back")
        assert (raster_device.jobs, filters.left()) == ({}, [])
        feed.end()
        await until(converting, await taking, COMPLETED)
    assert printed(raster_device) == [(RASTER, document)]


async def _given_back(gate: Gate, job_id: int) -> bool:
    row = await gate.database.row("job_get", [job_id])
    return row is not None and not row["ready"] and row["lease_worker"] is None


async def test_lanes_take_turns_and_none_waits_for_all_documents_of_another(
    converting: Gate, filters: Filters, temp: Path, raster_device: HostileDevice
) -> None:
    filters.write("gstoraster", "grep -q slow && sleep MARK; printf done")
    async with HostileDevice() as other, serving(converting):
        other.printer.set(attribute(A.DOCUMENT_FORMAT_SUPPORTED, RASTER))
        slow = [await released(converting, raster_device, b"slow %d" % number) for number in range(4)]
        await register(converting, other.uri, "other")
        await converting_for(filters)
        for _ in range(2):
            quick = await held(converting, raster_device, b"quick")
            await converting.release.release(quick.id, ALICE, "other")
            await until(converting, quick, COMPLETED)
        for job in reversed(slow):
            await converting.desk.cancel(job.id, ALICE)
        await nothing_converts(filters, temp)
    assert (printed(other), raster_device.jobs) == ([(RASTER, b"done")] * 2, {})


async def test_more_jobs_than_a_lane_converts_ahead_come_out_in_their_order(
    converting: Gate, raster_device: HostileDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "MOST", 2)
    jobs = [await released(converting, raster_device, b"%d" % number) for number in range(6)]
    async with serving(converting):
        for job in jobs:
            await until(converting, job, COMPLETED)
    assert printed(raster_device) == [(RASTER, b"%d" % number) for number in range(6)]


async def test_who_converts_for_longer_than_a_lease_goes_on_living(
    gates: Gates, by_filters: Settings, sql: Connection, filters: Filters, raster_device: HostileDevice
) -> None:
    filters.write("gstoraster", f"cat; sleep {1.5 * QUICK.lease}")
    gate, other = await gates(settings=by_filters), await gates(settings=by_filters)
    async with serving(gate):
        job = await released(gate, raster_device)
        await eventually(lambda: sql.fetchval("SELECT rendition FROM job"), "the conversion to begin")
        async with serving(other):
            await until(gate, job, COMPLETED)
    assert await sql.fetchval("SELECT lease FROM job") == 1, "it was carried by one worker, once"
    assert printed(raster_device) == [(RASTER, DOCUMENT)]


async def test_a_database_that_goes_away_meanwhile_is_waited_for(
    gates: Gates,
    by_filters: Settings,
    proxy: Proxy,
    proxied_dsn: str,
    sql: Connection,
    filters: Filters,
    temp: Path,
    raster_device: HostileDevice,
) -> None:
    filters.write("gstoraster", "cat; sleep 0.3")
    gate = await gates(settings=by_filters, dsn=proxied_dsn, connect_timeout=1)
    async with serving(gate):
        job = await released(gate, raster_device)
        await eventually(lambda: list(temp.iterdir()), "the conversion to begin")
        await proxy.refuse()
        await proxy.cut()
        await eventually(lambda: not list(temp.iterdir()), "the conversion to end, which cannot be kept")
        proxy.accept()
        await until(gate, job, COMPLETED)
        await only_the_documents_are_left(gate, sql, 0)
    assert printed(raster_device) == [(RASTER, DOCUMENT)]
