"""What the gate and a warden say to each other: one order, and how it ended."""

import json
from dataclasses import asdict, dataclass
from enum import IntEnum


class Ended(IntEnum):
    """How a conversion ended: the exit status of its warden."""

    DONE = 0
    NO_WAY = 10  # no filters lead from the one format to the other
    NOT_CONFINED = 11
    FAILED = 12  # a filter gave up
    MEMORY = 13
    ROOM = 14
    PROCESSES = 15
    SECONDS = 16  # of the processor
    STOPPED = 17  # by the gate


@dataclass(frozen=True, slots=True)
class Order:
    """One conversion. Sizes in octets; `folder` is in memory and nobody else's."""

    source: str
    target: str
    ppd: str
    options: str
    folder: str
    cupsfilter: str
    programs: str
    parent: int
    memory: int  # of all filters together, and of each one's address space
    seconds: int  # of the processor, for each filter
    room: int  # of the folder
    processes: int

    def said(self) -> str:
        """The order as the warden's argument."""
        return json.dumps(asdict(self))

    @classmethod
    def heard(cls, text: str) -> "Order":
        """Read what `said` returned."""
        return cls(**json.loads(text))
