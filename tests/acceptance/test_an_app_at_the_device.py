"""The story of an MFP's app that knows nothing but IPP: people print to one queue, the app lists their jobs at its
device, releases them there, and a real printer prints each once.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ippgate.app import Gate as Services
from ippgate.ipp import JobState, Operation, PrinterState, Status, Tag, attribute
from ippgate.ipp.registry import attributes as A
from tests.acceptance.conftest import LOGIN, Adding
from tests.acceptance.test_cups_prints_through_the_gate import held
from tests.rig.certificate import Certificate, certificate
from tests.rig.cupsd import Cupsd
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import IppClient
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.ipptool import ipptool

Printers = Callable[..., IppEvePrinter]

HEAD = """
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
"""
LISTS = f"""
{{
    NAME "What can be asked of the device"
    OPERATION Get-Printer-Attributes
    {HEAD}
    STATUS successful-ok
    EXPECT printer-name WITH-VALUE "$device"
    EXPECT printer-make-and-model WITH-VALUE "/.+/"
    EXPECT printer-state WITH-VALUE 3
    EXPECT printer-uri-supported WITH-SCHEME "ipps"
    EXPECT printer-uri-supported WITH-RESOURCE "/ipp/device/$device"
    EXPECT uri-authentication-supported WITH-VALUE basic
    EXPECT operations-supported WITH-VALUE 0x000a
    EXPECT operations-supported WITH-VALUE 0x000d
    EXPECT media-supported
    EXPECT sides-supported
}}
{{
    NAME "Ines's jobs, and nobody else's"
    OPERATION Get-Jobs
    {HEAD}
    ATTR name requesting-user-name ines
    ATTR keyword requested-attributes job-id,job-name,job-state,job-originating-user-name
    STATUS successful-ok
    EXPECT job-id WITH-VALUE $job
    EXPECT job-name WITH-VALUE "A page"
    EXPECT job-state WITH-VALUE 4
    EXPECT job-originating-user-name WITH-ALL-VALUES ines
}}
{{
    NAME "Ben's job is not there for Ines"
    OPERATION Get-Job-Attributes
    {HEAD}
    ATTR integer job-id $other
    ATTR name requesting-user-name ines
    STATUS client-error-not-found
}}
{{
    NAME "Nor can she release it"
    OPERATION Release-Job
    {HEAD}
    ATTR integer job-id $other
    ATTR name requesting-user-name ines
    STATUS client-error-not-found
}}
"""
RELEASES = f"""
{{
    NAME "Two copies of it"
    OPERATION Set-Job-Attributes
    {HEAD}
    ATTR integer job-id $job
    ATTR name requesting-user-name ines
    GROUP job-attributes-tag
    ATTR integer copies 2
    STATUS successful-ok
}}
{{
    NAME "Print it here"
    OPERATION Release-Job
    {HEAD}
    ATTR integer job-id $job
    ATTR name requesting-user-name ines
    STATUS successful-ok
}}
"""
DIRECT = f"""
{{
    NAME "Print this here"
    OPERATION Print-Job
    {HEAD}
    ATTR name requesting-user-name ines
    ATTR mimeMediaType document-format application/pdf
    FILE $filename
    STATUS successful-ok
    EXPECT job-uri OF-TYPE uri COUNT 1
}}
"""


@dataclass
class Stations:
    """Adds stations at devices, and gives what they are clients with."""

    gate: Gate
    services: Services
    new_name: Callable[[str], str]
    secrets: dict[str, str] = field(default_factory=dict)

    async def add(self, device: str, *options: object) -> str:
        """Its name."""
        name = self.new_name("station")
        told = await self.gate.told("station", "add", name, "--device", device, "--names-people", *options)
        self.secrets[name] = told["secret"]
        return name

    def uri(self, device: str, station: str) -> str:
        """The device as this station addresses it with its secret."""
        return f"ipps://{station}:{self.secrets[station]}@127.0.0.1:{self.gate.tls_port}/ipp/device/{device}"

    def client(self, station: str, user: str) -> IppClient:
        """The station, with its secret, for somebody."""
        return self.gate.secure_client(user, f"{station}:{self.secrets[station]}")

    def showing(self, shown: Certificate, user: str) -> IppClient:
        """Whoever has this certificate."""
        context = ssl.create_default_context(cafile=self.gate.certificate)
        context.load_cert_chain(shown.certificate, shown.key)
        return IppClient(self.gate.tls_port, user=user, tls=context)


@pytest.fixture
def stations(gate: Gate, services: Services, new_name: Callable[[str], str]) -> Stations:
    return Stations(gate, services, new_name)


async def at(client: IppClient, device: str, operation: int, *more: Any, job: tuple[Any, ...] = ()) -> Any:
    return await client.ask(operation, *more, queue=f"device/{device}", job=job)


async def test_an_app_lists_and_releases_what_cups_has_sent_to_the_queue(
    gate: Gate, cupsd: Cupsd, printers: Printers, add_queue: Adding, add_device: Adding, stations: Stations
) -> None:
    printer, queue = printers(options=("-2", "-s", "20,10")), await add_queue()
    device = await add_device(printer.uri)
    app = await stations.add(device)
    await cupsd.lpadmin("followme", gate.uri(queue), everywhere=True)
    sent = await cupsd.lp("followme", PDF, user="ines", title="A page")
    await held(gate, queue, 1)
    await cupsd.lp("followme", PDF, user="ben", title="Secret of Ben")
    hers, his = await held(gate, queue, 2)

    uri, facts = stations.uri(device, app), {"device": device, "job": str(hers), "other": str(his)}
    listed = await ipptool(uri, LISTS, variables=facts)
    assert (listed.failed, len(listed.passed)) == ([], 4), str(listed)
    assert "Secret of Ben" not in str(listed.all[1].response)
    assert printer.kept() == []

    released = await ipptool(uri, RELEASES, variables=facts)
    assert (released.failed, len(released.passed)) == ([], 2), str(released)
    assert (await printer.kept_document(1)).read_bytes() == cupsd.sent(sent)
    seen = await gate.client("ines").wait(hers)
    assert seen.state is JobState.COMPLETED
    assert "copies=2" in (await gate.told("job", "show", hers))["asks_for"]

    again = await at(stations.client(app, "ines"), device, Operation.RELEASE_JOB, attribute(A.JOB_ID, hers))
    assert again.status is Status.CLIENT_ERROR_NOT_POSSIBLE
    assert len(printer.kept()) == 1
    named = gate.log("station.named")
    assert {line["user"] for line in named if line["station"] == app} == {"ines"}
    assert stations.secrets[app] not in gate.said()


async def test_an_app_prints_directly_at_its_device(
    gate: Gate, printers: Printers, add_device: Adding, stations: Stations
) -> None:
    printer = printers()
    device = await add_device(printer.uri)
    app = await stations.add(device)
    printed = await ipptool(stations.uri(device, app), DIRECT, variables={"device": device})
    assert (printed.failed, len(printed.passed)) == ([], 1), str(printed)
    assert f"/ipp/device/{device}/" in printed.answer["job-uri"]
    assert (await printer.kept_document(1)).read_bytes() == PDF.read_bytes()
    [job] = [job for job in await gate.told("job", "list", "--all") if job["queue"] == f"device/{device}"]
    assert (job["user"], job["device"]) == ("ines", device)
    nobody = gate.client("ines")
    refused = await nobody.ask(Operation.PRINT_JOB, queue=f"device/{device}", document=b"%PDF")
    assert refused.status is Status.CLIENT_ERROR_NOT_AUTHENTICATED


async def test_a_station_is_known_by_its_certificate_from_the_moment_it_is_registered(
    gate: Gate, add_queue: Adding, add_device: Adding, stations: Stations, rig_dir: Path
) -> None:
    """And no other one: the certificate is the station's own, whoever else may have one."""
    async with HostileDevice() as printer:
        queue, device = await add_queue(), await add_device(printer.uri)
        job = await gate.client("ines").print(queue, PDF.read_bytes())
        (rig_dir / "own").mkdir()
        (rig_dir / "other").mkdir()
        own, other = certificate(rig_dir / "own"), certificate(rig_dir / "other")
        station = await stations.add(device, "--certificate", own.certificate)

        async def known() -> bool:
            return bool((await at(stations.showing(own, "ines"), device, Operation.GET_JOBS)).ok)

        await eventually(known, "the certificate to be known")
        with pytest.raises((OSError, asyncio.IncompleteReadError)):
            await at(stations.showing(other, "ines"), device, Operation.GET_JOBS)
        assert (await gate.logged("client.turned_away"))["reason"].startswith("it showed a certificate")
        panel = stations.showing(own, "ines")
        assert (await at(panel, device, Operation.RELEASE_JOB, attribute(A.JOB_ID, job))).ok
        assert (await gate.client("ines").wait(job)).state is JobState.COMPLETED
        assert len(printer.jobs) == 1
        await gate.cli("station", "remove", station)

        async def forgotten() -> bool:
            try:
                return bool((await at(stations.showing(own, "ines"), device, Operation.GET_JOBS)).http == 401)
            except (OSError, asyncio.IncompleteReadError):
                return True

        await eventually(forgotten, "the station to be forgotten")


