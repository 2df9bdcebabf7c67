"""What the pages ask of the gate: its services, as `app` puts them together."""

from dataclasses import dataclass
from datetime import tzinfo

from ippgate.device.abilities import Abilities
from ippgate.device.fleet import Fleet
from ippgate.device.traffic import Traffic
from ippgate.hold import Desk
from ippgate.hold.tidings import Tidings
from ippgate.identity import (
    Cards,
    Logins,
    Operators,
    OwnerBook,
    People,
    PeopleBook,
    Pins,
    Sessions,
    Stations,
)
from ippgate.identity.uri_secret import SecretKey
from ippgate.intake import Allowance, Intake
from ippgate.model.privacy import Privacy
from ippgate.release import Release
from ippgate.release.everything import Everything
from ippgate.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Services:
    """The services behind the pages. zone: of the times that people read; None: the machine's."""

    fleet: Fleet
    abilities: Abilities
    traffic: Traffic
    desk: Desk
    release: Release
    everything: Everything
    tidings: Tidings
    intake: Intake
    allowance: Allowance
    rules: RuleBook
    people: People
    people_book: PeopleBook
    owners: OwnerBook
    cards: Cards
    pins: Pins
    operators: Operators
    stations: Stations
    logins: Logins
    sessions: Sessions
    secrets: SecretKey
    privacy: Privacy
    zone: tzinfo | None = None
    panel_idle: float = 60.0  # seconds after which a panel that nobody touches asks to log in again
