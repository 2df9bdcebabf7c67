"""People log in at devices and elsewhere, as the device allows; guessing is slowed and told nothing (S18, S21, S22)."""

import asyncio

import pytest

from ippgate.app.gate import Gate
from ippgate.identity import logins as logins_module
from ippgate.identity.logins import Claim, Login, UnknownCard
from ippgate.model.card_number import number_of
from ippgate.model.device import Device
from ippgate.model.errors import Busy, Forbidden, NotAuthenticated, NotPossible
from ippgate.model.person import Particulars
from ippgate.model.session import LoginBy, SessionKind
from ippgate.observe import Event
from tests.integration.gates import register
from tests.rig.sink import Sink

HERE, THERE = "192.0.2.1", "198.51.100.9"
PASSWORD = "correct horse battery"
BADGE, JAKES, UNKNOWN = "04A1B2C3", "04A1B2D4", "04FFFFFF"
ALL = tuple(LoginBy)


@pytest.fixture
async def device(gate: Gate, sink: Sink) -> Device:
    """All ways are allowed there; anna and jake have a card, a PIN and a password each."""
    await register(gate, sink.uri)
    for name, card in (("anna", BADGE), ("jake", JAKES)):
        await gate.people.add(name, Particulars(), password=f"{name} {PASSWORD}")
        await gate.cards.add(name, number_of(card))
    return await gate.fleet.set_logins("printer", add=ALL)


@pytest.fixture
async def pin(gate: Gate, device: Device) -> str:
    return (await gate.pins.renew("anna"))[1]


def wrong(pin: str) -> str:
    return pin[:-1] + str((int(pin[-1]) + 1) % 10)


async def test_all_four_ways_lead_to_a_session_at_that_device(gate: Gate, device: Device, pin: str) -> None:
    for claim in (
        Claim(card=BADGE),
        Claim(pin=pin),
        Claim(card=BADGE, pin=pin),
        Claim(name="CORP\\Anna", password=f"anna {PASSWORD}"),
    ):
        login = await gate.logins.at_device(device, claim, HERE)
        assert (login.session.person, login.session.kind, login.session.device_id) == (
            "anna",
            SessionKind.PANEL,
            device.id,
        )
    assert (await gate.people.person("anna")).seen_at is not None
    [badge] = await gate.cards.listing("anna")
    assert badge.seen_at is not None


async def test_whatever_is_wrong_is_refused_and_opens_nothing(gate: Gate, device: Device, pin: str) -> None:
    for claim, words in (
        (Claim(pin=wrong(pin)), "that PIN is not right"),
        (Claim(card=BADGE, pin=wrong(pin)), "that PIN is not right"),
        (Claim(card=JAKES, pin=pin), "that PIN is not right"),  # a good PIN, and somebody else's card
        (Claim(name="anna", password="wrong"), "that name and password"),
        (Claim(name="nobody", password=PASSWORD), "that name and password"),
        (Claim(name="...", password=PASSWORD), "that name and password"),
        (Claim(name="jake", password=f"anna {PASSWORD}"), "that name and password"),
    ):
        with pytest.raises(NotAuthenticated, match=words):
            await gate.logins.at_device(device, claim, HERE)
        await gate.logins.at_device(device, Claim(card=BADGE), HERE)  # nobody is locked out by it
    assert {each.person for each in await gate.sessions.listing()} == {"anna"}


async def test_an_unknown_card_is_told_apart_and_may_be_registered(gate: Gate, device: Device) -> None:
    with pytest.raises(UnknownCard, match="nobody has that card"):
        await gate.logins.at_device(device, Claim(card=UNKNOWN), HERE)
    code, _ = await gate.cards.code("jake")
    await gate.cards.register(code, number_of(UNKNOWN), HERE)
    assert (await gate.logins.at_device(device, Claim(card=UNKNOWN), HERE)).session.person == "jake"


async def test_a_card_is_read_by_the_profile_of_its_device(gate: Gate, device: Device) -> None:
    turned = await gate.fleet.set_logins("printer", card_profile="decimal, octets=4,reversed,prefix=;,suffix=?")
    assert turned.card_profile == "decimal,octets=4,reversed,prefix=;,suffix=?"
    assert (await gate.logins.at_device(turned, Claim(card=";3283263748?\r\n"), HERE)).session.person == "anna"
    with pytest.raises(NotPossible, match="signs around the number"):
        await gate.logins.at_device(turned, Claim(card=BADGE), HERE)
    with pytest.raises(NotPossible, match="is not understood"):
        await gate.fleet.set_logins("printer", card_profile="octal")


