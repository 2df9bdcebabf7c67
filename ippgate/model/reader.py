"""A card reader on the network: at one device, with the page of a station beside it or alone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

HIGHEST_SEQUENCE: Final = 2**63 - 1
"""Of a reader's taps: they are numbered, each higher than the one before."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader as operators register it."""

    id: int
    name: str
    device_id: int
    created_at: datetime
    changed_at: datetime  # when it got what proves it
    station_id: int | None = None  # whose page is told of a tap; None: it stands alone, and all is printed
    profile: str = ""  # how it writes numbers, as `model.card_number` reads it; empty: as its device says
    sequence: int = 0  # of its last tap
    visit: int = 0  # counts its connections
    seen_at: datetime | None = None  # the last connection or tap
    secret: bytes | None = field(default=None, repr=False)  # what the store has of its token: never the token
    certificate: bytes | None = field(default=None, repr=False)  # DER; it has a token or this
    fingerprint: bytes | None = None  # SHA-256 of it
