"""The story of a person at a device: a card opens a session, its token lists and releases her jobs over IPP, there
alone, until an operator ends it; and what is held by whom she stands for.
"""

import ssl
from collections.abc import AsyncIterator

import pytest

from ippgate.app import Gate as Services
from ippgate.identity.logins import Claim
from ippgate.ipp import JobState, Operation, Status, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.card_number import number_of
from ippgate.model.errors import NotFound
from ippgate.model.person import Particulars
from ippgate.model.session import SessionKind
from tests.acceptance.conftest import Adding
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import Answer, IppClient

PASSWORD, BADGE, PANEL = "anna's own battery", "04A1B2C3D4E5F6", "192.0.2.77"


@pytest.fixture
async def anna(services: Services) -> AsyncIterator[str]:
    """Somebody with a card and a password, whose jobs bear this name; what she did is gone behind her."""
    await services.people.add("tessa", Particulars(join=("staff",)), password=PASSWORD)
    await services.cards.add("tessa", number_of(BADGE))
    yield "tessa"
    try:
        await services.people.remove("tessa")
    except NotFound:
        return


def with_token(gate: Gate, token: str) -> IppClient:
    """Says another name than the token's."""
    context = ssl.create_default_context(cafile=gate.certificate)
    return IppClient(gate.tls_port, user="somebody", tls=context, token=token)


async def at(client: IppClient, device: str, code: int, *more: object) -> Answer:
    return await client.ask(code, *more, queue=f"device/{device}")  # type: ignore[arg-type]  # attributes


async def test_a_card_a_session_and_her_jobs_at_that_device_alone(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, anna: str
) -> None:
    async with HostileDevice() as one, HostileDevice() as other:
        queue, here, there = await add_queue(), await add_device(one.uri), await add_device(other.uri)
        await gate.caught_up(services)
        hers = await gate.client("CORP\\Tessa").print(queue, PDF.read_bytes())
        his = await gate.client("ben").print(queue, PDF.read_bytes())
        device = await services.fleet.device(here)
        login = await services.logins.at_device(device, Claim(card=BADGE), PANEL)
        panel = with_token(gate, login.token)
        listed = await at(panel, here, Operation.GET_JOBS)
        assert [job.integer(A.JOB_ID) for job in listed.jobs] == [hers]
        assert (await at(panel, there, Operation.GET_JOBS)).status is Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert (await panel.ask(Operation.GET_JOBS, queue=queue)).status is Status.CLIENT_ERROR_NOT_AUTHORIZED
        refused = await at(panel, here, Operation.RELEASE_JOB, attribute(A.JOB_ID, his))
        assert refused.status is Status.CLIENT_ERROR_NOT_FOUND
        released = await at(panel, here, Operation.RELEASE_JOB, attribute(A.JOB_ID, hers))
        assert released.ok, str(released)
        assert (await gate.client("tessa").wait(hers)).state is JobState.COMPLETED
        assert (len(one.jobs), len(other.jobs)) == (1, 0)

        await gate.cli("session", "revoke", login.session.id)

        async def ended() -> bool:
            return (await at(panel, here, Operation.GET_JOBS)).http == 401

        await eventually(ended, "the server to hear that the session has ended", within=5)
        assert login.token not in gate.said()
        assert BADGE not in gate.said()
        await gate.cli("job", "cancel", his)


