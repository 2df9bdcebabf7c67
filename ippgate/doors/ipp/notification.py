"""Get-Notifications (RFC 3996 section 5): notices of what has happened, at once or when something does.

A client that asks to wait is answered when there is something, at the latest when its patience ends, and comes back
with the next number. So each answer ends Event Wait Mode, as the standard recommends; notify-get-interval is then
shorter than an event's life, since the client waits here and not there.
"""

from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.subscription_attributes import event
from ippgate.doors.ipp.uri import is_job_id
from ippgate.ipp import IppError, Status
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.notice.notices import Fetched

MAX_FETCHED: Final = 100
"""Subscriptions that are asked for at once: more than one person may have."""

SOON: Final = 1
"""Seconds after which a client that waits comes back: time for what belongs together to come together."""

_BAD: Final = Status.CLIENT_ERROR_BAD_REQUEST


async def get_notifications(exchange: Exchange) -> Answer:
    """Notices of the caller's subscriptions, each from the number that is asked for on."""
    await exchange.queue_or_all()
    asked, client, notices = _asked(exchange), exchange.client, exchange.services.notices
    if exchange.operation.boolean(A.NOTIFY_WAIT) and client is not None:
        fetched = await notices.wait(asked, exchange.caller, client)
    else:
        fetched = await notices.fetch(asked, exchange.caller)
    return _answer(exchange, fetched)


def _answer(exchange: Exchange, fetched: Fetched) -> Answer:
    operation = [quick.integer(A.PRINTER_UP_TIME, quick.ticks(exchange.room.clock()))]
    groups = [event(told.subscription, notice) for told in fetched.told for notice in told.notices]
    answer = Answer(groups=groups, operation=operation)
    if fetched.missing and fetched.told:
        answer.status = Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        answer.message = f"there is no subscription {', '.join(map(str, fetched.missing[:10]))}"
        answer.unsupported = [attribute(A.NOTIFY_SUBSCRIPTION_IDS, *fetched.missing)]
    if fetched.over:
        answer.status = Status.SUCCESSFUL_OK_EVENTS_COMPLETE
    else:
        soon = fetched.waited or fetched.more
        interval = SOON if soon else exchange.room.settings.notices.event_life
        operation.insert(0, quick.integer(A.NOTIFY_GET_INTERVAL, interval))
    return answer


def _asked(exchange: Exchange) -> list[tuple[int, int]]:
    """notify-subscription-ids, each once, with its notify-sequence-numbers: 1 where there is none. Raises IppError."""
    operation = exchange.operation
    ids, numbers = operation.get(A.NOTIFY_SUBSCRIPTION_IDS), operation.get(A.NOTIFY_SEQUENCE_NUMBERS)
    if ids is None:
        raise IppError(_BAD, f"{A.NOTIFY_SUBSCRIPTION_IDS} is missing: whose notices are asked for?")
    wanted = ids.integers()
    if not wanted or not all(map(is_job_id, wanted)):
        raise IppError(_BAD, f"{A.NOTIFY_SUBSCRIPTION_IDS} takes numbers greater than 0")
    if len(wanted) > MAX_FETCHED:
        sentence = f"{len(wanted)} subscriptions at once are too many: ask for {MAX_FETCHED} at most"
        raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, [ids])
    firsts = numbers.integers() if numbers else []
    firsts += [1] * (len(wanted) - len(firsts))
    found: dict[int, int] = {}
    for each, first in zip(wanted, firsts, strict=False):
        found.setdefault(each, max(first, 1))
    return list(found.items())
