"""What a document is, is found out by itself: at once where that costs nothing, else soon."""

import asyncio
import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from ippgate.app.gate import Gate
from ippgate.intake.examining import CLOSED
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from tests.integration.gates import ALICE, Connection, hold_queue, job_of, stream, submit
from tests.rig.documents import random_document

UNRECOGNISED = DocumentFacts(unknown="its format is not recognised")


def pdf(pages: int, *, octets: int = 0) -> bytes:
    """A PDF of so many A4 pages, the second in colour, and at least so large."""
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=0)
    for number in range(1, pages + 1):
        canvas.setFillColorRGB(1 if number == 2 else 0, 0, 0)
        canvas.drawString(100, 700, f"page {number}")
        canvas.showPage()
    canvas.setSubject(random_document(octets // 2).hex())
    canvas.save()
    return file.getvalue()


@pytest.fixture
async def queue(gate: Gate) -> Queue:
    return await hold_queue(gate)


async def facts_of(gate: Gate, job: Job) -> DocumentFacts | None:
    return (await job_of(gate, job)).documents[0].facts


async def test_a_document_that_nobody_recognises_is_known_to_be_unknown_at_once(gate: Gate, queue: Queue) -> None:
    job = await submit(gate, queue, random_document(60_000))
    assert job.documents[0].facts == UNRECOGNISED
    assert await facts_of(gate, job) == UNRECOGNISED
    assert await gate.examining.round() == 0


@pytest.mark.parametrize("octets", [0, 3_000_000], ids=["one frame", "several frames"])
async def test_a_pdf_is_accepted_at_once_and_examined_soon(gate: Gate, queue: Queue, octets: int) -> None:
    document = pdf(3, octets=octets)
    assert len(document) > octets
    job = await submit(gate, queue, document)
    assert await facts_of(gate, job) is None
    assert await gate.examining.round() == 1
    found = await facts_of(gate, job)
    assert found is not None
    assert (found.document_format, found.pages, found.color_pages, found.unknown) == ("application/pdf", 3, 1, "")
    assert (await job_of(gate, job)).pages == 3
    assert await gate.examining.round() == 0


@pytest.mark.parametrize("document", [random_document(5_000), pdf(1), random_document(2_000_000)], ids=len)
async def test_a_document_sent_on_its_own_is_examined_too(gate: Gate, queue: Queue, document: bytes) -> None:
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ALICE.host))
    await gate.intake.add_document(job.id, ALICE, NewDocument(), stream(document), True)
    assert await facts_of(gate, job) is None
    assert await gate.examining.round() == 1
    found = await facts_of(gate, job)
    assert found == UNRECOGNISED or (found is not None and found.pages == 1)


async def test_a_damaged_document_is_unknown_and_does_not_keep_others_from_being_examined(
    gate: Gate, queue: Queue, sql: Connection
) -> None:
    bad, good = await submit(gate, queue, pdf(1)), await submit(gate, queue, pdf(2))
    await sql.execute("SELECT lo_put(oid, 60, 'nonsense') FROM document WHERE job_id = $1", bad.id)
    assert await gate.examining.round() == 2
    assert await facts_of(gate, bad) == CLOSED
    assert (await job_of(gate, good)).pages == 2


async def test_a_document_is_examined_also_while_others_keep_coming(gate: Gate, queue: Queue) -> None:
    job = await submit(gate, queue, pdf(2))

    async def keep_coming() -> None:
        while True:
            gate.examining.glance(b"another")
            await asyncio.sleep(0.01)

    others = asyncio.create_task(keep_coming())
    try:
        assert await asyncio.wait_for(gate.examining.round(), 60) == 1
    finally:
        others.cancel()
    assert (await job_of(gate, job)).pages == 2


async def test_documents_of_ended_jobs_are_left_alone(gate: Gate, queue: Queue) -> None:
    job = await submit(gate, queue, pdf(1))
    await gate.desk.cancel(job.id, ALICE)
    assert await gate.examining.round() == 0