@pytest.mark.parametrize("by", ALL)
async def test_only_what_a_device_allows_is_looked_at(gate: Gate, device: Device, pin: str, by: LoginBy) -> None:
    claims = {
        LoginBy.CARD: Claim(card=BADGE),
        LoginBy.PIN: Claim(pin=pin),
        LoginBy.CARD_AND_PIN: Claim(card=BADGE, pin=pin),
        LoginBy.PASSWORD: Claim(name="anna", password=f"anna {PASSWORD}"),
    }
    without = await gate.fleet.set_logins("printer", remove=[by])
    with pytest.raises(Forbidden, match="printer asks for"):
        await gate.logins.at_device(without, claims[by], HERE)
    alone = await gate.fleet.set_logins("printer", add=[by], remove=[each for each in ALL if each is not by])
    assert (await gate.logins.at_device(alone, claims[by], HERE)).session.person == "anna"
    for other in set(ALL) - {by}:
        with pytest.raises(Forbidden):
            await gate.logins.at_device(alone, claims[other], HERE)


async def test_a_pin_alone_is_for_devices_where_an_operator_says_so(gate: Gate, sink: Sink) -> None:
    usual = await register(gate, sink.uri)
    assert LoginBy.PIN not in usual.logins
    nobody = await gate.fleet.set_logins("printer", remove=ALL)
    for claim in (Claim(), Claim(card=BADGE, name="anna", password=PASSWORD), Claim(name="anna")):
        with pytest.raises(Forbidden):
            await gate.logins.at_device(usual, claim, HERE)
    with pytest.raises(Forbidden, match="nobody logs in there"):
        await gate.logins.at_device(nobody, Claim(card=BADGE), HERE)


async def test_guessing_at_a_device_is_slowed_for_its_source_alone(gate: Gate, device: Device, pin: str) -> None:
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await gate.logins.at_device(device, Claim(pin=wrong(pin)), THERE)
    for claim in (Claim(pin=pin), Claim(card=BADGE), Claim(card=UNKNOWN)):
        with pytest.raises(Busy, match="too many attempts have failed"):
            await gate.logins.at_device(device, claim, THERE)
    assert (await gate.logins.at_device(device, Claim(pin=pin), HERE)).session.person == "anna"


async def test_somebodys_own_logins_do_not_pay_for_their_guesses(gate: Gate, device: Device, pin: str) -> None:
    await gate.logins.at_device(device, Claim(card=JAKES), HERE)
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await gate.logins.at_device(device, Claim(pin=wrong(pin)), HERE)
        if _ < 4:
            await gate.logins.at_device(device, Claim(card=JAKES), HERE)
    with pytest.raises(Busy):
        await gate.logins.at_device(device, Claim(card=JAKES), HERE)


async def test_a_crowd_at_one_address_is_not_taken_for_somebody_who_guesses(gate: Gate, device: Device) -> None:
    for number in range(40):
        await gate.people.add(f"p{number}", Particulars())
        await gate.cards.add(f"p{number}", number_of(f"04EE{number:04X}"))
    claims = [Claim(card=f"04EE{number:04X}") for number in range(40)]
    logins = await asyncio.gather(*(gate.logins.at_device(device, claim, HERE) for claim in claims))
    assert [login.session.person for login in logins] == [f"p{number}" for number in range(40)]


async def test_guesses_side_by_side_are_slowed_as_those_one_after_the_other(
    gate: Gate, device: Device, pin: str
) -> None:
    claims = [Claim(pin=f"{number:06}") for number in range(20) if f"{number:06}" != pin]
    done = await asyncio.gather(
        *(gate.logins.at_device(device, claim, HERE) for claim in claims), return_exceptions=True
    )
    assert [type(each) for each in done].count(NotAuthenticated) == 5
    assert [type(each) for each in done].count(Busy) == len(claims) - 5


async def test_a_panel_that_many_use_is_not_slowed_by_their_mistakes(gate: Gate, device: Device, pin: str) -> None:
    for card in (BADGE, JAKES) * 6:
        with pytest.raises(NotAuthenticated):
            await gate.logins.at_device(device, Claim(pin=wrong(pin)), HERE)
        await gate.logins.at_device(device, Claim(card=card), HERE)


