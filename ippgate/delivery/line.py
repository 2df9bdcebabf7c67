"""A lane's wire to its device: opened anew when the device's registration or capabilities change."""

from collections.abc import Callable, Collection

from ippgate.device.book import Book
from ippgate.model.device import Device
from ippgate.model.errors import Unavailable
from ippgate.transport.port import Transport


class Line:
    """The device as the book had it last, and the transport that speaks to it."""

    def __init__(self, device: Device, book: Book, open_transport: Callable[[Device], Transport]) -> None:
        self.device = device
        self.transport = open_transport(device)
        self._book, self._open = book, open_transport
        self._retired: list[Transport] = []  # jobs may be followed through them yet

    async def refresh(self, in_use: Callable[[], Collection[Transport]]) -> None:
        """Follow changes. in_use: transports through which jobs are followed."""
        try:
            device = await self._book.device_by_id(self.device.id)
        except Unavailable:
            return
        if _wire(device) != _wire(self.device) or device.report.attributes is not self.device.report.attributes:
            await self._close_retired(in_use())
            self._retired.append(self.transport)
            self.transport = self._open(device)
        self.device = device

    async def aclose(self) -> None:
        """Give up all connections."""
        for transport in (*self._retired, self.transport):
            await transport.aclose()

    async def _close_retired(self, in_use: Collection[Transport]) -> None:
        over = [transport for transport in self._retired if transport not in in_use]
        self._retired = [transport for transport in self._retired if transport in in_use]
        for transport in over:
            await transport.aclose()


def _wire(device: Device) -> tuple[object, ...]:
    return (device.uri, device.pjl, device.fingerprint)
