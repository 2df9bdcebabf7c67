"""The gate as a whole at /ipp/system: Get-System-Attributes and Get-Printers (PWG 5100.22)."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ippgate.ipp import Attribute, Group, Message, Operation, PrinterState, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, syntax_of
from ippgate.ipp.validate import check_values
from ippgate.model.queue import QueueMode
from tests.unit.doors.client import sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import HERE, Gate

SYSTEM, PRINTERS = Operation.GET_SYSTEM_ATTRIBUTES, Operation.GET_PRINTERS
OK, BAD, NOT_FOUND = Status.SUCCESSFUL_OK, Status.CLIENT_ERROR_BAD_REQUEST, Status.CLIENT_ERROR_NOT_FOUND
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
HERE_ALL = attribute(A.SYSTEM_URI, f"{HERE}/ipp/system")


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """Three queues: one that holds, one in front of a device that works, one that takes nothing."""
    async with Gate() as gate:
        device = gate.memory.add_device("mfp", PrinterState.PROCESSING)
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=device.id, location="Room 3")
        gate.memory.add_queue("closed", accepting=False, paused=True)
        yield gate


async def ask(gate: Gate, code: int, *operation: Attribute, target: Attribute | None = HERE_ALL) -> Message:
    return await gate.operate(code, *operation, target=target)


async def system_of(gate: Gate, *names: str) -> Group:
    asked = [attribute(A.REQUESTED_ATTRIBUTES, *names)] if names else []
    answer = await ask(gate, SYSTEM, *asked)
    assert status_of(answer) == OK, sentence_of(answer)
    (system,) = answer.groups_of(Tag.SYSTEM)
    return system


async def names_of(gate: Gate, *operation: Attribute) -> list[str | None]:
    answer = await ask(gate, PRINTERS, attribute(A.REQUESTED_ATTRIBUTES, A.PRINTER_NAME), *operation)
    assert status_of(answer) == OK, sentence_of(answer)
    return [printer.text(A.PRINTER_NAME) for printer in answer.groups_of(Tag.PRINTER)]


# ── the system ──


async def test_everything_that_is_told_is_written_as_registered(gate: Gate) -> None:
    system = await system_of(gate)
    check_values(system)
    names = [each.name for each in system]
    assert len(names) == len(set(names))
    assert [name for name in names if syntax_of(name) is None] == []
    assert [each.name for each in system if not fits(each)] == []


async def test_the_system_says_who_it_is_and_how_it_does(gate: Gate) -> None:
    system = await system_of(gate)
    assert system.text(A.SYSTEM_UUID) == "urn:uuid:00000000-0000-0000-0000-000000000001"
    assert (system.integer(A.SYSTEM_UP_TIME) or 0) > 0
    assert system.integer(A.SYSTEM_STATE) == 4  # a printer of it works
    assert system.integer(A.SYSTEM_DEFAULT_PRINTER_ID) == 1
    operations = system.get(A.OPERATIONS_SUPPORTED)
    assert operations is not None
    assert set(operations.integers()) == {SYSTEM, PRINTERS}
    assert system.texts(A.XRI_URI_SCHEME_SUPPORTED) == ["ipp"]
    xri = system.get(A.SYSTEM_XRI_SUPPORTED)
    assert xri is not None
    assert [(member.name, member.text()) for member in xri.first.members] == [
        (A.XRI_URI, "ipp://gate:8631/ipp/system"),
        (A.XRI_AUTHENTICATION, "requesting-user-name"),
        (A.XRI_SECURITY, "none"),
    ]


async def test_the_system_lists_its_printers(gate: Gate) -> None:
    configured = (await system_of(gate, A.SYSTEM_CONFIGURED_PRINTERS)).get(A.SYSTEM_CONFIGURED_PRINTERS)
    assert configured is not None
    listed = [{member.name: member for member in value.members} for value in configured.values]
    assert [each[A.PRINTER_NAME].text() for each in listed] == ["followme", "direct", "closed"]
    assert [each[A.PRINTER_ID].integer() for each in listed] == [1, 2, 3]
    assert [each[A.PRINTER_STATE].integer() for each in listed] == [3, 4, 5]
    assert [each[A.PRINTER_IS_ACCEPTING_JOBS].boolean() for each in listed] == [True, True, False]
    assert listed[2][A.PRINTER_STATE_REASONS].texts() == ["paused"]
    assert listed[0][A.PRINTER_INFO].text() == "Follow me"
    (way,) = listed[1][A.PRINTER_XRI_SUPPORTED].values
    assert (way.member(A.XRI_URI) or configured).text() == "ipp://gate:8631/ipp/print/direct"


@pytest.mark.parametrize(
    ("paused", "state"), [((), 4), (("direct",), 3), (("direct", "followme"), 5)], ids=["works", "waits", "stands"]
)
async def test_the_system_stands_when_all_of_it_stands(gate: Gate, paused: tuple[str, ...], state: int) -> None:
    queues = gate.memory.all_queues
    queues[:] = [replace(queue, paused=queue.paused or queue.name in paused) for queue in queues]
    assert (await system_of(gate, A.SYSTEM_STATE)).integer(A.SYSTEM_STATE) == state


async def test_a_gate_without_queues_has_no_printers_and_says_so(gate: Gate) -> None:
    gate.memory.all_queues.clear()
    system = await system_of(gate)
    for name in (A.SYSTEM_CONFIGURED_PRINTERS, A.SYSTEM_DEFAULT_PRINTER_ID):
        found = system.get(name)
        assert found is not None
        assert [value.tag for value in found.values] == [Tag.NO_VALUE]
    assert await names_of(gate) == []


async def test_a_queue_whose_number_no_printer_id_can_be_has_none(gate: Gate) -> None:
    gate.memory.all_queues[:] = [replace(gate.memory.all_queues[0], id=70_000)]
    system = await system_of(gate)
    configured = system.get(A.SYSTEM_CONFIGURED_PRINTERS)
    assert configured is not None
    assert configured.first.member(A.PRINTER_ID) is None
    assert system.integer(A.SYSTEM_DEFAULT_PRINTER_ID) is None
    assert await names_of(gate) == ["followme"]


async def test_groups_divide_what_is_told(gate: Gate) -> None:
    description = {each.name for each in await system_of(gate, "system-description")}
    status = {each.name for each in await system_of(gate, "system-status")}
    assert A.SYSTEM_NAME in description
    assert {A.SYSTEM_STATE, A.SYSTEM_UUID, A.SYSTEM_CONFIGURED_PRINTERS} <= status
    everything = {each.name for each in await system_of(gate, "all")}
    assert description | status <= everything
    assert {each.name for each in await system_of(gate, A.SYSTEM_NAME, "x-vendor")} == {A.SYSTEM_NAME}


# ── its printers ──


async def test_printers_are_told_as_each_tells_itself(gate: Gate) -> None:
    answer = await ask(gate, PRINTERS)
    printers = list(answer.groups_of(Tag.PRINTER))
    assert [printer.text(A.PRINTER_NAME) for printer in printers] == ["followme", "direct", "closed"]
    alone = await gate.operate(
        Operation.GET_PRINTER_ATTRIBUTES, target=attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
    )
    itself = alone.group(Tag.PRINTER)
    assert itself is not None
    assert [each.name for each in printers[1]] == [each.name for each in itself]
    assert A.MEDIA_COL_DATABASE not in printers[0]


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ("all", ["followme", "direct", "closed"]),
        ("accepting", ["followme", "direct"]),
        ("not-accepting", ["closed"]),
        ("idle", ["followme"]),
        ("processing", ["direct"]),
        ("stopped", ["closed"]),
        ("shutdown", []),
        ("testing", []),
    ],
)
async def test_which_printers(gate: Gate, which: str, names: list[str]) -> None:
    assert await names_of(gate, attribute(A.WHICH_PRINTERS, which)) == names


async def test_printers_by_where_they_are_what_they_take_and_what_they_are_for(gate: Gate) -> None:
    assert await names_of(gate, attribute(A.PRINTER_LOCATION, "room 3")) == ["direct"]
    assert await names_of(gate, attribute(A.PRINTER_LOCATION, "nowhere")) == []
    assert len(await names_of(gate, attribute(A.DOCUMENT_FORMAT, "application/pdf"))) == 3
    assert await names_of(gate, attribute(A.DOCUMENT_FORMAT, "video/mp4")) == []
    assert len(await names_of(gate, attribute(A.PRINTER_SERVICE_TYPE, "print"))) == 3
    assert await names_of(gate, attribute(A.PRINTER_SERVICE_TYPE, "scan")) == []


@pytest.mark.parametrize(
    ("first", "limit", "names"),
    [
        (1, 1, ["followme"]),
        (2, 1, ["direct"]),
        (2, 2**31 - 1, ["direct", "closed"]),
        (3, 5, ["closed"]),
        (4, 1, []),
        (2**31 - 1, 1, []),
    ],
)
async def test_printers_page_by_page(gate: Gate, first: int, limit: int, names: list[str]) -> None:
    assert await names_of(gate, attribute(A.FIRST_INDEX, first), attribute(A.LIMIT, limit)) == names


async def test_printers_by_their_numbers(gate: Gate) -> None:
    assert await names_of(gate, attribute(A.PRINTER_IDS, 3, 1)) == ["followme", "closed"]
    answer = await ask(gate, PRINTERS, attribute(A.PRINTER_IDS, 1, 9))
    assert status_of(answer) == NOT_FOUND
    assert list(unsupported_of(answer)) == [attribute(A.PRINTER_IDS, 9)]


def raw(name: str, number: int) -> Attribute:
    return attribute(name, number, tag=Tag.INTEGER)


@pytest.mark.parametrize(
    ("operation", "status", "says"),
    [
        (raw(A.LIMIT, 0), BAD, "limit 0 is not greater than 0"),
        (raw(A.FIRST_INDEX, -1), BAD, "first-index -1 is not greater than 0"),
        (raw(A.PRINTER_IDS, 0), BAD, "printer-ids takes numbers from 1 to 65535"),
        (raw(A.PRINTER_IDS, 65_536), BAD, "printer-ids takes numbers from 1 to 65535"),
        (attribute(A.WHICH_PRINTERS, "lost"), NOT_SUPPORTED, "which-printers lost is not known here: use all, "),
        (attribute(A.LIMIT, "ten", tag=Tag.KEYWORD), BAD, "operation attribute limit does not take keyword"),
    ],
    ids=lambda one: one.name if isinstance(one, Attribute) else None,
)
async def test_what_makes_no_sense_is_refused(gate: Gate, operation: Attribute, status: Status, says: str) -> None:
    answer = await ask(gate, PRINTERS, operation)
    assert status_of(answer) == status
    assert sentence_of(answer).startswith(says)
    if status == NOT_SUPPORTED:
        assert list(unsupported_of(answer)) == [operation]


# ── the target ──


@pytest.mark.parametrize("code", [SYSTEM, PRINTERS])
@pytest.mark.parametrize(
    ("target", "status"),
    [
        (None, BAD),
        (attribute(A.PRINTER_URI, f"{HERE}/ipp/system"), BAD),
        (attribute(A.SYSTEM_URI, "system", tag=Tag.TEXT), BAD),
        (attribute(A.SYSTEM_URI, "ftp://gate/ipp/system"), Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED),
        (attribute(A.SYSTEM_URI, f"{HERE}/ipp/print"), NOT_FOUND),
        (attribute(A.SYSTEM_URI, f"{HERE}/ipp/system/followme"), NOT_FOUND),
        (attribute(A.SYSTEM_URI, f"{HERE}/ipp//system"), NOT_FOUND),
        (attribute(A.SYSTEM_URI, f"{HERE}/ipp/%73ystem"), NOT_FOUND),
    ],
    ids=str,
)
async def test_only_the_system_is_the_system(gate: Gate, code: int, target: Attribute | None, status: Status) -> None:
    answer = await ask(gate, code, target=target)
    assert status_of(answer) == status
    assert sentence_of(answer)


async def test_the_system_is_no_printer(gate: Gate) -> None:
    answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, target=attribute(A.PRINTER_URI, f"{HERE}/ipp/system"))
    assert status_of(answer) == NOT_FOUND
