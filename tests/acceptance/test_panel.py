"""The touch page at a device, without a script: enrol, log in by card, PIN or password, see one's jobs, print."""

from collections.abc import AsyncIterator

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import JobState
from ippgate.model.card_number import number_of
from ippgate.model.device import Device
from ippgate.model.person import Particulars
from ippgate.model.session import LoginBy
from tests.acceptance.conftest import Adding
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.sink import Sink
from tests.rig.visitor import Page, WebVisitor

BADGE, PASSWORD = "04AABBCCDDEE01", "paula's own battery"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture
async def paula(services: Services) -> AsyncIterator[str]:
    await services.people.add("paula", Particulars(), password=PASSWORD)
    await services.cards.add("paula", number_of(BADGE))
    yield "paula"
    await services.people.remove("paula")


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with Sink() as found:
        yield found


@pytest.fixture
async def device(gate: Gate, services: Services, add_device: Adding, sink: Sink) -> Device:
    name = await add_device(sink.uri, pjl=False)
    await gate.caught_up(services)
    return await services.fleet.device(name)


@pytest.fixture
async def panel(gate: Gate, services: Services, device: Device) -> AsyncIterator[WebVisitor]:
    """A panel that was enrolled at the device."""
    code = await services.stations.code(f"at-{device.name}", [device.id])
    async with WebVisitor(gate) as browser:
        page = await browser.send("/panel", {"code": code[0]})
        assert page.path == f"/panel/at-{device.name}", page.words
        yield browser
    await services.stations.remove(f"at-{device.name}")


def home(device: Device) -> str:
    return f"/panel/at-{device.name}"


async def log_in(panel: WebVisitor, device: Device, **fields: str) -> Page:
    return await panel.send(home(device), fields)


async def test_a_card_a_job_and_paper(
    gate: Gate, services: Services, panel: WebVisitor, device: Device, sink: Sink, add_queue: Adding, paula: str
) -> None:
    queue = await add_queue()
    hers = await gate.client("paula").print(queue, PDF.read_bytes())
    his = await gate.client("ben").print(queue, PDF.read_bytes())
    page = await log_in(panel, device, card=BADGE)
    assert page.path == f"{home(device)}/jobs"
    assert f'value="{hers}"' in page.text
    assert f'value="{his}"' not in page.text
    assert len(page.text.encode()) <= 30_000
    key = page.text.partition('name="key" value="')[2].partition('"')[0]
    jobs = f"{home(device)}/jobs"
    sent = {"action": "print", "job": str(hers), "key": key}
    told = await panel.send(jobs, sent, token=page.token)
    assert f"1 job goes to {device.name}." in told.words
    await eventually(lambda: [each for each in sink.jobs if each.size], "her paper")
    other = await panel.send(jobs, {"action": "print", "job": str(his)})
    assert "belongs to somebody else" in other.words
    again = await panel.send(jobs, sent)  # the same press of the same button
    assert again.status == 200
    out = await panel.send(f"{jobs}", {"action": "print"})
    assert "Choose a job first." in out.words
    odd = await panel.send(jobs, {"action": "reprint", "job": str(hers)})
    assert "There is no such button here." in odd.words
    left = await panel.send(f"{home(device)}/log-out", {}, token=out.token)
    assert left.path == home(device)
    assert (await panel.get(jobs)).path == home(device)
    assert await services.sessions.listing("paula") == []
    assert len([each for each in sink.jobs if each.size]) == 1


