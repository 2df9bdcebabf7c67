"""A station: what stands at devices and speaks for the people there, an MFP's app or a terminal beside it."""

from dataclasses import dataclass, field
from datetime import datetime

LONGEST_CERTIFICATE = 64 * 1024
"""Octets of a file with a station's certificate, a chain after it included."""


@dataclass(frozen=True, slots=True)
class Station:
    """A station as operators register it. What proves it is its certificate or its secret, one of them."""

    id: int
    name: str
    created_at: datetime
    changed_at: datetime  # when it got what proves it
    devices: frozenset[int] = frozenset()  # ids of the devices at which it is believed
    names_people: bool = False  # whom it says to have authenticated is believed to be that person
    certificate: bytes | None = field(default=None, repr=False)  # DER
    fingerprint: bytes | None = None  # SHA-256 of it
    secret: bytes | None = field(default=None, repr=False)  # what the store has of its secret: never the secret


@dataclass(frozen=True, slots=True)
class StationCode:
    """A code by which a station can be enrolled, as it is kept: nobody can read it back."""

    name: str  # of the station, which may not be there yet
    until: datetime
    devices: frozenset[int] | None = None  # ids of those at which it will stand; None: where it stands
    names_people: bool | None = None  # None: as it is
