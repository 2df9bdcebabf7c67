"""Jobs for devices that do not print what they are sent, and what becomes of their documents."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from ippgate.app.gate import Gate
from ippgate.document.examination import Examination
from ippgate.ipp import JobState
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Job
from ippgate.spool.sweep import Sweeper, orphans
from tests.integration.gates import (
    ALICE,
    Connection,
    hold_queue,
    register,
    submit,
)
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.filters import Filters
from tests.rig.hostile_device import HostileDevice

DOCUMENT = PDF.read_bytes()
RASTER = "image/pwg-raster"
COMPLETED, HELD, CANCELED = JobState.COMPLETED, JobState.PENDING_HELD, JobState.CANCELED
WHOLE = "SELECT rendition FROM job WHERE id = $1 AND rendition_size IS NOT NULL"
OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata"
Gates = Callable[..., Awaitable[Gate]]


async def held(gate: Gate, device: HostileDevice, document: bytes = DOCUMENT, **facts: str) -> Job:
    """A job that waits for its release; the device is registered as `printer`."""
    if not await gate.fleet.devices():
        await register(gate, device.uri)
        await hold_queue(gate)
    return await submit(gate, await gate.fleet.queue("followme"), document, **facts)  # type: ignore[arg-type]


async def released(gate: Gate, device: HostileDevice, document: bytes = DOCUMENT, **facts: str) -> Job:
    job = await held(gate, device, document, **facts)
    return await gate.release.release(job.id, ALICE, "printer")


def printed(device: HostileDevice) -> list[tuple[str, bytes]]:
    """Formats and documents, as the device has printed them."""
    done = [job for job in device.jobs.values() if job.state is COMPLETED]
    return [(job.document_format, job.document.data) for job in done]


def found_in(document: bytes) -> DocumentFacts:
    examination = Examination()
    examination.feed(document)
    return examination.close()


async def only_the_documents_are_left(gate: Gate, sql: Connection, documents: int) -> None:
    """Once the sweeper has been there."""
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    assert await sql.fetchval(OBJECTS) == documents
    assert await orphans(gate.database) == []


async def converting_for(filters: Filters) -> None:
    await eventually(filters.left, "a filter to be at work")


async def nothing_converts(filters: Filters, temp: Path) -> None:
    await eventually(lambda: not filters.left() and not list(temp.iterdir()), "filters and their files to be gone")
