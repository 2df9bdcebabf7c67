"""Cards and PINs in real PostgreSQL: whose they are, and that nobody reads them there (SECURITY S20, S21)."""

import asyncio

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.identity import Cards
from ippgate.identity.patience import PatienceSettings
from ippgate.model.card import MAX_CARDS
from ippgate.model.card_number import number_of, profile_of
from ippgate.model.errors import Busy, NotFound, NotPossible
from ippgate.model.person import Particulars
from ippgate.store.cards import CardStore
from tests.integration.gates import Connection

BADGE, PHONE = number_of("04A1B2C3"), number_of("04A1B2C3D4E5F6")
HERE, THERE = "192.0.2.1", "198.51.100.9"


async def people(gate: Gate, *names: str) -> None:
    for name in names:
        await gate.people.add(name, Particulars())


async def everything(sql: Connection) -> str:
    return str([await sql.fetch(f"SELECT * FROM {table}") for table in ("person", "card", "card_code")])


async def test_cards_are_registered_found_by_any_reader_listed_and_removed(gate: Gate) -> None:
    await people(gate, "anna", "jake")
    badge, new = await gate.cards.add("CORP\\Anna", BADGE)
    phone, _ = await gate.cards.add("anna", PHONE)
    assert new
    assert (badge.person, badge.label, badge.seen_at) == ("anna", "2C3", None)
    assert await gate.cards.find(number_of("3283263748", profile_of("decimal,octets=4,reversed"))) == badge
    assert await gate.cards.find(number_of("04A1B2C4")) is None
    assert await gate.cards.listing("anna") == [badge, phone] == await gate.cards.listing()
    assert await gate.cards.listing(after=badge.id) == [phone]
    assert await gate.cards.listing("jake") == []
    assert await gate.cards.remove(badge.id) == badge
    assert await gate.cards.find(BADGE) is None
    with pytest.raises(NotFound, match=f"there is no card {badge.id}"):
        await gate.cards.remove(badge.id)
    with pytest.raises(NotFound, match="there is no person nobody"):
        await gate.cards.add("nobody", BADGE)


async def test_a_card_is_one_persons_and_to_register_it_again_changes_nothing(gate: Gate) -> None:
    await people(gate, "anna", "jake")
    badge, _ = await gate.cards.add("anna", BADGE)
    assert await gate.cards.add("anna", BADGE) == (badge, False)
    with pytest.raises(NotPossible, match=rf"that card is anna's already \(card {badge.id}\)"):
        await gate.cards.add("jake", BADGE)
    await gate.people.remove("anna")
    assert (await gate.cards.add("jake", BADGE))[1]


async def test_a_person_has_so_many_cards_at_most(gate: Gate) -> None:
    await people(gate, "anna")
    for number in range(MAX_CARDS):
        await gate.cards.add("anna", number_of(f"{number:08x}1"))
    with pytest.raises(NotPossible, match="anna has 20 cards already"):
        await gate.cards.add("anna", BADGE)
    code, _ = await gate.cards.code("anna")
    with pytest.raises(NotPossible, match="anna has 20 cards already"):
        await gate.cards.register(code, BADGE, HERE)


async def test_neither_numbers_nor_codes_nor_pins_are_in_the_database(gate: Gate, sql: Connection) -> None:
    await people(gate, "anna")
    await gate.cards.add("anna", PHONE)
    code, _ = await gate.cards.code("anna")
    _, pin = await gate.pins.renew("anna")
    stored = await everything(sql)
    assert "D4E5F6" not in stored.upper()
    assert code not in stored
    assert f"'{pin}'" not in stored
    assert len({row["digest"] for row in await sql.fetch("SELECT digest FROM card UNION SELECT pin FROM person")}) == 2


async def test_a_code_registers_one_card_once(gate: Gate) -> None:
    await people(gate, "anna", "jake")
    await gate.cards.add("jake", PHONE)
    code, _ = await gate.cards.code("anna")
    with pytest.raises(NotPossible, match="that card is somebody's already"):
        await gate.cards.register(code, PHONE, HERE)
    card = await gate.cards.register(f" {code}\n", BADGE, HERE)
    assert card.person == "anna"
    for used in (code, "0000000000", ""):
        with pytest.raises(NotFound, match="that code is not good"):
            await gate.cards.register(used, number_of("04A1B2C4"), HERE)
    assert [each.person for each in await gate.cards.listing()] == ["jake", "anna"]


