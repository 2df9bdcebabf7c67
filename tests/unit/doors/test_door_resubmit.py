"""Resubmit-Job (PWG 5100.7): what may be asked of the copy, and of which jobs there is one."""

from dataclasses import replace

import pytest

from ippgate.ipp import UNSUPPORTED, Attribute, JobState, Message, Operation, Status, Tag, collection
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.release_action import ReleaseAction
from tests.unit.doors.client import sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import BOB, HERE, Gate

RESUBMIT = Operation.RESUBMIT_JOB
OK, IGNORED = Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
NOT_POSSIBLE = Status.CLIENT_ERROR_NOT_POSSIBLE
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
JOB_1 = attribute(A.JOB_ID, 1)
INSIST = attribute(A.IPP_ATTRIBUTE_FIDELITY, True)
DUPLEX, SIMPLEX = attribute(A.SIDES, "two-sided-long-edge"), attribute(A.SIDES, "one-sided")
TWICE, A5 = attribute(A.COPIES, 2), attribute(A.MEDIA, "iso_a5_148x210mm")


async def ended(gate: Gate, *template: Attribute) -> None:
    """Job 1, ended, its document kept."""
    answer = await gate.operate(
        Operation.PRINT_JOB, attribute(A.JOB_NAME, "report"), job=template, document=b"%PDF-1.7 a page"
    )
    assert status_of(answer) == OK
    gate.memory.jobs[1] = replace(gate.memory.jobs[1], state=JobState.COMPLETED, reasons=())


def template_of(gate: Gate, number: int) -> dict[str, Attribute]:
    return {each.name: each for each in gate.memory.jobs[number].template}


async def test_the_answer_is_that_of_a_creation() -> None:
    async with Gate() as gate:
        await ended(gate)
        answer = await gate.operate(RESUBMIT, JOB_1)
        assert status_of(answer) == OK
        job = answer.group(Tag.JOB)
        assert job is not None
        assert (job.integer(A.JOB_ID), job.text(A.JOB_URI)) == (2, f"{HERE}/jobs/2")
        assert job.integer(A.JOB_STATE) == JobState.PENDING_HELD
        copy = gate.memory.jobs[2]
        assert (copy.name, copy.owner) == ("report", "alice")
        assert gate.memory.documents[2] == b"%PDF-1.7 a page"


async def test_what_the_original_asked_for_is_asked_for_again_but_for_what_is_asked_for_now() -> None:
    async with Gate() as gate:
        await ended(gate, DUPLEX, TWICE, attribute(A.JOB_PRIORITY, 80))
        assert status_of(await gate.operate(RESUBMIT, JOB_1, attribute(A.JOB_NAME, "again"), job=(SIMPLEX,))) == OK
        assert template_of(gate, 2) == {A.COPIES: TWICE, A.SIDES: SIMPLEX}
        assert (gate.memory.jobs[2].name, gate.memory.jobs[2].priority) == ("again", 80)


async def test_paper_that_is_asked_for_in_one_way_replaces_the_other() -> None:
    async with Gate() as gate:
        await ended(gate, attribute(A.MEDIA_COL, collection({A.MEDIA_TYPE: "stationery"}, A.MEDIA_COL)))
        assert status_of(await gate.operate(RESUBMIT, JOB_1, job=(A5,))) == OK
        assert set(template_of(gate, 2)) == {A.MEDIA}


async def test_what_is_not_possible_is_judged_as_in_a_creation() -> None:
    odd = attribute(A.SIDES, "three-sided", tag=Tag.KEYWORD)
    async with Gate() as gate:
        await ended(gate, DUPLEX)
        answer = await gate.operate(RESUBMIT, JOB_1, job=(odd,))
        assert status_of(answer) == IGNORED
        assert unsupported_of(answer).attributes == [odd]
        assert template_of(gate, 2) == {A.SIDES: DUPLEX}
        answer = await gate.operate(RESUBMIT, JOB_1, INSIST, job=(odd,))
        assert status_of(answer) == NOT_SUPPORTED
        assert len(gate.memory.jobs) == 2


