"""What the pages ask of the gate: its services, as `app` puts them together."""

from dataclasses import dataclass
from datetime import tzinfo

from ippgate.device.fleet import Fleet
from ippgate.hold import Desk
from ippgate.hold.tidings import Tidings
from ippgate.identity import (
    Logins,
    PeopleBook,
    Sessions,
    Stations,
)
from ippgate.identity.uri_secret import SecretKey
from ippgate.release import Release
from ippgate.release.everything import Everything


@dataclass(frozen=True, slots=True)
class Services:
    """The services behind the pages. zone: of the times that people read; None: the machine's."""

    fleet: Fleet
    desk: Desk
    release: Release
    everything: Everything
    tidings: Tidings
    people_book: PeopleBook
    stations: Stations
    logins: Logins
    sessions: Sessions
    secrets: SecretKey
    zone: tzinfo | None = None
    panel_idle: float = 60.0  # seconds after which a panel that nobody touches asks to log in again