async def test_a_password_and_a_pin_where_the_device_asks_for_them(
    gate: Gate, services: Services, panel: WebVisitor, device: Device, paula: str
) -> None:
    assert (await log_in(panel, device, name="paula", password=PASSWORD)).path == f"{home(device)}/jobs"
    page = await panel.get(f"{home(device)}/jobs")
    await panel.send(f"{home(device)}/log-out", {}, token=page.token)
    _, pin = await services.pins.renew("paula")
    refused = await log_in(panel, device, pin=pin)
    assert "asks for" in refused.words  # a PIN alone is not for every device
    await services.fleet.set_logins(device.name, add=[LoginBy.PIN], remove=[LoginBy.CARD, LoginBy.CARD_AND_PIN])
    await gate.caught_up(services)
    assert 'name="card"' not in (await panel.get(home(device))).text
    assert (await log_in(panel, device, pin=pin)).path == f"{home(device)}/jobs"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"card": "04FFFFFFFFFF"}, "Nobody has that card yet."),
        ({"card": "no number"}, ""),
        ({"name": "paula", "password": "wrong"}, "That was not right."),
        ({"name": "nobody", "password": "wrong"}, "That was not right."),
        ({}, "asks for"),
    ],
)
async def test_whoever_does_not_prove_it_stays_outside(
    services: Services, panel: WebVisitor, device: Device, paula: str, fields: dict[str, str], said: str
) -> None:
    page = await log_in(panel, device, **fields)
    assert page.path == home(device)
    assert said in page.words
    assert "ippgate-panel" not in panel.cookies
    assert await services.sessions.listing("paula") == []


async def test_print_all_keep_and_delete(
    gate: Gate, services: Services, panel: WebVisitor, device: Device, sink: Sink, add_queue: Adding, paula: str
) -> None:
    queue = await add_queue()
    one, two = [await gate.client("paula").print(queue, PDF.read_bytes()) for _ in range(2)]
    await log_in(panel, device, card=BADGE)
    jobs = f"{home(device)}/jobs"
    assert "1 job goes" in (await panel.send(jobs, {"action": "keep", "job": str(one)})).words

    async def held_again() -> bool:
        [job] = await services.desk.get_many([one])
        return job.state is JobState.PENDING_HELD and not job.keeps

    await eventually(held_again, "the kept job to wait again")
    assert "1 job deleted." in (await panel.send(jobs, {"action": "delete", "job": str(one)})).words
    assert "1 job goes" in (await panel.send(jobs, {"action": "print-all"})).words
    await eventually(lambda: len([each for each in sink.jobs if each.size]) == 2, "two papers")
    assert (await services.desk.get_many([two]))[0].owner == "paula"


async def test_nothing_that_a_client_wrote_is_markup(
    gate: Gate, panel: WebVisitor, device: Device, add_queue: Adding, paula: str
) -> None:
    """S23."""
    queue = await add_queue()
    await gate.client("paula").print(queue, PDF.read_bytes(), name=HOSTILE)
    page = await log_in(panel, device, card=BADGE)
    assert HOSTILE in page.words
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_a_panel_is_one_where_it_stands_alone(
    gate: Gate, services: Services, panel: WebVisitor, device: Device, paula: str
) -> None:
    assert (await panel.get("/panel/somewhere-else")).path == home(device)
    await log_in(panel, device, card=BADGE)
    assert (await panel.get("/panel/somewhere-else/jobs")).path == home(device) + "/jobs"
    assert (await panel.get("/jobs")).path == "/sign-in"  # a panel's session is good there alone
    async with WebVisitor(gate) as stranger:
        assert (await stranger.get(home(device))).path == "/panel"
        refused = await stranger.send("/panel", {"code": "WRONG-CODE-HERE"})
        assert (refused.status, "ippgate-station" in stranger.cookies) == (403, False)


async def test_at_home_a_person_chooses_the_device(
    gate: Gate, services: Services, device: Device, sink: Sink, add_queue: Adding, paula: str
) -> None:
    queue = await add_queue()
    hers = await gate.client("paula").print(queue, PDF.read_bytes())
    async with WebVisitor(gate) as browser:
        page = await browser.send("/sign-in", {"name": "paula", "password": PASSWORD})
        assert page.path == "/jobs"
        none = await browser.send("/jobs", {"action": "print", "job": str(hers)})
        assert "Choose a device first." in none.words
        sent = await browser.send("/jobs", {"action": "print", "job": str(hers), "device": device.name})
        assert f"1 job goes to {device.name}." in sent.words
        await eventually(lambda: [each for each in sink.jobs if each.size], "her paper")
        page = await browser.get("/jobs")
        assert (await browser.send("/sign-out", {}, token=page.token)).path == "/"