async def test_a_name_and_a_password_prove_a_person_until_they_are_shut_out(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, anna: str
) -> None:
    async with HostileDevice() as printer:
        queue, device = await add_queue(), await add_device(printer.uri)
        await gate.caught_up(services)
        client = gate.secure_client("somebody", f"CORP\\Tessa:{PASSWORD}")

        async def known() -> bool:
            return (await client.ask(Operation.GET_JOBS, queue=queue)).ok

        await eventually(known, "the server to hear of the person", within=5)
        job = (await client.ask(Operation.PRINT_JOB, queue=queue, document=PDF.read_bytes())).job_id
        assert (await gate.told("job", "show", job))["user"] == "tessa"
        assert [each.integer(A.JOB_ID) for each in (await at(client, device, Operation.GET_JOBS)).jobs] == [job]
        login = await services.logins.elsewhere("tessa", PASSWORD, PANEL, SessionKind.API)
        program = with_token(gate, login.token)
        assert (await program.ask(Operation.GET_JOBS, queue=queue)).ok
        assert (await client.ask(Operation.PAUSE_PRINTER, queue=queue)).http == 401
        wrong = gate.secure_client("somebody", "tessa:wrong")
        assert (await wrong.ask(Operation.GET_JOBS, queue=queue)).http == 401
        assert (await gate.client("tessa").ask(Operation.GET_JOBS, queue=queue)).ok  # nobody has to log in

        await gate.cli("person", "change", "tessa", "--inactive")

        async def shut_out() -> bool:
            return (await gate.client("Tessa").ask(Operation.GET_JOBS, queue=queue)).status is (
                Status.CLIENT_ERROR_FORBIDDEN
            )

        await eventually(shut_out, "the server to hear that she is shut out", within=5)
        assert (await client.ask(Operation.GET_JOBS, queue=queue)).status is Status.CLIENT_ERROR_FORBIDDEN
        assert (await program.ask(Operation.GET_JOBS, queue=queue)).http == 401
        assert PASSWORD not in gate.said()
        await gate.cli("job", "cancel", job)


async def test_a_delegate_releases_what_another_holds_as_themselves_until_they_are_removed(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, anna: str
) -> None:
    async with HostileDevice() as printer:
        queue, here = await add_queue(), await add_device(printer.uri)
        await services.people.add("oscar", Particulars())
        await gate.cli("delegate", "add", "oscar", "TESSA")
        await gate.caught_up(services)
        his, another = [await gate.client("oscar").print(queue, PDF.read_bytes(), name="plan") for _ in range(2)]
        login = await services.logins.at_device(await services.fleet.device(here), Claim(card=BADGE), PANEL)
        panel = with_token(gate, login.token)

        async def listed() -> list[tuple[int | None, str | None]]:
            wanted = attribute(A.REQUESTED_ATTRIBUTES, A.JOB_ID, A.JOB_NAME)
            answer = await at(panel, here, Operation.GET_JOBS, wanted)
            return [(job.integer(A.JOB_ID), job.text(A.JOB_NAME)) for job in answer.jobs]

        async def there() -> bool:
            return await listed() == [(his, "plan"), (another, "plan")]

        await eventually(there, "the server to hear of the delegate", within=5)
        canceled = await at(panel, here, Operation.CANCEL_JOB, attribute(A.JOB_ID, his))
        assert canceled.status is Status.CLIENT_ERROR_NOT_AUTHORIZED
        released = await at(panel, here, Operation.RELEASE_JOB, attribute(A.JOB_ID, his))
        assert released.ok, str(released)
        assert (await gate.client("oscar").wait(his)).state is JobState.COMPLETED
        sent = [each.message.operation for each in printer.heard if each.octets]
        assert {operation.text(A.REQUESTING_USER_NAME) for operation in sent} == {"oscar"}
        story = await gate.told("job", "show", his)
        assert (story["user"], story["released_by"]) == ("oscar", "tessa")
        assert [attempt["released_by"] for attempt in story["attempts"]] == ["tessa"]
        assert (await gate.logged("job.released", job=his)).items() >= {"user": "tessa", "owner": "oscar"}.items()

        await gate.cli("delegate", "remove", "oscar", "tessa")
        refused = await at(panel, here, Operation.RELEASE_JOB, attribute(A.JOB_ID, another))
        assert refused.status in (Status.CLIENT_ERROR_NOT_AUTHORIZED, Status.CLIENT_ERROR_NOT_FOUND)
        assert len(printer.jobs) == 1
        await gate.cli("job", "cancel", another)
        await services.people.remove("oscar")
