"""Staples and holes, asked for as finishings and as finishings-col: what a real printer is sent, what suites say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import Attribute, Group, JobState, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.finishing import collected
from ippgate.model.queue import Advertised
from tests.acceptance.conftest import Adding
from tests.acceptance.test_the_right_device import TELLING, held, told
from tests.rig.documents import PDF
from tests.rig.finisher import finisher
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.ipptool import ipptool, stock
from tests.rig.sink import Sink

Printers = Callable[..., IppEvePrinter]


def cols(*templates: str) -> Attribute:
    return Attribute(A.FINISHINGS_COL, tuple(map(collected, templates)))


def finished(asked: dict[str, str]) -> dict[str, str]:
    """What of a printer's environment is about finishing, its own defaults left out."""
    return {name: value for name, value in asked.items() if name.startswith("IPP_FINISHING") and "DEFAULT" not in name}


@pytest.mark.parametrize(
    ("templates", "asked", "sent"),
    [
        (True, ("staple", "punch"), {"IPP_FINISHINGS_COL": "{finishing-template=staple},{finishing-template=punch}"}),
        (True, ("rig-corner",), {"IPP_FINISHINGS_COL": "{finishing-template=rig-corner}"}),
        (False, ("staple", "punch"), {"IPP_FINISHINGS": "staple,punch"}),
    ],
)
async def test_a_printer_is_sent_finishings_as_it_understands_them(
    gate: Gate,
    services: Services,
    printers: Printers,
    add_queue: Adding,
    add_device: Adding,
    tmp_path: Path,
    templates: bool,
    asked: tuple[str, ...],
    sent: dict[str, str],
) -> None:
    printer = printers(behaviour=TELLING, formats=(), options=finisher(tmp_path / "printer.conf", templates=templates))
    device = await add_device(printer.uri)
    queue = await add_queue("passthrough", device, capabilities=Advertised.UNION)
    await held(gate, queue, cols(*asked))
    assert finished(await told(printer)) == sent


async def test_what_is_held_is_stapled_as_a_release_asks(
    gate: Gate, services: Services, printers: Printers, add_queue: Adding, add_device: Adding, tmp_path: Path
) -> None:
    """Set-Job-Attributes replaces what came with the job, and Release-Job replaces that."""
    printer = printers(behaviour=TELLING, formats=(), options=finisher(tmp_path / "printer.conf", templates=True))
    device = await services.fleet.device(await add_device(printer.uri))
    queue = await add_queue(device=device.name, capabilities=Advertised.INTERSECTION)
    job = await held(gate, queue, attribute(A.FINISHINGS, Finishings.STAPLE))
    number, there = attribute(A.JOB_ID, job), attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{device.uuid}")
    client = gate.client()
    changed = await client.ask(Operation.SET_JOB_ATTRIBUTES, number, queue=queue, job=[cols("punch")])
    assert changed.ok, changed
    both = [attribute(A.FINISHINGS, Finishings.PUNCH), cols("punch")]
    refused = await client.ask(Operation.SET_JOB_ATTRIBUTES, number, queue=queue, job=both)
    assert refused.status is Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
    refused = await client.ask(Operation.RELEASE_JOB, number, there, queue=queue, job=both)
    assert refused.status is Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
    impossible = await client.ask(Operation.RELEASE_JOB, number, there, queue=queue, job=[cols("laminate")])
    assert impossible.status is Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    released = await client.ask(Operation.RELEASE_JOB, number, there, queue=queue, job=[cols("rig-corner")])
    assert released.ok, released
    assert finished(await told(printer)) == {"IPP_FINISHINGS_COL": "{finishing-template=rig-corner}"}


async def test_a_raw_device_is_sent_no_word_of_it(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, sink: Sink
) -> None:
    """PJL has none that devices share: the job prints without, and its client is told so."""
    queue = await add_queue("passthrough", await add_device(sink.uri, pjl=True), capabilities=Advertised.INTERSECTION)
    document = PDF.read_bytes()
    answer = await gate.client().ask(Operation.PRINT_JOB, queue=queue, job=[cols("staple")], document=document)
    assert answer.status is Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    assert (await gate.client().wait(answer.job_id)).state is JobState.COMPLETED
    assert await gate.client().printer(queue, A.FINISHINGS_COL_SUPPORTED) == Group(Tag.PRINTER, [])


SUITE = """
{
    NAME "PWG 5100.1 section 5.2 and 6: finishings-col and all that belongs to it"
    OPERATION Get-Printer-Attributes
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    STATUS successful-ok
    EXPECT ipp-features-supported WITH-VALUE "ipp-everywhere"
    EXPECT finishings-supported OF-TYPE enum WITH-VALUE 4
    EXPECT finishings-supported OF-TYPE enum WITH-VALUE 5
    EXPECT finishings-ready OF-TYPE enum WITH-VALUE 3
    EXPECT finishings-col-supported OF-TYPE keyword WITH-VALUE "finishing-template"
    EXPECT finishings-col-database OF-TYPE collection COUNT 4
    EXPECT finishings-col-ready OF-TYPE collection COUNT 4
    EXPECT finishings-col-default OF-TYPE collection COUNT 1
    EXPECT finishing-template-supported OF-TYPE keyword WITH-VALUE "staple"
    EXPECT job-creation-attributes-supported WITH-VALUE "finishings-col"
    EXPECT job-settable-attributes-supported WITH-VALUE "finishings-col"
}
""" + "".join(
    f"""
{{
    NAME "Validate-Job: {name}"
    OPERATION Validate-Job
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR name requesting-user-name $user
    ATTR boolean ipp-attribute-fidelity true
    GROUP job-attributes-tag
    {job}
    STATUS {status}
}}
"""
    for name, job, status in (
        ("staples", "ATTR collection finishings-col { MEMBER keyword finishing-template staple }", "successful-ok"),
        (
            "what it cannot do",
            "ATTR collection finishings-col { MEMBER keyword finishing-template laminate }",
            "client-error-attributes-or-values-not-supported",
        ),
        (
            "both",
            "ATTR enum finishings 4\n    ATTR collection finishings-col { MEMBER keyword finishing-template staple }",
            "client-error-conflicting-attributes",
        ),
        ("no collection", "ATTR keyword finishings-col staple", "client-error-attributes-or-values-not-supported"),
    )
)


async def test_a_queue_that_finishes_is_all_of_ipp_everywhere(
    gate: Gate,
    services: Services,
    printers: Printers,
    add_queue: Adding,
    add_device: Adding,
    new_name: Callable[[str], str],
    tmp_path: Path,
) -> None:
    """Debian's file, as test_newer_ipp mends it, and what it leaves out: it knows finishings as enums alone. With its
    own attributes ippeveprinter takes raster only, so a printer of other formats stands beside it.
    """
    printer = printers(formats=(), options=finisher(tmp_path / "printer.conf", templates=True))
    group = new_name("group")
    async with HostileDevice() as other:
        await services.fleet.add_group(group, [await add_device(printer.uri), await add_device(other.uri)])
        queue = await add_queue("passthrough", group=group, capabilities=Advertised.UNION)
    mended = {'INCLUDE "ipp-2.0.test"\n': "", 'WITH-VALUE "document-number"\n': 'WITH-VALUE "document-numbers"\n'}
    asked, _, _ = stock("ipp-everywhere.test", mended).partition("# Test printing all sample documents")
    for file in (asked, SUITE):
        verdicts = await ipptool(gate.uri(queue), file, user="jake")
        assert len(verdicts.passed) == len(verdicts.all) > 0, str(verdicts)
