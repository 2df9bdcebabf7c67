"""Subscriptions and their notices in PostgreSQL. Notices are written there by triggers; here they are fetched."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from ippgate.model.subscription import NewSubscription, Notice, Subscribed, Subscription, Told
from ippgate.store.database import Database
from ippgate.store.errors import queue_expected
from ippgate.store.gather import Gather


@dataclass(frozen=True, slots=True)
class Subscribing:
    """How many subscriptions there may be per person, per job, per printer, and in all; notices that each keeps."""

    bounds: Sequence[int]
    keeps: int


SUBSCRIBING = Subscribing((50, 10, 100, 10_000), 500)
"""As the gate has it by default."""

Asked = tuple[int, int]
"""A subscription's id, and the first number of its notices that is wanted."""

_FETCHERS_AT_ONCE = 64  # who fetch in one statement


class SubscriptionStore:
    """The repository of subscriptions; `async with` while it gathers. at_once: notices of one subscription in an
    answer; 0: all that it keeps.
    """

    def __init__(self, database: Database, subscribing: Subscribing = SUBSCRIBING, *, at_once: int = 0) -> None:
        self._db = database
        self._subscribing = subscribing
        self._most = at_once or subscribing.keeps
        self._fetching = Gather(self._fetch, most=_FETCHERS_AT_ONCE)

    async def __aenter__(self) -> Self:
        await self._fetching.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._fetching.__aexit__(kind, error, trace)

    async def add(
        self,
        queue_id: int,
        job_id: int | None,
        owner: str,
        wanted: Sequence[tuple[NewSubscription, int | None]],
    ) -> list[int] | None:
        """Make subscriptions, each with the seconds that it lasts; the ids of those for which there is room, the first
        first. None: the job has ended. Raises NotFound when the queue or the job is gone.
        """
        columns = json.dumps([stored(new, lasts, self._subscribing.keeps) for new, lasts in wanted])
        bounds = list(self._subscribing.bounds)
        with queue_expected():
            ids = await self._db.value("subscription_add", queue_id, job_id, owner, columns, bounds)
        return None if ids is None else list(ids)

    async def get(self, ids: Sequence[int]) -> list[Subscription]:
        """Those that exist."""
        return [_subscription(row) for row in await self._db.fetch("subscription_get", list(ids))]

    async def listing(
        self, queue_id: int | None, job_id: int | None, owner: str | None, limit: int
    ) -> list[Subscription]:
        """Those of a job, or else of printers; None: of every queue, of everybody."""
        return [_subscription(row) for row in await self._db.fetch("subscription_list", queue_id, job_id, owner, limit)]

    async def all(self, limit: int, after: int = 0) -> list[Subscription]:
        """Whatever they are of, by their ids."""
        return [_subscription(row) for row in await self._db.fetch("subscription_all", after, limit)]

    async def renew(self, subscription_id: int, lease: int, lasts: float) -> bool:
        """Give a printer's subscription another lease. False: it is gone."""
        return await self._db.value("subscription_renew", subscription_id, lease, lasts) is not None

    async def cancel(self, subscription_id: int) -> bool:
        """False: it was gone before."""
        return await self._db.value("subscription_cancel", subscription_id) is not None

    async def fetch(self, asked: Sequence[Asked]) -> list[Told]:
        """The notices of these subscriptions from the numbers asked for on; what does not exist is left out."""
        return await self._fetching(tuple(asked))

    async def touch(self, ids: Sequence[int], lasts: float) -> None:
        """Those without an end last so many seconds more."""
        await self._db.fetch("subscription_touch", list(ids), lasts)

    async def sweep(self, kept: float, limit: int) -> tuple[int, int]:
        """Remove what is over, of each kind so many at the most; how many subscriptions and notices went."""
        gone = await self._db.fetch("subscription_sweep", kept, limit)
        return len(gone), len(await self._db.fetch("notice_sweep", kept, limit))

    async def count(self) -> dict[str, int]:
        """How many there are, of printers and of jobs."""
        row = await self._db.row("subscription_count")
        assert row is not None
        return dict(row)

    async def _fetch(self, batch: Sequence[tuple[Asked, ...]]) -> Sequence[list[Told]]:
        wishes = [(place, *asked) for place, several in enumerate(batch) for asked in several]
        columns = [list(column) for column in zip(*wishes, strict=True)] or [[], [], []]
        rows = await self._db.fetch("notice_fetch", *columns, self._most + 1)
        found: list[list[Told]] = [[] for _ in batch]
        for (place, _), group in groupby(rows, key=lambda row: (row["place"], row["id"])):
            found[place].append(self._told(list(group)))
        return found

    def _told(self, rows: list[Any]) -> Told:
        notices = tuple(_notices(rows))
        lasts = rows[0]["lasts"] or 0.0
        return Told(_subscription(rows[0]), notices[: self._most], lasts, more=len(notices) > self._most)


def with_job(new: Sequence[NewSubscription], subscribing: Subscribing) -> object:
    """Those of a job, which end with it, as `subscribe_at_birth` takes them; None: there are none."""
    if not new:
        return None
    return {"wanted": [stored(each, None, subscribing.keeps) for each in new], "most": subscribing.bounds}


def stored(new: NewSubscription, lasts: int | None, keeps: int) -> dict[str, object]:
    """A wish as the function `subscribe` takes it."""
    return {
        "printer_uri": new.printer_uri,
        "events": [str(event) for event in new.events],
        "user_data": None if new.user_data is None else new.user_data.hex(),
        "charset": new.charset,
        "language": new.language,
        "time_interval": new.time_interval,
        "lease": new.lease,
        "lasts": lasts,
        "keeps": keeps,
    }


def _subscription(row: Any) -> Subscription:
    return Subscription(
        id=row["id"],
        queue_id=row["queue_id"],
        queue=row["queue"],
        job_id=row["job_id"],
        owner=row["owner"],
        events=tuple(map(Subscribed, row["events"])),
        printer_uri=row["printer_uri"],
        charset=row["charset"],
        language=row["language"],
        user_data=row["user_data"],
        time_interval=row["time_interval"],
        lease=row["lease"],
        until=row["until"],
        ended=row["ended_at"] is not None,
        number=row["number"],
        created_at=row["created_at"],
    )


def _notices(rows: list[Any]) -> Iterator[Notice]:
    for row in rows:
        if row["notice"] is not None:
            yield Notice(
                number=row["notice"],
                event=Subscribed(row["event"]),
                at=row["at"],
                state=row["state"],
                reasons=tuple(row["reasons"]),
                job_id=row["about"],
                impressions=row["impressions"],
                accepting=row["accepting"],
            )
