"""What operators say of a queue, on real PostgreSQL: kept, told to every process, and put into its jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.intake.ticket import judge
from ippgate.ipp import Attribute, Group, PrinterState, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE
from ippgate.model.device import DeviceReport
from ippgate.model.errors import NotFound, Unavailable
from ippgate.model.queue import Advertised, Description, Queue
from tests.integration.gates import Connection, hold_queue

Gates = Callable[..., Awaitable[Gate]]
OLGA = "olga"
SIDES, COPIES = attribute(A.SIDES, "two-sided-long-edge"), attribute(A.COPIES, 2)
ALL = Description(
    info="Third floor",
    location="Room 312",
    geo_location="geo:52.52,13.405",
    organization="Example",
    organizational_unit="Physics",
    message="Toner comes on Monday",
    contact_name="Olga",
    contact_uri="mailto:olga@example.org",
    defaults=(SIDES, COPIES),
)


def said_of(queue: Queue) -> Description:
    return Description(**{name: getattr(queue, name) for name in Description.__slots__})


async def test_what_is_said_is_kept_and_other_processes_read_it(gate: Gate, gates: Gates) -> None:
    queue = await hold_queue(gate)
    other = await gates()
    assert said_of(await gate.fleet.describe_queue(queue, ALL, OLGA)) == ALL
    assert said_of(await gate.fleet.queue(queue.name)) == ALL
    assert said_of(await other.fleet.queue(queue.name)) == ALL
    changed = await gate.fleet.describe_queue(await gate.fleet.queue(queue.name), Description(message=""), OLGA)
    assert said_of(changed) == replace(ALL, message="")
    assert (changed.mode, changed.accepting, changed.uuid) == (queue.mode, queue.accepting, queue.uuid)


async def test_what_an_operator_sets_besides_stays(gate: Gate) -> None:
    """Switches and description are told apart: neither undoes the other, whoever is quicker."""
    queue = await hold_queue(gate)
    await asyncio.gather(
        gate.fleet.describe_queue(queue, ALL, OLGA),
        gate.traffic.pause(queue.name, OLGA),
        gate.traffic.disable(queue.name, OLGA),
    )
    after = await gate.fleet.queue(queue.name)
    assert (said_of(after), after.paused, after.accepting) == (ALL, True, False)
    await gate.fleet.set_queue(queue.name, info="Other")
    assert said_of(await gate.fleet.queue(queue.name)) == replace(ALL, info="Other")


async def test_of_two_who_choose_defaults_at_once_the_second_is_told(gate: Gate) -> None:
    queue = await hold_queue(gate)
    await gate.fleet.describe_queue(queue, Description(defaults=(SIDES,)), OLGA)
    with pytest.raises(Unavailable, match="being changed by somebody else"):
        await gate.fleet.describe_queue(queue, Description(defaults=(COPIES,)), OLGA)
    assert (await gate.fleet.queue(queue.name)).defaults == (SIDES,)
    await gate.fleet.describe_queue(queue, Description(info="New"), OLGA)  # has nothing to do with them


async def test_a_queue_that_is_gone_is_not_found(gate: Gate) -> None:
    queue = await hold_queue(gate)
    await gate.fleet.remove_queue(queue.name)
    with pytest.raises(NotFound):
        await gate.fleet.describe_queue(queue, Description(info="New"), OLGA)


@pytest.mark.parametrize(
    "column",
    ["geo_location = 'https://example.org/'", "message = repeat('x', 128)", "contact_uri = repeat('x', 1024)"],
)
async def test_the_database_keeps_no_more_than_ipp_can_tell(gate: Gate, sql: Connection, column: str) -> None:
    await hold_queue(gate)
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute(f"UPDATE queue SET {column}")


async def test_defaults_are_told_and_filled_in_as_far_as_they_are_possible(gate: Gate) -> None:
    """A device that loses its duplexer takes the default with it, and brings it back."""
    await gate.fleet.add_device("mfp", "ipp://127.0.0.1:9/mfp", force=True)

    async def can(*sides: str) -> None:
        told = Group(
            Tag.PRINTER, [attribute(A.SIDES_SUPPORTED, *sides), attribute(A.COPIES_SUPPORTED, 9, tag=Tag.INTEGER)]
        )
        await gate.fleet.keep_report(await gate.fleet.device("mfp"), DeviceReport(PrinterState.IDLE, attributes=told))
        gate.fleet.forget()

    queue = await hold_queue(gate)
    await gate.fleet.set_queue(queue.name, device="mfp", capabilities=Advertised.INTERSECTION)
    await can("one-sided", "two-sided-long-edge")
    await gate.fleet.describe_queue(await gate.fleet.queue(queue.name), Description(defaults=(SIDES, COPIES)), OLGA)
    assert await filled_in(gate, queue) == (SIDES, COPIES)
    await can("one-sided")
    assert await filled_in(gate, queue) == (COPIES,)
    await can("one-sided", "two-sided-long-edge")
    assert await filled_in(gate, queue) == (SIDES, COPIES)


async def test_capabilities_stay_the_same_object_while_nothing_changes(gate: Gate) -> None:
    queue = await hold_queue(gate)
    assert gate.abilities.of_queue(queue) is SAFE
    queue = await gate.fleet.describe_queue(queue, Description(defaults=(SIDES,)), OLGA)
    first = gate.abilities.of_queue(queue)
    assert first is not SAFE
    for _ in range(2):
        gate.fleet.forget()
        assert gate.abilities.of_queue(await gate.fleet.queue(queue.name)) is first


async def test_the_gate_has_one_uuid_in_all_its_processes(gate: Gate, gates: Gates) -> None:
    other = await gates()
    mine, theirs = await asyncio.gather(gate.fleet.system_uuid(), other.fleet.system_uuid())
    assert mine == theirs == await gate.fleet.system_uuid()


async def filled_in(gate: Gate, queue: Queue) -> tuple[Attribute, ...]:
    """The ticket of a job that says nothing."""
    able = gate.abilities.of_queue(await gate.fleet.queue(queue.name))
    return judge(Group(Tag.OPERATION), (), able, 1, datetime.now(UTC)).template
