"""What the suites send: a device as the gate has it, a parcel, a document in chunks, and the mark that precedes it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

from ippgate.model.device import Device
from ippgate.model.parcel import Parcel


def device(uri: str, **known: Any) -> Device:
    return Device(1, uuid4(), "peer", uri, **known)


def parcel(**known: Any) -> Parcel:
    usual = {"name": "Report é.pdf", "user": "jake", "document_format": "application/pdf"}
    return Parcel(7, uuid4(), **(usual | known))


async def in_chunks(*parts: bytes | Exception) -> AsyncIterator[bytes]:
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


class Marks:
    """The mark that delivery makes before the first octet leaves: what it was told, and what else happens then."""

    def __init__(self, then: Callable[[], Awaitable[object]] | None = None, raising: Exception | None = None) -> None:
        self._then = then
        self._raising = raising
        self.made: list[int | None] = []

    async def __call__(self, device_job_id: int | None) -> None:
        self.made.append(device_job_id)
        if self._then:
            await self._then()
        if self._raising:
            raise self._raising
