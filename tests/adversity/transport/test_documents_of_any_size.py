"""A document flows: memory stays flat however large it is, and nothing is read ahead of a device that stalls."""

import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import pytest

from ippgate.model.device import Device
from ippgate.model.parcel import OutcomeUnknown
from ippgate.transport.open import open_transport
from ippgate.transport.port import TransportSettings
from tests.conformance.transport.parcels import Marks, device, parcel
from tests.rig.certificate import certificate
from tests.rig.hostile_device import HostileDevice
from tests.rig.lies import Lie
from tests.rig.lpd_device import LpdDevice, LpdManners
from tests.rig.sink import Manners, Sink

FRAME = 1024 * 1024
FRAMES = 96
HELD_AT_MOST = 8 * FRAME
"""What both ends may hold together, Python's own share of it: a few frames of the document and the device's buffers."""

SETTINGS = TransportSettings(stall_timeout=0.5, close_timeout=5)
TAKES = Callable[[AsyncExitStack, Path], Awaitable[tuple[Device, Callable[[], int]]]]


async def raw(stack: AsyncExitStack, folder: Path) -> tuple[Device, Callable[[], int]]:
    sink = await stack.enter_async_context(Sink(keep="hash"))
    return device(sink.uri, pjl=True), lambda: sink.jobs[0].size


async def lpd(stack: AsyncExitStack, folder: Path) -> tuple[Device, Callable[[], int]]:
    daemon = await stack.enter_async_context(LpdDevice(keep="hash"))
    return device(daemon.uri, pjl=True), lambda: daemon.jobs[0].size


async def ipp(stack: AsyncExitStack, folder: Path) -> tuple[Device, Callable[[], int]]:
    printer = await stack.enter_async_context(HostileDevice(keep="hash"))
    return device(printer.uri), lambda: printer.jobs[1].document.size


async def ipps(stack: AsyncExitStack, folder: Path) -> tuple[Device, Callable[[], int]]:
    shown = certificate(folder)
    printer = await stack.enter_async_context(HostileDevice(tls=shown, keep="hash"))
    return device(printer.uri, fingerprint=bytes.fromhex(shown.fingerprint)), lambda: printer.jobs[1].document.size


class Frames:
    """A large document made as it is read; counts what was asked for."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.read = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        for number in range(self._count):
            self.read += FRAME
            yield bytes([number % 251]) * FRAME


@pytest.mark.parametrize(
    ("peer", "size"),
    [*((peer, size) for peer in (raw, ipp, ipps) for size in (None, FRAMES * FRAME)), (lpd, FRAMES * FRAME)],
)
async def test_memory_stays_flat_however_large_the_document_is(peer: TAKES, size: int | None, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        where, took = await peer(stack, tmp_path)
        transport = await stack.enter_async_context(aclosing(open_transport(where, TransportSettings())))
        tracemalloc.start()
        try:
            await transport.deliver(parcel(size=size), Frames(FRAMES).chunks(), Marks())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert took() >= FRAMES * FRAME
    assert peak < HELD_AT_MOST


async def test_nothing_is_read_ahead_of_a_raw_device_that_stalls() -> None:
    document = Frames(FRAMES)
    async with Sink(manners=Manners(stall_after=1000)) as sink:
        transport = open_transport(device(sink.uri), SETTINGS)
        with pytest.raises(OutcomeUnknown):
            await transport.deliver(parcel(), document.chunks(), Marks())
    assert document.read < HELD_AT_MOST


async def test_nothing_is_read_ahead_of_a_line_printer_daemon_that_stalls() -> None:
    document = Frames(FRAMES)
    async with LpdDevice(manners=LpdManners(data=Manners(stall_after=1000))) as daemon:
        transport = open_transport(device(daemon.uri), SETTINGS)
        with pytest.raises(OutcomeUnknown):
            await transport.deliver(parcel(size=FRAMES * FRAME), document.chunks(), Marks())
    assert document.read < HELD_AT_MOST


async def test_nothing_is_read_ahead_of_an_ipp_device_that_stalls() -> None:
    document = Frames(FRAMES)
    async with HostileDevice(keep="hash") as printer:
        printer.lie(Lie(None, stall_after=1000, times=None))
        async with aclosing(open_transport(device(printer.uri), SETTINGS)) as transport:
            with pytest.raises(OutcomeUnknown, match=r"took nothing within 0\.5 s"):
                await transport.deliver(parcel(), document.chunks(), Marks())
    assert document.read < 2 * HELD_AT_MOST  # here the device's own kernel takes some megabytes
