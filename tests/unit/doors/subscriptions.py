"""Subscriptions in memory: what the store keeps, without a database. A test says itself what happens."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from ippgate.ipp import JobState
from ippgate.model.subscription import NewSubscription, Notice, Subscribed, Subscription, Told
from ippgate.notice.settings import NoticeSettings
from ippgate.store.subscriptions import Asked

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Kept:
    """The store's signatures. `failure` is raised by the next fetch."""

    settings: NoticeSettings = field(default_factory=NoticeSettings)
    every: dict[int, Subscription] = field(default_factory=dict)
    notices: dict[int, list[Notice]] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)  # jobs
    touched: list[int] = field(default_factory=list)
    lasts: float = 86_400.0  # what is left of leases
    fetches: int = 0
    failure: Exception | None = None
    at_once: int = 500
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def born(self, job_id: int, queue_id: int, owner: str, wanted: Sequence[NewSubscription]) -> None:
        """Those that are made together with a job."""
        self._add(queue_id, job_id, owner, wanted)

    def happens(self, event: Subscribed, job_id: int | None = None, state: int = JobState.PENDING) -> None:
        """Note it for every subscription that asked for it; of the printer's, and of the job's."""
        for each in self.every.values():
            if event in each.events and each.job_id in (None, job_id):
                notice = Notice(each.number + 1, event, AT, state, ("a-reason",), job_id, accepting=True)
                self.notices[each.id].append(notice)
                self.every[each.id] = replace(each, number=notice.number)

    def end(self, job_id: int) -> None:
        """The job has ended."""
        self.ended.add(job_id)
        self.every |= {each.id: replace(each, ended=True) for each in self.every.values() if each.job_id == job_id}

    async def add(
        self,
        queue_id: int,
        job_id: int | None,
        owner: str,
        wanted: Sequence[tuple[NewSubscription, int | None]],
    ) -> list[int] | None:
        return None if job_id in self.ended else self._add(queue_id, job_id, owner, [new for new, _ in wanted])

    async def get(self, ids: Sequence[int]) -> list[Subscription]:
        return [self.every[each] for each in ids if each in self.every]

    async def listing(
        self, queue_id: int | None, job_id: int | None, owner: str | None, limit: int
    ) -> list[Subscription]:
        found = (
            each
            for each in self.every.values()
            if queue_id in (None, each.queue_id) and each.job_id == job_id and owner in (None, each.owner)
        )
        return list(found)[:limit]

    async def all(self, limit: int, after: int = 0) -> list[Subscription]:
        return [each for each in self.every.values() if each.id > after][:limit]

    async def renew(self, subscription_id: int, lease: int, lasts: float) -> bool:
        self.every[subscription_id] = replace(
            self.every[subscription_id], lease=lease, until=AT + timedelta(seconds=lasts)
        )
        return True

    async def cancel(self, subscription_id: int) -> bool:
        return self.every.pop(subscription_id, None) is not None

    async def fetch(self, asked: Sequence[Asked]) -> list[Told]:
        self.fetches += 1
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        told = []
        for each, first in asked:
            if each in self.every:
                found = [notice for notice in self.notices[each] if notice.number >= first]
                shown, more = tuple(found[: self.at_once]), len(found) > self.at_once
                told.append(Told(self.every[each], shown, self.lasts, more=more))
        return told

    async def touch(self, ids: Sequence[int], lasts: float) -> None:
        assert lasts == self.settings.unfetched
        self.touched += ids

    async def count(self) -> dict[str, int]:
        of_jobs = sum(each.job_id is not None for each in self.every.values())
        return {"printer": len(self.every) - of_jobs, "job": of_jobs}

    def _add(self, queue_id: int, job_id: int | None, owner: str, wanted: Sequence[NewSubscription]) -> list[int]:
        room = self._room(queue_id, job_id, owner)
        made = []
        for new in wanted[: max(room, 0)]:
            until = None if new.lease is None else AT + timedelta(seconds=new.lease)
            one = Subscription(
                next(self._ids),
                queue_id,
                "followme",
                job_id,
                owner,
                new.events,
                new.printer_uri,
                new.charset,
                new.language,
                new.user_data,
                new.time_interval,
                new.lease,
                until,
                ended=False,
                number=0,
                created_at=AT,
            )
            self.every[one.id], self.notices[one.id] = one, []
            made.append(one.id)
        return made

    def _room(self, queue_id: int, job_id: int | None, owner: str) -> int:
        every, most = self.every.values(), self.settings
        return min(
            most.per_person - sum(each.owner == owner for each in every),
            most.per_printer - sum(each.queue_id == queue_id and each.job_id is None for each in every)
            if job_id is None
            else most.per_job - sum(each.job_id == job_id for each in every),
            most.in_all - len(every),
        )
