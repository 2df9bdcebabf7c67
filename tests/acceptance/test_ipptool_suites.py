"""The public conformance files of the CUPS project, on a passthrough queue in front of a fast device.

Where a stock file fails or skips, its tests are named here with the reason; nothing else may fail or be skipped.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from ippgate.ipp import JobState
from ippgate.model.queue import Advertised
from ippgate.model.queue_options import QueueOptions
from tests.acceptance.conftest import IN_URI, Adding
from tests.rig.cupsd import Cupsd
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipptool import Verdicts, ipptool, stock
from tests.rig.sink import Sink

FETCHES_NOTHING = "Print-URI and Send-URI are not supported, on purpose: the gate calls no address that a client names"
NO_BANNERS = "job-sheets-supported is none: the gate prints nothing but what it was given"
ONE_UP = "number-up-supported is 1: the gate does not render"
NO_PHOTO_CARDS = "4x6 index cards are not among the media that every device has"
SLIP = "the file looks for a printer attribute `print-quality`, which no printer has"

SKIPPED: Mapping[str, tuple[int, str]] = {
    "RFC 8011 section 4.2.2: Print-URI Operation": (1, FETCHES_NOTHING),
    "Print-URI with bad URI: Print-URI Operation": (1, FETCHES_NOTHING),
    "RFC 8011 section 4.2.4: Create-Job Operation": (1, FETCHES_NOTHING),
    "RFC 8011 section 4.3.2: Send-URI Operation": (1, FETCHES_NOTHING),
    "Send-URI with bad URI: Create-Job Operation": (1, FETCHES_NOTHING),
    "Send-URI with bad URI: Send-URI Operation (bad URI)": (1, FETCHES_NOTHING),
    "Send-URI with bad URI: Cancel-Job Operation": (1, FETCHES_NOTHING),
    "Print-Job with A4 PDF and Standard Sheet": (2, NO_BANNERS),
    "Print-Job with US Letter PDF and Standard Sheet": (2, NO_BANNERS),
    "Print-Job with A4 PDF, 2-Up": (2, ONE_UP),
    "Print-Job with US Letter PDF, 2-Up": (2, ONE_UP),
    "Print-Job with JPEG on 4x6, Draft Quality": (1, NO_PHOTO_CARDS),
    "Print-Job with JPEG on 4x6, Normal Quality": (1, NO_PHOTO_CARDS),
    "Print-Job with JPEG on 4x6, High Quality": (1, NO_PHOTO_CARDS),
    "Print-Job with A4 PDF, Draft Quality": (1, SLIP),
    "Print-Job with US Letter PDF, Draft Quality": (1, SLIP),
}
"""Tests of ipp-1.1.test for what a printer may have and this one has not: how many of that name, and why."""

WHOLE = (
    "create-job-format.test",
    "create-job-sheets.test",
    "create-job.test",
    "get-completed-jobs.test",
    "get-job-template-attributes.test",
    "get-jobs.test",
    "get-printer-attributes.test",
    "get-printer-description-attributes.test",
    "get-printers.test",
    "identify-printer-display.test",
    "identify-printer-multiple.test",
    "identify-printer.test",
    "print-job-and-wait.test",
    "print-job-deflate.test",
    "print-job-gzip.test",
    "print-job-hold.test",
    "print-job-letter.test",
    "print-job-manual.test",
    "print-job-media-col.test",
    "print-job.test",
    "validate-job.test",
)


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    """A device in good health that prints at once."""
    async with HostileDevice(keep="hash") as device:
        yield device


@pytest.fixture
async def direct(gate: Gate, device: HostileDevice, add_queue: Adding, add_device: Adding) -> str:
    """The URI of a passthrough queue in front of it."""
    return gate.uri(await add_queue("passthrough", await add_device(device.uri)))


def test_what_is_said_to_be_skipped_has_a_reason() -> None:
    assert all(times and reason for times, reason in SKIPPED.values())


@pytest.mark.parametrize("file", ["ipp-1.1.test", "ipp-2.0.test"])
async def test_the_suite_of_a_version_passes(direct: str, file: str) -> None:
    verdicts = await ipptool(direct, file, user="jake")
    assert not verdicts.failed, str(verdicts)
    assert Counter(verdicts.skipped) == {name: times for name, (times, _) in SKIPPED.items()}, str(verdicts)
    assert len(verdicts.passed) >= 46


@pytest.mark.parametrize("file", WHOLE)
async def test_a_file_of_one_purpose_passes(direct: str, file: str) -> None:
    passed_whole(await ipptool(direct, file, user="jake"))


async def test_a_waiting_job_is_found_and_cancelled(gate: Gate, add_queue: Adding) -> None:
    queue = await add_queue()
    job_id = await gate.client().print(queue, b"a page")
    passed_whole(await ipptool(gate.uri(queue), "cancel-current-job.test", user="jake"))
    assert (await gate.client().job(job_id)).state == JobState.CANCELED


async def test_print_uri_is_refused_with_the_reason(direct: str) -> None:
    verdicts = await ipptool(direct, "print-uri.test", user="jake")
    assert [verdict.status for verdict in verdicts.all] == ["server-error-operation-not-supported"]
    assert "fetches nothing from an address" in str(verdicts)


async def test_media_col_database_comes_when_it_is_asked_for_by_name(direct: str) -> None:
    """The stock file names the test so, and asks for `all` in it."""
    name = "Get-Printer-Attributes (requested-attributes='media-col-database')"
    verdicts = await ipptool(direct, "get-printer-attributes-suite.test", user="jake")
    assert verdicts.failed == [name], str(verdicts)
    head = f'NAME "{name}"\n\n\tOPERATION Get-Printer-Attributes\n\n\tGROUP operation-attributes-tag\n'
    head += "\tATTR charset attributes-charset utf-8\n\tATTR language attributes-natural-language en\n"
    head += "\tATTR uri printer-uri $uri\n\tATTR keyword requested-attributes "
    mended = stock("get-printer-attributes-suite.test", {f"{head}'all'": f"{head}media-col-database"})
    passed_whole(await ipptool(direct, mended, user="jake"))


async def test_a_job_that_gets_no_last_document_is_aborted_in_time(gate: Gate, direct: str) -> None:
    """The stock file asks for a banner page of CUPS, and leaves out last-document, which ipp-1.1.test insists on: see
    the next two tests.
    """
    verdicts = await ipptool(direct, "create-job-timeout.test", user="jake")
    assert [verdict.status for verdict in verdicts.all] == [
        "successful-ok-ignored-or-substituted-attributes",
        "client-error-bad-request",
    ]
    mended = {
        "\tATTR name job-sheets unclassified,unclassified\n": "",
        "application/octet-stream\n": "application/octet-stream\n\tATTR boolean last-document false\n",
    }
    verdicts = await ipptool(direct, stock("create-job-timeout.test", mended), user="jake")
    passed_whole(verdicts)
    seen = await gate.client().wait(verdicts.answer["job-id"], JobState.ABORTED)
    assert "submission-interrupted" in seen.reasons
    assert seen.message == "its documents did not come in time"


async def test_the_same_file_passes_on_a_lenient_queue_before_a_device_with_banners(
    gate: Gate, add_queue: Adding, add_device: Adding, cupsd: Cupsd, sink: Sink
) -> None:
    """Unmodified: a queue of CUPS prints banner pages, and for old clients an operator has a queue take documents that
    do not say whether more follow.
    """
    await cupsd.lpadmin("banners", sink.uri)
    device = await add_device(cupsd.uri("banners"))
    more = {"capabilities": Advertised.INTERSECTION, "options": QueueOptions(lenient=True)}
    queue = await add_queue("passthrough", device, **more)
    verdicts = await ipptool(gate.uri(queue), "create-job-timeout.test", user="jake")
    passed_whole(verdicts)
    seen = await gate.client().wait(verdicts.answer["job-id"], JobState.ABORTED)
    assert "submission-interrupted" in seen.reasons


async def test_cupsd_refuses_a_document_without_last_document_as_the_gate_does(cupsd: Cupsd, sink: Sink) -> None:
    await cupsd.lpadmin("raw", sink.uri)
    created, sent = (await ipptool(cupsd.uri("raw"), "create-job-timeout.test", user="jake")).all
    assert created.passed, str(created)
    assert sent.status == "client-error-bad-request"
    assert "Missing last-document attribute" in str(sent)


async def test_an_operator_s_file_passes_unmodified_over_tls(
    gate: Gate, add_queue: Adding, add_device: Adding, device: HostileDevice, operator: str
) -> None:
    """The file pauses the printer, prints, holds the job until a time of day, and resumes the printer. Who may pause
    proves it over TLS; the job is the operator's own.
    """
    queue = await add_queue("passthrough", await add_device(device.uri))
    verdicts = await ipptool(gate.tls_uri(queue, IN_URI), "set-attrs-hold.test")
    passed_whole(verdicts)
    job_id = verdicts.answer["job-id"]
    held = await gate.client(operator).job(job_id)
    assert (held.state, held.reasons) == (JobState.PENDING_HELD, ("job-hold-until-specified",))
    assert [verdict.response[1]["job-hold-until"] for verdict in verdicts.all if "Get job attrs" in verdict.name] == [
        "no-hold",
        "00:30:00",
        "00:30:00",
    ]
    assert device.jobs == {}


async def test_over_plain_ipp_the_same_file_is_told_what_it_lacks(direct: str) -> None:
    verdicts = await ipptool(direct, "set-attrs-hold.test", user="jake")
    refused = {verdict.name: verdict.status for verdict in verdicts.all if not verdict.passed}
    assert refused["Disable printer..."] == refused["Enable printer..."] == "client-error-not-authenticated"
    assert "who prove it over TLS: use ipps://" in str(verdicts)


async def test_the_suite_of_a_version_passes_over_tls(
    gate: Gate, add_queue: Adding, add_device: Adding, device: HostileDevice
) -> None:
    queue = await add_queue("passthrough", await add_device(device.uri))
    verdicts = await ipptool(gate.tls_uri(queue), "ipp-1.1.test", user="jake")
    assert not verdicts.failed, str(verdicts)
    assert len(verdicts.passed) >= 46
    assert str(verdicts.answer["job-uri"]).startswith(f"ipps://localhost:{gate.tls_port}/jobs/")


def passed_whole(verdicts: Verdicts) -> None:
    """Every test of the file passed."""
    assert len(verdicts.passed) == len(verdicts.all) > 0, str(verdicts)


def test_every_stock_file_named_here_is_on_this_machine() -> None:
    assert [name for name in WHOLE if not (Path("/usr/share/cups/ipptool") / name).exists()] == []
