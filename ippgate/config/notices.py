"""The keys of [notices]: how much is borne of those who want to be told what happens."""

from dataclasses import dataclass

from ippgate.config.option import option

HOUR, DAY = 3600, 86_400
MOST_LEASE = 67_108_863
"""Seconds: the upper end of notify-lease-duration (RFC 3995 section 5.3.8)."""


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Subscriptions to events, which clients fetch (RFC 3995, RFC 3996), and how much of them is borne."""

    event_life: int = option(
        60,
        "How long an event can be fetched (ippget-event-life), and how soon a client that does not wait is asked to"
        " come back. Events are kept for twice as long.",
        unit="seconds",
        low=15,
        high=DAY,
    )
    events: int = option(
        500,
        "Events that are kept of one subscription; of more, the oldest fall away.",
        counts="events",
        low=10,
        high=10_000,
    )
    lease: int = option(
        DAY,
        "How long a subscription of a printer lasts where the client does not say (notify-lease-duration-default).",
        unit="seconds",
        low=60,
        high=MOST_LEASE,
    )
    longest_lease: int = option(
        7 * DAY,
        "The longest that a client may ask for, other than without end.",
        unit="seconds",
        low=60,
        high=MOST_LEASE,
    )
    unfetched: int = option(
        DAY,
        "How long a subscription without end is kept when nobody fetches its events.",
        unit="seconds",
        low=60,
        high=MOST_LEASE,
    )
    per_person: int = option(50, "Subscriptions of one person.", counts="subscriptions", low=1, high=100_000)
    per_job: int = option(10, "Subscriptions of one job.", counts="subscriptions", low=1, high=100)
    per_printer: int = option(
        100,
        "Subscriptions of one printer, besides those of its jobs: what happens is noted for each of them.",
        counts="subscriptions",
        low=1,
        high=10_000,
    )
    in_all: int = option(10_000, "Subscriptions in all.", counts="subscriptions", low=1, high=1_000_000)
    wait: float = option(
        25,
        "How long a client that asks to wait for events (notify-wait) is kept waiting; most give up after 30 seconds.",
        unit="seconds",
        low=1,
        high=HOUR,
    )
    waiting: int = option(
        500,
        "Clients that wait at one worker at the same time; one more is answered at once.",
        counts="clients",
        low=0,
        high=100_000,
    )
