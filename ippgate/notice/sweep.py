"""The duty of sweeping subscriptions: leases that are over, jobs that ended a while ago, notices that are old."""

import asyncio
from typing import Final, Protocol

from ippgate.model.errors import Unavailable
from ippgate.notice.settings import NoticeSettings
from ippgate.observe import Event, mishap, note
from ippgate.store.subscriptions import SubscriptionStore

DUTY: Final = "notices"
_BATCH: Final = 1000
"""Rows removed in one statement: it is over before anybody waits for one of them."""


class Duties(Protocol):
    """Who does what only one worker may do."""

    async def take_duty(self, name: str) -> bool: ...


class NoticeSweeper:
    """interval: seconds between two rounds."""

    def __init__(self, store: SubscriptionStore, duties: Duties, settings: NoticeSettings, *, interval: float) -> None:
        self._store, self._duties, self._settings, self._interval = store, duties, settings, interval

    async def run(self) -> None:
        """Sweep until cancelled; what goes wrong ends a round."""
        while True:
            try:
                if await self._duties.take_duty(DUTY):
                    await self.sweep()
            except Unavailable as error:
                note(Event.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - what is strange about one must not keep all others for ever
                mishap(error)
            await asyncio.sleep(self._interval)

    async def sweep(self) -> tuple[int, int]:
        """One round; how many subscriptions and notices went."""
        subscriptions = notices = 0
        while any(gone := await self._store.sweep(self._settings.kept, _BATCH)):
            subscriptions, notices = subscriptions + gone[0], notices + gone[1]
        if subscriptions:
            note(Event.SUBSCRIPTIONS_SWEPT, subscriptions=subscriptions)
        return subscriptions, notices
