"""What a subscription tells of itself (RFC 3995 section 5), and a notice of what happened (RFC 3996 section 5.2)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.requested import subscription_names
from ippgate.ipp import Attribute, Group, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.subscription import Notice, Subscribed, Subscription
from ippgate.notice.wish import PULL_METHOD
from ippgate.notice.words import sentence

Tell = Callable[[Subscription, datetime], Attribute | None]


def told(subscription: Subscription, at: datetime, asked: Sequence[str]) -> Group:
    """A group of what was asked for, of what the subscription has."""
    chosen = subscription_names(asked, tuple(TELLS))
    attributes = [tell(subscription, at) for name, tell in TELLS.items() if name in chosen]
    return Group(Tag.SUBSCRIPTION, [each for each in attributes if each is not None])


def event(subscription: Subscription, notice: Notice) -> Group:
    """A group of what happened, as it was then."""
    special = _of_printer(notice) if notice.job_id is None else _of_job(notice, notice.job_id)
    return Group(Tag.EVENT, [*_of_all(subscription, notice), *special])


def _lease(subscription: Subscription) -> Attribute | None:
    if subscription.lease is None:
        return None
    return quick.integer(A.NOTIFY_LEASE_DURATION, subscription.lease)


def _expires(subscription: Subscription) -> Attribute | None:
    """0: never."""
    if subscription.lease is None:
        return None
    ends = quick.ticks(subscription.until) if subscription.lease else 0
    return quick.integer(A.NOTIFY_LEASE_EXPIRATION_TIME, ends)


def _data(subscription: Subscription, _at: datetime) -> Attribute | None:
    return None if subscription.user_data is None else attribute(A.NOTIFY_USER_DATA, subscription.user_data)


def _job(subscription: Subscription, _at: datetime) -> Attribute | None:
    return None if subscription.job_id is None else quick.integer(A.NOTIFY_JOB_ID, subscription.job_id)


def _up_time(subscription: Subscription, at: datetime) -> Attribute | None:
    """Beside the end of a lease, so that the difference is what is left of it; a job's subscription has none."""
    return None if subscription.lease is None else quick.integer(A.NOTIFY_PRINTER_UP_TIME, quick.ticks(at))


TELLS: Final[dict[str, Tell]] = {
    A.NOTIFY_SUBSCRIPTION_ID: lambda one, _: quick.integer(A.NOTIFY_SUBSCRIPTION_ID, one.id),
    A.NOTIFY_PRINTER_URI: lambda one, _: quick.string(A.NOTIFY_PRINTER_URI, Tag.URI, one.printer_uri),
    A.NOTIFY_JOB_ID: _job,
    A.NOTIFY_SUBSCRIBER_USER_NAME: lambda one, _: quick.string(A.NOTIFY_SUBSCRIBER_USER_NAME, Tag.NAME, one.owner),
    A.NOTIFY_SEQUENCE_NUMBER: lambda one, _: quick.integer(A.NOTIFY_SEQUENCE_NUMBER, one.number),
    A.NOTIFY_LEASE_EXPIRATION_TIME: lambda one, _: _expires(one),
    A.NOTIFY_PRINTER_UP_TIME: _up_time,
    A.NOTIFY_PULL_METHOD: lambda _one, _: quick.string(A.NOTIFY_PULL_METHOD, Tag.KEYWORD, PULL_METHOD),
    A.NOTIFY_EVENTS: lambda one, _: quick.strings(A.NOTIFY_EVENTS, Tag.KEYWORD, one.events),
    A.NOTIFY_USER_DATA: _data,
    A.NOTIFY_CHARSET: lambda one, _: quick.string(A.NOTIFY_CHARSET, Tag.CHARSET, one.charset),
    A.NOTIFY_NATURAL_LANGUAGE: lambda one, _: quick.string(A.NOTIFY_NATURAL_LANGUAGE, Tag.LANGUAGE, one.language),
    A.NOTIFY_LEASE_DURATION: lambda one, _: _lease(one),
    A.NOTIFY_TIME_INTERVAL: lambda one, _: quick.integer(A.NOTIFY_TIME_INTERVAL, one.time_interval),
}
"""Every attribute of a subscription. None: this one has none."""

_COUNTED: Final = (Subscribed.JOB_PROGRESS, Subscribed.JOB_COMPLETED)


def _of_all(subscription: Subscription, notice: Notice) -> list[Attribute]:
    """Of every notice (RFC 3996 table 3)."""
    return [
        quick.string(A.NOTIFY_CHARSET, Tag.CHARSET, subscription.charset),
        quick.string(A.NOTIFY_NATURAL_LANGUAGE, Tag.LANGUAGE, subscription.language),
        quick.integer(A.NOTIFY_SUBSCRIPTION_ID, subscription.id),
        quick.string(A.NOTIFY_PRINTER_URI, Tag.URI, subscription.printer_uri),
        quick.string(A.NOTIFY_SUBSCRIBED_EVENT, Tag.KEYWORD, notice.event),
        quick.integer(A.NOTIFY_SEQUENCE_NUMBER, notice.number),
        attribute(A.NOTIFY_USER_DATA, subscription.user_data or b""),
        quick.string(A.NOTIFY_TEXT, Tag.TEXT, sentence(notice, subscription.queue)),
        quick.integer(A.PRINTER_UP_TIME, quick.ticks(notice.at)),
        quick.moment(A.PRINTER_CURRENT_TIME, notice.at),
    ]


def _of_job(notice: Notice, job_id: int) -> list[Attribute]:
    """Of job events (table 4). CUPS and its clients call the job notify-job-id, so it is there by both names."""
    told = [
        quick.integer(A.JOB_ID, job_id),
        quick.integer(A.NOTIFY_JOB_ID, job_id),
        quick.enum(A.JOB_STATE, notice.state),
        quick.strings(A.JOB_STATE_REASONS, Tag.KEYWORD, notice.reasons or ("none",)),
    ]
    if notice.event in _COUNTED or notice.impressions is not None:
        told.append(quick.integer(A.JOB_IMPRESSIONS_COMPLETED, notice.impressions or 0))
    return told


def _of_printer(notice: Notice) -> list[Attribute]:
    """Of printer events (table 6)."""
    return [
        quick.enum(A.PRINTER_STATE, notice.state),
        quick.strings(A.PRINTER_STATE_REASONS, Tag.KEYWORD, notice.reasons or ("none",)),
        quick.boolean(A.PRINTER_IS_ACCEPTING_JOBS, notice.accepting is not False),
    ]
