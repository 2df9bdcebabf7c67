"""The gate is killed with half a document sent: its kernel resets the connection, so no device takes it for whole."""

import asyncio
import sys
from pathlib import Path

import pytest

from ippgate.ipp import JobState, Operation
from tests.rig.cups_lpd import CupsLpd
from tests.rig.cupsd import Cupsd
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.lpd_device import LpdDevice
from tests.rig.sink import Sink

ROOT = Path(__file__).parents[3]
HALF = 100_000

SENDS_FOR_EVER = """
import asyncio, sys
from ippgate.transport.open import open_transport
from ippgate.transport.port import TransportSettings
from tests.conformance.transport.parcels import Marks, device, parcel

async def half():
    yield b"x" * 100_000
    await asyncio.Event().wait()

async def main():
    size = int(sys.argv[2]) or None
    await open_transport(device(sys.argv[1]), TransportSettings()).deliver(parcel(size=size), half(), Marks())

asyncio.run(main())
"""


async def gate_sending_to(uri: str, size: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", SENDS_FOR_EVER, uri, str(size), cwd=ROOT)


@pytest.mark.parametrize("size", [0, 200_000], ids=["size unknown", "size known"])
async def test_a_raw_device_is_told_by_a_reset(size: int) -> None:
    async with Sink() as sink:
        gate = await gate_sending_to(sink.uri, size)
        await sink.receiving(HALF)
        gate.kill()
        await gate.wait()
        assert (await sink.job()).ended == "lost"


async def test_a_line_printer_daemon_is_told_by_a_reset() -> None:
    async with LpdDevice() as daemon:
        gate = await gate_sending_to(daemon.uri, 200_000)
        await daemon.receiving(HALF)
        gate.kill()
        await gate.wait()
        assert (await daemon.job()).ended == "lost"


async def test_a_real_line_printer_daemon_prints_nothing_of_it(cupsd: Cupsd, rig_dir: Path) -> None:
    async with Sink() as sink, CupsLpd(rig_dir / "lpd", cupsd) as daemon:
        await cupsd.lpadmin("behind", sink.uri)
        gate = await gate_sending_to(daemon.uri("behind"), 200_000)
        await eventually(lambda: sum(path.stat().st_size for path in daemon.left) > HALF // 2, "half a document")
        gate.kill()
        await gate.wait()
        await eventually(lambda: daemon.served == 1, "the daemon to see the end")
        assert daemon.left == []
        assert sink.jobs == []


@pytest.mark.parametrize("size", [0, 200_000], ids=["size unknown", "size known"])
async def test_an_ipp_device_gives_the_job_up(size: int) -> None:
    async with HostileDevice() as printer:
        gate = await gate_sending_to(printer.uri, size)
        await printer.hears(Operation.SEND_DOCUMENT, octets=HALF)
        gate.kill()
        await gate.wait()
        assert (await printer.job()).state is JobState.ABORTED
