"""Raw TCP, port 9100: the document goes as it is, between PJL lines where the device speaks PJL.

A raw device gives no account of anything. What can be known is whether the first octet was sent (before it, everything
can be tried again) and whether the device's TCP took the last one and closed in good order. All else is unknown.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from ippgate.document.pjl import QUESTION, has_answered, read_info
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.parcel import MarkSending, OutcomeUnknown, Parcel, Receipt, Refused, Sighting, Unreachable
from ippgate.transport.address import parse
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.port import TransportSettings
from ippgate.transport.raw_body import RawBody
from ippgate.transport.source import Source
from ippgate.transport.wire import LostError, Wire, connect, connect_while

PJL_PATIENCE = 3.0
"""Seconds a device gets to answer PJL: those that speak it answer within milliseconds, the others never."""


class SocketTransport:
    """One raw device. `ask_pjl`: let `probe` ask in PJL even if the device is not known to speak it (registration);
    a device that does not speak PJL may print the question, so nobody else asks."""

    needs_size = False

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
        wire = await connect_while(self._whereabouts, self._settings.connect_timeout, source)
        try:
            if wire.closed:
                raise Unreachable(self._sentence(wire.end + " at once"))
            await mark_sending(None)
            await self._send(wire, RawBody(parcel, source, pjl=self._pjl))
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

    async def deliver_several(
        self, parcel: Parcel, documents: Sequence[AsyncIterator[bytes]], mark_sending: MarkSending
    ) -> Receipt:
        """Raise Refused: a raw device knows no jobs of several documents."""
        del documents, mark_sending
        raise Refused(self._sentence(f"takes the {len(parcel.enclosed)} documents of a job one by one"))

    async def sight(self, device_job_id: int) -> Sighting | None:
        """Raise Unreachable: a raw device has no jobs to look at."""
        raise Unreachable(f"a raw device gives no account of job {device_job_id}")

    async def find(self, parcel: Parcel) -> Sighting | None:
        """Raise OutcomeUnknown: a raw device can never say."""
        raise OutcomeUnknown(f"a raw device cannot say what became of job {parcel.job_id}")

    async def cancel(self, device_job_id: int, user: str = "") -> None:
        """Do nothing: a raw device has no way to cancel."""

    async def identify(self, actions: Sequence[str], message: str) -> bool:  # noqa: ARG002 - the port's signature
        """It has no words for that."""
        return False

    async def aclose(self) -> None:
        """Do nothing: no connection outlives its delivery."""

    async def _send(self, wire: Wire, body: RawBody) -> None:
        async with aclosing(body.pieces()) as pieces:
            async for piece in pieces:
                await wire.send(piece, self._settings.stall_timeout)

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
