"""What happened to a person's job while they were not looking, and not by their own doing. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What it was."""

    EXPIRED = "expired"  # nobody released it in the time it had
    ABORTED = "aborted"  # it was given up
    HELD_AGAIN = "held-again"  # it was released and could not be printed: it waits


@dataclass(frozen=True, slots=True)
class Happening:
    """One of them, as its owner is told. Later ones take the place of earlier ones of the same job."""

    job_id: int
    name: str  # the job's title
    queue: str  # its name
    device: str | None  # the name of the one it was to go to
    what: What
    why: str  # a sentence, or empty
    at: datetime
