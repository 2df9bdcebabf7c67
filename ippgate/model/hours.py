"""The hours that people's names for them stand for: day-time, evening, night, weekend, the shifts (RFC 8011 5.2.2).

Hours are a wall clock's: `22:00-06:00` every day, `mon-fri 08:00-17:00` on some days, `fri 18:00-mon 06:00` through
several. Which moments those are is for a time zone to say, with every change of its clocks.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final, Self

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOW: Final = "write hours as 22:00-06:00, mon-fri 08:00-17:00 or fri 18:00-mon 06:00"

_DAY: Final = 24 * 60  # minutes
_WEEK: Final = len(DAYS)
_CLOCK = r"([01]?[0-9]|2[0-4]):([0-5][0-9])"
_HOURS: Final = re.compile(rf"(?:(?P<days>[a-z,-]+) )?{_CLOCK}-(?:(?P<until>[a-z]{{3}}) )?{_CLOCK}")


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when. Minutes are those after the midnight with which the day of the beginning begins."""

    days: tuple[int, ...]  # on which they begin; Monday is 0
    opens: int
    closes: int  # of the next day or a later one, where it is a day's length or more

    @classmethod
    def parse(cls, text: str) -> Self:
        """What an operator writes. Raises ValueError with a sentence that says how it is written."""
        found = _HOURS.fullmatch(" ".join(text.lower().split()))
        if found is None:
            raise ValueError(f"{text!r} are no hours: {HOW}")
        opens, closes = _minutes(found[2], found[3]), _minutes(found[5], found[6])
        days = _days(found["days"]) if found["days"] else tuple(range(_WEEK))
        if opens >= _DAY or closes > _DAY:
            raise ValueError(f"{text!r} are no hours: a day has 24, and begins at 00:00")
        if found["until"] is None:
            return cls(days, opens, closes if closes > opens else closes + _DAY)
        if len(days) != 1 or not found["days"]:
            raise ValueError(f"{text!r} are no hours: what ends on a certain day begins on one; {HOW}")
        ahead = (_days(found["until"])[0] - days[0]) % _WEEK
        closes += ahead * _DAY
        return cls(days, opens, closes if closes > opens else closes + _WEEK * _DAY)

    def next(self, zone: tzinfo, now: datetime) -> datetime:
        """The moment from which on they last: the next time they begin, or `now` while they last. In UTC."""
        today = now.astimezone(zone).date()
        for ahead in range(-_WEEK - 1, _WEEK + 2):
            day = today + timedelta(days=ahead)
            if day.weekday() not in self.days:
                continue
            opens, closes = moment(day, self.opens, zone), moment(day, self.closes, zone)
            if now < opens < closes:
                return opens
            if opens <= now < closes:
                return now
        raise AssertionError("hours come again every week")

    def __str__(self) -> str:
        first = DAYS[self.days[0]]
        if self.closes > self.opens + _DAY:
            last = DAYS[(self.days[0] + self.closes // _DAY) % _WEEK]
            return f"{first} {_clock(self.opens)}-{last} {_clock(self.closes % _DAY)}"
        hours = f"{_clock(self.opens)}-{_clock(self.closes if self.closes <= _DAY else self.closes - _DAY)}"
        return hours if len(self.days) == _WEEK else f"{','.join(DAYS[day] for day in self.days)} {hours}"


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return "{:02}:{:02}".format(*divmod(minutes, 60))


def _days(text: str) -> tuple[int, ...]:
    """`mon-fri`, `sat,sun`, `fri-mon`."""
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"{part!r} is no day: write {', '.join(DAYS)}, or mon-fri")
        span = (DAYS.index(last) - DAYS.index(first)) % _WEEK if dash else 0
        days |= {(DAYS.index(first) + ahead) % _WEEK for ahead in range(span + 1)}
    return tuple(sorted(days))


USUAL: Final[Mapping[str, Hours]] = {
    name: Hours.parse(hours)
    for name, hours in {
        "day-time": "06:00-18:00",
        "evening": "18:00-22:00",
        "night": "22:00-06:00",
        "weekend": "sat 00:00-mon 00:00",
        "second-shift": "16:00-24:00",
        "third-shift": "00:00-08:00",
    }.items()
}
"""The names, and their hours where an operator has set none."""

Told = tuple[tuple[str, str], ...]
"""Names and hours as they are kept: those that are not as usual."""


@lru_cache(256)
def hours_of(told: Told) -> Mapping[str, Hours]:
    """All names with the hours that count."""
    return {**USUAL, **{name: Hours.parse(text) for name, text in told if name in USUAL}}


def told(before: Told, changes: Iterable[tuple[str, str]]) -> Told:
    """What is kept after an operator's changes; a name without hours has its usual ones again. Raises ValueError."""
    kept = dict(before)
    for name, text in changes:
        if name not in USUAL:
            raise ValueError(f"{name!r} is no name of hours: choose among {', '.join(USUAL)}")
        kept[name] = str(Hours.parse(text)) if text.strip() else str(USUAL[name])
    return tuple(sorted((name, text) for name, text in kept.items() if text != str(USUAL[name])))


def moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The moment at which the wall clock shows so many minutes after a day's midnight, in UTC.

    What a change of the clock skips is reckoned as if it had not changed yet, and what comes twice is meant the first
    time (RFC 5545 section 3.3.5).
    """
    ahead, minutes = divmod(minutes, _DAY)
    wall = datetime.combine(day + timedelta(days=ahead), time(*divmod(minutes, 60)), zone)
    return wall.astimezone(UTC)