@pytest.mark.parametrize("same_device", [True, False])
async def test_two_stations_that_release_the_same_job_at_once_release_it_once(
    gate: Gate, add_queue: Adding, add_device: Adding, stations: Stations, same_device: bool
) -> None:
    async with HostileDevice() as one, HostileDevice() as other:
        queue = await add_queue()
        here, there = await add_device(one.uri), await add_device(other.uri)
        there = here if same_device else there
        first, second = await stations.add(here), await stations.add(there)
        for _ in range(5):
            job = await gate.client("ines").print(queue, PDF.read_bytes())
            named = attribute(A.JOB_ID, job)
            answers = await asyncio.gather(
                at(stations.client(first, "ines"), here, Operation.RELEASE_JOB, named),
                at(stations.client(second, "ines"), there, Operation.RELEASE_JOB, named),
            )
            seen = await gate.client("ines").wait(job)
            assert seen.state is JobState.COMPLETED
            refused = [answer for answer in answers if not answer.ok]
            assert len(refused) <= (1 if not same_device else 2)
            assert any(answer.ok for answer in answers), answers
            assert all(answer.status is Status.CLIENT_ERROR_NOT_POSSIBLE for answer in refused), answers
            assert same_device or len(refused) == 1
        assert len(one.jobs) + len(other.jobs) == 5


