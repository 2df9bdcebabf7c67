"""A worker process whose jobs each come to a halt at an edge, and that is then killed: python -m … DSN HOME.

The edge of a job is the first word of its name. It is said on standard output when the job has come there, and the job
goes no further.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ippgate.app import gate as composition
from ippgate.delivery.carrier import Attempt, Carrier
from ippgate.delivery.outcome import Verdict
from ippgate.model.device import Device
from ippgate.model.parcel import MarkSending, Parcel, Receipt, Sighting
from ippgate.store.jobs import Moved
from ippgate.store.lanes import Load
from ippgate.transport.open import open_transport
from ippgate.transport.port import Transport, TransportSettings
from tests.integration.gates import opened, serving

EDGES = ("claimed", "connected", "started", "half", "sent", "accepted", "ended", "settled")
"""In the order in which a job comes to them."""


async def halt_at(edge: str, parcel: Parcel) -> None:
    """Go no further if this is the job's edge."""
    if parcel.name.split()[0] == edge:
        sys.stdout.write(f"{parcel.name}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


class DoomedWire:
    """A transport that halts at the edges it sees."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire
        self._parcels: dict[int, Parcel] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    async def deliver(self, parcel: Parcel, document: AsyncIterator[bytes], mark_sending: MarkSending) -> Receipt:
        async def marked(device_job_id: int | None) -> None:
            await halt_at("connected", parcel)
            await mark_sending(device_job_id)
            await halt_at("started", parcel)

        receipt = await self._wire.deliver(parcel, self._half(parcel, document), marked)
        await halt_at("sent", parcel)
        if receipt.device_job_id is not None:
            self._parcels[receipt.device_job_id] = parcel
        return receipt

    async def sight(self, device_job_id: int) -> Sighting | None:
        await halt_at("accepted", self._parcels[device_job_id])
        return await self._wire.sight(device_job_id)

    async def _half(self, parcel: Parcel, document: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in document:
            yield chunk
            await halt_at("half", parcel)


class DoomedCarrier(Carrier):
    """A carrier that halts at the edges it sees."""

    async def send(self, attempt: Attempt, device: Device, transport: Transport) -> Receipt:
        await halt_at("claimed", attempt.load.parcel)
        return await super().send(attempt, device, transport)

    async def settle(self, load: Load, verdict: Verdict) -> Moved | None:
        await halt_at("ended", load.parcel)
        moved = await super().settle(load, verdict)
        await halt_at("settled", load.parcel)
        return moved


async def main(dsn: str, home: Path) -> None:
    def doomed(device: Device, settings: TransportSettings, **options: bool) -> Any:
        return DoomedWire(open_transport(device, settings, **options))

    with (
        patch.object(composition, "open_transport", doomed),
        patch("ippgate.delivery.dispatcher.Carrier", DoomedCarrier),
    ):
        async with opened(dsn, home) as gate, serving(gate):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
