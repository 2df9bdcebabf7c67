"""The device's side: what queues offer follows their devices, a release changes a job on its way, a group chooses.

Real devices show it: ippeveprinter hands the job's attributes to its command, a raw device keeps the PJL that it got.
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import Attribute, JobState, Operation, PrinterState, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.acceptance.conftest import Adding
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.pjl_device import PjlDevice
from tests.rig.sink import Manners, Sink

Printers = Callable[..., IppEvePrinter]

TELLING = """\
env | grep '^IPP_' > "$0.told"
mv "$0.told" "$0.job"
"""
"""ippeveprinter gives its command the job's attributes as environment."""

DUPLEX_COLOR, SIMPLEX_MONO = ("-2", "-s", "20,10"), ("-s", "20")
MONO = ("--color", "mono")
COPIES, SIDES, MEDIA = "IPP_COPIES", "IPP_SIDES", "IPP_MEDIA"


def telling(printers: Printers, *options: str) -> IppEvePrinter:
    return printers(behaviour=TELLING, options=options)


async def told(printer: IppEvePrinter) -> dict[str, str]:
    """What the printer was asked for with its job."""
    file: Path = printer.spool.parent / "command.job"
    await eventually(file.exists, "the printer to print")
    lines = await asyncio.to_thread(file.read_text)
    return dict(line.split("=", 1) for line in lines.splitlines())


async def held(gate: Gate, queue: str, *asked: Attribute) -> int:
    answer = await gate.client().ask(Operation.PRINT_JOB, queue=queue, job=asked, document=PDF.read_bytes())
    return answer.job_id


# ── late binding ──


async def test_what_a_release_changes_is_what_ippeveprinter_is_asked_for(
    gate: Gate, services: Services, printers: Printers, add_queue: Adding, add_device: Adding
) -> None:
    printer = telling(printers, *DUPLEX_COLOR)
    device = await add_device(printer.uri)
    queue = await add_queue()
    job = await held(gate, queue, attribute(A.COPIES, 2), attribute(A.SIDES, "one-sided"))
    wishes = ("--copies", 3, "--sides", "two", "--media", "na_letter_8.5x11in", *MONO)
    await gate.cli("job", "release", job, "--device", device, *wishes)
    asked = await told(printer)
    assert (asked[COPIES], asked[SIDES], asked[MEDIA]) == ("3", "two-sided-long-edge", "na_letter_8.5x11in")
    assert asked["IPP_PRINT_COLOR_MODE"] == "monochrome"
    assert (await gate.client().wait(job)).state is JobState.COMPLETED
    shown = await gate.told("job", "show", job)
    assert {"copies=3", "sides=two-sided-long-edge", "print-color-mode=monochrome"} <= set(shown["asks_for"])


async def test_a_panel_changes_a_job_with_release_job(
    gate: Gate, services: Services, printers: Printers, add_queue: Adding, add_device: Adding
) -> None:
    printer = telling(printers, *DUPLEX_COLOR)
    device = await services.fleet.device(await add_device(printer.uri))
    queue = await add_queue()
    job, there = await held(gate, queue), attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{device.uuid}")
    wishes = [attribute(A.COPIES, 4), attribute(A.SIDES, "two-sided-short-edge")]
    answer = await gate.client().ask(Operation.RELEASE_JOB, attribute(A.JOB_ID, job), there, queue=queue, job=wishes)
    assert answer.ok, answer
    asked = await told(printer)
    assert (asked[COPIES], asked[SIDES]) == ("4", "two-sided-short-edge")


async def test_a_change_that_the_device_cannot_do_is_refused_with_the_devices_that_could(
    gate: Gate, services: Services, printers: Printers, add_queue: Adding, add_device: Adding
) -> None:
    plain = await services.fleet.device(await add_device(telling(printers, *SIMPLEX_MONO).uri))
    await add_device(telling(printers, *DUPLEX_COLOR).uri)  # one of many in this gate: the first few are named
    queue = await add_queue()
    job, there = await held(gate, queue), attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{plain.uuid}")
    wish = attribute(A.SIDES, "two-sided-long-edge")
    request = gate.client().ask(Operation.RELEASE_JOB, attribute(A.JOB_ID, job), there, queue=queue, job=[wish])
    answer = await request
    assert answer.status is Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert answer.message is not None
    assert (refused := answer.message.group(Tag.UNSUPPORTED_GROUP)) is not None
    assert refused.attributes == [wish]
    assert f"{plain.name} cannot do that (sides: not two-sided-long-edge" in answer.sentence
    refusal = await gate.refused("job", "release", job, "--device", plain.name, "--sides", "two")
    could = re.search(r"these could: ([a-z0-9, ]+?)(?: and \d+ more)?\W*$", refusal)
    assert could, refusal
    for name in could[1].split(", "):
        able = services.abilities.of_device(await services.fleet.device(name))
        assert able is not None
        assert (offer := able.offer(A.SIDES)) is not None
        assert offer.rule.accepted(wish.first), name
    assert (await gate.client().job(job)).state is JobState.PENDING_HELD


