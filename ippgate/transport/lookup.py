"""A device's name looked up once, and every connection made to what was found (SECURITY S5: DNS rebinding); and what
such a connection is tuned for: long silences, and a peer that prints more slowly than we send.
"""

import asyncio
import socket
from dataclasses import dataclass

from ippgate.model.parcel import Unreachable
from ippgate.transport.address import DeviceAddress

MAX_ENDPOINTS = 4
"""A name with more addresses than this is known by its first ones."""

MAX_UNSENT = 128 * 1024
"""Octets that the kernel holds for a device beyond what is on the network: else it takes megabytes, and a slow device
would seem to stall while it works them off."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One IP address and port."""

    family: int
    ip: str
    port: int


class Whereabouts:
    """Where a device was found. Held until `forget`: a device that answers is not looked up again."""

    def __init__(self, address: DeviceAddress) -> None:
        self.address = address
        self._found: tuple[Endpoint, ...] = ()
        if address.literal:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            self._found = (Endpoint(family, address.host, address.port),)

    async def endpoints(self, timeout: float) -> tuple[Endpoint, ...]:
        """Return its addresses, at least one; raise Unreachable when its name is not known within `timeout` s."""
        if not self._found:
            self._found = await self._look_up(timeout)
        return self._found

    def forget(self) -> None:
        """Look the name up again next time: nobody answered there, it may have moved."""
        if not self.address.literal:
            self._found = ()

    async def _look_up(self, timeout: float) -> tuple[Endpoint, ...]:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                rows = await loop.getaddrinfo(self.address.host, self.address.port, type=socket.SOCK_STREAM)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise Unreachable(f"the name {self.address.host} is not known") from error
        found = tuple(Endpoint(family, str(where[0]), self.address.port) for family, _, _, _, where in rows)
        if not found:
            raise Unreachable(f"the name {self.address.host} has no address")
        return found[:MAX_ENDPOINTS]


def tune(opened: socket.socket) -> None:
    """Make a connection notice a device that vanished, and keep the kernel from hiding one that is slow (tcp(7))."""
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNSENT)
