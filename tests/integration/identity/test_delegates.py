"""Delegates in real PostgreSQL: who stands for whom, in every gate, and what they may do with another's job."""

from dataclasses import replace

import pytest

from ippgate.app.gate import Gate
from ippgate.identity import delegates as delegates_module
from ippgate.ipp import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible
from ippgate.model.job import Caller, NewDocument, NewJob
from ippgate.model.person import Particulars
from ippgate.model.release_action import ReleaseAction
from ippgate.model.until import INDEFINITE
from ippgate.store.jobs import WAITING
from ippgate.store.listen import Listener
from tests.integration.gates import Connection, hold_queue, job_of, register, serving, stream, submit, until
from tests.integration.stages import device
from tests.rig.crew import Crew
from tests.rig.eventually import eventually
from tests.rig.sink import Sink

ANNA, CLAIRE = Caller("anna", "192.0.2.1", proven=True), Caller("claire", "192.0.2.2", proven=True)
PAGE = b"%PDF-1.7 a page"


async def people(gate: Gate, *names: str) -> None:
    for name in names:
        await gate.people.add(name, Particulars())


@pytest.fixture
async def house(gate: Gate) -> Gate:
    """Claire stands for Anna; Ben for nobody."""
    await people(gate, "anna", "ben", "claire")
    await gate.delegates.add("anna", "claire", "root")
    return gate


async def test_delegates_are_added_listed_and_removed_by_any_of_their_names(gate: Gate) -> None:
    await people(gate, "anna", "ben", "claire")
    await gate.owners.add("cli", "claire")
    added = await gate.delegates.add("CORP\\Anna", "CLI", "root")
    assert (added.person, added.delegate) == ("anna", "claire")
    await gate.delegates.add("ben", "claire", "root")
    assert [each.delegate for each in await gate.delegates.of("anna")] == ["claire"]
    assert [each.person for each in await gate.delegates.for_whom("claire")] == ["anna", "ben"]
    assert [each.person for each in await gate.delegates.listing(after=("anna", "claire"))] == ["ben"]
    assert gate.people_book.stands_for("claire") == {"anna", "ben"}
    await gate.delegates.remove("anna", "claire", "root")
    assert gate.people_book.stands_for("claire") == {"ben"}
    with pytest.raises(NotFound, match="claire does not stand for anna"):
        await gate.delegates.remove("anna", "claire", "root")


@pytest.mark.parametrize(
    ("person", "delegate", "refused", "words"),
    [
        ("anna", "nobody", NotFound, "there is no person nobody"),
        ("nobody", "anna", NotFound, "there is no person nobody"),
        ("anna", "...", NotPossible, "is no name of a person"),
        ("anna", "Anna", NotPossible, "their own jobs"),
        ("anna", "claire", NotPossible, "claire stands for anna already"),
    ],
)
async def test_who_cannot_stand_for_another_is_refused(
    house: Gate, person: str, delegate: str, refused: type[Exception], words: str
) -> None:
    with pytest.raises(refused, match=words):
        await house.delegates.add(person, delegate, "root")
    assert [(each.person, each.delegate) for each in await house.delegates.listing()] == [("anna", "claire")]


async def test_there_are_so_many_delegates_and_no_more(house: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delegates_module, "MAX_DELEGATES", 1)
    with pytest.raises(NotPossible, match="anna has 1 delegates already"):
        await house.delegates.add("anna", "ben", "root")
    monkeypatch.setattr(delegates_module, "MAX_STANDING", 1)
    with pytest.raises(NotPossible, match="claire stands for 1 people already"):
        await house.delegates.add("ben", "claire", "root")


async def test_it_goes_one_step_and_two_who_stand_for_each_other_do_no_harm(house: Gate) -> None:
    await house.delegates.add("claire", "anna", "root")
    await house.delegates.add("claire", "ben", "root")
    standing = {name: set(house.people_book.stands_for(name)) for name in ("anna", "ben", "claire")}
    assert standing == {"anna": {"claire"}, "ben": {"claire"}, "claire": {"anna"}}
    assert not await house.delegates.stands("anna", "ben")


async def test_another_gate_hears_of_it_and_whoever_is_gone_stands_for_nobody(gate: Gate, gates: object) -> None:
    await people(gate, "anna", "ben", "claire")
    other = await gates()  # type: ignore[operator]  # the fixture's callable
    await other.people_book.reload()
    listener = Listener(other.database.settings)
    listener.subscribe("ippgate_person", other.people_book.heard)
    crew = Crew()
    crew.hire(listener.run())
    crew.hire(other.people_book.run())
    await listener.listening.wait()
    try:
        await gate.delegates.add("anna", "claire", "root")
        await gate.delegates.add("ben", "claire", "root")
        await eventually(lambda: _are(other, {"anna", "ben"}), "the other gate to hear of it", within=5)
        await gate.people.change("anna", Particulars(active=False))
        await eventually(lambda: _are(other, {"ben"}), "it to hear that anna is shut out", within=5)
        assert not await other.delegates.stands("anna", "claire")
        await gate.people.change("anna", Particulars(active=True))
        await gate.people.remove("ben")
        await eventually(lambda: _are(other, {"anna"}), "it to hear that ben is gone", within=5)
        await gate.people.remove("claire")
        await eventually(lambda: _are(other, set()), "it to hear that claire is gone", within=5)
        assert await gate.delegates.listing() == []
    finally:
        await crew.dismiss()


