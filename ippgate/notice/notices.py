"""The service of subscriptions: whose they are, how long they last, and their notices, at once or when they come."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ippgate.model.errors import NotAuthorized, NotFound, NotPossible, Unavailable
from ippgate.model.job import Caller
from ippgate.model.subscription import NewSubscription, Subscription, Told
from ippgate.notice.board import Board, Presence, Seat
from ippgate.notice.settings import NoticeSettings
from ippgate.observe import Event, note
from ippgate.store.subscriptions import Asked, SubscriptionStore

MAX_TOLD: Final = 200
"""Notices in one answer: a hundred kilobytes. Whoever has more to fetch comes back at once."""

MAX_LISTED: Final = 1000
"""Subscriptions in one answer, whatever limit a client sends."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is told to whoever asks. over: nothing will ever be added to any of these subscriptions."""

    told: tuple[Told, ...]
    over: bool = False
    missing: tuple[int, ...] = ()  # of those asked for, these are not there
    waited: bool = False  # whoever asked had a seat, and may come back at once

    @property
    def any(self) -> bool:
        """Whether there is a notice."""
        return any(each.notices for each in self.told)

    @property
    def more(self) -> bool:
        """Whether there are more than were told."""
        return any(each.more for each in self.told)


class Notices:
    """Subscriptions and what they are told."""

    def __init__(self, store: SubscriptionStore, board: Board, settings: NoticeSettings) -> None:
        self._store, self._board, self._settings = store, board, settings

    # ── subscriptions ──

    async def subscribe(
        self, queue_id: int, caller: Caller, wanted: Sequence[NewSubscription], job_id: int | None = None
    ) -> list[int]:
        """Make subscriptions of a queue, or of a job; the ids of those for which there is room, in that order.

        Raises NotFound, and NotPossible for a job that has ended.
        """
        if not wanted:
            return []
        lasting = [(new, self._settings.lasts(new.lease)) for new in wanted]
        made = await self._store.add(queue_id, job_id, caller.name, lasting)
        if made is None:
            raise NotPossible(f"job {job_id} has ended: nothing more happens to it")
        for each in made:
            note(Event.SUBSCRIPTION_ADDED, subscription=each, user=caller.name)
        return made

    async def of_new_job(self, job_id: int) -> list[int]:
        """The subscriptions that were made together with a job, in that order."""
        return [each.id for each in await self._store.listing(None, job_id, None, self._settings.per_job)]

    async def get(self, subscription_id: int, caller: Caller) -> Subscription:
        """Raises NotFound, and NotAuthorized for somebody else's."""
        found = await self._store.get([subscription_id])
        if not found:
            raise NotFound(f"there is no subscription {subscription_id}")
        _check_own(found, caller)
        return found[0]

    async def listing(
        self, queue_id: int | None, job_id: int | None, caller: Caller, *, mine: bool, limit: int | None
    ) -> list[Subscription]:
        """Those that the caller may see: of a job, or else of printers."""
        owner = caller.name if mine or not caller.operator else None
        return await self._store.listing(queue_id, job_id, owner, min(limit or MAX_LISTED, MAX_LISTED))

    async def all(self, limit: int = MAX_LISTED, after: int = 0) -> list[Subscription]:
        """Everybody's, for operators."""
        return await self._store.all(limit, after)

    async def renew(self, subscription_id: int, caller: Caller, lease: int) -> None:
        """Another lease, of so many seconds, from now. Raises NotFound, NotAuthorized, and NotPossible for a job's."""
        subscription = await self.get(subscription_id, caller)
        if subscription.job_id is not None:
            raise NotPossible(
                f"subscription {subscription_id} lasts as long as job {subscription.job_id}: it has no lease"
            )
        lasts = self._settings.unfetched if lease == 0 else lease
        if not await self._store.renew(subscription_id, lease, lasts):
            raise NotFound(f"there is no subscription {subscription_id} any more")

    async def cancel(self, subscription_id: int, caller: Caller) -> None:
        """Raises NotFound and NotAuthorized."""
        await self.get(subscription_id, caller)
        if not await self._store.cancel(subscription_id):
            raise NotFound(f"there is no subscription {subscription_id} any more")
        note(Event.SUBSCRIPTION_CANCELED, subscription=subscription_id, user=caller.name)

    async def count(self) -> dict[str, int]:
        """How many there are: `printer` and `job`."""
        return await self._store.count()

    # ── notices ──

    async def fetch(self, asked: Sequence[Asked], caller: Caller) -> Fetched:
        """What is there now. Raises NotFound if none of them is there, NotAuthorized if one is somebody else's."""
        fetched = await self._look(asked, caller)
        if not fetched.told:
            raise NotFound(f"there is no subscription {', '.join(map(str, fetched.missing[:10]))}")
        await self._keep(fetched)
        return fetched

    async def wait(self, asked: Sequence[Asked], caller: Caller, client: Presence) -> Fetched:
        """What is there, or else what comes before the time is up or the client leaves. No connection to the database
        is held meanwhile; while it cannot be reached, nothing has come. Raises as `fetch` does.
        """
        with self._board.seat((each for each, _ in asked), client) as seat:
            fetched = await self.fetch(asked, caller)
            if seat is None:
                return fetched
            return replace(await self._await(seat, asked, caller, client, fetched), waited=True)

    async def _await(
        self, seat: Seat, asked: Sequence[Asked], caller: Caller, client: Presence, fetched: Fetched
    ) -> Fetched:
        clock = asyncio.get_running_loop().time
        until = clock() + self._settings.wait
        while not (fetched.any or fetched.over or client.left or self._board.closed):
            left = until - clock()
            if left <= 0:
                break
            await seat.rest(min(left, self._settings.look))
            try:
                fetched = await self._look(asked, caller)
            except Unavailable as error:
                note(Event.DATABASE_LOST, reason=str(error))
        return fetched

    async def _look(self, asked: Sequence[Asked], caller: Caller) -> Fetched:
        told = tuple(_bounded(await self._store.fetch(asked)))
        _check_own([each.subscription for each in told], caller)
        there = {each.subscription.id for each in told}
        missing = tuple(each for each, _ in asked if each not in there)
        return Fetched(told, all(each.subscription.ended and not each.more for each in told), missing)

    async def _keep(self, fetched: Fetched) -> None:
        """A lease without an end lasts while somebody fetches: where half of its time is over, it is whole again."""
        half = self._settings.unfetched / 2
        ageing = [each.subscription.id for each in fetched.told if each.subscription.lease == 0 and each.lasts < half]
        if ageing:
            await self._store.touch(ageing, self._settings.unfetched)


def _bounded(every: Sequence[Told]) -> Iterator[Told]:
    """No more notices than one answer has: what is left out is there when it is asked for again."""
    room = MAX_TOLD
    for each in every:
        shown = each.notices[:room]
        room -= len(shown)
        yield replace(each, notices=shown, more=each.more or len(shown) < len(each.notices))


def _check_own(subscriptions: Sequence[Subscription], caller: Caller) -> None:
    for each in subscriptions:
        if not caller.owns(each.owner):
            raise NotAuthorized(f"subscription {each.id} belongs to somebody else")
