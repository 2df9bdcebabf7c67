"""The port: what delivery asks of any transport. One conformance suite runs against all of them.

The document is an async iterator of chunks of any size; a transport never holds more than a few of them. Every
failure is one of `model.parcel`'s errors; nothing else may leave a transport but cancellation.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ippgate.model.device import DeviceReport
from ippgate.model.parcel import MarkSending, Parcel, Receipt, Sighting


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """Bounds of every conversation with a device. Times in seconds, sizes in octets."""

    connect_timeout: float = 10.0
    answer_timeout: float = 60.0  # for an IPP answer after the request was sent
    stall_timeout: float = 120.0  # a device that takes no byte for this long (a full buffer, no paper) is given up
    close_timeout: float = 30.0  # raw: how long to wait for the device to close after the last byte
    answer_limit: int = 1024 * 1024  # a device's answer that is longer is not an answer (SECURITY S9)


@runtime_checkable
class Suspender(Protocol):
    """A wire by which a device can be had to let a job rest. Both raise Unreachable, and Refused when the device cannot
    or will not.
    """

    async def suspend(self, device_job_id: int, user: str = "") -> None:
        """Suspend-Current-Job (RFC 3998 section 4.3): the device goes on with other jobs."""

    async def resume(self, device_job_id: int, user: str = "") -> None:
        """Resume-Job: it goes on with this one."""


class Transport(Protocol):
    """One device's wire. Not shared between event loops; calls may overlap (one delivery, several sightings)."""

    @property
    def needs_size(self) -> bool:
        """Whether `deliver` must be told `parcel.size`: the protocol names it before the first octet."""

    async def probe(self) -> DeviceReport:
        """Ask the device about itself. Raises Unreachable or Refused (the answer makes no sense)."""

    async def deliver(self, parcel: Parcel, document: AsyncIterator[bytes], mark_sending: MarkSending) -> Receipt:
        """Send the document; return when the device has taken all of it.

        Raises Unreachable when no octet of the document was sent (before `mark_sending`, or after it when the
        connection ended in that very moment); Busy or Refused when the device answered that it did not take the job;
        OutcomeUnknown when octets were sent and no answer says what became of them; Withdrawn and SourceBroken as they
        come, and what `mark_sending` raises (the device's job is then cancelled as far as the device allows).

        `document` may be read from another task than the caller's, one at a time, and is not read after the return.
        """

    async def deliver_several(
        self, parcel: Parcel, documents: Sequence[AsyncIterator[bytes]], mark_sending: MarkSending
    ) -> Receipt:
        """Send the documents that `parcel.enclosed` names, in their order, as one job of the device's.

        As `deliver`, with the mark before the first octet of the first one; of a job of which some documents were sent
        nothing is known: OutcomeUnknown, or SourceBroken, and the device's job is cleared. Raises Refused, before
        anything is sent, where the device takes one document in a job: then each goes by itself.
        """

    async def sight(self, device_job_id: int) -> Sighting | None:
        """The job as the device reports it; None when the device no longer knows it. Raises Unreachable."""

    async def find(self, parcel: Parcel) -> Sighting | None:
        """Look among the device's jobs, ended ones too, for one that carries the parcel's token. Raises Unreachable;
        None: the device answered and has no such job (any more: devices forget ended jobs after a while).
        Raises OutcomeUnknown when the device cannot say: a raw one never, nor an IPP device that hides names."""

    async def cancel(self, device_job_id: int, user: str = "") -> None:
        """Ask the device to cancel, in the name of `user`, the job's owner: most devices let nobody else. Best effort.
        Raises Unreachable."""

    async def identify(self, actions: Sequence[str], message: str) -> bool:
        """Have the device show itself to whoever stands there (PWG 5100.13 section 4.1): by these actions, or (none) as
        it does by itself, with a message where it can show one. False: it cannot be asked for that. Raises Unreachable,
        Busy and Refused."""

    async def aclose(self) -> None:
        """Give up connections."""
