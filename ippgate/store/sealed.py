"""What the store keeps of a document and a job's secrecy, as opaque octets: the spool alone can open them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A job's key, wrapped by a master key: it opens as the key of this job and of no other."""

    octets: bytes
    key_id: int
    job: UUID


@dataclass(frozen=True, slots=True)
class SealedDocument:
    """A whole small document: one frame."""

    frame: bytes
    size: int  # octets of the plain document
    sha256: bytes  # of the plain document
