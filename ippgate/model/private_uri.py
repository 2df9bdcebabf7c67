"""A printer URI that says by itself who prints: it was given to one person, or to one workstation."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PrivateUri:
    """One that an operator has issued. Its secret is known to nobody but whoever got it."""

    id: int
    queue: str  # its name
    person: str  # whose jobs come by it; empty: whoever's they say they are,
    workstation: str  # from this workstation
    created_at: datetime
