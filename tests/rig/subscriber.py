"""Somebody who has subscribed and fetches, as clients do: waits, is told, and comes back with the next number."""

import asyncio
from collections.abc import Callable, Sequence

from ippgate.ipp import Group, Operation, Status, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.rig.ipp_client import Answer, IppClient

AGAIN = 0.05
"""Seconds before another try at a gate that is gone for the moment."""

PATIENT = 60.0


class Subscriber:
    """A subscription, and what it was told so far."""

    def __init__(self, client: IppClient, queue: str) -> None:
        self.client, self._queue = client, queue
        self.id = 0
        self.told: list[Group] = []
        self.troubles = 0

    async def subscribe(self, *events: str, lease: int = 0) -> "Subscriber":
        """Have a subscription made."""
        wish = [
            attribute(A.NOTIFY_PULL_METHOD, "ippget"),
            attribute(A.NOTIFY_EVENTS, *events),
            attribute(A.NOTIFY_LEASE_DURATION, lease),
        ]
        answer = await self.client.ask(Operation.CREATE_PRINTER_SUBSCRIPTIONS, queue=self._queue, subscriptions=[wish])
        assert answer.ok, answer
        assert answer.message is not None
        group = answer.message.group(Tag.SUBSCRIPTION)
        assert group is not None
        self.id = group.integer(A.NOTIFY_SUBSCRIPTION_ID) or 0
        return self

    @property
    def numbers(self) -> list[int]:
        return [group.integer(A.NOTIFY_SEQUENCE_NUMBER) or 0 for group in self.told]

    @property
    def events(self) -> list[tuple[int | None, str | None]]:
        """Each job with what happened to it."""
        return [(group.integer(A.JOB_ID), group.text(A.NOTIFY_SUBSCRIBED_EVENT)) for group in self.told]

    async def fetch(self, *, wait: bool = True) -> Answer:
        """One Get-Notifications from the next number on."""
        answer = await self.client.ask(
            Operation.GET_NOTIFICATIONS,
            attribute(A.NOTIFY_SUBSCRIPTION_IDS, self.id),
            attribute(A.NOTIFY_SEQUENCE_NUMBERS, self.numbers[-1] + 1 if self.told else 1),
            attribute(A.NOTIFY_WAIT, wait),
            queue=self._queue,
            within=PATIENT,
        )
        if answer.ok and answer.message is not None:
            self.told += answer.message.groups_of(Tag.EVENT)
        return answer

    async def follow(self, enough: Callable[[Sequence[Group]], bool]) -> None:
        """Fetch until enough was told, whatever happens to gates meanwhile."""
        while not enough(self.told):
            try:
                answer = await self.fetch()
            except (OSError, EOFError):
                self.troubles += 1
                await asyncio.sleep(AGAIN)
                continue
            if not answer.ok:
                assert answer.http == 503 or answer.status in (
                    Status.SERVER_ERROR_TEMPORARY_ERROR,
                    Status.SERVER_ERROR_BUSY,
                ), answer
                self.troubles += 1
                await asyncio.sleep(AGAIN)