async def test_guessing_from_everywhere_slows_a_device_and_not_who_was_good_there(
    gate: Gate, device: Device, pin: str
) -> None:
    await gate.logins.at_device(device, Claim(pin=pin), HERE)
    for place in range(20):
        with pytest.raises(NotAuthenticated):
            await gate.logins.at_device(device, Claim(pin=wrong(pin)), f"203.0.113.{place}")
    with pytest.raises(Busy):
        await gate.logins.at_device(device, Claim(pin=wrong(pin)), "203.0.113.200")
    assert gate.logins.slowed("anna", device) > 0
    assert "attempts" in [each.subject for each in await gate.doctor.person("anna", device=device.name) if each.remedy]
    assert gate.logins.slowed("anna") == 0
    assert (await gate.logins.at_device(device, Claim(pin=pin), HERE)).session.person == "anna"


async def test_passwords_are_slowed_by_source_and_by_name(gate: Gate, device: Device) -> None:
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await gate.logins.elsewhere("anna", "wrong", THERE, SessionKind.PORTAL)
    with pytest.raises(Busy):
        await gate.logins.elsewhere("jake", f"jake {PASSWORD}", THERE, SessionKind.PORTAL)
    login = await gate.logins.elsewhere("Anna", f"anna {PASSWORD}", HERE, SessionKind.PORTAL)
    assert (login.session.kind, login.session.device_id, login.session.idle) == (SessionKind.PORTAL, None, 1800.0)


async def test_who_is_shut_out_logs_in_nowhere(gate: Gate, device: Device, pin: str) -> None:
    await gate.people.change("anna", Particulars(active=False))
    for claim in (Claim(card=BADGE), Claim(pin=pin), Claim(name="anna", password=f"anna {PASSWORD}")):
        with pytest.raises(Forbidden, match="anna is shut out"):
            await gate.logins.at_device(device, claim, HERE)
    assert await gate.sessions.listing() == []


async def test_counted_numbers_are_noticed_and_no_secret_is_noted(
    gate: Gate, device: Device, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[Event, dict[str, object]]] = []
    monkeypatch.setattr(logins_module, "note", lambda event, **facts: noted.append((event, facts)))
    for place in range(4):
        with pytest.raises(UnknownCard):
            await gate.logins.at_device(device, Claim(card=f"0500000{place}"), HERE)
    with pytest.raises(NotAuthenticated):
        await gate.logins.at_device(device, Claim(pin=wrong(pin)), HERE)
    events = [event for event, _ in noted]
    assert events.count(Event.CARDS_IN_A_ROW) == 2
    assert events.count(Event.LOGIN_REFUSED) == 5
    assert "0500000" not in str(noted)
    assert wrong(pin) not in str(noted)


def test_what_was_given_is_in_no_repr() -> None:
    assert repr(Claim("04A1", "1234", "anna", "secret")) == "Claim(name='anna')"
    assert "token" not in repr(Login(None, "token"))  # type: ignore[arg-type]  # of no session


async def test_a_password_goes_with_a_person_or_an_operator_and_never_both(gate: Gate, device: Device) -> None:
    assert await gate.logins.claims("CORP\\Anna") == "anna"
    assert await gate.logins.proves("anna", f"anna {PASSWORD}", HERE)
    assert not await gate.logins.proves("anna", f"jake {PASSWORD}", HERE)
    await gate.people.add("bea", Particulars())
    assert [await gate.logins.claims(name) for name in ("bea", "nobody", "...")] == [None, None, None]
    await gate.operators.add("anna", "another " + PASSWORD)
    assert await gate.logins.claims("anna") is None
    await gate.operators.remove("anna")
    assert await gate.logins.claims("anna") == "anna"
    await gate.people.set_password("anna", None)
    assert await gate.logins.claims("anna") is None


async def test_a_new_password_ends_what_was_proven(gate: Gate, device: Device) -> None:
    assert await gate.logins.proves("anna", f"anna {PASSWORD}", HERE)
    await gate.people.set_password("anna", "another " + PASSWORD)
    gate.logins.forget("anna")  # as it is heard of
    assert not await gate.logins.proves("anna", f"anna {PASSWORD}", HERE)
    assert await gate.logins.proves("anna", "another " + PASSWORD, HERE)
