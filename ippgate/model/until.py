"""Until when: the moments that a job's wishes about time come to (RFC 8011 5.2.2, PWG 5100.7, 5100.11). Pure.

Names are reckoned by the wall clock of the place where the gate is, times of day (`lp -H 18:30`) in UTC, as CUPS's
clients write them. A moment that is there, or has passed, is nothing to wait for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from ippgate.ipp import Attribute, Group, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.model.hours import Told, hours_of, moment

NO_HOLD: Final = "no-hold"
"""The keyword of job-hold-until that asks for no hold (RFC 8011 section 5.2.2)."""

INDEFINITE: Final = "indefinite"
NO_DELAY: Final = "no-delay-output"
RETAIN_NONE: Final = "none"
END_OF_DAY, END_OF_WEEK, END_OF_MONTH = "end-of-day", "end-of-week", "end-of-month"

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""A moment that does not come, for a database to compare with."""

TIME_OF_DAY: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")

Until = str | datetime
"""A keyword, a time of day in UTC, or a moment."""

DELAYS: Final = (A.JOB_DELAY_OUTPUT_UNTIL, A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, A.JOB_DELAY_OUTPUT_UNTIL_TIME)
RETENTIONS: Final = (A.JOB_RETAIN_UNTIL, A.JOB_RETAIN_UNTIL_INTERVAL, A.JOB_RETAIN_UNTIL_TIME)
HOLDS: Final = (A.JOB_HOLD_UNTIL, A.JOB_HOLD_UNTIL_TIME)
ALTERNATIVES: Final = (HOLDS, DELAYS, RETENTIONS)
"""Ways to say the same: of each at most one can be asked for (PWG 5100.7)."""


@dataclass(frozen=True, slots=True)
class Times:
    """What a job's ticket comes to. None: it asks for nothing of the kind."""

    hold_ends: datetime | None = None  # None, of a hold: it has no end of its own
    delayed_until: datetime | None = None
    retain: str | None = None  # a keyword of job-retain-until: reckoned when the job has ended
    retain_seconds: int | None = None  # from then on
    retain_time: datetime | None = None
    cancel_after: int | None = None  # seconds of processing


NO_TIMES: Final = Times()


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of the day, the week and the month that are under way."""

    day: datetime
    week: datetime
    month: datetime


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when a job that ends now may be retained."""

    ends: Ends
    furthest: datetime  # nothing is retained for longer
    stored: datetime = NEVER  # a job that is stored now stays until then

    @classmethod
    def usual(cls) -> "Retention":
        """As if every end were far away, for whoever retains nothing."""
        return cls(Ends(NEVER, NEVER, NEVER), NEVER)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The wall clock of the place where the gate is."""

    zone: tzinfo = UTC

    def comes(self, until: Until, hours: Told, now: datetime) -> datetime:
        """The moment that is meant; `now` where there is nothing to wait for, NEVER for `indefinite`."""
        if isinstance(until, datetime):
            return until.astimezone(UTC)
        if until == INDEFINITE:
            return NEVER
        named = hours_of(hours).get(until)
        return named.next(self.zone, now) if named is not None else _time_of_day(until, now)

    def next_time(self, time_of_day: str, now: datetime) -> datetime:
        """The next moment at which the wall clock shows HH:MM or HH:MM:SS. Raises ValueError for what is no time."""
        found = TIME_OF_DAY.fullmatch(time_of_day)
        if found is None:
            raise ValueError(f"{time_of_day!r} is no time of day")
        hour, minute, second = (int(part or 0) for part in found.groups())
        today = now.astimezone(self.zone).date()
        days = (moment(today + timedelta(days=ahead), hour * 60 + minute, self.zone) for ahead in range(3))
        return next(at for day in days if (at := day + timedelta(seconds=second)) > now)

    def ends(self, now: datetime) -> Ends:
        """A week ends with Sunday (ISO 8601)."""
        today = now.astimezone(self.zone).date()
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        days = (today + timedelta(days=1), today + timedelta(days=7 - today.weekday()), next_month)
        return Ends(*(moment(day, 0, self.zone) for day in days))

    def hold(self, until: Until | None, hours: Told, now: datetime) -> tuple[Until | None, datetime | None]:
        """A hold as it counts, and when it ends by itself; no hold at all if that is over."""
        if until is None:
            return None, None
        ends = self.comes(until, hours, now)
        return (until, None if ends == NEVER else ends) if ends > now else (None, None)

    def delay(self, template: Iterable[Attribute], hours: Told, now: datetime) -> datetime | None:
        """Until when the output of a job with this ticket is delayed."""
        asked = Group(Tag.JOB, list(template))
        if (seconds := asked.integer(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL)) is not None:
            until: Until | None = now + timedelta(seconds=seconds)
        else:
            until = said_time(asked, A.JOB_DELAY_OUTPUT_UNTIL_TIME) or asked.text(A.JOB_DELAY_OUTPUT_UNTIL)
        if until is None:
            return None
        comes = self.comes(until, hours, now)
        return comes if comes > now else None

    def times(self, template: Iterable[Attribute], hours: Told, now: datetime) -> Times:
        """What a new job's ticket comes to, its hold aside."""
        template = [each for each in template if each.name in _TIMED]
        if not template:
            return NO_TIMES
        return replace(lasting(template), delayed_until=self.delay(template, hours, now))


UTC_CALENDAR: Final = Calendar()


def lasting(template: Iterable[Attribute]) -> Times:
    """What of a ticket does not depend on when it is read."""
    asked = Group(Tag.JOB, [each for each in template if each.name in _TIMED])
    if not asked.attributes:
        return NO_TIMES
    retain = asked.text(A.JOB_RETAIN_UNTIL)
    return Times(
        retain=None if retain == RETAIN_NONE else retain,
        retain_seconds=asked.integer(A.JOB_RETAIN_UNTIL_INTERVAL),
        retain_time=said_time(asked, A.JOB_RETAIN_UNTIL_TIME),
        cancel_after=asked.integer(A.JOB_CANCEL_AFTER) or None,  # 0: as long as it takes
    )


_TIMED: Final = frozenset({*DELAYS, *RETENTIONS, A.JOB_CANCEL_AFTER})


def hold_of(asked: Group) -> Until | None:
    """The hold that is asked for."""
    return said_time(asked, A.JOB_HOLD_UNTIL_TIME) or asked.text(A.JOB_HOLD_UNTIL)


def said_time(asked: Group, name: str) -> datetime | None:
    """A dateTime of the group."""
    found = asked.get(name)
    meant = found.first.python if found and found.first.tag == Tag.DATE_TIME else None
    return meant if isinstance(meant, datetime) else None


def named(until: Until | None) -> str | None:
    """A hold that has a name, which is kept as it came; a moment has none."""
    return until if isinstance(until, str) else None


def held_words(until: Until | None) -> str | None:
    """What is remembered of a hold once it is over (job-hold-until-actual); None: there was none."""
    return None if until in (None, NO_HOLD) else in_words(until)


def in_words(until: Until | None) -> str:
    """A hold as a text: a moment by ISO 8601, in UTC."""
    if until is None:
        return NO_HOLD
    return until if isinstance(until, str) else f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def is_time_of_day(until: str) -> bool:
    """Whether it is a time of day, not a keyword."""
    return TIME_OF_DAY.fullmatch(until) is not None


def _time_of_day(until: str, now: datetime) -> datetime:
    """The next moment of that name; `now` for what is none, no-hold and its like."""
    return UTC_CALENDAR.next_time(until, now) if is_time_of_day(until) else now
