"""A subscription, and what is told to whoever holds it (RFC 3995)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Subscribed(StrEnum):
    """What can be subscribed to: values of notify-events. Printers have no restart and no trays of their own."""

    JOB_CREATED = "job-created"
    JOB_STATE_CHANGED = "job-state-changed"
    JOB_COMPLETED = "job-completed"
    JOB_STOPPED = "job-stopped"
    JOB_CONFIG_CHANGED = "job-config-changed"
    JOB_PROGRESS = "job-progress"
    JOB_FETCHABLE = "job-fetchable"
    PRINTER_STATE_CHANGED = "printer-state-changed"
    PRINTER_STOPPED = "printer-stopped"
    PRINTER_CONFIG_CHANGED = "printer-config-changed"
    PRINTER_QUEUE_ORDER_CHANGED = "printer-queue-order-changed"


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A wish that has passed every check."""

    events: tuple[Subscribed, ...]
    printer_uri: str  # by which it was asked for
    charset: str = "utf-8"
    language: str = "en"
    user_data: bytes | None = None
    time_interval: int = 0  # seconds between two notices of job-progress
    lease: int | None = None  # seconds; 0: as long as it is fetched; None: as long as its job goes on


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as the store knows it."""

    id: int
    queue_id: int
    queue: str  # its name
    job_id: int | None  # None: it is the printer's
    owner: str
    events: tuple[Subscribed, ...]
    printer_uri: str
    charset: str
    language: str
    user_data: bytes | None
    time_interval: int
    lease: int | None
    until: datetime | None  # the end of its lease
    ended: bool  # its job has ended: nothing is added
    number: int  # of its last notice
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened. The job, or the printer, as it was then."""

    number: int
    event: Subscribed
    at: datetime
    state: int  # job-state or printer-state
    reasons: tuple[str, ...]
    job_id: int | None = None  # None: it is about the printer
    impressions: int | None = None  # of the job
    accepting: bool | None = None  # the printer


@dataclass(frozen=True, slots=True)
class Told:
    """A subscription with those of its notices that were asked for, in order."""

    subscription: Subscription
    notices: tuple[Notice, ...]
    lasts: float = 0.0  # seconds until its lease ends
    more: bool = False  # there are more than are told at once
