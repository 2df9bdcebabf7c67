"""Somebody who stands for another: sees what that person holds and releases it, and nothing else. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MAX_DELEGATES: Final = 50
"""Delegates of one person."""

MAX_STANDING: Final = 200
"""People for whom one delegate stands: what all of them hold is listed at once."""


@dataclass(frozen=True, slots=True)
class Delegate:
    """`delegate` stands for `person`; that goes no further: who stands for the delegate does not stand for the
    person.
    """

    person: str  # the owner name of their jobs
    delegate: str
    since: datetime
