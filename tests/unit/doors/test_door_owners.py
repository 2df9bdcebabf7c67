"""Whose a job is, as clients meet it: one person by many names, and names that are nobody's (SECURITY S18)."""

from collections.abc import Iterator

import pytest

from ippgate.ipp import Attribute, Group, JobState, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.owner import Alias, Goes, OwnerRules, Owners, listed
from tests.unit.doors.client import message_of, post, sentence_of, status_of
from tests.unit.doors.gate import FOLLOWME, HERE, Gate

OK, MINE = Status.SUCCESSFUL_OK, attribute(A.MY_JOBS, True)
NOT_AUTHORIZED = Status.CLIENT_ERROR_NOT_AUTHORIZED


def user(said: str) -> Attribute:
    return attribute(A.REQUESTING_USER_NAME, said)


def job_id(number: int) -> Attribute:
    return attribute(A.JOB_ID, number)


def ids(groups: Iterator[Group]) -> list[int | None]:
    return [group.integer(A.JOB_ID) for group in groups]


async def test_what_one_name_printed_another_way_to_write_it_lists_changes_and_cancels() -> None:
    async with Gate() as gate:
        first, second = await gate.print(user=user("jake")), await gate.print(user=user("CORP\\Jake"))
        await gate.print(user=user("anna"))
        assert [job.owner for job in gate.memory.jobs.values()] == ["jake", "jake", "anna"]
        listed_jobs = await gate.operate(Operation.GET_JOBS, MINE, user=user("JAKE@corp.example"))
        assert ids(listed_jobs.groups_of(Tag.JOB)) == [first, second]
        answer = await gate.operate(Operation.HOLD_JOB, job_id(first), user=user("corp\\JAKE"))
        assert status_of(answer) == OK
        assert status_of(await gate.operate(Operation.CANCEL_JOB, job_id(second), user=user("Jake."))) == OK
        assert status_of(await gate.operate(Operation.CANCEL_MY_JOBS, user=user("JAKE"))) == OK
        states = [job.state for job in gate.memory.jobs.values()]
        assert states == [JobState.CANCELED, JobState.CANCELED, JobState.PENDING_HELD]


async def test_a_job_made_by_one_way_to_write_the_name_takes_the_document_of_another() -> None:
    async with Gate() as gate:
        created = await gate.operate(Operation.CREATE_JOB, user=user("CORP\\jake"))
        assert status_of(created) == OK
        last = attribute(A.LAST_DOCUMENT, True)
        sent = await gate.operate(Operation.SEND_DOCUMENT, job_id(1), last, user=user("jake@corp"), document=b"%PDF")
        assert status_of(sent) == OK


async def test_where_domains_stay_others_own_nothing() -> None:
    async with Gate(owners=Owners(OwnerRules(strip=False))) as gate:
        number = await gate.print(user=user("CORP\\jake"))
        for said in ("jake", "EVIL\\jake", "jake@corp"):
            answer = await gate.operate(Operation.CANCEL_JOB, job_id(number), user=user(said))
            assert status_of(answer) == NOT_AUTHORIZED, said
        assert status_of(await gate.operate(Operation.CANCEL_JOB, job_id(number), user=user("corp\\JAKE"))) == OK


async def test_look_alikes_are_other_people() -> None:
    async with Gate() as gate:
        number = await gate.print(user=user("jake"))
        for said in ("j\u0430ke", "jak\u0435", "jake1", "jake\\x", "x@jake"):
            answer = await gate.operate(Operation.CANCEL_JOB, job_id(number), user=user(said))
            assert status_of(answer) == NOT_AUTHORIZED, said


async def test_owner_and_what_was_said_are_both_told() -> None:
    async with Gate() as gate:
        number = await gate.print(user=user("CORP\\Jake"))
        assert (gate.memory.jobs[number].owner, gate.memory.jobs[number].said) == ("jake", "CORP\\Jake")
        job = (await gate.operate(Operation.GET_JOB_ATTRIBUTES, job_id(number), user=user("jake"))).group(Tag.JOB)
        assert job is not None
        assert job.text(A.JOB_ORIGINATING_USER_NAME) == "jake"
        assert job.text(A.ORIGINAL_REQUESTING_USER_NAME) == "CORP\\Jake"


async def test_what_was_said_is_kept_only_where_it_is_not_the_owner() -> None:
    async with Gate() as gate:
        number = await gate.print(user=user("jake"))
        assert gate.memory.jobs[number].said == ""