@pytest.mark.parametrize(
    "state", [JobState.PENDING, JobState.PENDING_HELD, JobState.PROCESSING, JobState.PROCESSING_STOPPED]
)
async def test_a_job_that_has_not_ended_has_no_copy(state: JobState) -> None:
    async with Gate() as gate:
        await ended(gate)
        gate.memory.jobs[1] = replace(gate.memory.jobs[1], state=state)
        answer = await gate.operate(RESUBMIT, JOB_1)
        assert status_of(answer) == NOT_POSSIBLE
        assert sentence_of(answer).endswith("only a job that has ended can be resubmitted")
        assert len(gate.memory.jobs) == 1


async def test_a_job_whose_documents_are_gone_has_no_copy() -> None:
    async with Gate() as gate:
        await ended(gate)
        job = gate.memory.jobs[1]
        gate.memory.jobs[1] = replace(job, documents=(replace(job.documents[0], oid=None),))
        answer = await gate.operate(RESUBMIT, JOB_1)
        assert status_of(answer) == NOT_POSSIBLE
        assert sentence_of(answer) == "job 1 cannot be resubmitted: its documents are kept no longer"


async def test_a_copy_is_not_stored_anew() -> None:
    async with Gate() as gate:
        await ended(gate)
        stored = attribute(A.JOB_STORAGE, collection({A.JOB_STORAGE_ACCESS: "owner"}, A.JOB_STORAGE))
        for message in (await _with(gate, stored, ()), await _with(gate, None, (stored,))):
            assert status_of(message) == NOT_SUPPORTED
            assert [each.name for each in unsupported_of(message)] == [A.JOB_STORAGE]
        assert len(gate.memory.jobs) == 1


async def _with(gate: Gate, operation: Attribute | None, job: tuple[Attribute, ...]) -> Message:
    return await gate.operate(RESUBMIT, JOB_1, *([operation] if operation else []), job=job)


async def test_a_copy_may_be_held_for_more_than_its_original() -> None:
    async with Gate() as gate:
        await ended(gate)
        assert status_of(await gate.operate(RESUBMIT, JOB_1, attribute(A.JOB_RELEASE_ACTION, "button-press"))) == OK
        assert gate.memory.jobs[2].release_action is ReleaseAction.BUTTON_PRESS


async def test_what_an_original_was_held_for_is_not_taken_from_its_copy() -> None:
    async with Gate() as gate:
        await ended(gate)
        gate.memory.jobs[1] = replace(gate.memory.jobs[1], release_action=ReleaseAction.BUTTON_PRESS)
        none = attribute(A.JOB_RELEASE_ACTION, "none")
        answer = await gate.operate(RESUBMIT, JOB_1, none)
        assert status_of(answer) == NOT_SUPPORTED
        assert sentence_of(answer).startswith("a copy is held for button-press as its original is")
        assert unsupported_of(answer).attributes == [none]
        for same in ([], [attribute(A.JOB_RELEASE_ACTION, "button-press")]):
            assert status_of(await gate.operate(RESUBMIT, JOB_1, *same)) == OK
        assert [job.release_action for job in gate.memory.jobs.values()] == [ReleaseAction.BUTTON_PRESS] * 3


async def test_nobody_else_resubmits_a_job() -> None:
    async with Gate() as gate:
        await ended(gate)
        answer = await gate.operate(RESUBMIT, JOB_1, user=BOB)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert sentence_of(answer) == "job 1 belongs to somebody else"
        answer = await gate.operate(RESUBMIT, attribute(A.JOB_ID, 9))
        assert (status_of(answer), sentence_of(answer)) == (Status.CLIENT_ERROR_NOT_FOUND, "there is no job 9")


async def test_an_attribute_that_nobody_knows_is_named() -> None:
    async with Gate() as gate:
        await ended(gate)
        odd = attribute("x-of-a-vendor", "y", tag=Tag.KEYWORD)
        answer = await gate.operate(RESUBMIT, JOB_1, job=(odd,))
        assert status_of(answer) == IGNORED
        assert unsupported_of(answer).attributes == [Attribute("x-of-a-vendor", (UNSUPPORTED,))]
