"""The private cupsd prints to real devices, and its clients work on it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rig.command import CommandError
from tests.rig.cupsd import Cupsd
from tests.rig.documents import PDF, random_document
from tests.rig.eventually import eventually
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.sink import Sink
from tests.rig.where import free_port
from tests.rig.wrk import wrk


async def test_a_raw_queue_brings_exactly_the_bytes_to_a_socket_device(
    cupsd: Cupsd, sink: Sink, tmp_path: Path
) -> None:
    document = tmp_path / "document"
    document.write_bytes(random_document(300_000))
    await cupsd.lpadmin("raw", sink.uri)
    job = await cupsd.lp("raw", document, user="anna")
    assert (await sink.job()).data == document.read_bytes()
    assert (await cupsd.wait_for(job)).state == "completed"
    assert cupsd.sent(job) == document.read_bytes()


async def test_a_driverless_queue_prints_a_pdf_on_ippeveprinter(cupsd: Cupsd, ippeveprinter: IppEvePrinter) -> None:
    await cupsd.lpadmin("everywhere", ippeveprinter.uri, everywhere=True)
    job = await cupsd.lp("everywhere", PDF, user="anna", title="A page")
    seen = await cupsd.wait_for(job, "completed")
    kept = await ippeveprinter.kept_document()
    assert kept.read_bytes() == cupsd.sent(job)
    assert seen.impressions == 1
    assert cupsd.page_log() == [f"everywhere anna {job} total 1 1 A page"]


async def test_a_queue_of_a_second_cupsd_is_a_device(cupsd: Cupsd, second_cupsd: Cupsd, sink: Sink) -> None:
    await second_cupsd.lpadmin("raw", sink.uri)
    await cupsd.lpadmin("through", second_cupsd.uri("raw"))
    await cupsd.lp("through", stdin=b"print me", options=["raw"])
    assert (await sink.job()).data == b"print me"


async def test_a_driver_queue_prints_postscript_into_a_file(cupsd: Cupsd, rig_dir: Path) -> None:
    paper = rig_dir / "paper"
    paper.write_bytes(b"")
    await cupsd.lpadmin("file", f"file://{paper}", model="drv:///sample.drv/generic.ppd")
    await cupsd.wait_for(await cupsd.lp("file", PDF), "completed")
    assert paper.read_bytes().startswith(b"%!PS-Adobe-3.0")


async def test_lp_lpstat_and_cancel_work_on_a_host(cupsd: Cupsd, sink: Sink) -> None:
    await cupsd.lpadmin("raw", sink.uri)
    job = await cupsd.lp("raw", PDF, user="anna", options={"job-hold-until": "indefinite"})
    assert f"raw-{job}" in await cupsd.lpstat("-o", "raw")
    assert await cupsd.job_state(job) == "pending-held"
    await cupsd.cancel(f"raw-{job}", user="anna")
    assert await cupsd.job_state(job) == "canceled"
    assert not sink.jobs


async def test_held_jobs_and_queues_outlive_a_restart(cupsd: Cupsd, sink: Sink) -> None:
    await cupsd.lpadmin("raw", sink.uri)
    job = await cupsd.lp("raw", PDF, options={"job-hold-until": "indefinite"})
    cupsd.restart()
    assert await cupsd.job_state(job) == "pending-held"


async def test_a_refused_command_shows_what_the_client_said(cupsd: Cupsd) -> None:
    with pytest.raises(CommandError, match="lp: Error - The printer or class does not exist"):
        await cupsd.lp("none", PDF)


async def test_a_driverless_queue_of_a_dead_printer_fails_and_names_it(cupsd: Cupsd) -> None:
    uri = f"ipp://127.0.0.1:{free_port()}/ipp/print"
    with pytest.raises(AssertionError, match=rf"of {uri}: Unable to connect to 127\.0\.0\.1:"):
        await cupsd.lpadmin("dead", uri, everywhere=True)


async def test_the_cupsd_of_the_benchmark_stands_load(rig_dir: Path) -> None:
    get_printers = (
        b"\x02\x00\x40\x02\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en\x03"
    )
    with Cupsd.for_bench(rig_dir / "bench") as cupsd:
        load = await wrk(f"http://{cupsd.host}/", get_printers, clients=4, seconds=1)
    assert load.requests > 0
    assert load.failures == 0
    assert 0 < load.p50 <= load.p99 <= load.longest


async def test_a_job_is_followed_at_a_printer_that_waits(cupsd: Cupsd, printers: Callable[..., IppEvePrinter]) -> None:
    printer = printers(behaviour="waits")
    await cupsd.lpadmin("slow", printer.uri, everywhere=True)
    job = await cupsd.lp("slow", PDF)
    await printer.printing()
    assert await cupsd.job_state(job) == "processing"
    printer.go()
    await eventually(lambda: "completed" in printer.log(), "the printer to finish")
    await cupsd.wait_for(job, "completed")