async def _are(gate: Gate, owners: set[str]) -> bool:
    return gate.people_book.stands_for("claire") == owners


async def test_a_listing_at_a_device_has_what_is_held_for_others_and_nothing_else_of_theirs(
    house: Gate, sql: Connection
) -> None:
    queue, here = await hold_queue(house), await device(house)
    hers = await submit(house, queue, PAGE, owner=ANNA)
    gone = await submit(house, queue, PAGE, owner=ANNA)
    own = await submit(house, queue, PAGE, owner=CLAIRE)
    await submit(house, queue, PAGE, owner=Caller("ben"))
    await house.release.release(gone.id, ANNA, here.name)

    async def listed(limit: int = 10) -> list[int]:
        others = house.people_book.stands_for("claire")
        return [job.id for job in await house.desk.listing_at(here.id, WAITING, "claire", limit, others)]

    assert await listed() == [hers.id, own.id]
    assert await listed(1) == [hers.id]
    caller = replace(CLAIRE, stands_for=house.people_book.stands_for("claire"))
    assert [job.id for job in await house.desk.held_for_others(caller, 10)] == [hers.id]
    assert await house.desk.held_for_others(ANNA, 10) == []
    await house.release.release(hers.id, CLAIRE, here.name)
    assert await listed() == [hers.id, own.id]  # she sees what comes of it
    await sql.execute("UPDATE job SET released_by = 'anna' WHERE id = $1", hers.id)
    assert await listed() == [own.id]


async def test_a_delegate_releases_as_themselves_and_the_job_stays_its_owner_s(house: Gate, sink: Sink) -> None:
    printer, queue = await register(house, sink.uri), await hold_queue(house)
    job = await submit(house, queue, PAGE, owner=ANNA)
    changes = (attribute(A.COPIES, 1),)
    released = await house.release.release(job.id, CLAIRE, printer.name, changes=changes, keep=True)
    assert (released.owner, released.released_by) == ("anna", "claire")
    async with serving(house):
        kept = await until(house, job, JobState.PENDING_HELD, where=lambda seen: bool(seen.message))
        assert (kept.owner, kept.released_by) == ("anna", "claire")
        await house.release.release(job.id, ANNA, printer.name)
        await until(house, job, JobState.COMPLETED)
    assert [one["released_by"] for one in await house.jobs.attempts(job.id)] == ["claire", "anna"]


async def test_who_stands_for_nobody_or_no_more_releases_nothing_from_that_moment_on(house: Gate) -> None:
    queue, here = await hold_queue(house), await device(house)
    job = await submit(house, queue, PAGE, owner=ANNA)

    async def refused(caller: Caller) -> None:
        with pytest.raises(NotAuthorized, match=f"job {job.id} belongs to somebody else"):
            await house.release.release(job.id, caller, here.name)

    await refused(Caller("ben", proven=True))
    await refused(Caller("claire"))  # says so, and has not proven it
    for shut in ("claire", "anna"):
        await house.people.change(shut, Particulars(active=False))
        await refused(CLAIRE)
        await house.people.change(shut, Particulars(active=True))
    await house.delegates.remove("anna", "claire", "root")
    await refused(CLAIRE)
    assert (await job_of(house, job)).state is JobState.PENDING_HELD


async def test_a_delegate_neither_cancels_holds_nor_changes_it(house: Gate) -> None:
    job = await submit(house, await hold_queue(house), PAGE, owner=ANNA)
    await house.desk.hold(job.id, ANNA, INDEFINITE)
    job = await job_of(house, job)
    with pytest.raises(NotPossible, match="name one"):
        await house.release.release(job.id, CLAIRE)  # to no device: it would but end the hold
    for asked in (
        house.desk.cancel(job.id, CLAIRE),
        house.desk.hold(job.id, CLAIRE, None),
        house.desk.change(job.id, CLAIRE, name="mine"),
    ):
        with pytest.raises(NotAuthorized, match="belongs to somebody else"):
            await asked
    assert await job_of(house, job) == job


async def test_a_job_whose_owner_has_to_be_proven_goes_with_a_delegate_who_is(house: Gate) -> None:
    queue, here = await hold_queue(house), await device(house)
    new = NewJob(queue.id, "anna", "report", "", release_action=ReleaseAction.OWNER_AUTHORIZED)
    job = await house.intake.submit(queue, new, NewDocument("application/pdf"), stream(PAGE))
    with pytest.raises(NotAuthorized):
        await house.release.release(job.id, Caller("claire"), here.name)
    assert (await house.release.release(job.id, CLAIRE, here.name)).state is JobState.PENDING
