"""IPP and IPPS: a job is made at the device, filled, and followed there by its number and its name.

Create-Job and Send-Document where the device has both, so that its job-id is known before the first octet of the
document leaves; else Print-Job (RFC 8011 sections 4.2.1, 4.2.4, 4.3.1).
"""

from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import replace

from ippgate.ipp import Group, JobState, Message, Operation, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device, DeviceReport
from ippgate.model.parcel import (
    Busy,
    DeliveryError,
    MarkSending,
    OutcomeUnknown,
    Parcel,
    Receipt,
    Refused,
    Sighting,
    Unreachable,
)
from ippgate.transport.address import parse
from ippgate.transport.ipp_answer import (
    GONE,
    NonsenseError,
    complaint,
    find_in,
    job_id_of,
    refusal,
    report_of,
    sighting_of,
    succeeded,
)
from ippgate.transport.ipp_exchange import FAILURES, HttpRefusalError, IppExchange, UntrustedError
from ippgate.transport.ipp_request import Asker
from ippgate.transport.ipp_ticket import DeviceTicket, fills_jobs, format_for, takes_several, texts, ticket_for
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.port import TransportSettings
from ippgate.transport.source import Source

_RESTS = frozenset({Operation.SUSPEND_CURRENT_JOB, Operation.RESUME_JOB})
"""A device that has the first without the second is not asked: what it suspends, nobody could have printed."""

HTTP_LATER = frozenset({408, 425, 429, 503})
"""The device took nothing, and may take it later."""

HTTP_SENTENCES = {
    401: "the device asks for a password",
    403: "the device forbids it",
    404: "the device has no printer at that path",
    426: "the device wants TLS: register it as ipps",
}


