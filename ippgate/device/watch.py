"""Devices are asked about themselves every so often, by one worker of the gate: state, reasons, formats,
capabilities.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from ippgate.device.fleet import Fleet
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import SILENT_REASON, Device, DeviceReport
from ippgate.model.errors import Unavailable
from ippgate.model.parcel import DeliveryError
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.store.lanes import LaneStore
from ippgate.transport.port import Transport

_AT_ONCE = 16  # devices asked at the same time
DUTY = "watch"


class Watch:
    """The duty of watching. interval: seconds between two looks at a device."""

    def __init__(
        self, fleet: Fleet, lanes: LaneStore, open_transport: Callable[[Device], Transport], *, interval: float
    ) -> None:
        self._fleet, self._lanes, self._open, self._interval = fleet, lanes, open_transport, interval
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Watch until cancelled; a lost database or a strange device ends a round, never the watch."""
        while True:
            try:
                if await self._lanes.take_duty(DUTY):
                    await self.look()
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            await asyncio.sleep(self._interval)

    async def look(self) -> None:
        """One round over all devices."""
        async with asyncio.TaskGroup() as round_:
            for device in await self._fleet.devices():
                round_.create_task(self._look_at(device))

    async def _look_at(self, device: Device) -> None:
        try:
            async with self._room:
                await self._fleet.keep_report(device, await self._report_of(device))
        except Unavailable as error:
            note(Noted.DATABASE_LOST, reason=str(error))
        except Exception as error:  # noqa: BLE001 - one strange device must not end the round of the others
            mishap(error, device=device.name)

    async def _report_of(self, device: Device) -> DeviceReport:
        transport = self._open(device)
        try:
            return await transport.probe()
        except DeliveryError as error:
            if not device.silent:  # once, not in every round
                note(Noted.DEVICE_SILENT, device=device.name, reason=str(error))
            return replace(
                device.report, state=PrinterState.STOPPED, reasons=(SILENT_REASON,), message=str(error), attributes=None
            )
        finally:
            await transport.aclose()
