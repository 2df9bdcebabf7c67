"""Late binding: what is changed at release goes with the job, is stored in one piece with the release, and ends with
it.
"""

import asyncio
from dataclasses import replace

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import Attribute, Group, Range, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import NotBindable, NotPossible
from ippgate.model.job import Job
from ippgate.model.lifecycle import Event
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, Connection, job_of
from tests.integration.store.births import born, by_carrier, claimed

ONE_SIDED, TWO_SIDED = attribute(A.SIDES, "one-sided"), attribute(A.SIDES, "two-sided-long-edge")
TWO, FIVE = attribute(A.COPIES, 2), attribute(A.COPIES, 5)
STAPLED = attribute(A.FINISHINGS, 4)
ASKED = (TWO, ONE_SIDED, attribute(A.OUTPUT_BIN, "face-down"))
BOUND = (TWO, TWO_SIDED, attribute(A.OUTPUT_BIN, "face-down"))

DUPLEXER = Group(
    Tag.PRINTER,
    [
        attribute(A.COPIES_SUPPORTED, Range(1, 99)),
        attribute(A.SIDES_SUPPORTED, "one-sided", "two-sided-long-edge"),
        attribute(A.PRINT_COLOR_MODE_SUPPORTED, "auto", "color", "monochrome"),
    ],
)
STAPLER = Group(Tag.PRINTER, [*DUPLEXER, attribute(A.FINISHINGS_SUPPORTED, 3, 4)])
PLAIN = Group(Tag.PRINTER, [attribute(A.COPIES_SUPPORTED, Range(1, 9))])


async def printer(gate: Gate, name: str, said: Group | None, **report: object) -> Device:
    """A device that is never called, as one that has said this of itself."""
    added = await gate.fleet.add_device(name, f"ipp://127.0.0.1:9/{name}", force=True)
    told = DeviceReport(PrinterState.IDLE, attributes=said)
    await gate.fleet.keep_report(added, replace(told, **report))  # type: ignore[arg-type]
    gate.fleet.forget()
    return await gate.fleet.device(name)


async def held(gate: Gate, *template: Attribute) -> int:
    return await born(gate, template=template)


async def fails(gate: Gate, device: Device, job_id: int) -> Job:
    """The device gives the job back."""
    await gate.lanes.beat()
    load = next(load for load in await gate.lanes.claim(device.id, 10) if load.parcel.job_id == job_id)
    for event in (Event.START, Event.HOLD):
        assert await gate.jobs.move(by_carrier(gate, load, event, "job-held-for-release")) is not None
    return await job_of(gate, job_id)


# ── what goes to the device ──


async def test_a_job_is_delivered_as_it_was_bound(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    released = await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    assert released.template == BOUND
    assert released == await job_of(gate, job_id)
    await gate.lanes.beat()
    [load] = await gate.lanes.claim(device.id, 1)
    assert load.parcel.template == BOUND


async def test_without_changes_the_ticket_goes_as_it_is(gate: Gate) -> None:
    device, job_id = await printer(gate, "plain", PLAIN), await held(gate, *ASKED)
    assert (await gate.release.release(job_id, ALICE, device.name)).template == ASKED


async def test_changes_need_a_device(gate: Gate) -> None:
    job_id = await held(gate, *ASKED)
    with pytest.raises(NotPossible, match="only where a job is printed it can be changed"):
        await gate.release.release(job_id, ALICE, changes=[TWO_SIDED])


# ── what is refused ──


async def test_a_refusal_names_what_cannot_be_done_and_the_devices_that_could(gate: Gate) -> None:
    for name, said in (("plain", PLAIN), ("stapler", STAPLER), ("other", STAPLER), ("duplexer", DUPLEXER)):
        await printer(gate, name, said)
    await printer(gate, "jammed", STAPLER, state=PrinterState.STOPPED, reasons=("media-jam",))
    job_id = await held(gate, *ASKED)
    before = await job_of(gate, job_id)
    with pytest.raises(NotBindable) as refused:
        await gate.release.release(job_id, ALICE, "plain", changes=[STAPLED, TWO_SIDED, FIVE])
    sentence = str(refused.value)
    assert sentence.startswith("plain cannot do that (finishings: not staple, but none; sides: not two-sided-long-edge")
    assert sentence.endswith("; these could: stapler, other")
    assert refused.value.attributes == (STAPLED, TWO_SIDED)
    assert await job_of(gate, job_id) == before


async def test_a_refusal_says_when_no_device_could(gate: Gate) -> None:
    await printer(gate, "plain", PLAIN)
    with pytest.raises(NotBindable, match="no other device could"):
        await gate.release.release(await held(gate), ALICE, "plain", changes=[STAPLED])


async def test_a_device_that_never_said_what_it_can_do_is_not_asked_to_do_more(gate: Gate) -> None:
    await printer(gate, "unknown", None)
    job_id = await held(gate, *ASKED)
    with pytest.raises(NotBindable, match="it has never said what it can do"):
        await gate.release.release(job_id, ALICE, "unknown", changes=[TWO_SIDED])
    assert (await gate.release.release(job_id, ALICE, "unknown")).template == ASKED


async def test_a_job_on_its_way_is_changed_no_more_but_the_same_change_is_no_error(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    released = await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    assert await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED]) == released
    assert await gate.release.release(job_id, ALICE, device.name) == released
    with pytest.raises(NotPossible, match="on its way to duplexer already: it is too late to change it"):
        await gate.release.release(job_id, ALICE, device.name, changes=[FIVE])


