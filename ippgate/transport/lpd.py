"""LPD, RFC 1179: the document as one file of a job, its size said first, each step acknowledged.

The control file goes first, so that a device without a disk can print while the data file arrives. Nothing of the
document has left until the device has agreed to take a file of that size. After that a line printer daemon, like a raw
device, gives no account: when its last acknowledgement does not come, the outcome is unknown. Its queue listings are
text for people, cut to fit, so no job is looked for in them.

A source port from 721 to 731 (section 3.1) needs privileges and proves nothing; daemons that still insist are rare.
"""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.parcel import Busy, MarkSending, OutcomeUnknown, Parcel, Receipt, Refused, Sighting, Unreachable
from ippgate.model.text import plain
from ippgate.transport.address import parse
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.lpd_job import END, LpdJob, job_of, queue_state, receive_control, receive_data, receive_job
from ippgate.transport.lpd_talk import NO_ROOM, TEXT_LIMIT, NotAcknowledgedError, Talk
from ippgate.transport.port import TransportSettings
from ippgate.transport.raw_body import RawBody
from ippgate.transport.source import Source
from ippgate.transport.wire import LostError, Wire, connect, connect_while

STATE_PATIENCE = 5.0
"""Seconds a device gets to say how its queue is: some take the question and never answer."""


class LpdTransport:
    """One queue of a line printer daemon. `ask_queue`: let `probe` make sure that the daemon takes jobs for it
    (registration); who only watches the device starts no job there."""

    needs_size = True

    def __init__(self, device: Device, settings: TransportSettings, *, ask_queue: bool = False) -> None:
        self._pjl = device.pjl
        self._ask_queue = ask_queue
        self._settings = settings
        self._whereabouts = Whereabouts(parse(device.uri))
        self._queue = self._whereabouts.address.queue

    async def probe(self) -> DeviceReport:
        """Ask for the state of the queue, and where that is not answered or not enough, whether it takes jobs."""
        said = await self._state()
        if self._ask_queue or not said:
            await self._offer()
        return DeviceReport(PrinterState.IDLE, message=plain(said, TEXT_LIMIT), pjl=self._pjl)

    async def deliver(self, parcel: Parcel, document: AsyncIterator[bytes], mark_sending: MarkSending) -> Receipt:
        """Announce the job, mark, send the data file; return when the device has acknowledged it."""
        source = Source(parcel, document)
        body = RawBody(parcel, source, pjl=self._pjl)
        if body.size is None:
            raise Refused(self._sentence("wants to know a document's size before it comes"))
        if body.size == 0:  # which would mean: until the connection ends
            raise Refused(self._sentence("can be sent no empty document"))
        job = job_of(parcel, socket.gethostname(), copies=not self._pjl)
        wire = await connect_while(self._whereabouts, self._settings.connect_timeout, source)
        talk = Talk(wire, self._settings)
        try:
            await self._announce(talk, job, body.size)
            await self._hand_over(wire, talk, body, body.size, mark_sending)
            wire.half_close()
        except LostError as lost:
            raise Unreachable(self._sentence(f"{lost} before any of the document was sent")) from lost
        finally:
            wire.close()  # with a reset, unless the device has it all
        return Receipt(None)

    async def deliver_several(
        self, parcel: Parcel, documents: Sequence[AsyncIterator[bytes]], mark_sending: MarkSending
    ) -> Receipt:
        """Raise Refused: a line printer daemon knows no jobs of several documents."""
        del documents, mark_sending
        raise Refused(self._sentence(f"takes the {len(parcel.enclosed)} documents of a job one by one"))

    async def sight(self, device_job_id: int) -> Sighting | None:
        """Raise Unreachable: a line printer daemon gives no job a number that it would tell."""
        raise Unreachable(f"a line printer daemon gives no account of job {device_job_id}")

    async def find(self, parcel: Parcel) -> Sighting | None:
        """Raise OutcomeUnknown: a queue's listing is cut to fit, and has no ended jobs."""
        raise OutcomeUnknown(f"a line printer daemon cannot say what became of job {parcel.job_id}")

    async def cancel(self, device_job_id: int, user: str = "") -> None:
        """Do nothing: the job's number at the device is not known."""

    async def identify(self, actions: Sequence[str], message: str) -> bool:  # noqa: ARG002 - the port's signature
        """It has no words for that."""
        return False

    async def aclose(self) -> None:
        """Do nothing: no connection outlives its delivery."""

    async def _announce(self, talk: Talk, job: LpdJob, size: int) -> None:
        """Have the device agree to the job. A queue that refuses may be closed for the moment: that is Busy."""
        try:
            await talk.ask(receive_job(self._queue), f"a job for the queue {self._queue}")
        except NotAcknowledgedError as refusal:
            raise Busy(self._sentence(str(refusal))) from refusal
        try:
            await talk.ask(receive_control(job), "the control file")
            await talk.ask(job.control() + END, "the control file")
            await talk.ask(receive_data(job, size), f"a data file of {size} octets")
        except NotAcknowledgedError as refusal:
            kind = Busy if refusal.code == NO_ROOM else Refused
            raise kind(self._sentence(str(refusal))) from refusal

    async def _hand_over(self, wire: Wire, talk: Talk, body: RawBody, size: int, mark_sending: MarkSending) -> None:
        """Mark and send. Raises LostError when nothing was sent, OutcomeUnknown when something was."""
        announced = wire.sent
        await mark_sending(None)
        try:
            await self._send(wire, talk, body, size)
        except (LostError, NotAcknowledgedError) as error:
            sent = wire.sent - announced
            if not sent:
                raise LostError(str(error)) from error
            raise OutcomeUnknown(self._sentence(f"{error} after {sent} octets had been sent")) from error

    async def _send(self, wire: Wire, talk: Talk, body: RawBody, left: int) -> None:
        """The end mark leaves with the last piece, so an octet that came before that acknowledges nothing."""
        async with aclosing(body.pieces()) as pieces:
            async for piece in pieces:
                left -= len(piece)
                await talk.send(piece if left else bytes(piece) + END)
        await wire.taken(self._settings.stall_timeout)
        await talk.acknowledged("the document", self._settings.stall_timeout + self._settings.answer_timeout)

    async def _state(self) -> str:
        """The first line that the daemon says of its queue: text for people, or nothing."""
        wire = await connect(self._whereabouts, self._settings.connect_timeout)
        try:
            await wire.send(queue_state(self._queue), self._settings.stall_timeout)
            patience = min(STATE_PATIENCE, self._settings.answer_timeout)
            await wire.until(lambda: wire.closed or wire.talkative or b"\n" in wire.heard, patience)
            return wire.heard.partition(b"\n")[0].decode("utf-8", "replace")
        except LostError as lost:
            raise Unreachable(self._sentence(str(lost))) from lost
        finally:
            wire.close()

    async def _offer(self) -> None:
        """Begin a job and end it before it has anything. Raises Unreachable, and Refused when the queue takes none."""
        wire = await connect(self._whereabouts, self._settings.connect_timeout)
        try:
            await Talk(wire, self._settings).ask(receive_job(self._queue), f"a job for the queue {self._queue}")
            wire.half_close()
        except NotAcknowledgedError as refusal:
            raise Refused(self._sentence(str(refusal))) from refusal
        except LostError as lost:
            raise Unreachable(self._sentence(str(lost))) from lost
        finally:
            wire.close()

    def _sentence(self, what: str) -> str:
        return f"the device at {self._whereabouts.address.authority} {what}"
