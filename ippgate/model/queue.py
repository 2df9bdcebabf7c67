"""A queue: what people add as their printer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class QueueMode(StrEnum):
    """printer-mode-configured (PWG 5100.18-2025)."""

    RELEASE_PRINTING = "release-printing"  # holds until somebody releases the job at a device
    PASSTHROUGH = "passthrough"  # goes straight to the queue's device, forwarded while it still arrives


@dataclass(frozen=True, slots=True)
class Queue:
    """A print queue as operators define it."""

    id: int
    uuid: UUID
    name: str  # lower case, path-safe: it is the last part of printer-uri
    mode: QueueMode
    device_id: int | None = None  # where a passthrough queue prints
    info: str = ""
    location: str = ""
    accepting: bool = True  # printer-is-accepting-jobs
    changed_at: datetime | None = None
