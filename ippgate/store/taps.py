"""Taps in PostgreSQL: for seconds, one for each station and device. Whoever waits in another worker is woken."""

from dataclasses import dataclass
from typing import NamedTuple

from ippgate.model.card import KeyedCard
from ippgate.model.errors import NotFound
from ippgate.model.tap import Tap, TapKind
from ippgate.store.database import Database


@dataclass(frozen=True, slots=True)
class NewTap:
    """A tap that is about to be handed over. seconds: how long it is good."""

    station_id: int
    device_id: int
    handover: str
    kind: TapKind
    seconds: float
    person: str | None = None
    card: KeyedCard | None = None
    words: str = ""


class TappedCard(NamedTuple):
    """A card to which something is still to be said, and where."""

    device_id: int
    card: KeyedCard


class TapStore:
    """The repository of taps."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def set(self, new: NewTap) -> None:
        """In place of the one before. Raises NotFound for somebody who is gone."""
        digest, label = (new.card.digest, new.card.label) if new.card else (None, "")
        where = (new.station_id, new.device_id, new.handover)
        row = await self._db.row("tap_set", *where, str(new.kind), new.person, digest, label, new.words, new.seconds)
        if row is None:
            raise NotFound(f"there is no person {new.person}")

    async def fetch(self, station_id: int, device_id: int, seconds: float) -> Tap | None:
        """The one that the page does not know of yet; where somebody is to type something it is good for so long."""
        row = await self._db.row("tap_fetch", station_id, device_id, seconds)
        return None if row is None else Tap(TapKind(row["kind"]), row["handover"], row["label"], row["words"])

    async def use(self, station_id: int, handover: str) -> tuple[int, str] | None:
        """The device's id and the person, once."""
        row = await self._db.row("tap_use", station_id, handover)
        return None if row is None else (row["device_id"], row["person"])

    async def card(self, station_id: int, handover: str) -> TappedCard | None:
        """The card of a tap to which something is still to be said."""
        row = await self._db.row("tap_card", station_id, handover)
        return None if row is None else TappedCard(row["device_id"], KeyedCard(row["digest"], row["label"]))

    async def forget(self, station_id: int, handover: str) -> None:
        """It has led to something."""
        await self._db.value("tap_forget", station_id, handover)
