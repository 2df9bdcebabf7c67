"""How much is borne of those who want to be told: every bound of subscriptions, with the reason for its default."""

from dataclasses import dataclass
from typing import Final

LONGEST_LEASE: Final = 67_108_863
"""Seconds: the upper end of notify-lease-duration (RFC 3995 section 5.3.8)."""


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Times in seconds."""

    # What is kept. Whoever comes back after notify-get-interval, which is the event life, may be late by as much again.
    event_life: int = 60  # ippget-event-life: what RFC 3996 section 8.1 recommends
    events: int = 500  # of one subscription; then the oldest fall away

    # Leases. A day outlives a night; whoever asks for no end keeps the subscription as long as it is fetched.
    lease: int = 86_400  # notify-lease-duration-default
    longest_lease: int = 7 * 86_400
    unfetched: int = 86_400  # without end, but fetched by nobody for so long: it ends

    # How many (SECURITY S30). Every job of a queue writes a notice for each of the printer's subscribers.
    per_person: int = 50
    per_job: int = 10
    per_printer: int = 100
    in_all: int = 10_000

    # Waiting. Clients give a request up after half a minute; each that waits has a connection.
    wait: float = 25.0
    waiting: int = 500  # clients of one worker that wait at once; one more is answered at once
    look: float = 10.0  # who waits looks again so often, whether or not anybody woke it

    @property
    def kept(self) -> float:
        """How long a notice is kept, and a subscription whose job has ended."""
        return 2.0 * self.event_life

    @property
    def bounds(self) -> list[int]:
        """As the store takes them."""
        return [self.per_person, self.per_job, self.per_printer, self.in_all]

    def lasts(self, lease: int | None) -> int | None:
        """How long a lease keeps a subscription that nobody fetches."""
        return self.unfetched if lease == 0 else lease
