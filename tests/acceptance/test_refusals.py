"""Every refusal over the wire, with its status and a sentence that helps; and the same at the command line.

What is wrong with a message itself (framing, groups, values, HTTP) is refused before any service is asked: the unit
tests of the doors have those, one by one.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import Operation, PrinterState
from tests.acceptance.conftest import LOGIN, Adding
from tests.acceptance.refusals import MOST, PAGE, REFUSALS, Stage
from tests.rig.embedded import Embedded18
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.where import directory

STRICT = {
    "IPPGATE_SPOOL_MAX_DOCUMENT": str(MOST),
    "IPPGATE_INTAKE_MAX_UPLOADS": "1",
    "IPPGATE_INTAKE_MAX_DOCUMENTS": "4",
    "IPPGATE_INTAKE_MULTIPLE_OPERATION_TIME_OUT": "3",
}


@pytest.fixture(scope="module")
def gate(rig: Path, embedded18: Embedded18) -> Iterator[Gate]:
    """A gate with narrow bounds, so that they are soon reached."""
    gate = Gate(directory(rig / "strict"), dsn=embedded18.new_database(), env=STRICT)
    try:
        yield gate.launch()
    finally:
        gate.leave()


@pytest.fixture
async def stage(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, operator: str
) -> AsyncIterator[Stage]:
    async with HostileDevice() as device:
        name = await add_device(device.uri)
        direct, holding = await add_queue("passthrough", name), await add_queue()
        olga = gate.secure_client(operator, LOGIN)
        yield Stage(gate, services, device, name, holding, direct, gate.client("jake"), gate.client("eve"), olga)


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_refusal_has_its_status_and_a_sentence_that_helps(stage: Stage, what: str) -> None:
    refusal = REFUSALS[what]
    answer = await refusal.ask(stage)
    assert answer.status == refusal.status, answer
    assert refusal.words in answer.sentence
    assert len(answer.sentence.encode()) <= 255
    assert [line for line in stage.gate.log() if line["level"] == "error"] == []


async def test_a_command_says_what_the_wire_says_and_fails_with_1(stage: Stage) -> None:
    stage.device.printer.state, stage.device.printer.state_reasons = PrinterState.STOPPED, ("media-jam-error",)
    job_id = await stage.held()
    answer = await stage.jake.release(job_id, await stage.uuid())
    sentence = await stage.gate.refused("job", "release", job_id, "--device", stage.device_name)
    assert sentence == answer.sentence
    assert "is stopped (media-jam-error)" in sentence
    assert stage.device.jobs == {}


async def test_commands_end_with_0_1_or_2(stage: Stage) -> None:
    job_id = await stage.jake.print(stage.holding, PAGE)
    done, failed, misused = await asyncio.gather(
        stage.gate.cli("job", "hold", job_id),
        stage.gate.cli("job", "release", job_id, "--device", "absent", check=False),
        stage.gate.cli("job", "release", check=False),
    )
    assert (done.code, done.err) == (0, "")
    assert (failed.code, failed.out, failed.err) == (1, "", "ippgate: there is no device absent\n")
    assert (misused.code, misused.out) == (2, "")
    assert "Name jobs, or --all --user NAME" in misused.err


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("", "Pause-Printer is for operators: log in with the name and password of an operator"),
        ("olga:wrong password", "That name and password are not those of an operator"),
        ("nobody:correct horse battery", "That name and password are not those of an operator"),
    ],
)
async def test_over_tls_whoever_is_no_operator_is_challenged(stage: Stage, login: str, words: str) -> None:
    answer = await stage.gate.secure_client("olga", login).ask(Operation.PAUSE_PRINTER, queue=stage.holding)
    assert (answer.http, answer.message) == (401, None)
    assert answer.sentence.startswith(words)
    assert not (await stage.services.fleet.queue(stage.holding)).paused
