"""IPP/2.1 and the system service, asked by ipptool: what is claimed passes, and what operators set over ipps is so."""

import re
from collections.abc import AsyncIterator

import pytest

from ippgate.ipp import Operation
from ippgate.ipp.registry import attributes as A
from tests.acceptance.conftest import IN_URI, Adding
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipptool import Verdicts, ipptool, stock

DESTROYS = "destroys what was counted (PWG 5100.18 section 7): Resubmit-Job, Cancel-My-Jobs and Cancel-Jobs do not"
REFUSED = {"0x000E # Restart-Job": DESTROYS, "0x0012 # Purge-Jobs": DESTROYS}
"""Operations that ipp-2.1.test demands and the gate refuses, and why; nothing else of the file may fail."""

HEAD = """
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
"""


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


@pytest.fixture
async def queue(device: HostileDevice, add_queue: Adding, add_device: Adding) -> str:
    return await add_queue("passthrough", await add_device(device.uri))


def newer(*without: str) -> str:
    """What ipp-2.1.test has beyond ipp-2.0.test, without the lines that demand these operations."""
    lines = {f"\tEXPECT operations-supported WITH-VALUE {each}\n": "" for each in without}
    return stock("ipp-2.1.test", {'INCLUDE "ipp-2.0.test"\n': "", **lines})


def passed_whole(verdicts: Verdicts) -> None:
    assert len(verdicts.passed) == len(verdicts.all) > 0, str(verdicts)


async def test_ipp_2_1_is_claimed_where_its_file_passes_but_for_what_is_refused(gate: Gate, queue: str) -> None:
    """The file is older than Resubmit-Job, which PWG 5100.12-2024 asks for besides."""
    verdicts = await ipptool(gate.uri(queue), newer(*REFUSED), user="jake")
    resubmits = Operation.RESUBMIT_JOB in verdicts.answer["operations-supported"]
    assert ("2.1" in verdicts.answer["ipp-versions-supported"]) == (resubmits and not verdicts.failed), str(verdicts)


async def test_what_the_file_misses_besides_is_what_is_refused(gate: Gate, queue: str) -> None:
    """Unmodified it complains of two operations more than without its lines about them."""
    complaints = [
        error
        for text in (newer(), newer(*REFUSED))
        for verdict in (await ipptool(gate.uri(queue), text, user="jake")).all
        for error in verdict.errors
        if "EXPECTED: " in error
    ]
    demanded = {error for error in complaints if complaints.count(error) == 1}
    assert {each for error in demanded for each in re.findall(r"0x[0-9a-fA-F]{4}", error)} == {
        each.split()[0] for each in REFUSED
    }, complaints


DEMANDED_BY_2_2 = {
    'operations-supported WITH-VALUE "0x0029"': "Restart-Printer: a gate that many share is not for a client to stop",
    'operations-supported WITH-VALUE "0x002A"': "Shutdown-Printer: likewise",
    'operations-supported WITH-VALUE "0x002B"': "Startup-Printer: likewise; PWG 5100.12-2024 asks for it no more",
    'operations-supported WITH-VALUE "0x002C"': f"Reprocess-Job: {DESTROYS}",
    "printer-alert": "a queue has no alerts of its own: its devices have, and tell them",
    "printer-alert-description": "likewise",
    'which-jobs-supported WITH-VALUE "proof-print"': "proof-print is deprecated (PWG 5100.11-2024)",
}
"""What ipp-2.2.test demands and a queue has not, and why: so 2.2 is not claimed."""


async def test_ipp_2_2_is_answered_and_not_claimed_for_these_reasons(gate: Gate, queue: str) -> None:
    text = stock("ipp-2.2.test", {'INCLUDE "ipp-2.1.test"\n': ""})
    verdicts = await ipptool(gate.uri(queue), text, user="jake", options=("-V", "2.2"))
    complaints = [error for verdict in verdicts.all for error in verdict.errors if "EXPECTED: " in error]
    assert {each.partition("EXPECTED: ")[2].strip() for each in complaints} == set(DEMANDED_BY_2_2), complaints
    assert [verdict.status for verdict in verdicts.all] == ["successful-ok"] * len(verdicts.all)
    assert "2.2" not in verdicts.answer["ipp-versions-supported"]


