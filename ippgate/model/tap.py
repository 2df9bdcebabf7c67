"""A tap: somebody has held a card to the reader of a device."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LONGEST_WORDS: Final = 200
"""Characters that a reader is told, or a page, of why something is not so."""


class TapKind(StrEnum):
    """What comes of a tap at a station."""

    LOGIN = "login"  # somebody is known: the station exchanges it for their session
    PIN = "pin"  # the device asks for a PIN as well
    UNKNOWN = "unknown"  # nobody has that card: whoever holds it may register it
    REFUSED = "refused"  # words say why


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap as the page of its station is told of it, once."""

    kind: TapKind
    handover: str = field(repr=False)  # by which the station asks for what comes of it, soon
    label: str = ""  # the end of the card's number, where something is still to be said to it
    words: str = ""


@dataclass(frozen=True, slots=True)
class TapOutcome:
    """What whoever tapped is told by the reader: it has done its part."""

    words: str
    released: int = 0  # jobs that print now
