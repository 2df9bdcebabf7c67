"""Cards that are tapped at readers: where a station's page waits it gets the login, where a reader stands alone all
that waits for somebody is printed.

The page waits in whichever worker its browser is connected to, and the reader speaks to another. What passes between
them is a row that is good for seconds: who it is, and a word by which the station, proven by its own credential, asks
for the session. The session is opened only then, so its token lies nowhere. A card that nobody has lies there as its
keyed hash until somebody has said whose it is (SECURITY S20, S29).
"""

import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final

from ippgate.identity.cards import Cards
from ippgate.identity.logins import Login, Logins, UnknownCard
from ippgate.model.card import KeyedCard
from ippgate.model.card_number import number_of, profile_of
from ippgate.model.device import Device
from ippgate.model.errors import Forbidden, NotFound, Refusal, Unavailable
from ippgate.model.job import Caller
from ippgate.model.session import LoginBy
from ippgate.model.station import Station
from ippgate.model.tap import LONGEST_WORDS, Tap, TapKind, TapOutcome
from ippgate.notice.board import Board, Presence
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.taps import NewTap, TapStore

GOOD: Final = 15.0
"""Seconds within which the page must ask for what was tapped: whoever tapped has gone by then."""

TYPED: Final = 120.0
"""Seconds for somebody to type a PIN, a code, or a name and a password."""

WAIT: Final = 25.0
"""Seconds that a page is kept waiting; most proxies give up after thirty."""

WAITING: Final = 1000
"""Pages of one worker that wait at once; one more is answered at once."""

LOOK: Final = 5.0
"""Who waits looks again so often, whether or not anybody woke it."""

OVER: Final = "that tap is over: hold the card to the reader again"


class Taps:
    """The service of taps; `heard` may be called from anywhere in the loop. print_all: prints what waits for
    somebody at a device; device: one by its id, raises NotFound.
    """

    def __init__(
        self,
        store: TapStore,
        logins: Logins,
        cards: Cards,
        print_all: Callable[[Caller, Device], Awaitable[TapOutcome]],
        device: Callable[[int], Awaitable[Device]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._logins, self._cards, self._print_all = store, logins, cards, print_all
        self._device, self._clock, self._board = device, clock, Board(WAITING)

    # ── by readers ──

    async def alone(self, device: Device, read: str, source: str, *, profile: str = "") -> TapOutcome:
        """A card where no page waits: everything of whoever has it goes to that device, but for what they hold until a
        time. read: the number as the reader sends it; profile: how it writes, "" as the device says; source: whose
        attempts count together.

        Raises UnknownCard, Forbidden where a card alone is not enough and for somebody who is shut out, NotPossible for
        a card that was read badly, Busy and Unavailable.
        """
        number = number_of(read, profile_of(profile or device.card_profile))
        person = await self._logins.tapped(device, number, source)
        if person is None:
            raise Forbidden(f"{device.name} asks for a PIN as well, and there is nothing to type it on")
        note(Noted.CARD_TAPPED, device=device.name, client=source, user=person)
        caller = Caller(person, source, said=person, proven=True)
        return await self._print_all(caller, device)

    async def at_station(
        self, station: Station, device: Device, read: str, source: str, *, profile: str = ""
    ) -> TapOutcome:
        """A card where a page waits: the page is told what comes of it. Raises as `alone` does; what is refused the
        page is told as well.
        """
        if device.id not in station.devices:
            raise Forbidden(f"the station {station.name} does not stand at {device.name}")
        try:
            number = number_of(read, profile_of(profile or device.card_profile))
            person = await self._logins.tapped(device, number, source)
        except UnknownCard:
            await self._hand_over(station, device, TapKind.UNKNOWN, card=self._cards.keyed(number))
            raise
        except (Refusal, Unavailable) as error:
            await self._hand_over(station, device, TapKind.REFUSED, words=str(error)[:LONGEST_WORDS])
            raise
        if person is None:
            await self._hand_over(station, device, TapKind.PIN, card=self._cards.keyed(number))
            return TapOutcome("type your PIN")
        note(Noted.CARD_TAPPED, device=device.name, client=source, user=person, station=station.name)
        await self._hand_over(station, device, TapKind.LOGIN, person=person)
        return TapOutcome("look at the screen")

    # ── by stations, proven by their own credential ──

    async def wait(self, station: Station, device: Device, client: Presence, seconds: float = WAIT) -> Tap | None:
        """The next tap at a station's device, told once; None: there was none in that time, or nobody may wait any
        more. 0 seconds: the one that is there. Raises Unavailable.
        """
        until = self._clock() + seconds
        with self._board.seat([station.id], client) as seat:
            while True:
                found = await self._store.fetch(station.id, device.id, TYPED)
                left = until - self._clock()
                if found is not None or seat is None or left <= 0 or client.left or self._board.closed:
                    return found
                await seat.rest(min(left, LOOK))

    async def login(self, station: Station, handover: str) -> Login:
        """The session of whoever tapped, once. Raises NotFound for a tap that is over, Forbidden, Unavailable."""
        used = await self._store.use(station.id, handover)
        if used is None:
            raise NotFound(OVER)
        device_id, person = used
        return await self._logins.proven(person, await self._device(device_id), station=station.id)

    async def with_pin(self, station: Station, handover: str, pin: str, source: str) -> Login:
        """The session of whoever tapped, with their PIN. Raises NotFound for a tap that is over, UnknownCard,
        NotAuthenticated, Forbidden, Busy and Unavailable; it can be tried again.
        """
        device, card = await self._card(station, handover)
        login = await self._logins.with_pin(device, card, pin, source, station=station.id)
        await self._store.forget(station.id, handover)
        return login

    async def register(
        self, station: Station, handover: str, source: str, *, code: str = "", name: str = "", password: str = ""
    ) -> Login | None:
        """Register a card that nobody had for whoever has this code, or this name and password; their session. None: it
        is registered, and the device asks for their PIN as well. Raises NotFound for a tap that is over or a code that
        is not good, NotAuthenticated, NotPossible, Forbidden, Busy and Unavailable; it can be tried again.
        """
        device, card = await self._card(station, handover)
        if code:
            person = (await self._cards.register(code, card, source)).person
        else:
            person = await self._logins.person(name, password, source)
            await self._cards.add(person, card)
        await self._store.forget(station.id, handover)
        if code and LoginBy.CARD not in device.logins:
            return None
        return await self._logins.proven(person, device, station=station.id)

    # ── whoever waits ──

    def heard(self, payload: str = "") -> None:
        """There is a tap for a station (its id); "": anything may have happened."""
        self._board.heard(payload)

    def close(self) -> None:
        """Nobody waits any more: the worker stops."""
        self._board.close()

    # ── within ──

    async def _hand_over(
        self,
        station: Station,
        device: Device,
        kind: TapKind,
        *,
        person: str | None = None,
        card: KeyedCard | None = None,
        words: str = "",
    ) -> None:
        handover = secrets.token_urlsafe(24)
        await self._store.set(NewTap(station.id, device.id, handover, kind, GOOD, person, card, words))

    async def _card(self, station: Station, handover: str) -> tuple[Device, KeyedCard]:
        found = await self._store.card(station.id, handover)
        if found is None:
            raise NotFound(OVER)
        return await self._device(found.device_id), found.card