async def test_ipp_everywhere_is_what_its_file_asks_for(gate: Gate, queue: str) -> None:
    """Of ipp-everywhere.test the attributes and operations: ipp-2.0.test, which it includes, is run elsewhere, and the
    raster samples that it prints come with no package. It misspells document-numbers (PWG 5100.6), which ipp-2.2.test
    has right.
    """
    mended = {'INCLUDE "ipp-2.0.test"\n': "", 'WITH-VALUE "document-number"\n': 'WITH-VALUE "document-numbers"\n'}
    asked, _, _ = stock("ipp-everywhere.test", mended).partition("# Test printing all sample documents")
    verdicts = await ipptool(gate.uri(queue), asked, user="jake")
    passed_whole(verdicts)
    assert "ipp-everywhere" in verdicts.answer["ipp-features-supported"]


async def test_the_system_and_its_printers_are_found(gate: Gate, queue: str) -> None:
    system = re.sub(r"/ipp/print/.*", "/ipp/system", gate.uri(queue))
    verdicts = await ipptool(
        gate.uri(queue),
        f"""
        {{
            NAME "Get-System-Attributes"
            OPERATION Get-System-Attributes {HEAD}
            ATTR uri system-uri {system}
            STATUS successful-ok
            EXPECT system-uuid OF-TYPE uri IN-GROUP system-attributes-tag COUNT 1
            EXPECT system-state OF-TYPE enum IN-GROUP system-attributes-tag COUNT 1 WITH-VALUE 3,4,5
            EXPECT system-up-time OF-TYPE integer IN-GROUP system-attributes-tag COUNT 1 WITH-VALUE >0
            EXPECT system-configured-printers OF-TYPE collection IN-GROUP system-attributes-tag
            EXPECT system-xri-supported OF-TYPE collection IN-GROUP system-attributes-tag
        }}
        {{
            NAME "Get-Printers"
            OPERATION Get-Printers {HEAD}
            ATTR uri system-uri {system}
            ATTR keyword which-printers accepting
            ATTR integer limit 1000
            STATUS successful-ok
            EXPECT printer-id OF-TYPE integer IN-GROUP printer-attributes-tag
            EXPECT printer-name OF-TYPE name IN-GROUP printer-attributes-tag
            EXPECT printer-xri-supported OF-TYPE collection IN-GROUP printer-attributes-tag
            EXPECT !media-col-database
        }}
        """,
        user="jake",
    )
    passed_whole(verdicts)
    names = [group["printer-name"] for group in verdicts.all[1].response if "printer-name" in group]
    assert queue in names


async def test_an_operator_sets_what_is_settable_and_jobs_are_printed_so(
    gate: Gate, queue: str, device: HostileDevice, operator: str
) -> None:
    told = gate.tls_uri(queue)
    verdicts = await ipptool(
        gate.tls_uri(queue, IN_URI),
        f"""
        {{
            NAME "What may be set"
            OPERATION Get-Printer-Supported-Values {HEAD}
            ATTR uri printer-uri {told}
            STATUS successful-ok
            EXPECT printer-info OF-TYPE admin-define IN-GROUP printer-attributes-tag
            EXPECT sides-default OF-TYPE keyword WITH-VALUE two-sided-long-edge
            EXPECT copies-default OF-TYPE rangeOfInteger
        }}
        {{
            NAME "All of it"
            OPERATION Set-Printer-Attributes {HEAD}
            ATTR uri printer-uri {told}
            GROUP printer-attributes-tag
            ATTR text printer-info "Third floor"
            ATTR text printer-location "Room 312"
            ATTR keyword sides-default two-sided-long-edge
            STATUS successful-ok
        }}
        {{
            NAME "Or nothing"
            OPERATION Set-Printer-Attributes {HEAD}
            ATTR uri printer-uri {told}
            GROUP printer-attributes-tag
            ATTR text printer-info "Fourth floor"
            ATTR enum printer-state 5
            STATUS client-error-attributes-not-settable
            EXPECT printer-state IN-GROUP unsupported-attributes-tag
        }}
        {{
            NAME "It is so"
            OPERATION Get-Printer-Attributes {HEAD}
            ATTR uri printer-uri {told}
            STATUS successful-ok
            EXPECT printer-info WITH-VALUE "Third floor"
            EXPECT printer-location WITH-VALUE "Room 312"
            EXPECT sides-default WITH-VALUE two-sided-long-edge
        }}
        """,
    )
    passed_whole(verdicts)
    assert operator == "olga"
    job_id = await gate.client().print(queue, b"a page")
    await gate.client().wait(job_id)
    (printed,) = device.jobs.values()
    assert {each.name: each.text() for each in printed.template}[A.SIDES] == "two-sided-long-edge"
