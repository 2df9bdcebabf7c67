"""One face for every device that the transports are shown on: what it took, and whether it prints now or waits."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest

from ippgate.document.pjl import footer, header, ticket_of
from ippgate.ipp import Operation
from ippgate.model.device import Device
from ippgate.model.parcel import Parcel
from ippgate.transport.certificate import fetch_certificate
from tests.conformance.transport.parcels import device
from tests.rig.certificate import certificate
from tests.rig.cups_lpd import CupsLpd
from tests.rig.cupsd import Cupsd
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.ippeveprinter import IppEvePrinter
from tests.rig.lpd_device import LpdDevice
from tests.rig.pjl_device import PjlDevice
from tests.rig.sink import Manners, Sink

SECONDS = 10.0


class Peer(Protocol):
    """A device under the suite."""

    device: Device
    accounts: bool  # it says what becomes of its jobs
    several: bool  # it takes several documents in a job

    def wait_to_print(self) -> None:
        """From now on jobs do not end by themselves."""

    def go_on(self) -> None:
        """Jobs that wait may now be printed, or stop."""

    async def document(self, parcel: Parcel, number: int = 1) -> bytes:
        """Wait for the `number`th document that it took whole, and return it."""

    def taken(self) -> int:
        """How many documents it took whole and printed, as far as it got."""

    def octets(self) -> int:
        """How many octets of documents have reached it."""


def inside(parcel: Parcel, data: bytes) -> bytes:
    """The document without the PJL around it, which must be there."""
    ticket = ticket_of(parcel.name, parcel.user, parcel.template)
    before, after = header(ticket), footer(ticket)
    assert data.startswith(before)
    assert data.endswith(after)
    return data[len(before) : -len(after)]


class RawPeer:
    accounts = several = False

    def __init__(self, sink: Sink, *, pjl: bool) -> None:
        self._sink = sink
        self._pjl = pjl
        self.device = device(sink.uri, pjl=pjl)

    def wait_to_print(self) -> None:
        self._sink.stall()

    def go_on(self) -> None:
        self._sink.resume()

    async def document(self, parcel: Parcel, number: int = 1) -> bytes:
        data = (await self._sink.whole_jobs(number))[number - 1].data
        return inside(parcel, data) if self._pjl else data

    def taken(self) -> int:
        return sum(job.ended == "whole" and job.size > 0 for job in self._sink.jobs)

    def octets(self) -> int:
        return sum(job.size for job in self._sink.jobs)


class LpdPeer:
    accounts = several = False

    def __init__(self, daemon: LpdDevice, *, pjl: bool) -> None:
        self._daemon = daemon
        self._pjl = pjl
        self.device = device(daemon.uri, pjl=pjl)

    def wait_to_print(self) -> None:
        """It gives no account anyway."""

    def go_on(self) -> None:
        """Nothing waits."""

    async def document(self, parcel: Parcel, number: int = 1) -> bytes:
        job = await self._daemon.job(number)
        assert job.ended == "whole"
        assert len(job.lines) == len({line[0] for line in job.lines}) == 6  # none of them the attributes' own
        return inside(parcel, job.data) if self._pjl else job.data

    def taken(self) -> int:
        return sum(job.ended == "whole" for job in self._daemon.jobs)

    def octets(self) -> int:
        return sum(job.size for job in self._daemon.jobs)


class FakePeer:
    accounts = True

    def __init__(self, printer: HostileDevice, fingerprint: bytes | None = None) -> None:
        self._printer = printer
        self.several = printer.printer.several
        self.device = device(printer.uri, fingerprint=fingerprint)

    def wait_to_print(self) -> None:
        self._printer.printer.at_once = False

    def go_on(self) -> None:
        self._printer.printer.at_once = True

    async def document(self, parcel: Parcel, number: int = 1) -> bytes:
        return (await eventually(lambda: self.came_out()[number - 1 :], f"document {number}"))[0]

    def came_out(self) -> list[bytes]:
        return [document for job in self._printer.jobs.values() if not job.open for document in job.documents]

    def taken(self) -> int:
        return sum(not job.open and job.state.name == "COMPLETED" for job in self._printer.jobs.values())

    def octets(self) -> int:
        return sum(came.size for job in self._printer.jobs.values() for came in (*job.earlier, job.document))


class EvePeer:
    accounts, several = True, False

    def __init__(self, printer: IppEvePrinter, uri: str, fingerprint: bytes | None = None) -> None:
        self._printer = printer
        self.device = device(uri, fingerprint=fingerprint)
        printer.go()

    def wait_to_print(self) -> None:
        self._printer._go.unlink()

    def go_on(self) -> None:
        self._printer.go()

    async def document(self, parcel: Parcel, number: int = 1) -> bytes:
        path: Path = await self._printer.kept_document(number)
        return await asyncio.to_thread(path.read_bytes)

    def taken(self) -> int:
        return self._printer.log().count("completed successfully")

    def octets(self) -> int:
        return sum(path.stat().st_size for path in self._printer.spool.iterdir())


class CupsPeer:
    """A CUPS queue, by IPP or through its line printer daemon; what it prints comes out at a sink, a job as one."""

    def __init__(self, uri: str, sink: Sink, *, accounts: bool = True) -> None:
        self._sink = sink
        self.accounts = self.several = accounts
        self.device = device(uri)

    def wait_to_print(self) -> None:
        self._sink.stall()

    def go_on(self) -> None:
        self._sink.resume()

    async def document(self, parcel: Parcel, number: int = 1) -> bytes:
        return (await self._sink.whole_jobs(number))[number - 1].data

    def came_out(self) -> list[bytes]:
        return [job.data for job in self._sink.jobs if job.ended == "whole"]

    def taken(self) -> int:
        return sum(job.ended == "whole" for job in self._sink.jobs)

    def octets(self) -> int:
        return sum(job.size for job in self._sink.jobs)


Maker = Callable[[pytest.FixtureRequest, AsyncExitStack], Awaitable[Peer]]


async def _raw(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    return RawPeer(await stack.enter_async_context(Sink()), pjl=False)


async def _raw_pjl(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    speaks = Manners(pjl=PjlDevice())
    return RawPeer(await stack.enter_async_context(Sink(manners=speaks)), pjl=True)


async def _lpd(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    return LpdPeer(await stack.enter_async_context(LpdDevice()), pjl=False)


async def _lpd_pjl(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    return LpdPeer(await stack.enter_async_context(LpdDevice()), pjl=True)


async def _fake(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    return FakePeer(await stack.enter_async_context(HostileDevice()))


async def _fake_several(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    return FakePeer(await stack.enter_async_context(HostileDevice(several=True)))


async def _fake_without_create_job(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    printer = await stack.enter_async_context(HostileDevice())
    spared = (Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
    printer.printer.operations = tuple(one for one in printer.printer.operations if one not in spared)
    return FakePeer(printer)


async def _fake_tls(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    shown = certificate(request.getfixturevalue("rig_dir"))
    printer = await stack.enter_async_context(HostileDevice(tls=shown))
    return FakePeer(printer, bytes.fromhex(shown.fingerprint))


async def _eve(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    printer = request.getfixturevalue("printers")(behaviour="waits")
    return EvePeer(printer, printer.uri)


async def _eve_tls(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    printer = request.getfixturevalue("printers")(behaviour="waits")
    shown = await fetch_certificate(printer.tls_uri, SECONDS)
    return EvePeer(printer, printer.tls_uri, shown.fingerprint)


async def _cups(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    cupsd: Cupsd = request.getfixturevalue("cupsd")
    sink = await stack.enter_async_context(Sink())
    await cupsd.lpadmin("behind", sink.uri)
    return CupsPeer(cupsd.uri("behind"), sink)


async def _cups_lpd(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Peer:
    cupsd: Cupsd = request.getfixturevalue("cupsd")
    sink = await stack.enter_async_context(Sink())
    await cupsd.lpadmin("behind", sink.uri)
    daemon = await stack.enter_async_context(CupsLpd(request.getfixturevalue("rig_dir") / "lpd", cupsd))
    return CupsPeer(daemon.uri("behind"), sink, accounts=False)


PEERS: dict[str, Maker] = {
    "raw": _raw,
    "raw-pjl": _raw_pjl,
    "lpd": _lpd,
    "lpd-pjl": _lpd_pjl,
    "cups-lpd": _cups_lpd,
    "ipp-fake": _fake,
    "ipp-fake-several": _fake_several,
    "ipp-fake-print-job-only": _fake_without_create_job,
    "ipps-fake": _fake_tls,
    "ippeveprinter": _eve,
    "ippeveprinter-tls": _eve_tls,
    "cupsd": _cups,
}