class IppTransport:
    """One IPP device."""

    needs_size = False

    def __init__(self, device: Device, settings: TransportSettings) -> None:
        whereabouts = Whereabouts(parse(device.uri))
        self._where = whereabouts.address.authority
        self._exchange = IppExchange(whereabouts, settings, device.fingerprint)
        self._asker = Asker(device.uri)
        self._described: Group | None = None
        if device.report.attributes is not None:
            self._learn(device.report.attributes)

    async def probe(self) -> DeviceReport:
        """Get-Printer-Attributes, all of them; in version 1.1 where the device does not speak 2.0."""
        try:
            report = report_of(await self._description())
        except NonsenseError as error:
            raise Refused(f"the device at {self._where} {error}") from error
        except Busy as error:
            raise Unreachable(str(error)) from error
        self._learn(report.attributes)
        return report

    async def deliver(self, parcel: Parcel, document: AsyncIterator[bytes], mark_sending: MarkSending) -> Receipt:
        """Make the job, mark, stream the document, return when the device has answered for it."""
        described = self._described or (await self.probe()).attributes or Group(Tag.PRINTER)
        ticket = ticket_for(described, parcel)
        document_format = format_for(described, parcel.document_format)
        source = Source(parcel, document)
        await source.first()
        if fills_jobs(described):
            return await self._fill_job(parcel, source, ticket, document_format, mark_sending)
        await mark_sending(None)
        answer = await self._filled(self._asker.print_job(parcel, document_format, ticket.attributes), parcel, source)
        try:
            return Receipt(job_id_of(answer), ticket.dropped)
        except NonsenseError as error:
            raise OutcomeUnknown(f"the device at {self._where} {error}") from error

    async def deliver_several(
        self, parcel: Parcel, documents: Sequence[AsyncIterator[bytes]], mark_sending: MarkSending
    ) -> Receipt:
        """Create-Job, mark, and a Send-Document for each; return when the device has answered for the last one."""
        described = self._described or (await self.probe()).attributes or Group(Tag.PRINTER)
        if not takes_several(described):
            raise Refused(f"the device at {self._where} takes one document in a job")
        ticket = ticket_for(described, parcel)
        formats = [format_for(described, each.document_format) for each in parcel.enclosed]
        parcels = [replace(parcel, size=each.size) for each in parcel.enclosed]
        sources = [Source(one, document) for one, document in zip(parcels, documents, strict=True)]
        await sources[0].first()
        job_id, sent = await self._created(parcel, ticket), 0
        try:
            await mark_sending(job_id)
            for one, source, document_format in zip(parcels, sources, formats, strict=True):
                name, last = parcel.enclosed[sent].name, sent == len(sources) - 1
                request = self._asker.send_document(one, job_id, document_format, name=name, last=last)
                await self._filled(request, one, source)
                sent += 1
        except OutcomeUnknown:
            raise
        except (Refused, Busy, Unreachable) as error:
            if sent or await self._ended(job_id):
                raise OutcomeUnknown(f"{error}, when it had {sent} of {len(sources)} documents") from error
            await self._clear(job_id, parcel)
            raise
        except Exception:
            await self._clear(job_id, parcel)
            raise
        return Receipt(job_id, ticket.dropped)

    async def sight(self, device_job_id: int) -> Sighting | None:
        """Get-Job-Attributes."""
        answer = await self._answered(self._asker.job_attributes(device_job_id))
        if answer.code in GONE:
            return None
        if not succeeded(answer):
            raise Unreachable(f"the device answered {complaint(answer)}")
        try:
            return sighting_of(answer, device_job_id)
        except NonsenseError as error:
            raise Unreachable(f"the device at {self._where} {error}") from error

    async def find(self, parcel: Parcel) -> Sighting | None:
        """Get-Jobs, those that wait first: a job that ends in between is then seen in the second list.

        Raises OutcomeUnknown when the device's lists cannot tell (names hidden, too many jobs, no list of ended ones).
        """
        for which in ("not-completed", "completed"):
            answer = await self._answered(self._asker.jobs(parcel.user, which))
            if not succeeded(answer):
                raise OutcomeUnknown(f"the device lists no jobs that are {which}: it answered {complaint(answer)}")
            try:
                found = find_in(answer, parcel)
            except NonsenseError as error:
                raise OutcomeUnknown(f"the device at {self._where} {error}") from error
            if found is not None:
                return await self._look_at(found)
        return None

    async def cancel(self, device_job_id: int, user: str = "") -> None:
        """Cancel-Job in the name of `user`, the job's owner: devices let nobody else. What it answers is its affair."""
        await self._answered(self._asker.cancel_job(device_job_id, user))

    async def suspend(self, device_job_id: int, user: str = "") -> None:
        """Suspend-Current-Job, of a device that has it and its counterpart."""
        await self._rest(self._asker.suspend_job(device_job_id, user))

    async def resume(self, device_job_id: int, user: str = "") -> None:
        """Resume-Job."""
        await self._rest(self._asker.resume_job(device_job_id, user))

    async def identify(self, actions: Sequence[str], message: str) -> bool:
        """Identify-Printer, by those of the actions that the device says it has."""
        described = self._described or (await self.probe()).attributes or Group(Tag.PRINTER)
        operations = described.get(A.OPERATIONS_SUPPORTED)
        if operations is None or Operation.IDENTIFY_PRINTER not in operations.integers():
            return False
        known = texts(described.get(A.IDENTIFY_ACTIONS_SUPPORTED))
        asked = self._asker.identify([action for action in actions if action in known], message)
        answer = await self._understood(asked)
        if not succeeded(answer):
            raise refusal(answer, sent=False)
        return True

    async def aclose(self) -> None:
        """Give up connections."""
        await self._exchange.aclose()

    async def _rest(self, request: Message) -> None:
        described = self._described or (await self.probe()).attributes or Group(Tag.PRINTER)
        operations = described.get(A.OPERATIONS_SUPPORTED)
        if not set(operations.integers() if operations else ()) >= _RESTS:
            raise Refused(f"the device at {self._where} can suspend no jobs")
        answer = await self._understood(request)
        if not succeeded(answer):
            raise Refused(f"the device answered {complaint(answer)}")

    async def _look_at(self, found: int) -> Sighting:
        seen = await self.sight(found)
        if seen is None:
            raise OutcomeUnknown(f"the device listed job {found} and then knew it no more")
        return seen

    def _learn(self, described: Group | None) -> None:
        self._described = described
        versions = texts(described.get(A.IPP_VERSIONS_SUPPORTED)) if described else []
        if versions:
            self._asker.version = (2, 0) if any(version.startswith("2.") for version in versions) else (1, 1)

    async def _description(self) -> Message:
        answer = await self._understood(self._asker.printer_attributes())
        if answer.code == Status.SERVER_ERROR_VERSION_NOT_SUPPORTED and self._asker.version != (1, 1):
            self._asker.version = (1, 1)
            answer = await self._understood(self._asker.printer_attributes())
        if not succeeded(answer):
            raise refusal(answer, sent=False)
        return answer

    async def _fill_job(
        self, parcel: Parcel, source: Source, ticket: DeviceTicket, document_format: str | None, mark: MarkSending
    ) -> Receipt:
        job_id = await self._created(parcel, ticket)
        try:
            await mark(job_id)
            await self._filled(self._asker.send_document(parcel, job_id, document_format), parcel, source)
        except OutcomeUnknown:
            raise
        except (Refused, Busy):
            if not await self._ended(job_id):
                await self._clear(job_id, parcel)
                raise
        except Exception:
            await self._clear(job_id, parcel)
            raise
        return Receipt(job_id, ticket.dropped)

    async def _created(self, parcel: Parcel, ticket: DeviceTicket) -> int:
        """Create-Job; the job's id at the device."""
        answer = await self._understood(self._asker.create_job(parcel, ticket.attributes))
        if not succeeded(answer):
            raise refusal(answer, sent=False)
        try:
            return job_id_of(answer)
        except NonsenseError as error:
            raise Refused(f"the device at {self._where} {error}") from error

    async def _ended(self, job_id: int) -> bool:
        """Whether the job ended at the device while it was being filled: cancelled at its panel, or printed already.

        Then its own account of the job holds, and not the error that the rest of the document met.
        """
        try:
            seen = await self.sight(job_id)
        except Unreachable:
            return False
        return seen is not None and seen.state in (JobState.CANCELED, JobState.COMPLETED)

    async def _clear(self, job_id: int, parcel: Parcel) -> None:
        """Cancel the job that will get no document. Best effort: the device gives it up by itself after a while."""
        try:
            await self.cancel(job_id, parcel.user)
        except Unreachable:
            return

    async def _filled(self, request: Message, parcel: Parcel, source: Source) -> Message:
        """Send a request with the document and return its answer of success; every error that the port names else."""
        try:
            answer = await self._exchange.send(request, source, parcel.size)
        except FAILURES as error:
            raise source.fault or self._meaning(error, sent=source.begun) from error
        if not succeeded(answer):
            raise refusal(answer, sent=source.begun)
        return answer

    async def _understood(self, request: Message) -> Message:
        """Ask; Unreachable, Busy or Refused when there is no answer in IPP."""
        return await self._told(self._exchange.ask(request))

    async def _answered(self, request: Message) -> Message:
        """Ask about a job; every failure is Unreachable: it says nothing about the job."""
        try:
            return await self._told(self._exchange.ask(request))
        except (Busy, Refused) as error:
            raise Unreachable(str(error)) from error

    async def _told(self, asking: Awaitable[Message]) -> Message:
        try:
            return await asking
        except FAILURES as error:
            raise self._meaning(error, sent=False) from error

    def _meaning(self, error: Exception, *, sent: bool) -> DeliveryError:
        """Return what the failure of an exchange means; `sent`: part of the document was already on its way."""
        sentence = f"the device at {self._where} {error}"
        if isinstance(error, HttpRefusalError):
            return _http_meaning(error.status, sentence, sent=sent)
        if isinstance(error, UntrustedError):
            return Refused(sentence)
        if sent:
            return OutcomeUnknown(sentence)
        return Refused(sentence) if isinstance(error, NonsenseError) else Unreachable(sentence)


def _http_meaning(status: int, sentence: str, *, sent: bool) -> DeliveryError:
    if status in HTTP_LATER:
        return Busy(sentence)
    if status >= 500:
        return OutcomeUnknown(sentence) if sent else Unreachable(sentence)
    return Refused(HTTP_SENTENCES.get(status, sentence))
