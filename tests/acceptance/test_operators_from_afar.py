"""Operators run queues over ipps, workers and devices follow; and CUPS prints over ipps."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import JobState, Operation, PrinterState, attribute
from ippgate.ipp.registry import attributes as A
from tests.acceptance.conftest import LOGIN, PASSWORD, Adding
from tests.rig.command import run
from tests.rig.cupsd import Cupsd
from tests.rig.documents import PDF
from tests.rig.embedded import Embedded18
from tests.rig.eventually import eventually
from tests.rig.gate import COMMAND, Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.where import directory

PAGE = PDF.read_bytes()
STATE = (A.PRINTER_STATE, A.PRINTER_STATE_REASONS)


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


async def state_of(gate: Gate, queue: str) -> tuple[int | None, list[str]]:
    printer = await gate.client().printer(queue, *STATE)
    assert printer is not None
    return printer.integer(A.PRINTER_STATE), list(printer.texts(A.PRINTER_STATE_REASONS))


async def test_a_queue_is_paused_over_ipps_and_resumed_at_the_command_line(
    gate: Gate, device: HostileDevice, add_queue: Adding, add_device: Adding, operator: str
) -> None:
    queue = await add_queue("passthrough", await add_device(device.uri))
    olga, jake = gate.secure_client(operator, LOGIN), gate.client()
    assert (await olga.ask(Operation.PAUSE_PRINTER, queue=queue)).ok
    assert await state_of(gate, queue) == (PrinterState.STOPPED, ["paused"])
    job_id = await jake.print(queue, PAGE)
    assert (await jake.job(job_id)).state == JobState.PENDING
    assert device.jobs == {}
    assert (await gate.cli("queue", "resume", queue)).out == f"The queue {queue} goes on.\n"
    assert (await jake.wait(job_id)).state == JobState.COMPLETED
    assert (await state_of(gate, queue))[0] == PrinterState.IDLE


async def test_an_operator_cancels_the_current_job_of_somebody_else(
    gate: Gate, device: HostileDevice, add_queue: Adding, add_device: Adding, operator: str
) -> None:
    device.printer.at_once = False
    queue = await add_queue("passthrough", await add_device(device.uri))
    job_id = await gate.client().print(queue, PAGE)
    await gate.client().wait(job_id, JobState.PROCESSING)
    assert (await gate.secure_client(operator, LOGIN).ask(Operation.CANCEL_CURRENT_JOB, queue=queue)).ok
    seen = await gate.client().wait(job_id)
    assert (seen.state, seen.reasons) == (JobState.CANCELED, ("job-canceled-by-operator",))


async def test_cups_prints_over_ipps(gate: Gate, cupsd: Cupsd, add_queue: Adding) -> None:
    queue = await add_queue()
    await cupsd.lpadmin("secure", gate.tls_uri(queue).replace("127.0.0.1", "localhost"), everywhere=True)
    job = await cupsd.lp("secure", PDF, user="anna")
    assert (await cupsd.wait_for(job)).state == "completed"
    [held] = await gate.client("anna").jobs(queue=queue)
    assert held.state == JobState.PENDING_HELD
    asked = attribute(A.REQUESTED_ATTRIBUTES, A.JOB_URI, A.JOB_PRINTER_URI)
    answer = await gate.secure_client("anna").ask(
        Operation.GET_JOB_ATTRIBUTES, attribute(A.JOB_ID, held.id), asked, queue=queue
    )
    assert answer.jobs[0].text(A.JOB_URI) == f"ipps://127.0.0.1:{gate.tls_port}/jobs/{held.id}"
    assert answer.jobs[0].text(A.JOB_PRINTER_URI) == gate.tls_uri(queue)


async def test_operators_are_made_changed_and_removed_at_the_command_line(
    gate: Gate, services: Services, add_queue: Adding
) -> None:
    queue = await add_queue()

    async def asked(password: str) -> int:
        client = gate.secure_client("otto", f"otto:{password}")
        return (await client.ask(Operation.PAUSE_PRINTER, queue=queue)).http

    async def typed(*words: str, line: str) -> str:
        done = await run(*COMMAND, "operator", *words, env=gate.env, stdin=f"{line}\n".encode(), check=False)
        return done.out + done.err

    assert "The operator otto is there" in await typed("add", "otto", line=PASSWORD)
    assert "there is an operator otto already" in await typed("add", "otto", line=PASSWORD)
    assert "8 characters at least" in await typed("add", "short", line="short")
    assert "no password was given" in await typed("add", "short", line="")
    assert "otto" in [row["name"] for row in await gate.told("operator", "list")]
    assert PASSWORD not in (await gate.cli("operator", "list", "--json")).out
    assert await asked(PASSWORD) == 200
    assert "is changed" in await typed("password", "otto", line="another one altogether")

    async def forgotten() -> bool:
        return await asked(PASSWORD) == 401

    await eventually(forgotten, "the old password to be worth nothing")
    assert await asked("another one altogether") == 200
    assert (await gate.cli("operator", "remove", "otto")).out == "The operator otto is gone.\n"

    async def gone() -> bool:
        return await asked("another one altogether") == 401

    await eventually(gone, "the operator to be forgotten")
    assert await gate.refused("operator", "remove", "otto") == "there is no operator otto"
    assert PASSWORD not in gate.said()
    assert "otto" not in [account.name for account in await services.operators.accounts()]


async def test_several_workers_share_the_port_of_tls_and_know_the_same(rig_dir: Path, embedded18: Embedded18) -> None:
    dsn = embedded18.new_database()
    async with Gate(directory(rig_dir / "several"), dsn=dsn, options=("--workers", "2")) as gate:
        await gate.crew(2)
        assert [line["event"] for line in gate.log("certificate.made")] == ["certificate.made"]
        async with gate.inside() as services:
            await services.operators.add("olga", PASSWORD)
        await gate.cli("queue", "add", "followme")
        olga = gate.secure_client("olga", LOGIN)

        async def stopped_everywhere() -> bool:
            states = [await state_of(gate, "followme") for _ in range(12)]
            return all(state == (PrinterState.STOPPED, ["paused"]) for state in states)

        async def known() -> bool:
            return (await olga.ask(Operation.PAUSE_PRINTER, queue="followme")).ok

        await eventually(known, "the queue to be known")
        await eventually(stopped_everywhere, "every worker to tell that the queue is paused")
        for _ in range(12):
            assert (await olga.ask(Operation.GET_JOBS, queue="followme")).ok


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_server_does_not_start_on_a_certificate_that_will_not_do(rig_dir: Path, workers: str) -> None:
    gate = Gate(rig_dir)
    env = {**gate.env, "IPPGATE_SERVER_TLS_CERTIFICATE": str(rig_dir / "missing.crt")}
    done = await run(*COMMAND, "serve", "--workers", workers, env=env, check=False)
    assert (done.code, done.out) == (1, ""), done
    assert f"ippgate: {rig_dir / 'missing.crt'}: no such file or directory" in done.err