async def test_an_alias_owns_and_lists_as_its_owner_does() -> None:
    async with Gate(owners=Owners(aliases=[Alias("jsmith", "jake")])) as gate:
        number = await gate.print(user=user("JSmith"))
        assert gate.memory.jobs[number].owner == "jake"
        assert ids((await gate.operate(Operation.GET_JOBS, MINE, user=user("jake"))).groups_of(Tag.JOB)) == [number]
        assert status_of(await gate.operate(Operation.CANCEL_MY_JOBS, user=user("jsmith"))) == OK


async def test_an_alias_of_one_queue_counts_there_alone_whichever_way_the_job_is_named() -> None:
    async with Gate(owners=Owners(aliases=[Alias("mobile", "reception", queue="front")])) as gate:
        gate.memory.add_queue("front")
        front = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/front")
        await gate.operate(Operation.PRINT_JOB, user=user("mobile"), target=front, document=b"%PDF")
        await gate.print(user=user("mobile"))
        assert [job.owner for job in gate.memory.jobs.values()] == ["reception", "mobile"]
        by_uri = attribute(A.JOB_URI, f"{HERE}/jobs/1")
        assert status_of(await gate.operate(Operation.CANCEL_JOB, by_uri, user=user("mobile"), target=None)) == OK
        assert status_of(await gate.operate(Operation.CANCEL_JOB, job_id(2), user=user("reception"))) == NOT_AUTHORIZED


async def test_the_client_s_network_says_who_nobody_is() -> None:
    aliases = [Alias("*", "lobby", network="127.0.0.0/16"), Alias("*", "lab", network="127.9.0.0/16")]
    async with Gate(owners=Owners(OwnerRules(goes=Goes.REFUSE), aliases)) as gate:
        await gate.print(user=user("mobile"))
        async with gate.client(source="127.9.0.7") as client:
            await client.ask(post(message_of(Operation.PRINT_JOB, FOLLOWME, user("chronos")) + b"%PDF"))
        assert [job.owner for job in gate.memory.jobs.values()] == ["lobby", "lab"]


@pytest.mark.parametrize("said", ["mobile", "chronos", "anonymous", "PHONE\\mobile", None])
@pytest.mark.parametrize("code", [Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB])
async def test_who_is_nobody_is_refused_with_a_sentence_where_operators_want_it(code: int, said: str | None) -> None:
    async with Gate(owners=Owners(OwnerRules(goes=Goes.REFUSE))) as gate:
        answer = await gate.operate(code, user=user(said) if said else None, document=b"%PDF")
        assert status_of(answer) == Status.CLIENT_ERROR_FORBIDDEN
        assert "set up your own name first" in sentence_of(answer)
        assert not gate.memory.jobs
        for asked in (Operation.GET_PRINTER_ATTRIBUTES, Operation.GET_JOBS):
            assert status_of(await gate.operate(asked, user=user(said) if said else None)) == OK


async def test_who_is_nobody_waits_to_be_claimed_and_is_known_by_the_client_alone() -> None:
    async with Gate(owners=Owners(OwnerRules(goes=Goes.CLAIM))) as gate:
        number = await gate.print(user=user("mobile"))
        job = gate.memory.jobs[number]
        assert (job.owner, job.said, job.unclaimed) == ("mobile@127.0.0.1", "mobile", True)
        assert ids((await gate.operate(Operation.GET_JOBS, MINE, user=user("mobile"))).groups_of(Tag.JOB)) == [number]
        async with gate.client(source="127.0.0.9") as client:
            for said in ("mobile", "mobile@127.0.0.1"):
                asked = message_of(Operation.CANCEL_JOB, FOLLOWME, user(said), job_id(number))
                assert status_of((await client.ask(post(asked))).ipp) == NOT_AUTHORIZED
        assert status_of(await gate.operate(Operation.CANCEL_JOB, job_id(number), user=user("mobile"))) == OK


async def test_a_stranger_s_computer_is_nobody_where_the_domains_are_known() -> None:
    rules = OwnerRules(domains=listed("CORP"), strangers=True, goes=Goes.CLAIM)
    async with Gate(owners=Owners(rules)) as gate:
        await gate.print(user=user("LAPTOP-7\\Jake"))
        await gate.print(user=user("CORP\\Jake"))
        assert [(job.owner, job.unclaimed) for job in gate.memory.jobs.values()] == [
            ("laptop-7\\jake@127.0.0.1", True),
            ("jake", False),
        ]
