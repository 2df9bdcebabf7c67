"""Pages for people who log in: over TLS alone, by a password, with a token in each form, and out again."""

from collections.abc import AsyncIterator

import pytest

from ippgate.app import Gate as Services
from ippgate.model.person import Particulars
from tests.rig.gate import Gate
from tests.rig.visitor import WebVisitor

HERS = "petra's own battery"


@pytest.fixture
async def petra(services: Services) -> AsyncIterator[str]:
    await services.people.add("petra", Particulars(), password=HERS)
    yield "petra"
    await services.people.remove("petra")


@pytest.fixture
async def browser(gate: Gate) -> AsyncIterator[WebVisitor]:
    async with WebVisitor(gate) as visitor:
        yield visitor


async def test_a_person_comes_in_and_goes_out(browser: WebVisitor, services: Services, petra: str) -> None:
    page = await browser.send("/sign-in", {"name": "petra", "password": HERS}, follow=False)
    assert (page.status, page.headers["location"]) == (303, "/jobs")
    [session] = await services.sessions.listing("petra")
    assert session.kind == "portal"
    assert "Secure" in page.headers["set-cookie"]
    assert all(word in page.headers["set-cookie"] for word in ("HttpOnly", "SameSite=Strict"))
    again = await browser.get("/sign-in", follow=False)
    assert (again.status, again.headers["location"]) == (303, "/jobs")


@pytest.mark.parametrize(("name", "password"), [("petra", "wrong battery"), ("nobody at all", HERS), ("", "")])
async def test_who_does_not_prove_it_stays_outside(
    browser: WebVisitor, services: Services, petra: str, name: str, password: str
) -> None:
    page = await browser.send("/sign-in", {"name": name, "password": password})
    assert page.status == 403
    assert "do not go together" in page.words
    assert "ippgate-portal" not in browser.cookies
    assert await services.sessions.listing("petra") == []


async def test_a_form_of_another_site_is_refused(browser: WebVisitor, services: Services, petra: str) -> None:
    """S24."""
    token = (await browser.get("/sign-in")).token
    good = {"name": "petra", "password": HERS}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = await browser.send("/sign-in", good, token=token, headers=headers)
        assert refused.status == 403
        assert "another site" in refused.words
    for bad in ("", "x", token[:-1]):
        refused = await browser.send("/sign-in", good, token=bad)
        assert refused.status == 403
        assert "load it again" in refused.words
    browser.forget()
    assert (await browser.send("/sign-in", good, token=token)).status == 403  # it belongs to a cookie
    assert await services.sessions.listing("petra") == []


async def test_without_tls_nobody_signs_in(gate: Gate, services: Services, petra: str) -> None:
    async with WebVisitor(gate, secure=False) as browser:
        page = await browser.get("/sign-in", follow=False)
        assert (page.status, page.headers["location"]) == (307, f"https://127.0.0.1:{gate.tls_port}/sign-in")
        sent = await browser.send("/sign-in", {"name": "petra", "password": HERS}, token="x")
        assert sent.status == 403
        assert "could be read on the way" in sent.text
        start = await browser.get("/")
        assert start.status == 200
        assert "Sign in" in start.words
    assert await services.sessions.listing("petra") == []
