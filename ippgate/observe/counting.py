"""What services count, as they see it: `Metrics` counts for monitoring, `Uncounted` for commands and tests."""

from typing import Protocol


class Counting(Protocol):
    """Counts what happens to jobs. Every method is quick and never fails."""

    def job_accepted(self, queue: str, octets: int) -> None:
        """A job is taken for good."""

    def job_refused(self, reason: str) -> None:
        """A job or document was not taken; `reason` is a keyword."""

    def sent(self, octets: int) -> None:
        """Octets of a document that a device has taken."""

    def delivery_ended(self, outcome: str, seconds: float) -> None:
        """A delivery is over; `outcome` is the event that ended it."""

    def clients_waiting(self, number: int) -> None:
        """So many clients wait for notices at this worker."""


class Uncounted:
    """Nobody asks for figures."""

    def job_accepted(self, queue: str, octets: int) -> None:
        """Not counted."""

    def job_refused(self, reason: str) -> None:
        """Not counted."""

    def sent(self, octets: int) -> None:
        """Not counted."""

    def delivery_ended(self, outcome: str, seconds: float) -> None:
        """Not counted."""

    def clients_waiting(self, number: int) -> None:
        """Not counted."""


UNCOUNTED = Uncounted()
