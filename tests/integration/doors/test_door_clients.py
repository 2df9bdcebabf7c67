"""Real clients at the doors, with a gate in memory behind them: CUPS's tools, a cupsd, ipptool and pyipp."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pyipp import IPP
from pyipp.enums import IppOperation

from ippgate.ipp import JobState
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.queue import QueueMode
from tests.rig.cups_clients import CupsClients
from tests.rig.cupsd import Cupsd
from tests.rig.documents import JPEG, LONG_PDF, PDF, POSTSCRIPT, PWG_RASTER
from tests.rig.ipptool import ipptool
from tests.unit.doors.gate import ALICE, Gate


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """`followme` holds; `direct` prints at once, on a device that is infinitely fast."""
    gate = Gate()
    gate.memory.add_device("mfp")
    gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=1)
    async with gate:
        yield gate


@pytest.fixture
def clients(gate: Gate, rig_dir: Path) -> CupsClients:
    return CupsClients(f"127.0.0.1:{gate.server.port}", rig_dir)


def uri(gate: Gate, queue: str) -> str:
    return f"ipp://127.0.0.1:{gate.server.port}/ipp/print/{queue}"


# lp, lpstat, cancel


async def test_lpstat_shows_queues_and_the_default(clients: CupsClients) -> None:
    shown = await clients.lpstat("-p", "-a", "-d")
    assert "printer followme is idle." in shown
    assert "followme accepting requests since" in shown
    assert "direct accepting requests since" in shown
    assert "system default destination: followme" in shown


async def test_lpstat_shows_everything(gate: Gate, clients: CupsClients) -> None:
    job = await clients.lp("followme", PDF, user="alice")
    shown = await clients.lpstat("-t")
    assert "scheduler is running" in shown
    assert f"device for direct: ipp://localhost:{gate.server.port}/ipp/print/direct" in shown
    assert f"followme-{job}" in shown
    assert await clients.lpstat("-c") == ""


async def test_lpstat_says_when_a_queue_is_closed(gate: Gate, clients: CupsClients) -> None:
    gate.memory.add_queue("closed", accepting=False)
    assert "closed not accepting requests since" in await clients.lpstat("-a", "closed")


async def test_lp_prints_and_lpstat_lists_what_waits(gate: Gate, clients: CupsClients) -> None:
    options = {"sides": "two-sided-long-edge", "media": "iso_a4_210x297mm"}
    job = await clients.lp("followme", PDF, user="alice", title="Letter", copies=3, options=options)
    kept = gate.memory.jobs[job]
    assert (kept.owner, kept.name, kept.state) == ("alice", "Letter", JobState.PENDING_HELD)
    assert gate.memory.documents[job] == PDF.read_bytes()
    assert attribute(A.COPIES, 3) in kept.template
    assert attribute(A.SIDES, "two-sided-long-edge") in kept.template
    assert f"followme-{job}" in await clients.lpstat("-o")
    assert f"followme-{job}" in await clients.lpstat("-o", "followme")
    assert f"followme-{job}" not in await clients.lpstat("-o", "direct")
    assert "job-held-for-release" in await clients.lpstat("-l", "-o")


async def test_lp_prints_what_it_reads_from_a_pipe(gate: Gate, clients: CupsClients) -> None:
    job = await clients.lp("direct", stdin=LONG_PDF.read_bytes())
    assert gate.memory.documents[job] == LONG_PDF.read_bytes()
    assert gate.memory.jobs[job].state is JobState.COMPLETED
    assert f"direct-{job}" in await clients.lpstat("-W", "completed", "-o")


async def test_lp_holds_a_job(gate: Gate, clients: CupsClients) -> None:
    job = await clients.lp("direct", PDF, options={"job-hold-until": "indefinite"})
    assert gate.memory.jobs[job].hold_until == "indefinite"
    assert gate.memory.jobs[job].state is JobState.PENDING_HELD


@pytest.mark.parametrize("until", ["weekend", "evening", "third-shift", "18:30", "07:05:30"])
async def test_lp_holds_a_job_until_hours_with_a_name_or_a_time_of_day(
    gate: Gate, clients: CupsClients, until: str
) -> None:
    job = await clients.lp("direct", PDF, hold=until)
    assert gate.memory.jobs[job].hold_until == until
    assert "job-hold-until-specified" in await clients.lpstat("-l", "-o", "direct")


async def test_cancel_ends_one_job_or_all_of_mine(gate: Gate, clients: CupsClients) -> None:
    jobs = [await clients.lp("followme", PDF, user="alice") for _ in range(3)]
    others = await clients.lp("followme", PDF, user="bob")
    await clients.cancel(jobs[0], user="alice")
    await clients.cancel(f"followme-{jobs[1]}", user="alice")
    assert [gate.memory.jobs[job].state for job in jobs[:2]] == [JobState.CANCELED] * 2
    await clients.cancel("-u", "alice", user="alice")
    assert gate.memory.jobs[jobs[2]].state is JobState.CANCELED
    assert gate.memory.jobs[others].state is JobState.PENDING_HELD


async def test_cancel_says_why_it_cannot(gate: Gate, clients: CupsClients) -> None:
    job = await clients.lp("followme", PDF, user="alice")
    theirs = await clients.cancel(job, user="bob", check=False)
    assert theirs.code == 1
    assert "belongs to somebody else" in theirs.err
    everybodys = await clients.cancel("-a", user="alice", check=False)
    assert everybodys.code == 1
    assert "operators" in everybodys.err
    assert gate.memory.jobs[job].state is JobState.PENDING_HELD


# cupsd


async def test_a_cupsd_takes_the_queue_as_driverless_and_prints_through_it(gate: Gate, cupsd: Cupsd) -> None:
    await cupsd.lpadmin("office", uri(gate, "followme"), everywhere=True)
    job = await cupsd.lp("office", PDF, user="alice", title="Letter", copies=2)
    await cupsd.wait_for(job)
    (kept,) = gate.memory.jobs.values()
    assert (kept.owner, kept.name, kept.state) == ("alice", "Letter", JobState.PENDING_HELD)
    assert kept.documents[0].document_format == "application/pdf"
    assert gate.memory.documents[kept.id] == cupsd.sent(job)
    asked = [name for name, _ in gate.counted.requests]
    assert asked.index("validate-job") < asked.index("create-job") < asked.index("send-document")
    assert {status for name, status in gate.counted.requests if name in ("validate-job", "create-job")} == {
        "successful-ok"
    }


# ipptool


@pytest.mark.parametrize(
    "test",
    [
        "get-printer-attributes.test",
        "get-job-template-attributes.test",
        "get-printer-description-attributes.test",
        "get-completed-jobs.test",
        "get-jobs.test",
        "get-printers.test",
        "validate-job.test",
        "print-job.test",
        "print-job-gzip.test",
        "print-job-deflate.test",
        "print-job-hold.test",
        "print-job-media-col.test",
        "create-job.test",
        "create-job-format.test",
        "create-job-sheets.test",
        "identify-printer.test",
        "identify-printer-display.test",
        "identify-printer-multiple.test",
        "ipp-backend.test",
    ],
)
@pytest.mark.parametrize("queue", ["followme", "direct"])
async def test_ipptool_finds_no_fault(gate: Gate, test: str, queue: str) -> None:
    verdicts = await ipptool(uri(gate, queue), test)
    assert not verdicts.failed, str(verdicts)
    assert verdicts.passed


@pytest.mark.parametrize("document", [PDF, JPEG, POSTSCRIPT, PWG_RASTER], ids=lambda document: document.name)
@pytest.mark.parametrize("test", ["ipp-1.1.test", "ipp-2.0.test"])
async def test_the_suites_of_ipp_1_1_and_2_0_find_no_fault(gate: Gate, test: str, document: Path) -> None:
    verdicts = await ipptool(uri(gate, "direct"), test, document=document)
    assert not verdicts.failed, str(verdicts)
    assert len(verdicts.passed) > 25


GROUPS = """\
{{
  NAME "the group {group}"
  OPERATION Get-Printer-Attributes
  VERSION 2.0
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR keyword requested-attributes {group}
  STATUS successful-ok
  EXPECT {sign}media-col-database
  EXPECT {description}printer-state
  EXPECT {template}copies-supported
}}
"""


@pytest.mark.parametrize(
    ("group", "sign", "description", "template"),
    [
        ("media-col-database", "", "!", "!"),
        ("job-template", "!", "!", ""),
        ("printer-description", "!", "", "!"),
        ("all", "!", "", ""),
        ("none", "!", "!", "!"),
    ],
)
async def test_ipptool_gets_the_groups_it_asks_for(
    gate: Gate, group: str, sign: str, description: str, template: str
) -> None:
    """What get-printer-attributes-suite.test means to ask: its fifth test asks for `all` by mistake."""
    text = GROUPS.format(group=group, sign=sign, description=description, template=template)
    verdicts = await ipptool(uri(gate, "followme"), text)
    assert not verdicts.failed, str(verdicts)


TIMES = """\
{
  NAME "everything about time"
  OPERATION Print-Job
  VERSION 2.0
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name alice
  ATTR boolean ipp-attribute-fidelity true
  GROUP job-attributes-tag
  ATTR dateTime job-hold-until-time "2199-12-31T18:30:00Z"
  ATTR integer job-delay-output-until-interval 60
  ATTR keyword job-retain-until end-of-week
  ATTR integer job-cancel-after 600
  ATTR collection overrides { MEMBER rangeOfInteger pages 1-2 MEMBER keyword media na_letter_8.5x11in }
  FILE $filename
  STATUS successful-ok
  EXPECT job-id
  EXPECT job-state-reasons OF-TYPE keyword WITH-VALUE "job-hold-until-specified"
}
{
  NAME "what was asked for is told"
  OPERATION Get-Job-Attributes
  VERSION 2.0
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR integer job-id $job-id
  ATTR name requesting-user-name alice
  STATUS successful-ok
  EXPECT job-hold-until-time OF-TYPE dateTime COUNT 1
  EXPECT !job-hold-until
  EXPECT job-hold-until-actual OF-TYPE name
  EXPECT job-delay-output-until-interval OF-TYPE integer WITH-VALUE 60
  EXPECT job-retain-until OF-TYPE keyword WITH-VALUE "end-of-week"
  EXPECT job-cancel-after OF-TYPE integer WITH-VALUE 600
  EXPECT overrides OF-TYPE collection COUNT 1
}
{
  NAME "two holds exclude each other"
  OPERATION Validate-Job
  VERSION 2.0
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name alice
  GROUP job-attributes-tag
  ATTR keyword job-hold-until weekend
  ATTR dateTime job-hold-until-time "2199-12-31T18:30:00Z"
  STATUS client-error-conflicting-attributes
}
{
  NAME "what the printer says of it"
  OPERATION Get-Printer-Attributes
  VERSION 2.0
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  STATUS successful-ok
  EXPECT job-hold-until-supported OF-TYPE keyword WITH-VALUE "weekend"
  EXPECT job-hold-until-time-supported OF-TYPE boolean COUNT 1 WITH-VALUE true
  EXPECT job-retain-until-supported OF-TYPE keyword WITH-VALUE "end-of-month"
  EXPECT job-retain-until-interval-supported OF-TYPE rangeOfInteger COUNT 1
  EXPECT job-delay-output-until-supported OF-TYPE keyword WITH-VALUE "no-delay-output"
  EXPECT job-cancel-after-supported OF-TYPE rangeOfInteger COUNT 1
  EXPECT job-mandatory-attributes-supported OF-TYPE boolean COUNT 1 WITH-VALUE true
  EXPECT overrides-supported OF-TYPE keyword WITH-VALUE "pages"
}
"""


async def test_ipptool_asks_for_everything_about_time(gate: Gate) -> None:
    verdicts = await ipptool(uri(gate, "direct"), TIMES)
    assert not verdicts.failed, str(verdicts)
    assert len(verdicts.passed) == TIMES.count("NAME")


# pyipp


async def test_pyipp_reads_the_queue(gate: Gate) -> None:
    async with IPP(uri(gate, "followme")) as ipp:
        printer = await ipp.printer()
        assert printer.info.name == "ippgate print gate"
        assert printer.info.location == "everywhere"
        assert printer.info.printer_name == "followme"
        assert printer.state.printer_state == "idle"
        assert [found.uri for found in printer.uris] == [uri(gate, "followme")]


async def test_pyipp_lists_the_jobs(gate: Gate) -> None:
    job = await gate.print(PDF.read_bytes(), user=ALICE)
    async with IPP(uri(gate, "followme")) as ipp:
        asked = {"operation-attributes-tag": {"requested-attributes": ["job-id", "job-state"]}}
        answer = await ipp.execute(IppOperation.GET_JOBS, asked)
        assert [found["job-id"] for found in answer["jobs"]] == [job]
