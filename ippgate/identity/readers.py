"""Card readers on the network (row D10): registered by operators, each at one device, known by a token of its own or
a certificate.

A reader is never known by its address. Its taps are numbered, each higher than the one before, whichever worker they
come to: what somebody has recorded and plays again counts for nothing (SECURITY S29).
"""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ippgate.identity.certificate import certificate_of
from ippgate.identity.patience import Patience, PatienceSettings
from ippgate.identity.secret import Secret, draw, kept, matches, secret_of
from ippgate.identity.source import neighbourhood
from ippgate.identity.stations import Stations
from ippgate.identity.tap_pace import TapPace
from ippgate.identity.taps import Taps
from ippgate.model.card_number import profile_of
from ippgate.model.device import Device
from ippgate.model.errors import Busy, NotAuthenticated, NotFound, NotPossible
from ippgate.model.reader import HIGHEST_SEQUENCE, Reader
from ippgate.model.station import Station
from ippgate.model.tap import TapOutcome
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.readers import ReaderProof, ReaderStore

KIND: Final = "reader"
"""What a reader's token begins with."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")


class Replayed(NotPossible):
    """A tap of that number, or of a higher one, has been here."""


class Readers:
    """The service of readers. device: one by its id, raises NotFound."""

    def __init__(
        self,
        store: ReaderStore,
        taps: Taps,
        stations: Stations,
        device: Callable[[int], Awaitable[Device]],
        patience: PatienceSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._taps, self._stations, self._device = store, taps, stations, device
        self._patience, self._pace, self._clock = Patience(patience), TapPace(), clock

    # ── by readers ──

    async def proven(self, token: str, source: str) -> Reader:
        """The reader whose token this is. source: the client's address. A wrong name takes as long as a wrong token.

        Raises NotAuthenticated, Busy for a source or a name that has failed too often just now, and Unavailable.
        """
        secret, now, source = secret_of(token), self._clock(), neighbourhood(source)
        name = secret.name if secret is not None and secret.kind == KIND else ""
        if wait := self._patience.wait(source, name, now):
            raise Busy(f"too many attempts have failed: try again in {wait:.0f} seconds", wait)
        self._patience.failed(source, name, now)
        reader = await self._store.find(name) if name else None
        if not matches(reader.secret if reader else None, secret or Secret(KIND, "", "")) or reader is None:
            note(Noted.READER_REFUSED, reader=name, client=source, reason="wrong name or token")
            raise NotAuthenticated("that token is no reader's")
        self._patience.proved(source, name)
        return reader

    async def shown(self, fingerprint: bytes, source: str) -> Reader:
        """The reader that has shown the certificate of this SHA-256, and has its key. Raises NotAuthenticated, and
        Unavailable.
        """
        reader = await self._store.of_certificate(fingerprint)
        if reader is None:
            note(Noted.READER_REFUSED, reader="", client=source, reason="a certificate of no reader")
            raise NotAuthenticated("that certificate is no reader's")
        return reader

    async def connected(self, token: str, source: str, *, certificate: bytes | None = None) -> Reader:
        """The same for a reader that stays connected: what it says on other connections is over. certificate: SHA-256
        of the one that it has shown, where it has no token. Raises likewise.
        """
        by_certificate = certificate is not None and not token
        proven = await self.shown(certificate or b"", source) if by_certificate else await self.proven(token, source)
        visiting = await self._store.visit(proven)
        if visiting is None:
            raise NotAuthenticated("that is no reader's any more")
        note(Noted.READER_CONNECTED, reader=visiting.name, client=source)
        return visiting

    async def tap(self, reader: Reader, read: str, sequence: int, *, connected: bool = True) -> TapOutcome:
        """A card was tapped. read: the number as the reader sends it; sequence: of the tap, higher than that of the one
        before; connected: it is what `connected` told, and good only while it is.

        Raises Busy, with the seconds to wait, for taps that come too fast, and for a reader whose cards nobody knows;
        Replayed; NotAuthenticated when the reader has another token or connection by now, or is gone; UnknownCard;
        Refusal with a sentence; Unavailable.
        """
        if wait := self._pace.wait(reader.id, self._clock()):
            raise Busy("that is too fast: one card after the other", wait)
        if not 0 < sequence <= HIGHEST_SEQUENCE:
            raise NotPossible(f"a tap's number is 1 to {HIGHEST_SEQUENCE}")
        now = await self._store.advance(reader, sequence, reader.visit if connected else None)
        if now is None:
            await self._explain(reader, sequence, connected=connected)
        reader = now or reader
        device, source = await self._device(reader.device_id), f"reader {reader.name}"
        if reader.station_id is None:
            return await self._taps.alone(device, read, source, profile=reader.profile)
        station = await self._station(reader.station_id)
        return await self._taps.at_station(station, device, read, source, profile=reader.profile)

    async def post(self, token: str, read: str, sequence: int, source: str) -> TapOutcome:
        """A tap of a reader that proves itself with each one, over HTTPS. Raises as `proven` and `tap` do."""
        return await self.tap(await self.proven(token, source), read, sequence, connected=False)

    # ── the register ──

    async def readers(self) -> list[Reader]:
        """By name."""
        return await self._store.readers()

    async def reader(self, name: str) -> Reader:
        """Raises NotFound."""
        found = await self._store.find(name)
        if found is None:
            raise NotFound(f"there is no reader {name[:63]}")
        return found

    async def certificates(self) -> list[bytes]:
        """Those by which readers prove themselves, in DER. Raises Unavailable."""
        return await self._store.certificates()

    async def add(
        self,
        name: str,
        device: Device,
        station: Station | None,
        profile: str = "",
        *,
        certificate: bytes | None = None,
    ) -> tuple[Reader, str | None]:
        """Register a reader at a device, with a certificate's file, or with a token, which is told this once. station:
        whose page is told of a tap; None: it stands alone. profile: how it writes numbers; "": as the device says.
        Raises NotPossible and NotFound.
        """
        if not _NAME.fullmatch(name):
            raise NotPossible(
                f"{name!r} is no name: use a-z, 0-9, dot, dash and underscore, beginning with a letter or digit, up to"
                " 63"
            )
        _check_stands(station, device)
        proof, token = _proof(name, certificate)
        added = await self._store.add(name, device.id, station.id if station else None, _profile(profile), proof)
        note(Noted.READER_ADDED, reader=name, device=device.name, station=station.name if station else "")
        return added, token

    async def set(
        self,
        name: str,
        *,
        device: Device | None = None,
        station: Station | None = None,
        alone: bool = False,
        profile: str | None = None,
    ) -> Reader:
        """Change where it is, whose page is told, and how it writes; what is not said stays. Raises NotFound and
        NotPossible.
        """
        known = await self.reader(name)
        where = device or await self._device(known.device_id)
        if not alone and station is None and known.station_id is not None:
            station = await self._station(known.station_id)
        _check_stands(station, where)
        writes = known.profile if profile is None else _profile(profile)
        beside = station.id if station else None
        changed = await self._store.set(replace(known, device_id=where.id, station_id=beside, profile=writes))
        note(Noted.READER_CHANGED, reader=name, device=where.name, station=station.name if station else "")
        return changed

    async def renew(self, name: str, certificate: bytes | None = None) -> tuple[Reader, str | None]:
        """Another certificate, or a new token, told this once; what it had is worth nothing from now on, and taps are
        counted anew. Raises NotFound and NotPossible.
        """
        proof, token = _proof((await self.reader(name)).name, certificate)
        renewed = await self._store.renew(name, proof)
        note(Noted.READER_RENEWED, reader=name)
        return renewed, token

    async def remove(self, name: str) -> None:
        """Raises NotFound."""
        await self._store.remove(name)
        note(Noted.READER_REMOVED, reader=name)

    # ── within ──

    async def _explain(self, reader: Reader, sequence: int, *, connected: bool) -> None:
        """Why a tap does not count."""
        now = await self._store.find(reader.name)
        if now is None or now.id != reader.id or now.changed_at != reader.changed_at:
            raise NotAuthenticated("that reader has another token by now, or is gone")
        if connected and now.visit != reader.visit:
            raise NotAuthenticated("another connection of this reader has taken the place of this one")
        note(Noted.READER_REPLAYED, reader=reader.name, sequence=sequence, last=now.sequence)
        raise Replayed(f"that tap was here before: the next one has a number above {now.sequence}")

    async def _station(self, station_id: int) -> Station:
        for station in await self._stations.stations():
            if station.id == station_id:
                return station
        raise NotFound("the reader's station was removed a moment ago")


def _proof(name: str, certificate: bytes | None) -> tuple[ReaderProof, str | None]:
    """What is stored of what proves it, and its token, if it has one."""
    if certificate is not None:
        return ReaderProof(certificate=certificate_of(certificate, datetime.now(UTC))), None
    token = draw(KIND, name)
    return ReaderProof(secret=kept(token)), token.whole


def _check_stands(station: Station | None, device: Device) -> None:
    if station is not None and device.id not in station.devices:
        raise NotPossible(f"the station {station.name} does not stand at {device.name}")


def _profile(profile: str) -> str:
    return str(profile_of(profile)) if profile else ""
