"""Who stands for another, and has proven to be that, sees and releases what the other holds; and does nothing else."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import Attribute, JobState, Message, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.unit.doors.client import message_of, post, sentence_of, status_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting

OK, NOT_AUTHORIZED = Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_NOT_AUTHORIZED
KYOCERA = attribute(A.PRINTER_URI, f"{HERE}/ipp/device/kyocera")
ALL = attribute(A.REQUESTED_ATTRIBUTES, A.JOB_ID, A.JOB_NAME, A.JOB_ORIGINATING_USER_NAME)
PASSWORD = "correct horse"
CLAIRE = f"Authorization: Basic {base64.b64encode(f'claire:{PASSWORD}'.encode()).decode()}"
JOB = attribute(A.JOB_ID, 1)


class House(Gate):
    """A device kyocera; claire, who has a password, stands for alice, who has printed."""

    def __init__(self, keeper: TlsKeeper) -> None:
        super().__init__(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context)
        self.memory.add_device("kyocera")
        self.logins.known["claire"] = PASSWORD
        self.people.standing["claire"] = {"alice"}
        self.memory.patient = True

    async def asked(
        self, code: int, *more: Attribute, target: Attribute = KYOCERA, job: tuple[Attribute, ...] = ()
    ) -> Message:
        assert self.server.tls_port is not None
        body = message_of(code, target, attribute(A.REQUESTING_USER_NAME, "alice"), *more, job=job)
        async with SecureClient(self.server.tls_port, trusting()) as client:
            return (await client.ask(post(body, headers=(CLAIRE,)))).ipp


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> TlsKeeper:
    folder: Path = tmp_path_factory.mktemp("tls")
    keeper = TlsKeeper(TlsSettings(folder))
    keeper.open()
    return keeper


@pytest.fixture
async def house(keeper: TlsKeeper) -> AsyncIterator[House]:
    async with House(keeper) as house:
        for user in (ALICE, BOB):
            await house.print(b"%PDF", attribute(A.JOB_NAME, "secret plan"), user=user)
        yield house


async def test_what_is_held_for_another_is_listed_at_a_device_with_its_title(house: House) -> None:
    listed = (await house.asked(Operation.GET_JOBS, ALL)).groups_of(Tag.JOB)
    told = [(job.integer(A.JOB_ID), job.text(A.JOB_NAME), job.text(A.JOB_ORIGINATING_USER_NAME)) for job in listed]
    assert told == [(1, "secret plan", "alice")]
    named = await house.asked(Operation.GET_JOBS, ALL, attribute(A.JOB_IDS, 1))
    assert [job.text(A.JOB_NAME) for job in named.groups_of(Tag.JOB)] == ["secret plan"]
    assert not list((await house.asked(Operation.GET_JOBS, attribute(A.MY_JOBS, True))).groups_of(Tag.JOB))


async def test_it_is_told_and_released_there(house: House) -> None:
    (told,) = (await house.asked(Operation.GET_JOB_ATTRIBUTES, JOB)).groups_of(Tag.JOB)
    assert told.text(A.JOB_NAME) == "secret plan"
    answer = await house.asked(Operation.RELEASE_JOB, JOB, job=(attribute(A.COPIES, 2),))
    assert status_of(answer) == OK, sentence_of(answer)
    assert (house.memory.jobs[1].state, house.memory.jobs[1].owner) == (JobState.PENDING, "alice")


async def test_at_a_queue_as_well_by_whoever_has_proven_to_be_the_delegate(house: House) -> None:
    where = (FOLLOWME, attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{house.memory.all_devices[0].uuid}"))
    said = message_of(Operation.RELEASE_JOB, where[0], attribute(A.REQUESTING_USER_NAME, "claire"), JOB, where[1])
    assert status_of((await house.ask(post(said))).ipp) == NOT_AUTHORIZED
    answer = await house.asked(Operation.RELEASE_JOB, JOB, where[1], target=FOLLOWME)
    assert status_of(answer) == OK, sentence_of(answer)


@pytest.mark.parametrize("code", [Operation.CANCEL_JOB, Operation.HOLD_JOB, Operation.SET_JOB_ATTRIBUTES])
async def test_everything_else_is_its_owner_s(house: House, code: int) -> None:
    before = house.memory.jobs[1]
    for target in (KYOCERA, FOLLOWME):
        answer = await house.asked(code, JOB, target=target, job=(attribute(A.COPIES, 2),))
        assert status_of(answer) == NOT_AUTHORIZED, sentence_of(answer)
    assert house.memory.jobs[1] == before


async def test_nobody_else_s_job_is_there_and_none_for_whoever_stands_for_nobody_any_more(house: House) -> None:
    for code in (Operation.GET_JOB_ATTRIBUTES, Operation.RELEASE_JOB):
        assert status_of(await house.asked(code, attribute(A.JOB_ID, 2))) == Status.CLIENT_ERROR_NOT_FOUND
    house.people.standing.clear()
    for code in (Operation.GET_JOB_ATTRIBUTES, Operation.RELEASE_JOB):
        assert status_of(await house.asked(code, JOB)) == Status.CLIENT_ERROR_NOT_FOUND
    assert not list((await house.asked(Operation.GET_JOBS)).groups_of(Tag.JOB))