async def test_a_device_that_is_stopped_is_refused_before_anything_is_sent(
    gate: Gate, services: Services, add_queue: Adding, add_device: Adding, stations: Stations
) -> None:
    async with HostileDevice() as printer:
        queue, device = await add_queue(), await add_device(printer.uri)
        app = await stations.add(device)
        job = await gate.client("ines").print(queue, PDF.read_bytes())
        printer.printer.state, printer.printer.state_reasons = PrinterState.STOPPED, ("media-empty-error",)
        await gate.cli("device", "test", device)
        await gate.caught_up(services)
        answer = await at(stations.client(app, "ines"), device, Operation.RELEASE_JOB, attribute(A.JOB_ID, job))
        assert answer.status is Status.CLIENT_ERROR_NOT_POSSIBLE
        assert "media-empty" in answer.sentence
        told = await at(gate.client(), device, Operation.GET_PRINTER_ATTRIBUTES)
        state = told.message.group(Tag.PRINTER)
        assert (state.integer(A.PRINTER_STATE), list(state.texts(A.PRINTER_STATE_REASONS))) == (
            PrinterState.STOPPED,
            ["media-empty-error"],
        )
        assert printer.jobs == {}
        assert (await gate.client("ines").job(job)).state is JobState.PENDING_HELD
        await gate.cli("job", "cancel", job)


async def test_what_a_hostile_device_says_of_itself_does_no_harm(
    gate: Gate, add_device: Adding, stations: Stations
) -> None:
    """SECURITY S9."""
    async with HostileDevice() as printer:
        printer.printer.set(
            attribute(A.PRINTER_MAKE_AND_MODEL, "Evil\x1b[2J\u202e<script>"),
            attribute(A.PRINTER_MORE_INFO, "http://attacker.example/"),
            attribute(A.PRINTER_SUPPLY_DESCRIPTION, *["\x1b]0;x\x07" + "y" * 900] * 500),
            attribute(A.PRINTER_INPUT_TRAY, b"\x00\xff\x1b"),
        )
        device = await add_device(printer.uri)
        app = await stations.add(device)
        for client in (gate.client(), stations.client(app, "ines")):
            answer = await at(client, device, Operation.GET_PRINTER_ATTRIBUTES)
            assert answer.ok
            told = [text for each in answer.message.group(Tag.PRINTER) for text in each.texts()]
            assert all(text.isprintable() for text in told)
            assert not [text for text in told if "attacker.example" in text]
            assert len(answer.body) < 100_000


async def test_operators_are_known_at_devices_too(
    gate: Gate, operator: str, add_queue: Adding, add_device: Adding
) -> None:
    async with HostileDevice() as printer:
        queue, device = await add_queue(), await add_device(printer.uri)
        job = await gate.client("ines").print(queue, PDF.read_bytes())
        olga = gate.secure_client(operator, LOGIN)
        assert (await at(olga, device, Operation.IDENTIFY_PRINTER)).ok
        assert printer.printer.identified == [([], "")]
        assert (await at(olga, device, Operation.RELEASE_JOB, attribute(A.JOB_ID, job))).ok
        assert (await gate.client("ines").wait(job)).state is JobState.COMPLETED


async def test_stations_are_made_changed_renewed_and_removed_at_the_command_line(
    gate: Gate, add_device: Adding, stations: Stations, rig_dir: Path
) -> None:
    async with HostileDevice() as printer:
        device, second = await add_device(printer.uri), await add_device(printer.uri)
        name = await stations.add(device)
        listed = await gate.cli("station", "list")
        assert name in listed.out
        assert stations.secrets[name].rpartition("~")[2] not in listed.out
        changed = await gate.told("station", "set", name, "--add", second, "--remove", device, "--names-nobody")
        assert (changed["devices"], changed["names_people"], changed["proof"]) == ([second], False, "secret")
        renewed = (await gate.cli("station", "renew", name)).out.splitlines()
        assert renewed[0].endswith("with its name and this secret, which is not shown again:")
        assert renewed[1].startswith(f"station~{name}~")
        assert renewed[1] != stations.secrets[name]
        made = certificate(rig_dir)
        shown = await gate.told("station", "renew", name, "--certificate", made.certificate)
        assert (shown["fingerprint"], shown["secret"]) == (made.fingerprint, None)
        assert (await gate.cli("station", "remove", name)).out == f"The station {name} is gone.\n"
        assert await gate.refused("station", "show", name) == f"there is no station {name}"
