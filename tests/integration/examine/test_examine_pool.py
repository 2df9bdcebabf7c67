"""Documents are examined in processes of their own: what a hostile one does to its process is its own affair."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from ippgate.document.examination import EMPTY, UNRECOGNISED
from ippgate.document.sniff import PDF
from ippgate.examine import Examiners, ExamineSettings
from ippgate.examine.message import At, Done, Found, Next, Ready, said
from ippgate.examine.pool import BUSY, CONFUSED, MEMORY, NO_PROCESS
from ippgate.examine.process import Process
from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.model.facts import DocumentFacts
from tests.rig.documents import JPEG, LONG_PDF, random_document
from tests.rig.documents import PDF as A_PDF
from tests.rig.eventually import eventually
from tests.rig.odd_pdf import HOSTILE, endless_tiles, kids, many_forms, pages, stream
from tests.rig.whole import FRAME, InMemory

GOOD = A_PDF.read_bytes()
QUICK = ExamineSettings(processes=2, seconds=1.5, memory=384 * 1024**2)
PAGE = b"%%Page: 1 1\nshowpage\n"
POSTSCRIPT = b"%!PS-Adobe-3.0\n" + (PAGE + b"% drawn\n" * 100_000) * 8 + b"%%EOF\n"


@pytest.fixture
async def examiners() -> AsyncIterator[Examiners]:
    async with Examiners(QUICK) as examiners:
        yield examiners


async def good(examiners: Examiners) -> None:
    facts = await examiners.examine(InMemory(GOOD))
    assert (facts.document_format, facts.pages, facts.color_pages) == (PDF, 1, 1)


def pids(examiners: Examiners) -> list[int]:
    return [process.pid for process in examiners._all if process.alive]


async def one_pid(examiners: Examiners) -> int:
    return (await eventually(lambda: pids(examiners), "a process"))[0]


async def test_a_process_examines_one_document_after_another(examiners: Examiners) -> None:
    assert (await examiners.examine(InMemory(LONG_PDF.read_bytes()))).color_pages == 2
    assert (await examiners.examine(InMemory(JPEG.read_bytes()))).color_pages == 1
    assert (await examiners.examine(InMemory(b"hello\f"))).pages == 1
    await good(examiners)
    assert len(pids(examiners)) == 1


async def test_what_is_not_recognised_needs_no_process(examiners: Examiners) -> None:
    document = InMemory(random_document(5 * FRAME))
    assert await examiners.examine(document) == UNRECOGNISED
    assert (document.chunks_read, document.closed) == (1, True)
    assert await examiners.examine(InMemory(b"")) == EMPTY
    assert pids(examiners) == []


async def test_a_large_document_is_read_piece_by_piece(examiners: Examiners) -> None:
    document = InMemory(POSTSCRIPT)
    facts = await examiners.examine(document)
    assert (facts.pages, facts.unknown) == (8, "")
    assert document.chunks_read == len(POSTSCRIPT) // FRAME + 1
    assert document.closed


@pytest.mark.parametrize("chunk", [777, 70_000, 3 * FRAME])
async def test_pieces_of_any_size_will_do(examiners: Examiners, chunk: int) -> None:
    octets = POSTSCRIPT[: 2 * FRAME]
    assert await examiners.examine(InMemory(octets, chunk=chunk)) == await examiners.examine(InMemory(octets))


async def test_what_can_not_change_the_facts_is_not_read(examiners: Examiners) -> None:
    document = InMemory(b"line\n" * (5 * FRAME))
    assert (await examiners.examine(document)).pages is None
    assert document.chunks_read == 1


async def test_of_a_large_pdf_only_what_is_needed_is_read(examiners: Examiners) -> None:
    attached = random.Random(1).randbytes(20 * FRAME)
    octets = pages(kids(3, 4, 5), n6=stream(attached))
    document = InMemory(octets)
    facts = await examiners.examine(document)
    assert (facts.pages, facts.color_pages) == (3, 0)
    assert document.chunks_read == 1
    assert len(document.read) < 8
    assert all(offset % FRAME == 0 and length <= FRAME for offset, length in document.read)


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_document_that_runs_in_circles_ends(examiners: Examiners, what: str) -> None:
    facts = await examiners.examine(InMemory(HOSTILE[what]))
    assert facts.document_format == PDF
    assert facts.pages is not None or facts.unknown
    await good(examiners)


async def test_a_document_that_takes_too_long_is_given_up(examiners: Examiners) -> None:
    await good(examiners)
    before = pids(examiners)
    facts = await examiners.examine(InMemory(endless_tiles()))
    assert (facts.pages, facts.color_pages) == (1, None), "the count was told before the page was drawn"
    await good(examiners)
    assert not set(before) & set(pids(examiners))


async def test_a_document_that_never_arrives_is_given_up(examiners: Examiners) -> None:
    class Stuck(InMemory):
        async def read_at(self, offset: int, length: int) -> bytes:
            await asyncio.Event().wait()
            return b""

    facts = await examiners.examine(Stuck(b"%PDF-1.7\n" + bytes(2 * FRAME)))
    assert facts == DocumentFacts(PDF, unknown="it took longer than 1.5 s to examine")
    await good(examiners)


async def test_a_document_of_many_pages_is_counted_though_not_all_are_drawn(examiners: Examiners) -> None:
    facts = await examiners.examine(InMemory(pages(kids(*[3] * 20_000))))
    assert (facts.pages, facts.color_pages, facts.unknown) == (20_000, None, "")
    assert len(pids(examiners)) == 1, "the process stopped by itself"


async def test_more_pages_than_allowed_are_unknown() -> None:
    async with Examiners(ExamineSettings(max_pages=3)) as examiners:
        for octets in (pages(kids(3, 4, 5, 3)), b"x\f" * 4):
            facts = await examiners.examine(InMemory(octets))
            assert facts.pages is None
            assert "more than 3" in facts.unknown or facts.unknown == "the PDF is damaged"


@pytest.mark.parametrize("deep", [12, 30])
async def test_a_document_that_needs_too_much_memory_is_given_up(examiners: Examiners, deep: int) -> None:
    facts = await examiners.examine(InMemory(many_forms(deep=deep, wide=10)))
    assert (facts.pages, facts.color_pages) == (1, None)
    await good(examiners)


async def test_a_process_that_is_killed_costs_its_document_only(examiners: Examiners) -> None:
    class Deadly(InMemory):
        async def chunks(self) -> AsyncGenerator[bytes, None]:
            async for chunk in super().chunks():
                if self.chunks_read == 3:
                    os.kill(await one_pid(examiners), signal.SIGKILL)
                yield chunk

    facts = await examiners.examine(Deadly(POSTSCRIPT))
    assert facts == DocumentFacts("application/postscript", unknown=MEMORY)
    await good(examiners)


async def test_a_process_that_died_while_it_waited_costs_nothing(examiners: Examiners) -> None:
    await good(examiners)
    os.kill(await one_pid(examiners), signal.SIGKILL)
    await good(examiners)
    await good(examiners)


async def test_good_documents_beside_hostile_ones_are_answered(examiners: Examiners) -> None:
    hostile = [many_forms(deep=30, wide=10), endless_tiles(), *list(HOSTILE.values())[:4]]
    async with asyncio.TaskGroup() as tasks:
        for octets in hostile:
            tasks.create_task(examiners.examine(InMemory(octets)))
        answers = [tasks.create_task(examiners.examine(InMemory(GOOD))) for _ in range(20)]
    assert {task.result().pages for task in answers} == {1}
    assert len(pids(examiners)) <= QUICK.processes


NONSENSE = {
    "a message without end": b"\xff\xff\xff\xff",
    "no message": b"\0\0\0\1\xc1",
    "ready twice": said(Ready()),
    "a stretch beyond the end": said(At(1 << 40, 5)),
    "a stretch between two edges": said(At(5, 5)),
    "a stretch of nothing": said(At(0, 0)),
    "facts that can't be": said(Done(DocumentFacts(pages=-1))),
}


@pytest.mark.parametrize("what", NONSENSE)
async def test_a_process_that_says_nonsense_is_ended(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    impostors(monkeypatch, NONSENSE[what])
    async with Examiners(QUICK) as examiners:
        facts = await examiners.examine(InMemory(GOOD))
        assert facts == DocumentFacts(PDF, unknown=CONFUSED)
        await eventually(lambda: not pids(examiners), "its end")


async def test_a_process_that_talks_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    impostors(monkeypatch, said(Found(DocumentFacts(PDF, pages=7))) * 5 + said(Next()) * 1000)
    async with Examiners(QUICK) as examiners:
        assert (await examiners.examine(InMemory(GOOD))).pages == 7
        await eventually(lambda: not pids(examiners), "its end")


async def test_a_mishap_of_an_examiner_is_the_document_s_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    impostors(monkeypatch, said(Done(DocumentFacts(PDF, unknown="it could not be examined"), "KeyError")))
    async with Examiners(QUICK) as examiners:
        assert (await examiners.examine(InMemory(GOOD))).unknown == "it could not be examined"
        assert len(pids(examiners)) == 1


@pytest.mark.parametrize("instead", ["/nowhere/python", "/bin/false"])
async def test_where_no_process_starts_documents_are_unknown(monkeypatch: pytest.MonkeyPatch, instead: str) -> None:
    monkeypatch.setattr(sys, "executable", instead)
    async with Examiners(QUICK) as examiners:
        assert await examiners.examine(InMemory(GOOD)) == DocumentFacts(PDF, unknown=NO_PROCESS)


def impostors(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """Processes that say they are ready, and this to every document."""
    code = (
        "import os,sys;os.write(1,bytes.fromhex(sys.argv[1]));os.read(0,1<<20);os.write(1,bytes.fromhex(sys.argv[2]))"
    )
    pipe = asyncio.subprocess.PIPE

    async def start(_memory: int, _nice: int) -> Process:
        words = (
            "-c",
            f"{code};os.read(0,9);[os.read(0,1<<20) for _ in iter(int,1)]",
            said(Ready()).hex(),
            answer.hex(),
        )
        process = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=pipe, stdout=pipe)
        return Process(process, os.memfd_create("tray"))

    monkeypatch.setattr(Process, "start", start)


async def test_no_more_documents_wait_than_may() -> None:
    class Slow(InMemory):
        async def read_at(self, offset: int, length: int) -> bytes:
            await go.wait()
            return await super().read_at(offset, length)

    go = asyncio.Event()
    async with Examiners(ExamineSettings(processes=1, waiting=2)) as examiners, asyncio.TaskGroup() as tasks:
        slow = tasks.create_task(examiners.examine(Slow(pages(kids(3), n6=stream(bytes(2 * FRAME))))))
        await eventually(examiners._room.locked, "the first to begin")
        waiting = [tasks.create_task(examiners.examine(InMemory(GOOD))) for _ in range(2)]
        await eventually(lambda: examiners._waiting == 2, "two to wait")
        assert await examiners.examine(InMemory(GOOD)) == DocumentFacts(PDF, unknown=BUSY)
        go.set()
        assert (await slow).pages == 1
        assert {(await task).pages for task in waiting} == {1}


async def test_who_stops_waiting_leaves_nothing_behind(examiners: Examiners) -> None:
    document = InMemory(endless_tiles())
    task = asyncio.ensure_future(examiners.examine(document))
    pid = await one_pid(examiners)
    await eventually(lambda: not examiners._idle, "the examination")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert document.closed
    await eventually(lambda: pid not in pids(examiners), "its end")
    await good(examiners)


async def test_what_the_document_s_store_raises_is_raised(examiners: Examiners) -> None:
    class Damaged(InMemory):
        async def read_at(self, offset: int, length: int) -> bytes:
            raise DocumentDamaged("a frame does not open")

    with pytest.raises(DocumentDamaged):
        await examiners.examine(Damaged(b"%PDF-1.7\n" + bytes(2 * FRAME)))
    await good(examiners)


async def test_a_document_shorter_than_it_was_said_to_be_is_damaged(examiners: Examiners) -> None:
    for size in (len(GOOD) * 2, 3 * FRAME):
        assert (await examiners.examine(InMemory(GOOD, size=size))).document_format == PDF
    await good(examiners)


async def test_closing_ends_everything() -> None:
    async with Examiners(ExamineSettings()) as examiners:
        under_way = asyncio.ensure_future(examiners.examine(InMemory(endless_tiles())))
        pid = await one_pid(examiners)
        await eventually(lambda: any(process.found for process in examiners._all), "the examination")
    with pytest.raises(Unavailable):
        await under_way
    with pytest.raises(Unavailable):
        await examiners.examine(InMemory(GOOD))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_process_is_replaced_after_so_many_documents() -> None:
    async with Examiners(ExamineSettings(documents=2)) as examiners:
        seen = set()
        for _ in range(6):
            await good(examiners)
            seen |= set(pids(examiners))
        assert len(seen) >= 3


async def test_a_process_has_given_up_what_it_does_not_need(examiners: Examiners) -> None:
    await good(examiners)
    proc = Path(f"/proc/{await one_pid(examiners)}")
    limits = {line[:26].strip(): line[26:].split()[0] for line in (proc / "limits").read_text().splitlines()[1:]}
    assert limits["Max address space"] == str(QUICK.memory)
    assert limits["Max core file size"] == limits["Max file size"] == "0"
    assert int(limits["Max open files"]) <= 32
    assert int(limits["Max cpu time"]) < 60
    status = dict(line.split(":\t", 1) for line in (proc / "status").read_text().splitlines() if ":\t" in line)
    assert status["NoNewPrivs"] == "1"


async def test_a_process_yields_to_others_as_far_as_it_is_told() -> None:
    async with Examiners(ExamineSettings(nice=19)) as patient:
        await good(patient)
        proc = Path(f"/proc/{await one_pid(patient)}")
        assert int((proc / "stat").read_text().rpartition(")")[2].split()[16]) == 19
        if (group := proc / "autogroup").exists():  # where the kernel weighs sessions
            assert group.read_text().split()[-1] == "19"


async def test_a_process_ends_when_nobody_listens_any_more() -> None:
    process = await Process.start(QUICK.memory)
    await process.ready()
    await asyncio.wait_for(process.gone(), 10)
    assert not process.alive
