"""Clients that were not written for the gate: python-ipp, and the command line clients of CUPS."""

import re
from pathlib import Path

import pytest
from pyipp import IPP
from pyipp.enums import IppOperation

from ippgate.ipp import JobState
from tests.acceptance.conftest import Adding
from tests.rig.cups_clients import CupsClients
from tests.rig.documents import PDF
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.where import directory


@pytest.fixture
def clients(gate: Gate, rig_dir: Path) -> CupsClients:
    """lp, lpstat and cancel, pointed at the gate itself."""
    return CupsClients(gate.host, directory(rig_dir / "home"))


async def test_pyipp_reads_a_queue(gate: Gate, add_queue: Adding) -> None:
    queue = await add_queue()
    async with IPP(host="127.0.0.1", port=gate.port, base_path=f"/ipp/print/{queue}") as client:
        printer = await client.printer()
    assert printer.state.printer_state == "idle"
    assert printer.info.printer_name == queue
    assert printer.info.printer_uri_supported == [gate.uri(queue)]
    assert "application/pdf" in await formats(gate, queue)


async def formats(gate: Gate, queue: str) -> list[str]:
    async with IPP(host="127.0.0.1", port=gate.port, base_path=f"/ipp/print/{queue}") as client:
        answer = await client.execute(IppOperation.GET_PRINTER_ATTRIBUTES, {"operation-attributes-tag": {}})
    [printer] = answer["printers"]
    return list(printer["document-format-supported"])


async def test_pyipp_sees_a_held_job(gate: Gate, add_queue: Adding) -> None:
    queue = await add_queue()
    job_id = await gate.client().print(queue, b"a page", name="A page")
    async with IPP(host="127.0.0.1", port=gate.port, base_path=f"/ipp/print/{queue}") as client:
        attributes = {"requested-attributes": ["job-id", "job-state", "job-state-reasons"]}
        answer = await client.execute(IppOperation.GET_JOBS, {"operation-attributes-tag": attributes})
    [job] = answer["jobs"]
    assert (job["job-id"], job["job-state"]) == (job_id, JobState.PENDING_HELD)
    assert job["job-state-reasons"] == "job-held-for-release"


async def test_lp_lpstat_and_cancel_work_on_the_gate(gate: Gate, clients: CupsClients, add_queue: Adding) -> None:
    queue, other = await add_queue(), await add_queue()
    job_id = await clients.lp(queue, PDF, user="anna", title="A page", options={"sides": "two-sided-long-edge"})
    elsewhere = await clients.lp(other, stdin=b"a page", user="anna")
    assert re.search(
        rf"^{queue}-{job_id} +anna +{-(-PDF.stat().st_size // 1024) * 1024} ", await clients.lpstat("-o"), re.MULTILINE
    )
    mine = await clients.lpstat("-o", queue)
    assert [line.split()[0] for line in mine.splitlines()] == [f"{queue}-{job_id}"]
    assert f"printer {queue} is idle.  enabled since" in await clients.lpstat("-p", queue)
    assert f"{queue} accepting requests since" in await clients.lpstat("-a", queue)
    assert "scheduler is running" in await clients.lpstat("-r")
    assert set(re.findall(r"device for (\S+):", await clients.lpstat("-v"))) >= {queue, other}

    refused = await clients.cancel(f"{queue}-{job_id}", user="eve", check=False)
    assert refused.code == 1, refused
    assert f"job {job_id} belongs to somebody else" in refused.err
    await clients.cancel(f"{queue}-{job_id}", user="anna")
    assert (await gate.client().job(job_id)).state == JobState.CANCELED
    assert f"{queue}-{job_id}" in await clients.lpstat("-W", "completed", "-o", queue)
    assert (await gate.client().job(elsewhere)).state == JobState.PENDING_HELD


async def test_lpstat_names_the_default_queue(gate: Gate, clients: CupsClients, add_queue: Adding) -> None:
    await add_queue()
    first = (await gate.told("queue", "list"))[0]["name"]
    assert (await clients.lpstat("-d")).strip() == f"system default destination: {first}"


async def test_cancel_ends_all_jobs_of_a_person_and_nobody_else_s(
    gate: Gate, clients: CupsClients, add_queue: Adding
) -> None:
    queue = await add_queue()
    mine = [await clients.lp(queue, stdin=b"a page", user="anna") for _ in range(2)]
    hers = await clients.lp(queue, stdin=b"a page", user="eve")
    await clients.cancel("-u", "anna", queue, user="anna")
    assert [(await gate.client().job(job_id)).state for job_id in mine] == [JobState.CANCELED] * 2
    assert (await gate.client().job(hers)).state == JobState.PENDING_HELD


async def test_lp_holds_a_job_for_a_passthrough_queue_and_lets_it_go(
    gate: Gate, clients: CupsClients, add_queue: Adding, add_device: Adding
) -> None:
    async with HostileDevice() as device:
        queue = await add_queue("passthrough", await add_device(device.uri))
        job_id = await clients.lp(queue, PDF, user="anna", options={"job-hold-until": "indefinite"})
        assert (await gate.client().job(job_id)).reasons == ("job-hold-until-specified",)
        assert device.jobs == {}
        await clients.resume(f"{queue}-{job_id}", user="anna")
        assert (await device.job()).document.data == PDF.read_bytes()
        assert (await gate.client().wait(job_id)).state == JobState.COMPLETED


async def test_lp_says_why_a_queue_is_unknown(clients: CupsClients) -> None:
    with pytest.raises(AssertionError, match=r"(?i)(no queue|does not exist)"):
        await clients.lp("absent", PDF)
