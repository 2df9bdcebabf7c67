"""What a request asks to be told, held against what can be told (RFC 3995 section 5.2).

Pure: a group of subscription attributes in, a wish out. What is not possible is left out and named in the answer's
group; without a way in which notices could be fetched there is no subscription. Nothing is ever sent to an address
that a client names (SECURITY S5).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Range, Status, Tag, Value
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.ipp.validate import SUPPORTED_CHARSETS
from ippgate.model.subscription import NewSubscription, Subscribed
from ippgate.notice.settings import NoticeSettings

PULL_METHOD: Final = "ippget"
LANGUAGE: Final = "en"
DEFAULT_EVENTS: Final = (Subscribed.JOB_COMPLETED,)
MAX_EVENTS: Final = len(Subscribed)
"""notify-max-events-supported: all there are."""

MAX_USER_DATA: Final = 63
SHORTEST_LEASE: Final = 60
"""Seconds: a shorter one would have ended before anybody came back to fetch."""

_NONE: Final = "none"
_EVENTS: Final = frozenset(map(str, Subscribed))
_NOT_SUPPORTED: Final = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
_IGNORED: Final = Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES


_ANSWERED: Final = frozenset(
    {
        A.NOTIFY_PULL_METHOD,
        A.NOTIFY_EVENTS,
        A.NOTIFY_USER_DATA,
        A.NOTIFY_CHARSET,
        A.NOTIFY_NATURAL_LANGUAGE,
        A.NOTIFY_TIME_INTERVAL,
        A.NOTIFY_LEASE_DURATION,
    }
)
"""What can be asked of a subscription."""


@dataclass(slots=True)
class Wish:
    """One group of subscription attributes. new: what can be made of it; None: nothing, and `status` says why."""

    new: NewSubscription | None = None
    status: Status = Status.SUCCESSFUL_OK
    unsupported: list[Attribute] = field(default_factory=list)  # as the group of the answer has them


def wish_of(
    group: Group, operation: Group, printer_uri: str, settings: NoticeSettings, *, of_job: bool = False
) -> Wish:
    """What a group asks for. Raises IppError 0x0400 where it names no way in which notices could be had."""
    refused = _refused(group)
    if refused is not None:
        return refused
    reading = _Reading(group)
    events = reading.events()
    charset = reading.text(A.NOTIFY_CHARSET, SUPPORTED_CHARSETS) or operation.text(A.ATTRIBUTES_CHARSET) or ""
    language = reading.text(A.NOTIFY_NATURAL_LANGUAGE, (LANGUAGE,)) or LANGUAGE
    interval = reading.number(A.NOTIFY_TIME_INTERVAL) or 0
    data = reading.data(A.NOTIFY_USER_DATA)
    lease = None if of_job else reading.lease(settings)
    reading.rest(_ANSWERED - {A.NOTIFY_LEASE_DURATION} if of_job else _ANSWERED)
    new = NewSubscription(events, printer_uri, charset.lower(), language, data, interval, lease)
    return Wish(new, reading.status, reading.unsupported)


def lease_of(asked: int | None, settings: NoticeSettings) -> int:
    """The lease that is given: as near as can be to what was asked for (RFC 3995 section 5.3.8)."""
    if asked is None:
        return settings.lease
    return 0 if asked == 0 else max(SHORTEST_LEASE, min(asked, settings.longest_lease))


def leases(settings: NoticeSettings) -> tuple[int, Range]:
    """notify-lease-duration-supported."""
    return 0, Range(SHORTEST_LEASE, settings.longest_lease)


def _refused(group: Group) -> Wish | None:
    """Why there can be no subscription. Raises IppError."""
    recipient, method, events = map(group.get, (A.NOTIFY_RECIPIENT_URI, A.NOTIFY_PULL_METHOD, A.NOTIFY_EVENTS))
    if recipient is not None:
        return Wish(None, Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, [recipient])
    if method is None:
        sentence = f"a subscription has no {A.NOTIFY_PULL_METHOD}: send {PULL_METHOD}, and fetch with Get-Notifications"
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, sentence)
    if method.texts() != [PULL_METHOD] or len(method.values) > 1:
        return Wish(None, _NOT_SUPPORTED, [method])
    if events is not None and events.texts() == [_NONE] and len(events.values) == 1:
        return Wish(None, _NOT_SUPPORTED, [events])
    return None


class _Reading:
    """A group, read attribute by attribute; what is not possible is noted."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self.status = Status.SUCCESSFUL_OK
        self.unsupported: list[Attribute] = []

    def events(self) -> tuple[Subscribed, ...]:
        """Each once. If none of them is known here, it is as if none had been sent."""
        asked = self._group.get(A.NOTIFY_EVENTS)
        if asked is None:
            return DEFAULT_EVENTS
        first, beyond = asked.values[:MAX_EVENTS], asked.values[MAX_EVENTS:]
        bad = [value for value in first if value.text not in _EVENTS]
        if bad or beyond:
            status = Status.SUCCESSFUL_OK_TOO_MANY_EVENTS if beyond else _IGNORED
            self._note(Attribute(A.NOTIFY_EVENTS, (*bad, *beyond)), status)
        good = dict.fromkeys(Subscribed(value.text) for value in first if value.text in _EVENTS)
        return tuple(good) or DEFAULT_EVENTS

    def text(self, name: str, possible: Collection[str]) -> str | None:
        """A string of these, in whatever case it is written."""
        found = self._sound(name, lambda value: (value.text or "").lower() in possible)
        return found.text() if found else None

    def number(self, name: str) -> int | None:
        """An integer that is not negative."""
        found = self._sound(name, lambda value: value.tag == Tag.INTEGER and _number(value) >= 0)
        return found.integer() if found else None

    def data(self, name: str) -> bytes | None:
        """Octets, not too many."""
        found = self._sound(name, lambda value: isinstance(value.raw, bytes) and 0 <= len(value.raw) <= MAX_USER_DATA)
        return found.first.raw if found and isinstance(found.first.raw, bytes) else None

    def lease(self, settings: NoticeSettings) -> int:
        """The lease that is given; the answer names it, whatever was asked for."""
        found = self._group.get(A.NOTIFY_LEASE_DURATION)
        asked = found.integer() if found else None
        given = lease_of(asked, settings)
        if found is not None and asked != given:
            self.status = max(self.status, _IGNORED)
        return given

    def rest(self, known: Collection[str]) -> None:
        """What nobody can ask for."""
        for each in self._group:
            if each.name not in known:
                self._note(Attribute(each.name, (UNSUPPORTED,)), _IGNORED)

    def _sound(self, name: str, good: Callable[[Value], bool]) -> Attribute | None:
        found = self._group.get(name)
        if found is not None and not (fits(found) and len(found.values) == 1 and good(found.first)):
            self._note(found, _IGNORED)
            return None
        return found

    def _note(self, bad: Attribute, status: Status) -> None:
        self.unsupported.append(bad)
        self.status = max(self.status, status)


def _number(value: Value) -> int:
    return value.python if isinstance(value.python, int) else -1
