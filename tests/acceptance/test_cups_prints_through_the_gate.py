"""The main job: somebody adds the gate to CUPS and prints; the gate holds; an operator or a panel releases; a real
device gets exactly the octets that CUPS had sent.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from ippgate.app import Gate as Services
from ippgate.document.pjl import UEL
from ippgate.ipp import JobState
from tests.acceptance.conftest import Adding
from tests.rig.cups_clients import CupsClients
from tests.rig.cupsd import Cupsd
from tests.rig.documents import LONG_PDF, PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.pjl_device import PjlDevice
from tests.rig.sink import Manners, Sink, SinkJob

SOURCE = "cups"
PAGES = 3
"""What the printer says that it printed, whatever the document."""


async def held(gate: Gate, queue: str, count: int = 1) -> list[int]:
    """Wait until so many jobs are held in a queue; their ids, oldest first."""

    async def there() -> list[int]:
        jobs = await gate.client().jobs(queue=queue)
        held = [
            job.id for job in jobs if job.state == JobState.PENDING_HELD and job.reasons == ("job-held-for-release",)
        ]
        return held if len(held) == count else []

    return await eventually(there, f"{count} held jobs in {queue}")


def digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


async def test_a_pdf_is_held_released_and_printed_by_ippeveprinter(
    gate: Gate, cupsd: Cupsd, printers: Callable[..., IppEvePrinter], add_queue: Adding, new_name: Callable[[str], str]
) -> None:
    printer, queue, device = printers(impressions=PAGES), await add_queue(), new_name("printer")
    assert "is registered: idle" in (await gate.cli("device", "add", device, printer.uri)).out
    await cupsd.lpadmin(SOURCE, gate.uri(queue), everywhere=True)

    first = await cupsd.lp(SOURCE, PDF, user="anna", title="A page")
    second = await cupsd.lp(SOURCE, LONG_PDF, user="anna", title="More pages")
    by_command, by_panel = await held(gate, queue, 2)
    for job in (first, second):  # a held job does not keep CUPS's own queue
        assert (await cupsd.wait_for(job)).state == "completed"
    assert printer.kept() == []

    done = await gate.cli("job", "release", by_command, "--device", device)
    assert done.out.startswith(f"Job {by_command} is pending at {device}"), done
    assert (await printer.kept_document(1)).read_bytes() == cupsd.sent(first)

    uuid = (await gate.told("device", "show", device))["uuid"]
    answer = await gate.client("anna").release(by_panel, uuid)
    assert answer.ok, answer
    assert (await printer.kept_document(2)).read_bytes() == cupsd.sent(second)

    for job_id, cups_job in ((by_command, first), (by_panel, second)):
        seen = await gate.client("anna").wait(job_id)
        assert (seen.state, seen.impressions) == (JobState.COMPLETED, PAGES)
        story = await gate.told("job", "show", job_id)
        assert (story["state"], story["impressions"], story["user"]) == ("completed", PAGES, "anna")
        [document] = story["documents"]
        assert document["sha256"] == digest(cupsd.sent(cups_job))
        [attempt] = story["attempts"]
        assert (attempt["device"], attempt["outcome"], attempt["impressions"]) == (device, "complete", PAGES)


async def test_a_raw_device_gets_the_document_between_pjl_lines(
    gate: Gate, cupsd: Cupsd, sink: Sink, add_queue: Adding, new_name: Callable[[str], str]
) -> None:
    sink.manners = Manners(pjl=PjlDevice(model="Rig LaserJet 9100"))
    queue, device = await add_queue(), new_name("raw")
    assert "(Rig LaserJet 9100) is registered: idle" in (await gate.cli("device", "add", device, sink.uri)).out
    await cupsd.lpadmin(SOURCE, gate.uri(queue), everywhere=True)
    options = {"sides": "two-sided-long-edge", "print-color-mode": "monochrome"}
    job = await cupsd.lp(SOURCE, PDF, user="anna", title='Ångström "1"', copies=2, options=options)
    [job_id] = await held(gate, queue)
    await gate.cli("job", "release", job_id, "--device", device)

    def printed() -> list[SinkJob]:  # the others are questions about the device's state
        return [one for one in sink.jobs if one.ended == "whole" and b"@PJL JOB" in one.data]

    [received] = await eventually(printed, "a job at the raw device")
    before, document, after = parts(received.data, cupsd.sent(job))
    assert document == cupsd.sent(job)
    assert before[:1] == [b"@PJL"]
    assert set(before) >= {
        b"@PJL JOB NAME=\"Angstrom '1'\"",
        b'@PJL SET USERNAME="anna"',
        b"@PJL SET COPIES=2",
        b"@PJL SET DUPLEX=ON",
        b"@PJL SET BINDING=LONGEDGE",
        b"@PJL SET RENDERMODE=GRAYSCALE",
    }
    assert after == [b"@PJL", b"@PJL RESET", b"@PJL EOJ NAME=\"Angstrom '1'\""]
    seen = await gate.client("anna").wait(job_id)
    assert seen.state == JobState.COMPLETED
    assert "queued-in-device" in seen.reasons


async def test_several_files_are_one_job_and_come_out_in_their_order_once(
    gate: Gate, printers: Callable[..., IppEvePrinter], second_cupsd: Cupsd, sink: Sink,
    add_queue: Adding, new_name: Callable[[str], str], rig_dir: Path,
) -> None:  # fmt: skip
    """`lp` on the gate itself, without a CUPS of its own between: to a printer that takes one document in a job, and to
    one that takes several.
    """
    eve, queue, cups = printers(impressions=PAGES), await add_queue(), new_name("cups")
    await second_cupsd.lpadmin("paper", sink.uri)
    one = new_name("one")
    await gate.cli("device", "add", one, eve.uri)
    await gate.cli("device", "add", cups, second_cupsd.uri("paper"))
    clients = CupsClients(f"127.0.0.1:{gate.port}", rig_dir)
    for _ in range(2):
        await clients.lp(queue, PDF, LONG_PDF, user="anna", title="Two files")
    at_one, at_several = await held(gate, queue, 2)
    assert len((await gate.told("job", "show", at_one))["documents"]) == 2
    await gate.cli("job", "release", at_one, "--device", one)
    await gate.cli("job", "release", at_several, "--device", cups)
    for number, file in enumerate((PDF, LONG_PDF), 1):
        assert (await eve.kept_document(number)).read_bytes() == file.read_bytes()
    for job_id in (at_one, at_several):
        assert (await gate.client("anna").wait(job_id)).state == JobState.COMPLETED
    assert (await sink.job()).data == PDF.read_bytes() + LONG_PDF.read_bytes()  # CUPS sends a job's files one by one
    assert (len(eve.kept()), len(sink.jobs)) == (2, 1)


async def test_a_queue_of_another_cups_is_a_device(
    gate: Gate, cupsd: Cupsd, second_cupsd: Cupsd, sink: Sink, add_queue: Adding, new_name: Callable[[str], str]
) -> None:
    await second_cupsd.lpadmin("paper", sink.uri)
    queue, device = await add_queue(), new_name("cups")
    await gate.cli("device", "add", device, second_cupsd.uri("paper"))
    await cupsd.lpadmin(SOURCE, gate.uri(queue), everywhere=True)
    job = await cupsd.lp(SOURCE, PDF, user="anna")
    [job_id] = await held(gate, queue)
    await gate.cli("job", "release", job_id, "--device", device)
    assert (await sink.job()).data == cupsd.sent(job)
    seen = await gate.client("anna").wait(job_id)
    assert seen.state == JobState.COMPLETED
    [attempt] = (await gate.told("job", "show", job_id))["attempts"]
    assert attempt["device_job_id"] is not None


async def test_what_a_passthrough_queue_takes_from_cups_prints_without_anybody(
    gate: Gate, services: Services, cupsd: Cupsd, ippeveprinter: IppEvePrinter, add_queue: Adding, add_device: Adding
) -> None:
    queue = await add_queue("passthrough", await add_device(ippeveprinter.uri))
    await cupsd.lpadmin(SOURCE, gate.uri(queue), everywhere=True)
    job = await cupsd.lp(SOURCE, PDF, user="anna")
    assert (await ippeveprinter.kept_document()).read_bytes() == cupsd.sent(job)
    seen = await cupsd.wait_for(job)
    assert (seen.state, seen.impressions) == ("completed", 1)


def parts(data: bytes, document: bytes) -> tuple[list[bytes], bytes, list[bytes]]:
    """The PJL lines before a document, the octets between them and the last PJL lines, and those lines."""
    start = len(data) - len(data.removeprefix(UEL))
    assert start, data[:40]
    while data.startswith(b"@PJL", start):
        start = data.index(b"\n", start) + 1
    end = data.rindex(UEL, 0, len(data) - len(UEL))
    assert data.endswith(UEL), data[-40:]
    assert end - start == len(document)
    lines = (data[len(UEL) : start], data[end + len(UEL) : -len(UEL)])
    before, after = ([line.rstrip(b"\r") for line in text.split(b"\n") if line] for text in lines)
    return before, data[start:end], after
