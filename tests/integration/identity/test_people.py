"""People in real PostgreSQL: what is known of them, in every gate, and what rules make of it."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.identity.people_book import PeopleBook
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Forbidden, NotFound, NotPossible
from ippgate.model.job import Caller
from ippgate.model.person import Particulars
from ippgate.policy import UserFacts
from ippgate.store.listen import Listener
from ippgate.store.people import PersonStore
from tests.integration.gates import Connection, hold_queue, register, submit
from tests.rig.crew import Crew
from tests.rig.eventually import eventually
from tests.rig.sink import Sink

ANNA = Particulars("Anna Li", "anna@corp.example", "R&D", "4711", "de", join=("staff", "lab"))
PASSWORD = "correct horse battery"
STAFF = """
[[rule]]
name = "Guests do not print"
when = '!("staff" in user.groups)'
refuse = "Guests do not print here."

[[rule]]
name = "Research counts"
when = 'user.department == "R&D" && user.cost_center == "4711"'
tag = "research"
"""
UPSTAIRS = """
[[rule]]
name = "Upstairs only the lab"
stage = "release"
when = '!("lab" in user.groups)'
refuse = "Upstairs prints for the lab alone."
"""


async def test_a_person_is_added_shown_changed_and_removed(gate: Gate) -> None:
    added = await gate.people.add("CORP\\Anna", ANNA)
    assert (added.name, added.full_name, added.email, added.department) == ("anna", "Anna Li", ANNA.email, "R&D")
    assert (added.cost_center, added.language, added.groups) == ("4711", "de", ("lab", "staff"))
    assert (added.active, added.has_password, added.has_pin, added.seen_at) == (True, False, False, None)
    assert await gate.people.person("ANNA@corp.example") == added
    changed = await gate.people.change("anna", Particulars(department="", leave=("lab",), join=("board", "staff")))
    assert (changed.department, changed.groups, changed.full_name) == ("", ("board", "staff"), "Anna Li")
    await gate.people.remove("Anna")
    for asked in (gate.people.person("anna"), gate.people.change("anna", ANNA), gate.people.remove("anna")):
        with pytest.raises(NotFound, match="there is no person anna"):
            await asked


async def test_people_are_listed_by_name_group_and_department_a_page_at_a_time(gate: Gate) -> None:
    for name in ("carl", "anna", "bea"):
        await gate.people.add(name, Particulars(department="R&D", join=("staff",) if name != "bea" else ()))
    await gate.people.change("carl", Particulars(active=False))
    assert [each.name for each in await gate.people.listing()] == ["anna", "bea", "carl"]
    assert [each.name for each in await gate.people.listing(after="anna", limit=1)] == ["bea"]
    assert [each.name for each in await gate.people.listing(group="staff", department="R&D")] == ["anna", "carl"]
    assert [each.name for each in await gate.people.listing(active=False)] == ["carl"]
    assert await gate.people.listing(department="none") == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("...", "is no name of a person"),
        ("x" * 256, "is no name of a person"),
        ("mobile", "a name that many clients share"),
        ("jsmith", "jsmith is another name of jake"),
        ("jake", "there is a person jake already"),
    ],
)
async def test_whoever_cannot_be_a_person_is_refused(gate: Gate, name: str, words: str) -> None:
    await gate.people.add("jake", Particulars())
    await gate.owners.add("jsmith", "jake")
    with pytest.raises(NotPossible, match=words):
        await gate.people.add(name, Particulars())
    assert [each.name for each in await gate.people.listing()] == ["jake"]


async def test_a_person_is_found_by_their_aliases_and_shown_with_them(gate: Gate) -> None:
    await hold_queue(gate, "front")
    jake = await gate.people.add("jake", Particulars())
    await gate.owners.add("jsmith", "jake")
    await gate.owners.add("reception", "jake", queue="front")
    await gate.owners.add("asmith", "anna")
    assert await gate.people.person("CORP\\JSmith") == jake
    assert [(alias.name, alias.queue) for alias in await gate.people.aliases(jake)] == [
        ("jsmith", ""),
        ("reception", "front"),
    ]
    with pytest.raises(NotFound):  # whoever prints by that name is jake in one queue alone
        await gate.people.person("reception")


async def test_a_password_is_kept_as_argon2id_and_taken_away_again(gate: Gate, sql: Connection) -> None:
    assert (await gate.people.add("anna", ANNA, password=PASSWORD)).has_password
    stored = await sql.fetchval("SELECT password FROM person")
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in repr(await sql.fetch("SELECT * FROM person"))
    assert (await gate.people.set_password("anna", "another " + PASSWORD)).has_password
    assert await sql.fetchval("SELECT password FROM person") != stored
    assert not (await gate.people.set_password("anna", None)).has_password
    for unfit, words in (("short", "8 characters"), ("annaanna" * 65, "512 octets")):
        with pytest.raises(NotPossible, match=words):
            await gate.people.set_password("anna", unfit)
    with pytest.raises(NotPossible, match="the password is the name"):
        await gate.people.add("annabella", Particulars(), password="Annabella")
    with pytest.raises(NotFound):
        await gate.people.set_password("nobody", PASSWORD)
    assert [each.name for each in await gate.people.listing()] == ["anna"]


async def test_who_is_shut_out_is_known_at_once_and_who_is_no_person_is_not(gate: Gate) -> None:
    await gate.people.add("anna", ANNA)
    await gate.people.change("anna", Particulars(active=False))
    with pytest.raises(Forbidden, match="anna is shut out"):
        gate.people_book.check_active("anna")
    gate.people_book.check_active("stranger")
    await gate.people.change("anna", Particulars(active=True))
    gate.people_book.check_active("anna")


async def test_rules_know_a_persons_groups_department_and_cost_centre(
    ruled: Callable[[str], Awaitable[Gate]],
) -> None:
    gate = await ruled(STAFF)
    queue = await hold_queue(gate)
    await gate.people.add("anna", ANNA)
    await gate.people.add("bea", Particulars(join=("staff",)))
    anna, bea = [await submit(gate, queue, b"%PDF", owner=Caller(name)) for name in ("anna", "bea")]
    assert (anna.tags, bea.tags) == (("research",), ())
    with pytest.raises(Forbidden, match="Guests do not print here"):
        await submit(gate, queue, b"%PDF", owner=Caller("stranger"))
    await gate.people.change("bea", Particulars(leave=("staff",)))
    with pytest.raises(Forbidden, match="Guests do not print here"):
        await submit(gate, queue, b"%PDF", owner=Caller("bea"))


async def test_rules_know_a_person_when_a_job_is_released(ruled: Callable[[str], Awaitable[Gate]], sink: Sink) -> None:
    gate = await ruled(UPSTAIRS)
    queue = await hold_queue(gate)
    await register(gate, sink.uri)
    anna = Caller("anna")
    job = await submit(gate, queue, b"%PDF", owner=anna)
    with pytest.raises(Forbidden, match="for the lab alone"):
        await gate.release.release(job.id, anna, "printer")
    await gate.people.add("anna", ANNA)
    assert (await gate.release.release(job.id, anna, "printer")).state is JobState.PENDING


async def test_what_one_gate_changes_another_hears_of(gates: Callable[..., Awaitable[Gate]]) -> None:
    here, there = await gates(), await gates()
    crew, listener = Crew(), Listener(here.database.settings)
    listener.subscribe("ippgate_person", here.people_book.heard)
    crew.hire(listener.run())
    crew.hire(here.people_book.run())
    await listener.listening.wait()
    await there.people.add("anna", ANNA)
    facts = UserFacts("anna", ("lab", "staff"), "R&D", "4711")
    await eventually(lambda: here.people_book.facts("anna") == facts, "her to be heard of", within=5)
    await there.people.change("anna", Particulars(active=False, leave=("lab",)))

    def shut_out() -> bool:
        try:
            here.people_book.check_active("anna")
        except Forbidden:
            return True
        return False

    await eventually(shut_out, "that she is shut out", within=5)
    assert here.people_book.facts("anna").groups == ("staff",)
    await there.people.remove("anna")
    await eventually(lambda: here.people_book.facts("anna") == UserFacts("anna"), "that she is gone", within=5)
    await crew.dismiss()


async def test_what_nobody_told_of_is_seen_all_the_same(gate: Gate, sql: Connection) -> None:
    """Thousands, by pages; a removal and an addition of as many are seen as well."""
    await sql.execute("INSERT INTO person (name, department) SELECT 'p' || n, 'D' FROM generate_series(1, 2500) AS n")
    book, crew = PeopleBook(PersonStore(gate.database), interval=0.05), Crew()
    await book.reload()
    assert all(book.facts(f"p{n}").department == "D" for n in range(1, 2501))
    crew.hire(book.run())  # without a listener
    await sql.execute("DELETE FROM person WHERE name = 'p7'")
    await sql.execute("INSERT INTO person (name, active) VALUES ('p2501', false)")
    await eventually(lambda: book.is_known("p2501") and not book.is_known("p7"), "both to be seen", within=10)
    with pytest.raises(Forbidden):
        book.check_active("p2501")
    await crew.dismiss()


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ("name", "''"),
        ("name", "repeat('x', 256)"),
        ("name, password", "'anna', 'plain'"),
        ("name, pin", "'anna', '1234'"),
        ("name, source", "'anna', 'hearsay'"),
        ("name, groups", "'anna', array_fill('g'::text, ARRAY[513])"),
    ],
)
async def test_the_database_takes_nobody_who_cannot_be(sql: Connection, columns: str, values: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute(f"INSERT INTO person ({columns}) VALUES ({values})")


async def test_what_somebody_prefers_is_kept_changed_and_known_at_once(gate: Gate, sql: Connection) -> None:
    await gate.people.add("anna", ANNA)
    sides, copies = attribute(A.SIDES, "two-sided-long-edge"), attribute(A.COPIES, 2)
    preferring = await gate.people.prefer("CORP\\Anna", (sides, copies))
    assert preferring.preferences == (copies, sides)
    assert gate.people_book.preferences("anna") == (copies, sides)
    assert (await gate.people.change("anna", Particulars(department="R&D"))).preferences == (copies, sides)
    both = await asyncio.gather(
        gate.people.prefer("anna", (attribute(A.PRINT_COLOR_MODE, "monochrome"),)),
        gate.people.prefer("anna", dropped=(A.COPIES,)),
    )
    assert both
    left = (sides, attribute(A.PRINT_COLOR_MODE, "monochrome"))
    assert (await gate.people.person("anna")).preferences == left
    other = PeopleBook(PersonStore(gate.database))
    await other.reload()
    assert (other.preferences("anna"), other.preferences("stranger")) == (left, ())
    with pytest.raises(NotPossible, match="cannot be preferred"):
        await gate.people.prefer("anna", (attribute(A.JOB_HOLD_UNTIL, "indefinite"),))
    await gate.people.prefer("anna", dropped=(A.SIDES, A.PRINT_COLOR_MODE))
    assert await sql.fetchval("SELECT preferences FROM person") is None
    assert gate.people_book.preferences("anna") == ()
