"""Jobs that clients store (job-storage, PWG 5100.11-2024), from the request to the paper."""

from collections.abc import AsyncIterator

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import Attribute, JobState, Operation, Status, attribute
from ippgate.ipp.registry import attributes as A
from tests.acceptance.conftest import Adding
from tests.rig.documents import PDF
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice

PAGE = PDF.read_bytes()
ANNA, BORIS = "anna", "boris"


def storage(disposition: str, access: str = "owner", **more: str) -> Attribute:
    members = {A.JOB_STORAGE_ACCESS: access, A.JOB_STORAGE_DISPOSITION: disposition, **more}
    return attribute(A.JOB_STORAGE, members)


def job(job_id: int) -> Attribute:
    return attribute(A.JOB_ID, job_id)


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


@pytest.fixture
async def queue(device: HostileDevice, add_queue: Adding, add_device: Adding) -> str:
    return await add_queue("passthrough", await add_device(device.uri))


async def listed(gate: Gate, user: str, queue: str, which: str, *more: Attribute) -> list[int | None]:
    answer = await gate.client(user).ask(Operation.GET_JOBS, attribute(A.WHICH_JOBS, which), *more, queue=queue)
    assert answer.ok, answer
    return [each.integer(A.JOB_ID) for each in answer.jobs]


async def test_the_queue_says_so(gate: Gate, queue: str) -> None:
    told = await gate.client(ANNA).printer(queue)
    assert told is not None
    assert "job-storage" in told.texts(A.IPP_FEATURES_SUPPORTED)
    assert set(told.texts(A.JOB_STORAGE_ACCESS_SUPPORTED)) == {"owner", "group", "public"}
    assert {"print-and-store", "store-only"} <= set(told.texts(A.JOB_STORAGE_DISPOSITION_SUPPORTED))
    assert {"stored-owner", "stored-group", "stored-public"} <= set(told.texts(A.WHICH_JOBS_SUPPORTED))


async def test_what_is_only_stored_is_printed_when_it_is_asked_for(gate: Gate, queue: str) -> None:
    anna = gate.client(ANNA)
    stored = await anna.print(queue, PAGE, storage("store-only"))
    seen = await anna.wait(stored)
    assert (seen.state, "job-stored" in seen.reasons) == (JobState.COMPLETED, True)
    assert await listed(gate, ANNA, queue, "stored-owner") == [stored]
    copy = (await anna.ask(Operation.RESUBMIT_JOB, job(stored), queue=queue)).job_id
    assert (await anna.wait(copy)).state == JobState.COMPLETED
    assert await listed(gate, ANNA, queue, "stored-owner") == [stored]


async def test_what_is_printed_and_stored_is_both(gate: Gate, queue: str) -> None:
    anna = gate.client(ANNA)
    seen = await anna.wait(number := await anna.print(queue, PAGE, storage("print-and-store")))
    assert {"job-stored", "job-printed-successfully"} <= set(seen.reasons)
    assert await listed(gate, ANNA, queue, "stored-owner") == [number]


async def test_what_is_public_is_for_others_and_what_is_not_is_not(gate: Gate, queue: str) -> None:
    anna, boris = gate.client(ANNA), gate.client(BORIS)
    own = await anna.print(queue, PAGE, storage("store-only"))
    public = await anna.print(queue, PAGE, storage("store-only", "public"))
    await anna.wait(public)
    assert await listed(gate, BORIS, queue, "stored-public") == [public]
    assert await listed(gate, BORIS, queue, "stored-owner") == []
    assert (await boris.ask(Operation.RESUBMIT_JOB, job(own), queue=queue)).status == Status.CLIENT_ERROR_NOT_FOUND
    assert (await boris.ask(Operation.RESUBMIT_JOB, job(public), queue=queue)).ok
    assert not (await boris.ask(Operation.CANCEL_JOB, job(public), queue=queue)).ok
    assert (await anna.ask(Operation.CANCEL_JOB, job(public), queue=queue)).ok
    assert await listed(gate, BORIS, queue, "stored-public") == []


async def test_a_group_is_one_s_own(gate: Gate, queue: str) -> None:
    foreign = storage("store-only", "group", **{A.JOB_STORAGE_GROUP: "strangers"})
    answer = await gate.client(ANNA).ask(Operation.PRINT_JOB, foreign, queue=queue, document=PAGE)
    assert answer.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    which = attribute(A.WHICH_JOBS, "stored-group")
    unnamed = await gate.client(ANNA).ask(Operation.GET_JOBS, which, queue=queue)
    assert unnamed.status == Status.CLIENT_ERROR_BAD_REQUEST


async def test_storage_that_makes_no_sense_is_refused(gate: Gate, queue: str, services: Services) -> None:
    anna = gate.client(ANNA)
    for asked in (storage("keep-it"), storage("store-only", "everybody")):
        answer = await anna.ask(Operation.PRINT_JOB, asked, queue=queue, document=PAGE)
        assert answer.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert await services.desk.listing((await services.fleet.queue(queue)).id, tuple(JobState), None, 9) == []