async def test_two_who_use_a_code_at_once_get_one_card(gate: Gate) -> None:
    await people(gate, "anna")
    code, _ = await gate.cards.code("anna")
    numbers = [number_of(f"04A1B2{place:02X}") for place in range(6)]
    done = await asyncio.gather(
        *(gate.cards.register(code, number, HERE) for number in numbers), return_exceptions=True
    )
    assert sum(not isinstance(each, BaseException) for each in done) == 1
    assert len(await gate.cards.listing("anna")) == 1


async def test_a_code_that_is_over_replaced_or_of_somebody_shut_out_is_not_good(gate: Gate, sql: Connection) -> None:
    await people(gate, "anna", "bea", "carl")
    replaced, _ = await gate.cards.code("anna")
    await gate.cards.code("anna")
    over, _ = await gate.cards.code("bea")
    await sql.execute(
        "UPDATE card_code SET expires_at = now() WHERE person_id = (SELECT id FROM person WHERE name = 'bea')"
    )
    out, _ = await gate.cards.code("carl")
    await gate.people.change("carl", Particulars(active=False))
    for code in (replaced, over, out):
        with pytest.raises(NotFound, match="that code is not good"):
            await gate.cards.register(code, BADGE, HERE)
    assert await gate.cards.listing() == []
    await gate.cards.code("anna")
    assert await sql.fetchval("SELECT count(*) FROM card_code") == 2  # what was over is gone
    with pytest.raises(NotFound):
        await gate.cards.code("nobody")


async def test_guessing_at_codes_is_slowed_for_its_source_alone(gate: Gate) -> None:
    await people(gate, "anna")
    cards = Cards(CardStore(gate.database), gate.secrets, gate.owners, PatienceSettings(free=2), lambda: 0.0)
    code, _ = await cards.code("anna")
    for _ in range(2):
        with pytest.raises(NotFound):
            await cards.register("1111111111", BADGE, HERE)
    with pytest.raises(Busy, match="try again in 1 seconds"):
        await cards.register(code, BADGE, HERE)
    assert (await cards.register(code, BADGE, THERE)).person == "anna"


async def test_pins_are_drawn_told_once_and_taken_away(gate: Gate, sql: Connection) -> None:
    await people(gate, "anna", "jake")
    (anna, first), (_, second) = await gate.pins.renew("Anna"), await gate.pins.renew("jake")
    assert anna.has_pin
    assert (len(first), len(second)) == (6, 6)
    assert first != second
    stored = await sql.fetchval("SELECT pin FROM person WHERE name = 'anna'")
    assert stored == gate.pins.digest(first)
    _, third = await gate.pins.renew("anna")
    assert third != first
    assert not (await gate.pins.remove("anna")).has_pin
    for asked in (gate.pins.renew("nobody"), gate.pins.remove("nobody")):
        with pytest.raises(NotFound):
            await asked


async def test_no_two_people_have_a_pin_and_they_get_longer_as_there_are_more(gate: Gate, sql: Connection) -> None:
    await people(gate, "anna")
    taken = [gate.pins.digest(f"{number:06}") for number in range(0, 1000, 10)]
    await sql.executemany(
        "INSERT INTO person (name, pin) VALUES ($1, $2)", [(f"p{place}", pin) for place, pin in enumerate(taken)]
    )
    _, pin = await gate.pins.renew("anna")
    assert len(pin) == 7
    with pytest.raises(asyncpg.UniqueViolationError):
        await sql.execute("UPDATE person SET pin = $1 WHERE name = 'anna'", taken[0])


@pytest.mark.parametrize("change", ["digest = '\\x00'", "label = repeat('x', 17)", "person_id = 0"])
async def test_the_database_takes_no_card_that_cannot_be(gate: Gate, sql: Connection, change: str) -> None:
    await people(gate, "anna")
    await gate.cards.add("anna", BADGE)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await sql.execute(f"UPDATE card SET {change}")