async def test_a_raw_device_is_asked_in_pjl_and_one_that_speaks_none_is_not_asked(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding
) -> None:
    async with Sink(manners=Manners(pjl=PjlDevice())) as sink:
        speaks, silent = await add_device(sink.uri), await add_device(sink.uri, pjl=False)
        queue = await add_queue()
        job = await held(gate, queue, attribute(A.COPIES, 2))
        sentence = await gate.refused("job", "release", job, "--device", silent, "--sides", "two")
        assert f"{silent} cannot do that (sides: not two-sided-long-edge, but one-sided)" in sentence
        wishes = ("--copies", 5, "--sides", "short", "--output-bin", "face-up", *MONO)
        await gate.cli("job", "release", job, "--device", speaks, *wishes)
        assert (await gate.client().wait(job)).state is JobState.COMPLETED
        [paper] = [one.data for one in sink.jobs if PDF.read_bytes() in one.data]
        lines = paper.partition(b"%PDF")[0].split(b"\r\n")
        asked = [line.removeprefix(b"@PJL SET ") for line in lines if line.startswith(b"@PJL SET ")]
        assert asked[2:] == [
            b"COPIES=5",
            b"DUPLEX=ON",
            b"BINDING=SHORTEDGE",
            b"RENDERMODE=GRAYSCALE",
            b"OUTBIN=LOWER",
        ]


# ── groups ──


async def test_a_group_with_a_stopped_device_prints_at_the_other(
    gate: Gate,
    services: Services,
    printers: Printers,
    add_queue: Adding,
    add_device: Adding,
    new_name: Callable[[str], str],
) -> None:
    working = telling(printers, *DUPLEX_COLOR)
    async with HostileDevice() as broken:
        stopped, well = await add_device(broken.uri), await add_device(working.uri)
        broken.printer.state, broken.printer.state_reasons = PrinterState.STOPPED, ("media-jam",)
        group = new_name("group")
        await gate.cli("group", "add", group, stopped, well)
        queue = await add_queue()
        assert (await gate.told("device", "test", stopped))["state"] == "stopped"
        await gate.caught_up(services)
        uuid = (await gate.told("group", "show", group))["uuid"]
        job = await held(gate, queue)
        answer = await gate.client().release(job, uuid)
        assert answer.ok, answer
        assert await told(working)
        assert (await gate.client().wait(job)).state is JobState.COMPLETED
        other = await gate.refused("job", "release", await held(gate, queue), "--device", stopped)
        assert f"{stopped} is stopped (media-jam)" in other


# ── what queues offer ──


@pytest.mark.parametrize(
    ("capabilities", "sides", "colors"),
    [
        ("intersection", {"one-sided"}, {"auto", "monochrome"}),
        ("union", {"one-sided", "two-sided-long-edge", "two-sided-short-edge"}, {"auto", "monochrome", "color"}),
        ("safe", {"one-sided", "two-sided-long-edge", "two-sided-short-edge"}, {"auto", "monochrome", "color"}),
    ],
)
async def test_a_queue_offers_what_its_devices_have_in_common_or_in_sum(
    gate: Gate,
    services: Services,
    printers: Printers,
    add_device: Adding,
    new_name: Callable[[str], str],
    capabilities: str,
    sides: set[str],
    colors: set[str],
) -> None:
    able, plain = telling(printers, *DUPLEX_COLOR), printers(options=SIMPLEX_MONO, formats=("image/urf", "image/jpeg"))
    devices = [await add_device(one.uri) for one in (able, plain)]
    group, queue = new_name("group"), new_name("queue")
    await gate.cli("group", "add", group, *devices)
    await gate.cli("queue", "add", queue, "--group", group, "--capabilities", capabilities)
    await gate.caught_up(services)
    offered = await gate.client().printer(queue)
    assert offered is not None
    assert set(offered.texts(A.SIDES_SUPPORTED)) == sides
    assert colors <= set(offered.texts(A.PRINT_COLOR_MODE_SUPPORTED))
    assert ("color" in offered.texts(A.PRINT_COLOR_MODE_SUPPORTED)) == ("color" in colors)
    formats = offered.texts(A.DOCUMENT_FORMAT_SUPPORTED)
    assert ("application/pdf" in formats) == (capabilities != "intersection")
    assert "image/jpeg" in formats
    assert offered.boolean(A.COLOR_SUPPORTED) == ("color" in colors)
    asked = await gate.client().ask(
        Operation.VALIDATE_JOB,
        attribute(A.IPP_ATTRIBUTE_FIDELITY, True),
        queue=queue,
        job=[attribute(A.SIDES, "two-sided-long-edge")],
    )
    assert asked.ok == ("two-sided-long-edge" in sides)


async def test_a_queue_follows_its_devices(
    gate: Gate, services: Services, printers: Printers, add_device: Adding, new_name: Callable[[str], str]
) -> None:
    able, plain = [await add_device(telling(printers, *one).uri) for one in (DUPLEX_COLOR, SIMPLEX_MONO)]
    queue = new_name("queue")
    await gate.cli("queue", "add", queue, "--device", able, "--capabilities", "intersection")
    await gate.caught_up(services)

    async def sides() -> set[str]:
        offered = await gate.client().printer(queue, A.SIDES_SUPPORTED)
        return set(offered.texts(A.SIDES_SUPPORTED)) if offered else set()

    assert "two-sided-long-edge" in await sides()
    await gate.cli("queue", "set", queue, "--device", plain)
    await gate.caught_up(services)
    assert await sides() == {"one-sided"}
