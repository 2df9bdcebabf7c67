"""What every transport promises, shown on fakes and on the real things: raw devices, line printer daemons,
IPP printers, a CUPS queue.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from ippgate.ipp import Attribute, JobState, PrinterState, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.parcel import (
    Enclosure,
    OutcomeUnknown,
    Parcel,
    Refused,
    Sighting,
    SourceBroken,
    Unreachable,
    Withdrawn,
)
from ippgate.transport.open import open_transport
from ippgate.transport.port import Transport, TransportSettings
from tests.conformance.transport.parcels import Marks, in_chunks, parcel
from tests.conformance.transport.peers import CupsPeer, FakePeer, Peer
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.where import free_port

SETTINGS = TransportSettings(connect_timeout=10, answer_timeout=20, stall_timeout=10, close_timeout=10)
DOCUMENT = random_document(300_000)


@pytest.fixture
async def transport(peer: Peer) -> AsyncIterator[Transport]:
    transport = open_transport(peer.device, SETTINGS)
    async with aclosing(transport):
        yield transport


def told(transport: Transport, document: bytes = DOCUMENT, size: int | None = None, **known: Any) -> Parcel:
    """What is sent: in any case with its size, where the transport has to know it."""
    return parcel(size=len(document) if transport.needs_size else size, **known)


async def begun(transport: Transport, device_job_id: int) -> None:
    async def look() -> bool:
        seen = await transport.sight(device_job_id)
        return seen is not None and seen.state >= JobState.PROCESSING

    await eventually(look, "the device to begin", every=0.05)


async def ended(transport: Transport, device_job_id: int) -> Sighting:
    async def look() -> list[Sighting]:
        seen = await transport.sight(device_job_id)
        return [seen] if seen and seen.state >= JobState.CANCELED else []

    return (await eventually(look, "the job to end at the device", every=0.05))[0]


async def test_a_probe_says_what_state_the_device_is_in(peer: Peer, transport: Transport) -> None:
    report = await transport.probe()
    assert report.state is PrinterState.IDLE
    assert report.accepting
    assert (report.attributes is not None) == peer.accounts
    assert report.pjl == peer.device.pjl


@pytest.mark.parametrize("size", [None, len(DOCUMENT)], ids=["size unknown", "size known"])
async def test_the_device_gets_exactly_the_bytes_after_the_mark(
    peer: Peer, transport: Transport, size: int | None
) -> None:
    octets_before: list[int] = []

    async def look() -> None:
        octets_before.append(peer.octets())

    sent, marks = told(transport, size=size), Marks(look)
    chunks = [DOCUMENT[:1], b"", DOCUMENT[1:1000], DOCUMENT[1000:200_000], DOCUMENT[200_000:]]
    receipt = await transport.deliver(sent, in_chunks(*chunks), marks)
    assert await peer.document(sent) == DOCUMENT
    assert octets_before == [0]
    assert marks.made in ([receipt.device_job_id], [None])
    assert (receipt.device_job_id is not None) == peer.accounts


async def test_documents_of_one_transport_arrive_one_after_the_other(peer: Peer, transport: Transport) -> None:
    for number, document in enumerate((DOCUMENT, b"%PDF-1.7 small"), 1):
        sent = told(transport, document)
        receipt = await transport.deliver(sent, in_chunks(document), Marks())
        assert await peer.document(sent, number) == document
        if receipt.device_job_id is not None:
            await ended(transport, receipt.device_job_id)


async def test_several_documents_are_one_job_of_the_devices_or_refused_before_anything_is_sent(
    peer: Peer, transport: Transport
) -> None:
    documents = (DOCUMENT, b"%PDF-1.7 small", random_document(2_000, seed=3))
    enclosed = tuple(Enclosure("application/pdf", len(each), f"part {len(each)}") for each in documents)
    sent, marks = told(transport, enclosed=enclosed), Marks()
    sources = [in_chunks(each[:1], each[1:]) for each in documents]
    if not isinstance(peer, FakePeer | CupsPeer) or not peer.several:
        with pytest.raises(Refused):
            await transport.deliver_several(sent, sources, marks)
        assert (marks.made, peer.octets()) == ([], 0)
        return
    receipt = await transport.deliver_several(sent, sources, marks)
    assert marks.made == [receipt.device_job_id]
    assert receipt.device_job_id is not None
    seen = await ended(transport, receipt.device_job_id)
    assert seen.state is JobState.COMPLETED
    assert b"".join(peer.came_out()) == b"".join(documents)
    found = await transport.find(sent)
    assert found is not None
    assert found.device_job_id == receipt.device_job_id


HOSTILE = 'a"\r\n@PJL SET COPIES=99\x1b%-12345X\u202e\x00<script>' + "中" * 2000


async def test_no_name_or_user_or_ticket_keeps_a_document_from_arriving(peer: Peer, transport: Transport) -> None:
    template: tuple[Attribute, ...] = (
        attribute(A.SIDES, "two-sided-long-edge"),
        attribute(A.JOB_HOLD_UNTIL, "indefinite"),
        attribute(A.MEDIA, "unobtainium_1x1in"),
    )
    sent = told(transport, name=HOSTILE, user=HOSTILE, template=template)
    receipt = await transport.deliver(sent, in_chunks(DOCUMENT), Marks())
    assert await peer.document(sent) == DOCUMENT
    assert A.JOB_HOLD_UNTIL not in receipt.dropped
    assert (A.MEDIA in receipt.dropped) == peer.accounts


async def test_a_job_withdrawn_at_the_mark_never_reaches_paper(peer: Peer, transport: Transport) -> None:
    marks = Marks(raising=Withdrawn("held again"))
    with pytest.raises(Withdrawn):
        await transport.deliver(told(transport), in_chunks(DOCUMENT), marks)
    assert peer.octets() == 0
    device_job_id = marks.made[0]
    if device_job_id is not None:
        assert (await ended(transport, device_job_id)).state is JobState.CANCELED


async def test_what_the_mark_itself_raises_comes_through(peer: Peer, transport: Transport) -> None:
    with pytest.raises(ConnectionError, match="no database"):
        await transport.deliver(told(transport), in_chunks(DOCUMENT), Marks(raising=ConnectionError("no database")))
    assert peer.octets() == 0


@pytest.mark.parametrize("size", [None, len(DOCUMENT)], ids=["size unknown", "size known"])
async def test_a_document_that_breaks_off_is_not_taken_for_a_whole_one(
    peer: Peer, transport: Transport, size: int | None
) -> None:
    broken, marks = in_chunks(DOCUMENT[:100_000], SourceBroken("the client cut")), Marks()
    with pytest.raises(SourceBroken, match="the client cut"):
        await transport.deliver(told(transport, size=size), broken, marks)
    if marks.made != [None]:
        assert (await ended(transport, marks.made[0] or 0)).state in (JobState.CANCELED, JobState.ABORTED)
    assert peer.taken() == 0


async def test_a_document_that_breaks_before_its_first_octet_is_not_marked(peer: Peer, transport: Transport) -> None:
    marks = Marks()
    with pytest.raises(SourceBroken, match="no such object"):
        await transport.deliver(told(transport), in_chunks(LookupError("no such object")), marks)
    assert marks.made == []


async def test_a_delivered_job_is_followed_by_its_number_and_found_by_its_token(
    peer: Peer, transport: Transport
) -> None:
    peer.wait_to_print()
    sent = parcel()
    receipt = await transport.deliver(sent, in_chunks(DOCUMENT[:5000]), Marks()) if peer.accounts else None
    if receipt is None or receipt.device_job_id is None:
        with pytest.raises(OutcomeUnknown):
            await transport.find(sent)
        with pytest.raises(Unreachable):
            await transport.sight(1)
        await transport.cancel(1, "jake")
        return
    job = receipt.device_job_id
    seen = await transport.sight(job)
    assert seen is not None
    assert seen.state < JobState.CANCELED
    found = await transport.find(sent)
    assert found is not None
    assert found.device_job_id == job
    assert await transport.find(parcel()) is None
    assert await transport.sight(job + 1000) is None
    # ippeveprinter forgets that a job was cancelled if it begins to process the job after that.
    await begun(transport, job)
    await transport.cancel(job, "jake")
    peer.go_on()  # a printer may first have to come to a stopping point
    assert (await ended(transport, job)).state is JobState.CANCELED
    again = await transport.find(sent)
    assert again is not None
    assert again.state is JobState.CANCELED


async def test_a_printed_job_ends_completed_with_its_impressions(peer: Peer, transport: Transport) -> None:
    receipt = await transport.deliver(told(transport), in_chunks(DOCUMENT), Marks())
    if receipt.device_job_id is None:
        return
    seen = await ended(transport, receipt.device_job_id)
    assert seen.state is JobState.COMPLETED
    assert seen.impressions is None or seen.impressions >= 0


async def test_a_device_that_is_not_there_is_unreachable_and_nothing_is_marked(peer: Peer) -> None:
    parts = urlsplit(peer.device.uri)
    gone = replace(peer.device, uri=parts._replace(netloc=f"127.0.0.1:{free_port()}").geturl())
    marks = Marks()
    async with aclosing(open_transport(gone, SETTINGS)) as transport:
        with pytest.raises(Unreachable):
            await transport.probe()
        with pytest.raises(Unreachable):
            await transport.deliver(told(transport), in_chunks(DOCUMENT), marks)
    assert marks.made == []


async def test_a_delivery_that_is_cancelled_ends_at_once_and_leaves_the_document_alone(
    peer: Peer, transport: Transport
) -> None:
    reading, closed = asyncio.Event(), asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            yield DOCUMENT
            reading.set()
            await asyncio.Event().wait()
            yield b""
        finally:
            closed.set()

    document = endless()
    delivery = asyncio.create_task(transport.deliver(told(transport, DOCUMENT * 2), document, Marks()))
    await reading.wait()
    delivery.cancel()
    with suppress(asyncio.CancelledError):
        await delivery
    assert delivery.cancelled()
    await document.aclose()  # type: ignore[attr-defined]
    assert closed.is_set()


async def test_a_transport_is_closed_twice_and_before_it_was_used(peer: Peer, transport: Transport) -> None:
    await transport.aclose()
    await transport.aclose()
