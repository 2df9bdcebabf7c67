"""Raw TCP, port 9100: the document goes as it is, between PJL lines where the device speaks PJL.

A raw device gives no account of anything. What can be known is whether the first octet was sent (before it, everything
can be tried again) and whether the device's TCP took the last one and closed in good order. All else is unknown.
"""

import asyncio
from collections.abc import AsyncIterator

from ippgate.document.pjl import QUESTION, PjlTicket, footer, has_answered, header, read_info, ticket_of
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.parcel import MarkSending, OutcomeUnknown, Parcel, Receipt, Sighting, Unreachable
from ippgate.transport.address import parse
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.port import TransportSettings
from ippgate.transport.source import Source
from ippgate.transport.wire import LostError, Wire, connect

PJL_PATIENCE = 3.0
"""Seconds a device gets to answer PJL: those that speak it answer within milliseconds, the others never."""


class SocketTransport:
    """One raw device. `ask_pjl`: let `probe` ask in PJL even if the device is not known to speak it (registration);
    a device that does not speak PJL may print the question, so nobody else asks."""

    def __init__(self, device: Device, settings: TransportSettings, *, ask_pjl: bool = False) -> None:
        self._pjl = device.pjl
        self._ask = device.pjl or ask_pjl
        self._settings = settings
        self._whereabouts = Whereabouts(parse(device.uri))

    async def probe(self) -> DeviceReport:
        """Connect; ask in PJL where that is safe. A device that takes the connection and says nothing is idle."""
        wire = await connect(self._whereabouts, self._settings.connect_timeout)
        try:
            return await self._ask_pjl(wire) if self._ask else DeviceReport(PrinterState.IDLE)
        finally:
            wire.close()

    async def deliver(self, parcel: Parcel, document: AsyncIterator[bytes], mark_sending: MarkSending) -> Receipt:
        """Send header, document, footer; half-close; return when the device closed, or took all and fell silent."""
        source = Source(parcel, document)
        wire = await self._connect_while(source)
        try:
            if wire.closed:
                raise Unreachable(self._sentence(wire.end + " at once"))
            await mark_sending(None)
            await self._send(wire, source, ticket_of(parcel.name, parcel.user, parcel.template))
            await self._settle(wire)
        except LostError as lost:
            wire.reset()
            if not wire.sent:
                raise Unreachable(self._sentence(f"{lost} before anything was sent")) from lost
            raise OutcomeUnknown(self._sentence(f"{lost} after {wire.sent} octets had been sent")) from lost
        except BaseException:
            wire.close()
            raise
        wire.close()
        return Receipt(None)

    async def sight(self, device_job_id: int) -> Sighting | None:
        """Raise Unreachable: a raw device has no jobs to look at."""
        raise Unreachable(f"a raw device gives no account of job {device_job_id}")

    async def find(self, parcel: Parcel) -> Sighting | None:
        """Raise OutcomeUnknown: a raw device can never say."""
        raise OutcomeUnknown(f"a raw device cannot say what became of job {parcel.job_id}")

    async def cancel(self, device_job_id: int, user: str = "") -> None:
        """Do nothing: a raw device has no way to cancel."""

    async def aclose(self) -> None:
        """Do nothing: no connection outlives its delivery."""

    async def _connect_while(self, source: Source) -> Wire:
        """Connect while the first chunk is being read: neither waits for the other, and nothing is sent yet."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(source.first())
                connecting = both.create_task(connect(self._whereabouts, self._settings.connect_timeout))
        except BaseException as error:
            if connecting.done() and not connecting.cancelled() and not connecting.exception():
                connecting.result().close()
            if isinstance(error, BaseExceptionGroup):
                raise source.fault or error.exceptions[0] from None
            raise
        return connecting.result()

    async def _send(self, wire: Wire, source: Source, ticket: PjlTicket) -> None:
        """The header and the first piece leave together: one packet less before the device begins."""
        stall = self._settings.stall_timeout
        ahead = header(ticket) if self._pjl else b""
        async for piece in source.pieces():
            await wire.send(ahead + piece if ahead else piece, stall)
            ahead = b""
        if self._pjl:
            await wire.send(ahead + footer(ticket), stall)

    async def _settle(self, wire: Wire) -> None:
        """Wait for the device to close, or to have taken all and be silent. Raises LostError when it cuts or stalls."""
        wire.half_close()
        await wire.until(lambda: wire.closed or wire.talkative, self._settings.close_timeout)
        await wire.taken(self._settings.stall_timeout)

    async def _ask_pjl(self, wire: Wire) -> DeviceReport:
        try:
            await wire.send(QUESTION, self._settings.stall_timeout)
            patience = min(PJL_PATIENCE, self._settings.answer_timeout)
            await wire.until(lambda: wire.closed or has_answered(wire.heard), patience)
            wire.half_close()
        except LostError as lost:
            raise Unreachable(self._sentence(str(lost))) from lost
        info = read_info(wire.heard)
        if info is None:
            return DeviceReport(PrinterState.IDLE)
        return DeviceReport(info.state, info.reasons, info.message, make_and_model=info.make_and_model, pjl=True)

    def _sentence(self, what: str) -> str:
        return f"the device at {self._whereabouts.address.authority} {what}"
