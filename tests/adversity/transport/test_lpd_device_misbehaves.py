"""A line printer daemon refuses, cuts, stalls, drips, breaks in, at each step: what was sent is never guessed at."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ippgate.ipp import PrinterState, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.parcel import Busy, OutcomeUnknown, Parcel, Receipt, Refused, SourceBroken, Unreachable, Withdrawn
from ippgate.transport.lpd import LpdTransport
from ippgate.transport.port import TransportSettings
from tests.conformance.transport.parcels import Marks, device, in_chunks, parcel
from tests.rig.documents import random_document
from tests.rig.lpd_device import LpdDevice, LpdManners, Step
from tests.rig.sink import Manners

QUICK = TransportSettings(connect_timeout=5, answer_timeout=0.3, stall_timeout=0.5, close_timeout=0.3)
DOCUMENT = random_document(2_000_000)
SMALL = DOCUMENT[:30_000]  # fits in the kernel's buffers, whatever the device does
BEFORE: tuple[Step, ...] = ("job", "control", "control file", "data")
ROUNDS = 10
"""Rounds of the event loop in which a local peer's reset has certainly been seen."""


@pytest.fixture
async def daemon() -> AsyncIterator[LpdDevice]:
    async with LpdDevice() as daemon:
        yield daemon


def transport_to(daemon: LpdDevice, *, pjl: bool = False, ask_queue: bool = False) -> LpdTransport:
    return LpdTransport(device(daemon.uri, pjl=pjl), QUICK, ask_queue=ask_queue)


async def delivered(daemon: LpdDevice, document: bytes = SMALL, marks: Marks | None = None) -> Receipt:
    sent = parcel(size=len(document))
    return await transport_to(daemon).deliver(sent, in_chunks(document), marks or Marks())


# ── before the first octet of the document ──


@pytest.mark.parametrize("step", BEFORE)
@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("silent_at", r"did not acknowledge .* within 0\.3 s before any of the document was sent"),
        ("cut_at", "cut the connection.* before any"),
        ("close_at", "closed the connection before any"),
    ],
)
async def test_a_daemon_that_is_lost_before_the_document_can_be_tried_again(
    daemon: LpdDevice, step: Step, trouble: str, sentence: str
) -> None:
    chosen: dict[str, Any] = {trouble: step}
    daemon.manners = LpdManners(**chosen)
    marks = Marks()
    with pytest.raises(Unreachable, match=sentence):
        await delivered(daemon, marks=marks)
    assert marks.made == []
    daemon.manners = LpdManners()
    assert await delivered(daemon) == Receipt(None)


@pytest.mark.parametrize(
    ("step", "answer", "error", "sentence"),
    [
        ("job", b"\1", Busy, r"refused a job for the queue lp \(it answered 1\)"),
        ("job", b"\2", Busy, r"answered 2"),
        ("job", b"lpd: lp: unknown printer\n", Busy, r"for the queue lp in words: lpd: lp: unknown printer$"),
        ("control", b"\2", Busy, r"refused the control file \(it answered 2\)"),
        ("control", b"\1\x1b[2Jno \xff\n", Refused, r"the control file \(it answered 1\): \[2Jno .$"),
        ("control file", b"\1", Refused, r"refused the control file"),
        ("data", b"\2", Busy, r"refused a data file of 30000 octets \(it answered 2\)"),
        ("data", b"\xff", Refused, r"refused a data file of 30000 octets in words"),
    ],
)
async def test_a_daemon_that_says_no_took_nothing(
    daemon: LpdDevice, step: Step, answer: bytes, error: type[Exception], sentence: str
) -> None:
    daemon.manners = LpdManners(answers={step: answer})
    marks = Marks()
    with pytest.raises(error, match=sentence):
        await delivered(daemon, marks=marks)
    assert marks.made == []
    assert [job.size for job in daemon.jobs] in ([], [0])


async def test_two_answers_to_one_word_are_out_of_step_and_nothing_is_sent(daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(answers={"control file": b"\0\0"})
    with pytest.raises(Refused, match=r"broke in \(it answered 0\)"):
        await delivered(daemon)


async def test_a_daemon_that_cuts_during_the_mark_was_sent_nothing(daemon: LpdDevice) -> None:
    async def seen_gone() -> None:
        await daemon.job()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)

    daemon.manners = LpdManners(data=Manners(cut_after=0))
    with pytest.raises(Unreachable, match="before any of the document was sent"):
        await delivered(daemon, marks=Marks(seen_gone))
    assert daemon.jobs[0].size == 0


