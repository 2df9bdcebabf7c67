"""A session: somebody has proven who they are, and need not again for a while."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_SESSIONS: Final = 20
"""Sessions of one person: one more ends the one that was not used for longest."""


class SessionKind(StrEnum):
    """What a session is for."""

    PANEL = "panel"  # at a device, and good there alone
    PORTAL = "portal"
    API = "api"
    ADMIN = "admin"  # an operator's, at the pages for operators; all others are people's


class LoginBy(StrEnum):
    """How somebody proves who they are at a device."""

    CARD = "card"
    PIN = "pin"
    CARD_AND_PIN = "card-and-pin"
    PASSWORD = "password"  # noqa: S105 - a way to log in


USUAL_LOGINS: Final = frozenset({LoginBy.CARD, LoginBy.CARD_AND_PIN, LoginBy.PASSWORD})
"""A PIN alone is for devices where an operator says so: it can be guessed."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is kept. Its token is known to nobody but whoever has it."""

    id: int
    kind: SessionKind
    person: str  # the owner name of their jobs; empty: it is an operator's
    device_id: int | None  # of a panel: good at this device alone
    station_id: int | None  # what it was opened with; None: by the person's own client
    idle: float  # seconds without use after which it ends
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime  # it ends then, however much it is used
    operator: str = ""  # the operator's name, where it is one's
