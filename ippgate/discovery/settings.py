"""Whether queues are announced, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeraldSettings:
    """host: where the server listens; interfaces: names or addresses, empty for all of those but loopback."""

    host: str
    interfaces: tuple[str, ...] = ()
    interval: float = 5.0  # seconds between two looks; a queue that changes is announced at once
