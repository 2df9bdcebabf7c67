"""Who visits a page, as far as they have proven it; and which role that is. Pure."""

from dataclasses import dataclass
from typing import Final

from ippgate.doors.web.route import Role
from ippgate.model.job import Caller
from ippgate.model.session import Session, SessionKind
from ippgate.model.station import Station

_ELSEWHERE: Final = (SessionKind.PORTAL, SessionKind.API)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Nothing is believed for where somebody comes from. source: the client's address."""

    source: str
    station: Station | None = None
    session: Session | None = None

    @property
    def person(self) -> str:
        """The owner name of their jobs; empty: nobody has proven to be a person."""
        return self.session.person if self.session else ""

    @property
    def caller(self) -> Caller:
        """As services want to know who asks. Of a visitor without a session it has no name."""
        station = self.station.name if self.station else ""
        return Caller(self.person, self.source, proven=bool(self.person), station=station)

    def plays(self, role: Role) -> bool:
        """Whether this visitor may come in where this role is asked for."""
        session = self.session
        match role:
            case Role.PUBLIC:
                return True
            case Role.STATION:
                return self.station is not None
            case Role.PANEL:
                return self._at_panel()
            case Role.PORTAL:
                return session is not None and session.kind in _ELSEWHERE

    def _at_panel(self) -> bool:
        """A session of a panel is good at the devices of the station that shows it alone."""
        session, station = self.session, self.station
        if session is None or station is None or session.kind is not SessionKind.PANEL:
            return False
        return session.device_id in station.devices and session.station_id in (None, station.id)
