"""A raw device cuts, closes early, stalls, drips, babbles: what was sent is never guessed at."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ippgate.ipp import PrinterState
from ippgate.model.parcel import OutcomeUnknown, Receipt, SourceBroken, Unreachable
from ippgate.transport.port import TransportSettings
from ippgate.transport.socket import SocketTransport
from tests.conformance.transport.parcels import Marks, device, in_chunks, parcel
from tests.rig.documents import random_document
from tests.rig.pjl_device import PjlDevice
from tests.rig.sink import Manners, Sink

QUICK = TransportSettings(connect_timeout=5, answer_timeout=0.3, stall_timeout=0.5, close_timeout=0.3)
DOCUMENT = random_document(2_000_000)
SMALL = DOCUMENT[:30_000]  # fits in the kernel's buffers, whatever the device does
ROUNDS = 10
"""Rounds of the event loop in which a local peer's reset has certainly been seen."""


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with Sink() as sink:
        yield sink


def transport_to(sink: Sink, settings: TransportSettings = QUICK, *, pjl: bool = False) -> SocketTransport:
    return SocketTransport(device(sink.uri, pjl=pjl), settings)


@pytest.mark.parametrize("document", [DOCUMENT, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("manners", [Manners(cut_after=5000), Manners(close_after=5000)], ids=["cuts", "closes"])
async def test_a_device_that_goes_away_half_way_leaves_the_outcome_unknown(
    sink: Sink, manners: Manners, document: bytes
) -> None:
    sink.manners = manners
    with pytest.raises(OutcomeUnknown, match=r"(cut|closed) the connection.* after \d+ octets had been sent"):
        await transport_to(sink).deliver(parcel(), in_chunks(document), Marks())


@pytest.mark.parametrize("document", [DOCUMENT, DOCUMENT[:300_000]], ids=["large", "all in the kernel"])
async def test_a_closed_window_is_noticed_even_when_the_kernel_took_everything(sink: Sink, document: bytes) -> None:
    sink.manners = Manners(stall_after=1000)
    with pytest.raises(OutcomeUnknown, match=r"took nothing for 0\.5 s after \d+ octets"):
        await transport_to(sink).deliver(parcel(), in_chunks(document), Marks())


async def test_a_device_given_up_gets_nothing_more_behind_our_back(sink: Sink) -> None:
    sink.manners = Manners(stall_after=1000)
    document = DOCUMENT[:300_000]
    with pytest.raises(OutcomeUnknown):
        await transport_to(sink).deliver(parcel(), in_chunks(document), Marks())
    sink.resume()
    job = await sink.job()
    assert job.ended == "lost"
    assert job.size < len(document)


async def test_a_reset_after_the_last_octet_leaves_the_outcome_unknown(sink: Sink) -> None:
    sink.manners = Manners(cut_after=len(SMALL))
    with pytest.raises(OutcomeUnknown, match=f"after {len(SMALL)} octets"):
        await transport_to(sink).deliver(parcel(), in_chunks(SMALL), Marks())


async def test_a_device_that_took_all_and_closes_has_it(sink: Sink) -> None:
    sink.manners = Manners(close_after=len(SMALL))
    assert await transport_to(sink).deliver(parcel(), in_chunks(SMALL), Marks()) == Receipt(None)


async def test_a_device_that_took_all_and_stays_silent_has_it(sink: Sink) -> None:
    sink.manners = Manners(stall_after=len(SMALL))
    assert await transport_to(sink).deliver(parcel(), in_chunks(SMALL), Marks()) == Receipt(None)
    assert sink.jobs[0].data == SMALL


async def test_a_slow_device_that_keeps_taking_is_never_given_up(sink: Sink) -> None:
    sink.manners = Manners(drip=4000, drip_every=0.02)
    document = DOCUMENT[:600_000]
    assert await transport_to(sink).deliver(parcel(), in_chunks(document), Marks()) == Receipt(None)
    assert (await sink.job()).data == document


async def test_a_device_that_closes_at_once_was_sent_nothing_and_is_not_marked(sink: Sink) -> None:
    sink.manners = Manners(close_after=0)

    async def read_once_it_closed() -> AsyncIterator[bytes]:
        await sink.job()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        yield SMALL

    marks = Marks()
    with pytest.raises(Unreachable, match="closed the connection at once"):
        await transport_to(sink).deliver(parcel(), read_once_it_closed(), marks)
    assert marks.made == []


async def test_a_device_that_cuts_during_the_mark_was_sent_nothing(sink: Sink) -> None:
    async def cut() -> None:
        await sink.receiving()
        await sink.cut()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)

    with pytest.raises(Unreachable, match="before anything was sent"):
        await transport_to(sink).deliver(parcel(), in_chunks(SMALL), Marks(cut))
    assert sink.jobs[0].size == 0


async def test_half_a_document_ends_with_a_reset_so_that_it_is_not_taken_for_a_whole_one(sink: Sink) -> None:
    with pytest.raises(SourceBroken):
        await transport_to(sink, pjl=True).deliver(parcel(), in_chunks(SMALL, SourceBroken("cut")), Marks())
    assert (await sink.job()).ended == "lost"


async def test_a_cancelled_delivery_ends_with_a_reset(sink: Sink) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield SMALL

    sink.manners = Manners(stall_after=1000)
    delivery = asyncio.create_task(transport_to(sink, TransportSettings()).deliver(parcel(), endless(), Marks()))
    await sink.receiving(1000)
    delivery.cancel()
    await asyncio.wait([delivery])
    assert delivery.cancelled()
    sink.resume()
    assert (await sink.job()).ended == "lost"


async def test_a_device_that_babbles_without_end_is_listened_to_within_a_bound() -> None:
    took = bytearray()

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        took.extend(await reader.read(-1))
        try:
            while True:
                writer.write(b"@PJL USTATUS\r\n" * 1000)
                await writer.drain()
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        uri = f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        patient = TransportSettings(close_timeout=60)
        receipt = await SocketTransport(device(uri), patient).deliver(parcel(), in_chunks(SMALL), Marks())
        assert receipt == Receipt(None)
        assert took == SMALL


async def test_a_device_that_sleeps_is_unreachable_and_takes_the_job_when_it_wakes(sink: Sink) -> None:
    transport, marks = transport_to(sink), Marks()
    await sink.sleep()
    with pytest.raises(Unreachable, match="cannot be reached"):
        await transport.deliver(parcel(), in_chunks(SMALL), marks)
    assert marks.made == []
    sink.wake()
    await transport.deliver(parcel(), in_chunks(SMALL), marks)
    assert (await sink.job()).data == SMALL


async def test_probe_asks_in_pjl_only_where_that_was_allowed(sink: Sink) -> None:
    pjl = PjlDevice(model="Rig LaserJet 9", status=40022, display="JAM")
    sink.manners = Manners(pjl=pjl)
    assert (await transport_to(sink).probe()).pjl is False
    assert pjl.heard == []
    report = await SocketTransport(device(sink.uri), QUICK, ask_pjl=True).probe()
    assert (report.pjl, report.make_and_model, report.message) == (True, "Rig LaserJet 9", "JAM")
    assert (report.state, report.reasons) == (PrinterState.STOPPED, ("media-jam",))


async def test_a_device_that_does_not_answer_pjl_is_idle_and_speaks_none(sink: Sink) -> None:
    report = await transport_to(sink, pjl=True).probe()
    assert (report.pjl, report.state) == (False, PrinterState.IDLE)


async def test_a_device_that_cuts_the_question_speaks_no_pjl(sink: Sink) -> None:
    sink.manners = Manners(cut_after=1)
    report = await transport_to(sink, pjl=True).probe()
    assert (report.pjl, report.state) == (False, PrinterState.IDLE)
