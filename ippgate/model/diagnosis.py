"""What is looked at to say why something does not print: facts, as they are at one moment. Pure."""

from dataclasses import dataclass
from datetime import datetime

from ippgate.ipp.registry.enums import JobState


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """How a device's lane stands."""

    host: str | None = None  # of the worker that has the lane; None: none has
    pid: int | None = None
    served: bool = False  # that worker lives
    workers: int = 0  # that live
    waiting: int = 0  # jobs that are pending there,
    paused: int = 0  # of paused queues,
    delayed: int = 0  # not to be printed yet,
    arriving: int = 0  # not here yet
    carried: int = 0  # jobs that the device has or gets
    orphaned: int = 0  # of those: their worker is gone
    oldest: float = 0.0  # seconds that one waits which could go


@dataclass(frozen=True, slots=True)
class Errand:
    """How a job stands on its way."""

    ready: bool = True  # a lane may take it
    carried: bool = False  # a worker that lives has it
    edge: str | None = None  # sending, or accepted by the device
    cancel_by: str | None = None
    converting: bool = False
    released_ago: float = 0.0  # seconds
    before: int = 0  # jobs that go before it


@dataclass(frozen=True, slots=True)
class Attempted:
    """A delivery that ended."""

    job_id: int
    ended_at: datetime
    outcome: str  # the event that ended it
    message: str


@dataclass(frozen=True, slots=True)
class Holding:
    """So many jobs of somebody, in one queue and one state."""

    queue: str
    state: JobState
    jobs: int
