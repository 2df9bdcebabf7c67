"""The gate is killed with half a document sent: its kernel resets the connection, so no device takes it for whole."""

import asyncio
import sys
from pathlib import Path

import pytest

from ippgate.ipp import JobState, Operation
from tests.rig.hostile_device import HostileDevice
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


@pytest.mark.parametrize("size", [0, 200_000], ids=["size unknown", "size known"])
async def test_an_ipp_device_gives_the_job_up(size: int) -> None:
    async with HostileDevice() as printer:
        gate = await gate_sending_to(printer.uri, size)
        await printer.hears(Operation.SEND_DOCUMENT, octets=HALF)
        gate.kill()
        await gate.wait()
        assert (await printer.job()).state is JobState.ABORTED
