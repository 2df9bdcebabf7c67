"""Groups of subscription attributes in a request, and the groups that answer them (RFC 3995 section 5.2)."""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.uri import public
from ippgate.ipp import Attribute, Group, IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.validate import printer_target
from ippgate.model.subscription import NewSubscription
from ippgate.notice.wish import PULL_METHOD, Wish, wish_of

MAX_GROUPS: Final = 100
"""Subscriptions that one request may ask for: more than anybody may have."""

_TOO_MANY: Final = Status.CLIENT_ERROR_TOO_MANY_SUBSCRIPTIONS


def wishes_of(exchange: Exchange, *, of_job: bool) -> list[Wish]:
    """What is asked for, a wish for each group. Raises IppError."""
    groups = list(exchange.message.groups_of(Tag.SUBSCRIPTION))
    if not groups:
        return []
    if len(groups) > MAX_GROUPS:
        sentence = f"{len(groups)} subscriptions in one request are too many: send {MAX_GROUPS} at most"
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, sentence)
    operation, settings = exchange.operation, exchange.room.settings.notices
    uri = public(printer_target(operation))
    return [wish_of(group, operation, uri, settings, of_job=of_job) for group in groups]


def possible(wishes: Sequence[Wish]) -> tuple[NewSubscription, ...]:
    """Those that can be made, if there is room."""
    return tuple(wish.new for wish in wishes if wish.new is not None)


def answered(wishes: Sequence[Wish], made: Sequence[int]) -> tuple[list[Group], int]:
    """A group for each wish, and how many were not granted. made: the ids of those that were, the first first."""
    ids = chain(made, repeat(None))
    groups = [_group(wish, next(ids) if wish.new is not None else None) for wish in wishes]
    return groups, len(wishes) - len(made)


def tried(wishes: Sequence[Wish]) -> tuple[list[Group], int]:
    """The same for wishes that nobody grants: what would come of them (RFC 3995 section 11.2.2)."""
    return [_described(wish, [], wish.status) for wish in wishes], sum(wish.new is None for wish in wishes)


def unmade(lacking: int, asked: int) -> str:
    """Why not every subscription was made."""
    why = f"{PULL_METHOD} alone is supported, and their number is bounded"
    return f"{lacking} of {asked} subscriptions were not made: {why}"


def _group(wish: Wish, subscription_id: int | None) -> Group:
    if wish.new is not None and subscription_id is None:
        return Group(Tag.SUBSCRIPTION, [quick.enum(A.NOTIFY_STATUS_CODE, _TOO_MANY)])
    if subscription_id is None:
        return _described(wish, [], wish.status)
    return _described(wish, [quick.integer(A.NOTIFY_SUBSCRIPTION_ID, subscription_id)], wish.status)


def _described(wish: Wish, told: list[Attribute], status: Status) -> Group:
    if wish.new is not None and wish.new.lease is not None:
        told.append(quick.integer(A.NOTIFY_LEASE_DURATION, wish.new.lease))
    told += wish.unsupported
    if status is not Status.SUCCESSFUL_OK:
        told.append(quick.enum(A.NOTIFY_STATUS_CODE, status))
    return Group(Tag.SUBSCRIPTION, told)
