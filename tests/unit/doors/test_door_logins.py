"""People who log in over IPP: by a session's token or a password, over TLS, for what is theirs (S2, S18, S20)."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.doors.ipp.table import AT_DEVICE
from ippgate.doors.settings import DoorSettings
from ippgate.doors.tls import TlsKeeper, TlsSettings
from ippgate.ipp import Attribute, Message, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device
from ippgate.model.errors import Busy
from ippgate.model.queue_options import QueueOptions
from ippgate.model.session import LoginBy
from tests.unit.doors.client import Reply, message_of, post, sentence_of, status_of
from tests.unit.doors.gate import BOB, FOLLOWME, HERE, Gate
from tests.unit.doors.secure import SecureClient, trusting

OK, NOT_AUTHORIZED = Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_NOT_AUTHORIZED
KYOCERA, RICOH = (attribute(A.PRINTER_URI, f"{HERE}/ipp/device/{name}") for name in ("kyocera", "ricoh"))
MINE = attribute(A.MY_JOBS, True)
PASSWORD = "correct horse"


def basic(name: str, password: str) -> str:
    return f"Authorization: Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


ANNA = basic("anna", PASSWORD)


class House(Gate):
    """Devices kyocera and ricoh; anna has a password, a session at kyocera, and one that is good everywhere."""

    def __init__(self, keeper: TlsKeeper) -> None:
        super().__init__(DoorSettings(port=0, tls_port=0), tls=lambda: keeper.context)
        self.kyocera, self.ricoh = self.memory.add_device("kyocera"), self.memory.add_device("ricoh")
        self.logins.known["anna"] = PASSWORD
        self.panel = bearer(self.sessions.add("anna", self.kyocera.id))
        self.program = bearer(self.sessions.add("anna"))
        self.memory.patient = True

    async def secure(self, body: bytes, *headers: str) -> Reply:
        assert self.server.tls_port is not None
        async with SecureClient(self.server.tls_port, trusting()) as client:
            return await client.ask(post(body, headers=headers))

    async def asked(self, target: Attribute, code: int, login: str, *more: Attribute) -> Message:
        """An operation by somebody whose requesting-user-name says bob."""
        return (await self.secure(message_of(code, target, BOB, *more), login)).ipp

    async def listed(self, target: Attribute, login: str) -> list[int | None]:
        answer = await self.asked(target, Operation.GET_JOBS, login, MINE)
        assert status_of(answer) == OK, sentence_of(answer)
        return [group.integer(A.JOB_ID) for group in answer.groups_of(Tag.JOB)]

    def set(self, device: Device, *, passwords: bool) -> None:
        ways = {LoginBy.CARD, LoginBy.PASSWORD} if passwords else {LoginBy.CARD}
        self.memory.all_devices[device.id - 1] = replace(device, logins=frozenset(ways))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    keeper = TlsKeeper(TlsSettings(tmp_path))
    keeper.open()
    async with House(keeper) as house:
        yield house


async def test_what_was_proven_wins_over_requesting_user_name(house: House) -> None:
    mine, bobs = [await house.print(user=attribute(A.REQUESTING_USER_NAME, name)) for name in ("anna", "bob")]
    for login in (ANNA, basic("CORP\\Anna", PASSWORD), house.program):
        assert await house.listed(FOLLOWME, login) == [mine]
        answer = await house.asked(FOLLOWME, Operation.CANCEL_JOB, login, attribute(A.JOB_ID, bobs))
        assert status_of(answer) == NOT_AUTHORIZED
    for login in (ANNA, house.panel, house.program):
        assert await house.listed(KYOCERA, login) == [mine]
        answer = await house.asked(KYOCERA, Operation.RELEASE_JOB, login, attribute(A.JOB_ID, bobs))
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND  # of somebody else's job nothing is told
    answer = await house.asked(KYOCERA, Operation.RELEASE_JOB, house.panel, attribute(A.JOB_ID, mine))
    assert status_of(answer) == OK, sentence_of(answer)


@pytest.mark.parametrize("code", sorted(AT_DEVICE))
async def test_a_panels_session_is_good_at_its_device_alone(house: House, code: int) -> None:
    job = attribute(A.JOB_ID, 1)
    there = await house.asked(RICOH, code, house.panel, job)
    at_queue = await house.asked(FOLLOWME, code, house.panel, job) if code != Operation.IDENTIFY_PRINTER else there
    if code == Operation.GET_PRINTER_ATTRIBUTES:
        assert (status_of(there), status_of(at_queue)) == (OK, OK)
        return
    assert (status_of(there), status_of(at_queue)) == (NOT_AUTHORIZED, NOT_AUTHORIZED)
    assert "that session is good at another device" in sentence_of(there)
    refused = status_of(await house.asked(KYOCERA, code, house.panel, job))
    assert refused not in (NOT_AUTHORIZED, Status.CLIENT_ERROR_NOT_AUTHENTICATED, Status.CLIENT_ERROR_FORBIDDEN)
    elsewhere = status_of(await house.asked(RICOH, code, house.program, job))
    assert elsewhere not in (NOT_AUTHORIZED, Status.CLIENT_ERROR_NOT_AUTHENTICATED)


async def test_a_device_that_takes_no_passwords_takes_none(house: House) -> None:
    house.set(house.kyocera, passwords=False)
    answer = await house.asked(KYOCERA, Operation.GET_JOBS, ANNA)
    assert status_of(answer) == NOT_AUTHORIZED
    assert "kyocera takes no passwords" in sentence_of(answer)
    assert status_of(await house.asked(KYOCERA, Operation.GET_JOBS, house.panel)) == OK
    assert status_of(await house.asked(RICOH, Operation.GET_JOBS, ANNA)) == OK


async def test_whatever_is_not_good_is_challenged_and_told_the_same(house: House) -> None:
    ended = house.panel[:-2] + "AA"
    for target in (KYOCERA, FOLLOWME):
        wrong = [
            (await house.secure(message_of(Operation.GET_JOBS, target, BOB), login))
            for login in (basic("anna", "wrong"), basic("nobody", PASSWORD), basic("olga", "wrong"))
        ]
        assert {(reply.status, reply.text) for reply in wrong} == {(401, wrong[0].text)}
        for login in (ended, bearer("session~1~x"), bearer("x")):
            assert (await house.secure(message_of(Operation.GET_JOBS, target, BOB), login)).status == 401


async def test_over_plain_ipp_neither_is_looked_at(house: House) -> None:
    for login in (ANNA, house.panel, house.program):
        for target in (KYOCERA, FOLLOWME):
            reply = await house.ask(post(message_of(Operation.GET_JOBS, target, BOB), headers=[login]))
            assert status_of(reply.ipp) == Status.CLIENT_ERROR_FORBIDDEN
    assert (house.logins.tried, house.sessions.tried) == ([], [])


async def test_a_person_is_no_operator(house: House) -> None:
    for login in (ANNA, house.program):
        reply = await house.secure(message_of(Operation.PAUSE_PRINTER, FOLLOWME, BOB), login)
        assert reply.status == 401
    assert house.switches.asked == []


async def test_who_has_logged_in_is_known_to_a_queue_for_known_people(house: House) -> None:
    house.memory.add_queue("private", options=QueueOptions(known_only=True))
    private = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/private")
    for login, status in ((ANNA, OK), (house.program, OK), ("X-Nothing: 1", Status.CLIENT_ERROR_FORBIDDEN)):
        answer = (await house.secure(message_of(Operation.CREATE_JOB, private, BOB), login)).ipp
        assert status_of(answer) == status, sentence_of(answer)
    assert {job.owner for job in house.memory.jobs.values()} == {"anna"}


async def test_a_login_counts_more_than_somebody_elses_printer_uri(house: House) -> None:
    secret = house.issued.add("S" * 32, "followme", person="jake")
    private = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/followme/~{secret}")
    assert status_of(await house.asked(private, Operation.CREATE_JOB, ANNA)) == OK
    assert [job.owner for job in house.memory.jobs.values()] == ["anna"]


async def test_who_guesses_is_slowed(house: House) -> None:
    house.logins.failure = house.sessions.failure = Busy("too many attempts have failed: try again in 8 seconds")
    for login in (ANNA, house.panel):
        answer = await house.asked(KYOCERA, Operation.GET_JOBS, login)
        assert status_of(answer) == Status.SERVER_ERROR_BUSY
