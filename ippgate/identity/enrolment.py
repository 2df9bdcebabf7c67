"""Stations are enrolled: an operator makes a one-time code, and whoever brings it is that station from then on.

So no secret passes through an operator's hands: it is drawn when the station asks, told to it alone, and what the
station had before is worth nothing from that moment. Of the code a keyed hash is kept (SECURITY S20, S25).
"""

from collections.abc import Callable
from typing import Final

from ippgate.identity.patience import Patience, PatienceSettings
from ippgate.identity.secret import draw, kept
from ippgate.identity.source import neighbourhood
from ippgate.identity.typed_code import new_code, typed
from ippgate.identity.uri_secret import SecretKey
from ippgate.model.errors import Busy, NotFound
from ippgate.model.station import Station, StationCode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.stations import CodeTaken, StationStore

KIND: Final = "station"
"""What a station's secret begins with."""

CODE_SECONDS: Final = 900.0
"""How long a code is good."""

NO_CODE: Final = "that code is not good: it may be used up, or over; ask an operator for another"

OVERALL: Final = PatienceSettings(free=1000, name_free=1000, longest=5.0)
"""For wrong codes of everybody together: a crowd of guessers is slowed, and keeps nobody else out for long."""

_ALL: Final = "all"


class Enrolment:
    """The service of codes. patience: for each source."""

    def __init__(
        self, store: StationStore, key: SecretKey, patience: PatienceSettings, clock: Callable[[], float]
    ) -> None:
        self._store, self._key, self._clock = store, key, clock
        self._patience, self._overall = Patience(patience), Patience(OVERALL)

    async def code(
        self, name: str, devices: frozenset[int] | None, *, names_people: bool | None
    ) -> tuple[str, StationCode]:
        """A code, in place of one that the station had. devices: ids; None: where it stands. Raises NotFound for one
        that stands nowhere.
        """
        while True:
            code = new_code()
            digest = self._digest(code.replace("-", ""))
            try:
                made = await self._store.set_code(
                    name, digest, devices, names_people=names_people, seconds=CODE_SECONDS
                )
            except CodeTaken:  # as likely as not to be guessed
                continue
            note(Noted.STATION_CODE_MADE, station=name)
            return code, made

    async def enrol(self, code: str, source: str) -> tuple[Station, str]:
        """The station of this code, and its new secret. Raises NotFound, Busy and Unavailable."""
        now, source, given = self._clock(), neighbourhood(source), typed(code)
        if wait := max(self._patience.wait(source, source, now), self._overall.wait(_ALL, _ALL, now)):
            raise Busy(f"too many codes were wrong: try again in {wait:.0f} seconds", wait)
        self._patience.failed(source, source, now)
        self._overall.failed(_ALL, _ALL, now)
        enrolled = await self._enrolled(self._digest(given)) if given else None
        if enrolled is None:
            note(Noted.STATION_CODE_REFUSED, client=source)
            raise NotFound(NO_CODE)
        self._patience.proved(source, source)
        self._overall.spared(_ALL, _ALL)
        note(Noted.STATION_ENROLLED, station=enrolled[0].name, client=source)
        return enrolled

    async def _enrolled(self, digest: bytes) -> tuple[Station, str] | None:
        """A secret has its station's name in it, which the code alone tells. Of those who come with one code at once,
        one uses it up.
        """
        name = await self._store.code_of(digest)
        if name is None:
            return None
        secret = draw(KIND, name)
        station = await self._store.enrol(digest, kept(secret))
        return None if station is None else (station, secret.whole)

    def _digest(self, plain: str) -> bytes:
        return self._key.digest(f"station code~{plain}")
