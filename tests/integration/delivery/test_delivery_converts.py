"""A device does not print a document: where the gate converts, it gets what it prints; where not, that is refused."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.config.conversion import ConvertSettings
from ippgate.ipp import JobState, Operation, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import FormatNotSupported
from ippgate.model.queue import QueueMode
from tests.integration.delivery.conversions import (
    COMPLETED,
    DOCUMENT,
    HELD,
    RASTER,
    WHOLE,
    Gates,
    found_in,
    held,
    only_the_documents_are_left,
    printed,
    released,
)
from tests.integration.gates import (
    ALICE,
    Connection,
    attempts,
    hold_queue,
    job_of,
    papers,
    register,
    serving,
    submit,
    until,
)
from tests.rig.documents import LONG_PDF
from tests.rig.eventually import eventually
from tests.rig.filters import Filters
from tests.rig.hostile_device import HostileDevice
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.sink import Sink

# ── by cups-filters ──


@pytest.fixture
async def real(gates: Gates, temp: Path, tmp_path: Path) -> Gate:
    """A gate that converts by cups-filters as they are installed."""
    return await gates(settings=replace(Settings(home=tmp_path), convert=ConvertSettings(enabled=True, temp=str(temp))))


async def test_a_pdf_comes_out_of_a_printer_that_takes_only_raster(
    real: Gate, sql: Connection, printers: Callable[..., IppEvePrinter]
) -> None:
    printer = printers(formats=(RASTER,), impressions=3)
    await register(real, printer.uri)
    job = await submit(real, await hold_queue(real), LONG_PDF.read_bytes())
    async with serving(real):
        await real.release.release(job.id, ALICE, "printer")
        done = await until(real, job, COMPLETED, within=60)
    arrived = found_in((await printer.kept_document()).read_bytes())
    with pypdfium2.PdfDocument(LONG_PDF.read_bytes()) as pdf:
        assert (arrived.document_format, arrived.pages) == (RASTER, len(pdf))
    assert (done.impressions, done.converted_to) == (3, RASTER)
    assert [one.document_format for one in done.documents] == ["application/pdf"]
    await only_the_documents_are_left(real, sql, 0)


async def test_what_is_made_is_laid_out_as_the_job_is_bound(real: Gate, raster_device: HostileDevice) -> None:
    job = await held(real, raster_device, name="bound")
    changes = [
        attribute(A.MEDIA, "na_letter_8.5x11in"),
        attribute(A.SIDES, "two-sided-short-edge"),
        attribute(A.PRINT_COLOR_MODE, "color"),
    ]
    async with serving(real):
        await real.release.release(job.id, ALICE, "printer", changes=changes)
        await until(real, job, COMPLETED, within=60)
    [(document_format, document)] = printed(raster_device)
    arrived = found_in(document)
    assert (document_format, arrived.document_format, arrived.pages) == (RASTER, RASTER, 1)
    assert arrived.sides == "two-sided-short-edge"
    assert [(round(use.x, -2), round(use.y, -2)) for use in arrived.media] == [(21600, 27900)]
    [there] = raster_device.jobs.values()
    assert {one.name: one.text() for one in there.template} == {
        A.MEDIA: "na_letter_8.5x11in",
        A.SIDES: "two-sided-short-edge",
        A.PRINT_COLOR_MODE: "color",
    }


async def test_a_document_that_no_filter_can_read_is_held_with_the_reason(
    real: Gate, sql: Connection, raster_device: HostileDevice
) -> None:
    async with serving(real):
        job = await until(real, await released(real, raster_device, b"%PDF-1.4 and nothing more"), HELD, within=60)
    assert job.message == (
        "printer does not print application/pdf, and the document could not be converted from application/pdf to"
        " image/pwg-raster"
    )
    assert job.reasons == ("job-held-for-release",)
    assert (await attempts(real, job), raster_device.jobs) == ([], {})
    await only_the_documents_are_left(real, sql, 1)


# ── what is not converted ──


async def test_without_conversion_the_release_is_refused(gate: Gate, raster_device: HostileDevice) -> None:
    job = await held(gate, raster_device)
    with pytest.raises(FormatNotSupported, match="printer cannot print application/pdf; it takes image/pwg-raster"):
        await gate.release.release(job.id, ALICE, "printer")
    assert (await job_of(gate, job)).state is HELD


async def test_what_nobody_can_convert_is_refused(converting: Gate, raster_device: HostileDevice) -> None:
    job = await held(converting, raster_device, document_format="application/vnd.hp-PCL")
    with pytest.raises(FormatNotSupported, match="it takes image/pwg-raster"):
        await converting.release.release(job.id, ALICE, "printer")


async def test_a_raw_device_gets_the_document_as_it_came(converting: Gate, filters: Filters, sink: Sink) -> None:
    filters.write("pdftopdf", "exit 1")
    await register(converting, sink.uri)
    job = await submit(converting, await hold_queue(converting), DOCUMENT)
    async with serving(converting):
        await converting.release.release(job.id, ALICE, "printer")
        done = await until(converting, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [DOCUMENT]
    assert done.converted_to is None


async def test_where_the_filters_are_missing_the_job_is_held_and_says_so(
    converting: Gate, filters: Filters, raster_device: HostileDevice
) -> None:
    (filters.root / "filter" / "pdftopdf").unlink()
    async with serving(converting):
        job = await until(converting, await released(converting, raster_device), HELD)
    assert "has no filters: install the package cups-filters" in job.message
    assert raster_device.jobs == {}


# ── of several devices ──


async def test_of_a_group_the_device_that_prints_it_as_it_is_takes_it(
    converting: Gate, raster_device: HostileDevice
) -> None:
    await held(converting, raster_device)
    async with HostileDevice() as other, serving(converting):
        await register(converting, other.uri, "other")
        await converting.fleet.add_group("floor-2", ["printer", "other"])
        for _ in range(2):
            job = await held(converting, raster_device)
            await converting.release.release(job.id, ALICE, group="floor-2")
            await until(converting, job, COMPLETED)
    assert (printed(other), printed(raster_device)) == ([("application/pdf", DOCUMENT)] * 2, [])


@pytest.mark.parametrize("converts", [True, False])
async def test_a_group_that_gets_jobs_at_once_takes_what_can_be_converted(
    gates: Gates, by_filters: Settings, raster_device: HostileDevice, *, converts: bool
) -> None:
    gate = await gates(settings=by_filters if converts else None)
    await register(gate, raster_device.uri)
    await gate.fleet.add_group("floor-2", ["printer"])
    queue = await gate.fleet.add_queue("direct", QueueMode.PASSTHROUGH, group="floor-2")
    if not converts:
        with pytest.raises(FormatNotSupported, match="cannot print application/pdf"):
            await submit(gate, queue, DOCUMENT)
        return
    async with serving(gate):
        await until(gate, await submit(gate, queue, DOCUMENT), COMPLETED)
    assert printed(raster_device) == [(RASTER, DOCUMENT)]


# ── once it is made ──


async def test_what_was_made_is_sent_again_to_the_same_device(
    converting: Gate, sql: Connection, filters: Filters, raster_device: HostileDevice
) -> None:
    raster_device.printer.at_once = False
    async with serving(converting):
        job = await released(converting, raster_device)
        there = await raster_device.hears(Operation.SEND_DOCUMENT)
        await eventually(lambda: there.answered, "the device to have the document")
        assert there.job_id is not None
        raster_device.printer.abort(there.job_id, message="out of ink")
        again = await until(converting, job, HELD)
        assert "out of ink" in again.message
        assert await sql.fetchval(WHOLE, job.id) is not None
        filters.write("pdftopdf", "exit 1")  # nothing can be made any more
        raster_device.printer.at_once = True
        await converting.release.release(job.id, ALICE, "printer")
        await until(converting, job, COMPLETED)
    assert printed(raster_device) == [(RASTER, DOCUMENT)]
    assert await attempts(converting, job) == ["hold", "complete"]
    await only_the_documents_are_left(converting, sql, 0)


async def test_for_another_layout_or_another_device_it_is_made_anew_or_not_at_all(
    converting: Gate, sql: Connection, filters: Filters, raster_device: HostileDevice
) -> None:
    raster_device.printer.at_once = False
    async with HostileDevice() as other, serving(converting):
        job = await released(converting, raster_device)
        await register(converting, other.uri, "other")
        for number in (1, 2):
            there = await raster_device.hears(Operation.SEND_DOCUMENT, number=number)
            await eventually(partial(getattr, there, "answered"), "the device to have the document")
            raster_device.printer.abort(there.job_id or 0)
            await until(converting, job, HELD, where=lambda one: "aborted" in one.message)
            if number == 1:
                filters.write("gstoraster", "printf 'other '; cat")
                grey = attribute(A.PRINT_COLOR_MODE, "color")
                await converting.release.release(job.id, ALICE, "printer", changes=[grey])
                await until(converting, job, JobState.PROCESSING, HELD)
        assert [one.document.data for one in raster_device.jobs.values()] == [DOCUMENT, b"other " + DOCUMENT]
        await only_the_documents_are_left(converting, sql, 2)
        await converting.release.release(job.id, ALICE, "other")
        done = await until(converting, job, COMPLETED)
    assert printed(other) == [("application/pdf", DOCUMENT)]
    assert done.converted_to is None
    await only_the_documents_are_left(converting, sql, 0)


async def test_the_frames_of_what_was_made_open_as_nothing_else(
    converting: Gate, sql: Connection, raster_device: HostileDevice
) -> None:
    raster_device.printer.at_once = False
    async with serving(converting):
        job = await released(converting, raster_device)
        await raster_device.hears(Operation.SEND_DOCUMENT)
        oid = await sql.fetchval(WHOLE, job.id)
        stored = await sql.fetchval("SELECT lo_get($1)", oid)
        assert DOCUMENT[100:200] not in stored
        await sql.execute("UPDATE document SET oid = NULL WHERE job_id = $1", job.id)
        await sql.execute("UPDATE document SET oid = $2 WHERE job_id = $1", job.id, oid)
        raster_device.printer.abort(1)
        await until(converting, job, HELD)
        async with HostileDevice() as other:
            await register(converting, other.uri, "other")
            await converting.release.release(job.id, ALICE, "other")
            await until(converting, job, HELD, where=lambda one: "is damaged" in one.message)
            assert printed(other) == []
