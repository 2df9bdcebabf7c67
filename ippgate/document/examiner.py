"""What every examiner of a document is: octets in, as they come, facts out."""

from typing import Protocol

from ippgate.model.facts import DocumentFacts


class Examiner(Protocol):
    """Reads a document as a stream. Bounded in memory whatever comes; never raises for what the octets say."""

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: nothing that follows can change the facts."""

    def close(self) -> DocumentFacts:
        """The document has ended: what was found."""
