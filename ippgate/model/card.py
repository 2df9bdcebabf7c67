"""A card by which a person is known at devices. Its number is nowhere in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

MAX_CARDS: Final = 20
"""Cards of one person: badge, phone, the old ones, and some more."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is registered."""

    id: int
    person_id: int
    person: str  # whose it is: the owner name of their jobs
    label: str  # the end of its number, to tell cards apart
    created_at: datetime
    seen_at: datetime | None = None  # the last login with it; None: there was none


@dataclass(frozen=True, slots=True)
class KeyedCard:
    """A card as it may lie somewhere: whoever has the key can compare its number, and nobody can read it."""

    digest: bytes = field(repr=False)  # keyed hash of its number
    label: str  # the end of its number