async def test_a_job_withdrawn_at_the_mark_has_no_data_file(daemon: LpdDevice) -> None:
    with pytest.raises(Withdrawn):
        await delivered(daemon, marks=Marks(raising=Withdrawn("held again")))
    job = await daemon.job()
    assert (job.ended, job.size) == ("lost", 0)


async def test_a_document_whose_size_nobody_knows_is_refused_before_anything_is_said(daemon: LpdDevice) -> None:
    with pytest.raises(Refused, match="wants to know a document's size"):
        await transport_to(daemon).deliver(parcel(), in_chunks(SMALL), Marks())
    assert daemon.commands == []


async def test_an_empty_document_is_refused_for_its_size_would_mean_that_it_never_ends(daemon: LpdDevice) -> None:
    with pytest.raises(Refused, match="no empty document"):
        await delivered(daemon, b"")
    assert daemon.commands == []


# ── after it ──


@pytest.mark.parametrize("document", [DOCUMENT, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("manners", [Manners(cut_after=5000), Manners(close_after=5000)], ids=["cuts", "closes"])
async def test_a_daemon_that_goes_away_half_way_leaves_the_outcome_unknown(
    daemon: LpdDevice, manners: Manners, document: bytes
) -> None:
    daemon.manners = LpdManners(data=manners)
    with pytest.raises(OutcomeUnknown, match=r"(cut|closed) the connection.* after \d+ octets had been sent"):
        await delivered(daemon, document)


@pytest.mark.parametrize(
    ("manners", "sentence"),
    [
        (LpdManners(silent_at="data file"), r"did not acknowledge the document within 0\.8 s after 30001 octets"),
        (LpdManners(cut_at="data file"), "cut the connection.* after 30001 octets"),
        (LpdManners(close_at="data file"), "closed the connection after 30001 octets"),
        (LpdManners(answers={"data file": b"\1"}), r"refused the document \(it answered 1\) after 30001 octets"),
    ],
    ids=["silent", "cuts", "closes", "refuses"],
)
async def test_a_document_that_is_not_acknowledged_leaves_the_outcome_unknown(
    daemon: LpdDevice, manners: LpdManners, sentence: str
) -> None:
    daemon.manners = manners
    with pytest.raises(OutcomeUnknown, match=sentence):
        await delivered(daemon)


async def test_an_acknowledgement_that_comes_before_the_end_is_none(daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(early=b"\0", answers={"data file": b""})
    with pytest.raises(OutcomeUnknown, match=r"broke in \(it answered 0\) after \d+ octets"):
        await delivered(daemon, DOCUMENT)


@pytest.mark.parametrize("document", [DOCUMENT, DOCUMENT[:300_000]], ids=["large", "all in the kernel"])
async def test_a_closed_window_is_noticed_even_when_the_kernel_took_everything(
    daemon: LpdDevice, document: bytes
) -> None:
    daemon.manners = LpdManners(data=Manners(stall_after=1000))
    with pytest.raises(OutcomeUnknown, match=r"took nothing for 0\.5 s after \d+ octets"):
        await delivered(daemon, document)


async def test_a_daemon_given_up_gets_nothing_more_behind_our_back(daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(data=Manners(stall_after=1000))
    with pytest.raises(OutcomeUnknown):
        await delivered(daemon, DOCUMENT[:300_000])
    daemon.resume()
    job = await daemon.job()
    assert job.ended == "lost"
    assert job.size < 300_000


async def test_a_slow_daemon_that_keeps_taking_is_never_given_up(daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(data=Manners(drip=4000, drip_every=0.02))
    assert await delivered(daemon, DOCUMENT[:600_000]) == Receipt(None)
    assert (await daemon.job()).data == DOCUMENT[:600_000]


@pytest.mark.parametrize(
    ("chunks", "sentence"),
    [
        ((SMALL[:1000], SourceBroken("the client cut")), "the client cut"),
        ((SMALL[:1000],), "ended after 1000 of 30000 octets"),
        ((SMALL, b"more"), "more than the 30000 octets"),
    ],
    ids=["breaks", "too short", "too long"],
)
async def test_a_document_that_is_not_what_was_promised_ends_with_a_reset(
    daemon: LpdDevice, chunks: tuple[bytes | Exception, ...], sentence: str
) -> None:
    with pytest.raises(SourceBroken, match=sentence):
        await transport_to(daemon).deliver(parcel(size=len(SMALL)), in_chunks(*chunks), Marks())
    job = await daemon.job()
    assert job.promised == len(SMALL)


async def test_a_cancelled_delivery_ends_with_a_reset(daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(data=Manners(stall_after=1000))
    patient = LpdTransport(device(daemon.uri), TransportSettings())
    sending = patient.deliver(parcel(size=len(DOCUMENT)), in_chunks(DOCUMENT), Marks())
    delivery = asyncio.create_task(sending)
    await daemon.receiving(1000)
    delivery.cancel()
    await asyncio.wait([delivery])
    assert delivery.cancelled()
    daemon.resume()
    assert (await daemon.job()).ended == "lost"


# ── what it is told ──


async def test_pjl_goes_around_the_document_and_its_octets_are_counted(daemon: LpdDevice) -> None:
    copies = attribute(A.COPIES, 3)
    sent = parcel(size=len(SMALL), template=(copies,))
    await transport_to(daemon, pjl=True).deliver(sent, in_chunks(SMALL), Marks())
    job = await daemon.job()
    assert job.promised == job.size > len(SMALL)
    assert job.data.count(b"@PJL SET COPIES=3\r\n") == 1
    assert sum(line.startswith("l") for line in job.lines) == 1


async def test_a_daemon_without_pjl_is_asked_for_copies_in_the_control_file(daemon: LpdDevice) -> None:
    sent = parcel(size=len(SMALL), template=(attribute(A.COPIES, 3),))
    await transport_to(daemon).deliver(sent, in_chunks(SMALL), Marks())
    job = await daemon.job()
    assert job.data == SMALL
    assert job.lines.count(f"l{job.data_name}") == 3


# ── asked about itself ──


async def test_a_daemon_that_sleeps_is_unreachable_and_takes_the_job_when_it_wakes(daemon: LpdDevice) -> None:
    transport, marks = transport_to(daemon), Marks()
    sent = parcel(size=len(SMALL))
    await daemon.sleep()
    with pytest.raises(Unreachable, match="cannot be reached"):
        await transport.deliver(sent, in_chunks(SMALL), marks)
    with pytest.raises(Unreachable):
        await transport.probe()
    assert marks.made == []
    daemon.wake()
    await transport.deliver(sent, in_chunks(SMALL), marks)
    assert (await daemon.job()).data == SMALL


async def test_what_it_says_of_its_queue_is_shown_in_one_plain_line(daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(state=b"lp is \x1b[31mready\r\nRank Owner\n" + b"x" * 100_000)
    report = await transport_to(daemon).probe()
    assert (report.state, report.message) == (PrinterState.IDLE, "lp is [31mready")
    assert daemon.commands == [b"\3lp "]


async def test_a_watched_daemon_is_asked_for_its_state_alone_a_new_one_whether_it_takes_jobs(
    daemon: LpdDevice,
) -> None:
    daemon.manners = LpdManners(answers={"job": b"\1"})
    assert (await transport_to(daemon).probe()).state is PrinterState.IDLE
    with pytest.raises(Refused, match=r"refused a job for the queue lp \(it answered 1\)"):
        await transport_to(daemon, ask_queue=True).probe()
    assert daemon.commands == [b"\3lp ", b"\3lp ", b"\2lp"]
    assert daemon.jobs == []


@pytest.mark.parametrize("manners", [LpdManners(state=b""), LpdManners(close_at="state"), LpdManners(cut_at="state")])
async def test_a_daemon_that_says_nothing_of_its_queue_is_offered_a_job(daemon: LpdDevice, manners: LpdManners) -> None:
    daemon.manners = manners
    assert (await transport_to(daemon).probe()).message == ""
    assert daemon.commands == [b"\3lp ", b"\2lp"]


async def test_a_daemon_that_answers_nothing_at_all_is_unreachable() -> None:
    async with LpdDevice(manners=LpdManners(state=b"", silent_at="job")) as daemon:
        with pytest.raises(Unreachable, match=r"did not acknowledge a job for the queue lp within 0\.3 s"):
            await transport_to(daemon).probe()


async def test_no_job_is_looked_for(daemon: LpdDevice) -> None:
    sent: Parcel = parcel(size=5)
    with pytest.raises(OutcomeUnknown, match="cannot say what became of job 7"):
        await transport_to(daemon).find(sent)
    with pytest.raises(Unreachable):
        await transport_to(daemon).sight(1)
    assert daemon.commands == []