async def test_black_and_white_stays_so(gate: Gate) -> None:
    await printer(gate, "duplexer", DUPLEXER)
    job_id = await held(gate, attribute(A.PRINT_COLOR_MODE, "monochrome"))
    with pytest.raises(NotBindable, match="the job came in black and white and stays so"):
        await gate.release.release(job_id, ALICE, "duplexer", changes=[attribute(A.PRINT_COLOR_MODE, "color")])


# ── how long it lasts ──


async def test_a_release_that_fails_takes_its_changes_with_it(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    given_back = await fails(gate, device, job_id)
    assert (given_back.state, given_back.template) == (JobState.PENDING_HELD, ASKED)
    again = await gate.release.release(job_id, ALICE, device.name, changes=[FIVE])
    assert again.template == (FIVE, *ASKED[1:])


async def test_a_hold_takes_back_the_release_and_its_changes(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    assert (await gate.desk.hold(job_id, ALICE, None)).template == ASKED


async def test_a_try_that_reached_nobody_keeps_the_changes_and_an_ended_job_shows_them(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    await gate.lanes.beat()
    [load] = await gate.lanes.claim(device.id, 1)
    for event in (Event.START, Event.RETRY):
        assert await gate.jobs.move(by_carrier(gate, load, event)) is not None
    assert (await job_of(gate, job_id)).template == BOUND
    [load] = await gate.lanes.claim(device.id, 1)
    for event in (Event.START, Event.COMPLETE):
        assert await gate.jobs.move(by_carrier(gate, load, event)) is not None
    assert (await job_of(gate, job_id)).template == BOUND


async def test_what_its_owner_changes_while_it_waits_is_the_owners_own(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    await gate.desk.change(job_id, ALICE, priority=80)
    assert (await gate.desk.hold(job_id, ALICE, None)).template == ASKED  # the ticket was not touched
    await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    await gate.desk.change(job_id, ALICE, template=(FIVE, TWO_SIDED))
    assert (await gate.desk.hold(job_id, ALICE, None)).template == (FIVE, TWO_SIDED)


# ── in one statement ──


async def test_a_ticket_that_changed_since_it_was_read_is_not_overwritten(gate: Gate) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    seen = await job_of(gate, job_id)
    await gate.desk.change(job_id, ALICE, template=(FIVE,))
    stale = Move(job_id, Event.RELEASE, (), device_id=device.id, template=BOUND, made_from=seen.template)
    assert await gate.jobs.move(stale) is None
    assert (await job_of(gate, job_id)).template == (FIVE,)
    released = await gate.release.release(seen, ALICE, device.name, changes=[TWO_SIDED])
    assert released.template == (FIVE, TWO_SIDED)


async def test_changes_and_releases_at_once_leave_one_whole_ticket(gate: Gate) -> None:
    device = await printer(gate, "duplexer", DUPLEXER)
    for _ in range(10):
        job_id = await held(gate, *ASKED)
        done = await asyncio.gather(
            gate.desk.change(job_id, ALICE, template=(FIVE,)),
            *(gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED]) for _ in range(3)),
            return_exceptions=True,
        )
        assert not [error for error in done if isinstance(error, Exception) and not isinstance(error, NotPossible)]
        job = await job_of(gate, job_id)
        assert job.state is JobState.PENDING
        assert job.template in ((FIVE, TWO_SIDED), BOUND, (FIVE,))


async def test_the_database_keeps_no_late_binding_for_a_held_job(gate: Gate, sql: Connection) -> None:
    device, job_id = await printer(gate, "duplexer", DUPLEXER), await held(gate, *ASKED)
    await gate.release.release(job_id, ALICE, device.name, changes=[TWO_SIDED])
    assert await sql.fetchval("SELECT unbound IS NOT NULL FROM job WHERE id = $1", job_id)
    load = await claimed(gate, device)
    assert load.parcel.job_id != job_id
    await gate.desk.hold(job_id, ALICE, None)
    assert await sql.fetchval("SELECT unbound IS NULL FROM job WHERE id = $1", job_id)
