"""Stations at devices: registered by operators, proven by a certificate or by a secret that the gate has drawn. A
secret is shown to the operator, or to the station itself, which brings the one-time code that an operator has made.

A station is asked who it is with every request, so the register is read into memory and kept until it changes.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ippgate.identity.certificate import certificate_of
from ippgate.identity.enrolment import KIND, Enrolment
from ippgate.identity.operators import IdentitySettings
from ippgate.identity.patience import Patience
from ippgate.identity.proof import Proofs
from ippgate.identity.secret import Secret, draw, kept, matches
from ippgate.identity.source import neighbourhood
from ippgate.identity.uri_secret import SecretKey
from ippgate.model.errors import Busy, NotFound, NotPossible
from ippgate.model.station import Station, StationCode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.stations import StationStore

MOST_DEVICES: Final = 1000
"""Devices at which one station is believed."""

_FRESH: Final = 30.0  # seconds: the register is read again at the latest then, should a notification be lost
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_NEVER: Final = datetime.fromtimestamp(0, UTC)


class Stations:
    """The service of stations; `forget` may be called from anywhere in the loop. today: for certificates' dates."""

    def __init__(
        self,
        store: StationStore,
        key: SecretKey,
        settings: IdentitySettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        settings = settings or IdentitySettings()
        self._store, self._clock, self._today = store, clock, today
        self._patience = Patience(settings.patience)
        self._enrolment = Enrolment(store, key, settings.patience, clock)
        self._proofs = Proofs(settings.proof)
        self._register: dict[str, Station] = {}
        self._by_fingerprint: dict[bytes, Station] = {}
        self._read_at: float | None = None
        self._changed = False
        self._reading = asyncio.Lock()

    # ── proof ──

    async def by_secret(self, secret: Secret, source: str) -> Station | None:
        """The station whose secret this is; None: nobody's. source: the client's address.

        A wrong name takes as long as a wrong secret. Raises Busy for a source or a name that has failed too often just
        now, and Unavailable.
        """
        station, now, source = (await self._known()).get(secret.name), self._clock(), neighbourhood(source)
        octets, age = secret.whole.encode(), self._proofs.age
        if station is not None and self._proofs.holds(secret.name, octets, now):
            return station
        if wait := self._patience.wait(source, secret.name, now):
            raise Busy(f"too many attempts have failed: try again in {wait:.0f} seconds", wait)
        if not matches(station.secret if station else None, secret):
            self._patience.failed(source, secret.name, now)
            note(Noted.STATION_REFUSED, station=secret.name, client=source, reason="wrong name or secret")
            return None
        self._patience.proved(source, secret.name)
        self._proofs.keep(secret.name, octets, now, age=age)
        return station

    async def by_certificate(self, fingerprint: bytes) -> Station | None:
        """The station that has shown this certificate, and has its key; None: nobody's. Raises Unavailable."""
        await self._known()
        return self._by_fingerprint.get(fingerprint)

    async def certificates(self) -> Iterable[bytes]:
        """Those by which stations prove themselves, in DER. Raises Unavailable."""
        return [station.certificate for station in (await self._known()).values() if station.certificate is not None]

    def forget(self, _payload: str = "") -> None:
        """The register has changed: read it again when it is next asked for."""
        self._read_at = None
        self._changed = True
        self._proofs.forget()

    # ── the register ──

    async def stations(self) -> list[Station]:
        """By name."""
        return list((await self._known()).values())

    async def station(self, name: str) -> Station:
        """Raises NotFound."""
        found = (await self._known()).get(name)
        if found is None:
            raise NotFound(f"there is no station {name[:63]}")
        return found

    async def add(
        self, name: str, devices: Iterable[int], *, certificate: bytes | None = None, names_people: bool = False
    ) -> tuple[Station, str | None]:
        """Register a station at these devices (their ids), with a certificate's file, or with a secret, which is
        returned this once. Raises NotPossible and NotFound.
        """
        _check_name(name)
        proof, secret = self._proof(name, certificate)
        station = Station(0, name, _NEVER, _NEVER, _some(devices), names_people, *proof)
        added = await self._store.add(station)
        self.forget()
        note(Noted.STATION_ADDED, station=name, names_people=names_people)
        return added, secret

    async def set(
        self, name: str, *, add: Iterable[int] = (), remove: Iterable[int] = (), names_people: bool | None = None
    ) -> Station:
        """Change where it stands, by devices' ids, and whether it names people. Raises NotFound and NotPossible."""
        known = await self.station(name)
        devices = _some((known.devices | set(add)) - set(remove))
        naming = known.names_people if names_people is None else names_people
        changed = await self._store.set(replace(known, devices=devices, names_people=naming))
        self.forget()
        note(Noted.STATION_CHANGED, station=name, names_people=naming)
        return changed

    async def renew(self, name: str, certificate: bytes | None = None) -> tuple[Station, str | None]:
        """Give a station another certificate, or a new secret, which is returned this once: what proved it before is
        worth nothing from now on. Raises NotFound and NotPossible.
        """
        await self.station(name)
        (der, _, stored), secret = self._proof(name, certificate)
        renewed = await self._store.renew(name, certificate=der, secret=stored)
        self.forget()
        note(Noted.STATION_RENEWED, station=name)
        return renewed, secret

    async def remove(self, name: str) -> None:
        """With its code, or its code alone. Raises NotFound."""
        await self._store.remove(name)
        self.forget()
        note(Noted.STATION_REMOVED, station=name)

    # ── enrolment ──

    async def code(
        self, name: str, devices: Iterable[int] = (), *, names_people: bool | None = None
    ) -> tuple[str, StationCode]:
        """A code by which a station is enrolled once, told this once. What is not said stays as it is; a station that
        is not there yet needs devices, by their ids. Raises NotFound and NotPossible.
        """
        _check_name(name)
        where = frozenset(devices)
        return await self._enrolment.code(name, _some(where) if where else None, names_people=names_people)

    async def codes(self) -> list[StationCode]:
        """Those that are good, by station. Raises Unavailable."""
        return await self._store.codes()

    async def enrol(self, code: str, source: str) -> tuple[Station, str]:
        """Whoever brings a good code is that station: its new secret, which is returned this once. What proved the
        station before is worth nothing from then on. source: the client's address.

        Raises NotFound for a code that is not good and for a device that is gone, Busy for a source that has come with
        too many of those, or when everybody has; Unavailable.
        """
        enrolled = await self._enrolment.enrol(code, source)
        self.forget()
        return enrolled

    # ── within ──

    def _proof(
        self, name: str, certificate: bytes | None
    ) -> tuple[tuple[bytes | None, bytes | None, bytes | None], str | None]:
        """Certificate, fingerprint and what is kept of the secret, as a station has them; and the secret."""
        if certificate is not None:
            return (certificate_of(certificate, self._today()), None, None), None
        secret = draw(KIND, name)
        return (None, None, kept(secret)), secret.whole

    async def _known(self) -> dict[str, Station]:
        """The register, read anew when it is stale: once for all who want it at that moment."""
        if not self._is_fresh():
            async with self._reading:
                if not self._is_fresh():
                    await self._read()
        return self._register

    async def _read(self) -> None:
        now, self._changed = self._clock(), False
        found = await self._store.stations()
        self._register = {station.name: station for station in found}
        self._by_fingerprint = {each.fingerprint: each for each in found if each.fingerprint is not None}
        if not self._changed:  # while it was read; what was read is then good for those who asked before
            self._read_at = now

    def _is_fresh(self) -> bool:
        return self._read_at is not None and self._clock() - self._read_at <= _FRESH


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise NotPossible(
            f"{name!r} is no name: use a-z, 0-9, dot, dash and underscore, beginning with a letter or digit, up to 63"
        )


def _some(devices: Iterable[int]) -> frozenset[int]:
    found = frozenset(devices)
    if not 0 < len(found) <= MOST_DEVICES:
        raise NotPossible(f"a station stands at one device at least, and at {MOST_DEVICES} at most: name them")
    return found
