"""A device's name looked up once, and every connection made to what was found (SECURITY S5: DNS rebinding)."""

import asyncio
import socket
from dataclasses import dataclass

from ippgate.model.parcel import Unreachable
from ippgate.transport.address import DeviceAddress

MAX_ENDPOINTS = 4
"""A name with more addresses than this is known by its first ones."""


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
