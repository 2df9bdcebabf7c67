"""Until when: the moments that wishes about time come to, by the wall clock of a place."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from ippgate.ipp import Attribute
from ippgate.ipp.builder import Plain, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.until import NEVER, NO_TIMES, Calendar, Until, held_words, in_words, lasting

HERE = Calendar(ZoneInfo("Europe/Zurich"))
WEDNESDAY = datetime(2026, 1, 14, 12, tzinfo=UTC)  # 13:00 there
IN_TWO_HOURS, TWO_HOURS_AGO = WEDNESDAY + timedelta(hours=2), WEDNESDAY - timedelta(hours=2)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        ("indefinite", None),
        ("evening", utc("2026-01-14T17:00")),
        ("night", utc("2026-01-14T21:00")),
        ("second-shift", utc("2026-01-14T15:00")),
        ("third-shift", utc("2026-01-14T23:00")),
        ("weekend", utc("2026-01-16T23:00")),
        ("18:30", utc("2026-01-14T18:30")),
        ("12:00", utc("2026-01-15T12:00")),
        ("12:00:01", utc("2026-01-14T12:00:01")),
        ("7:05", utc("2026-01-15T07:05")),
        (IN_TWO_HOURS, IN_TWO_HOURS),
        (IN_TWO_HOURS.astimezone(timezone(timedelta(hours=9))), IN_TWO_HOURS),
    ],
)
def test_a_hold_ends_at_the_moment_that_is_meant(until: Until, ends: datetime | None) -> None:
    assert HERE.hold(until, (), WEDNESDAY) == (until, ends)


@pytest.mark.parametrize("until", [None, "no-hold", "day-time", TWO_HOURS_AGO, WEDNESDAY])
def test_what_has_come_is_no_hold(until: Until | None) -> None:
    assert HERE.hold(until, (), WEDNESDAY) == (None, None)


def test_the_queue_s_own_hours_count() -> None:
    assert HERE.hold("evening", (("evening", "12:00-14:00"),), WEDNESDAY) == (None, None)
    assert HERE.hold("day-time", (("day-time", "mon-fri 14:00-15:00"),), WEDNESDAY)[1] == utc("2026-01-14T13:00")


@pytest.mark.parametrize(
    ("wish", "until"),
    [
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL, "indefinite"), NEVER),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL, "evening"), utc("2026-01-14T17:00")),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL, "no-delay-output"), None),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL, "day-time"), None),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, 7200), IN_TWO_HOURS),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, 0), None),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, IN_TWO_HOURS), IN_TWO_HOURS),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, TWO_HOURS_AGO), None),
    ],
)
def test_output_is_delayed_until_a_moment_to_come(wish: Attribute, until: datetime | None) -> None:
    assert HERE.delay([wish], (), WEDNESDAY) == until
    assert HERE.times([wish], (), WEDNESDAY).delayed_until == until


@pytest.mark.parametrize(
    ("name", "value", "facts"),
    [
        (A.JOB_RETAIN_UNTIL, "end-of-week", {"retain": "end-of-week"}),
        (A.JOB_RETAIN_UNTIL, "none", {"retain": None}),
        (A.JOB_RETAIN_UNTIL_INTERVAL, 60, {"retain_seconds": 60}),
        (A.JOB_RETAIN_UNTIL_TIME, IN_TWO_HOURS, {"retain_time": IN_TWO_HOURS}),
        (A.JOB_CANCEL_AFTER, 30, {"cancel_after": 30}),
        (A.JOB_CANCEL_AFTER, 0, {"cancel_after": None}),
    ],
)
def test_some_wishes_wait_for_the_end_of_the_job(name: str, value: Plain, facts: dict[str, object]) -> None:
    found = lasting([attribute(name, value)])
    assert {each: getattr(found, each) for each in facts} == facts


def test_a_ticket_without_times_costs_nothing() -> None:
    assert HERE.times([attribute(A.COPIES, 2)], (), WEDNESDAY) is NO_TIMES


@pytest.mark.parametrize(
    ("now", "day", "week", "month"),
    [
        ("2026-01-14T12:00", "2026-01-14T23:00", "2026-01-18T23:00", "2026-01-31T23:00"),
        ("2026-01-18T22:59", "2026-01-18T23:00", "2026-01-18T23:00", "2026-01-31T23:00"),
        ("2026-01-18T23:00", "2026-01-19T23:00", "2026-01-25T23:00", "2026-01-31T23:00"),
        ("2026-12-31T12:00", "2026-12-31T23:00", "2027-01-03T23:00", "2026-12-31T23:00"),
        ("2026-12-31T23:30", "2027-01-01T23:00", "2027-01-03T23:00", "2027-01-31T23:00"),
        ("2028-02-28T12:00", "2028-02-28T23:00", "2028-03-05T23:00", "2028-02-29T23:00"),
        # both changes of the clock
        ("2026-03-28T12:00", "2026-03-28T23:00", "2026-03-29T22:00", "2026-03-31T22:00"),
        ("2026-03-29T12:00", "2026-03-29T22:00", "2026-03-29T22:00", "2026-03-31T22:00"),
        ("2026-10-24T12:00", "2026-10-24T22:00", "2026-10-25T23:00", "2026-10-31T23:00"),
    ],
)
def test_days_weeks_and_months_end_at_a_midnight_of_the_place(now: str, day: str, week: str, month: str) -> None:
    ends = HERE.ends(utc(now))
    assert (ends.day, ends.week, ends.month) == (utc(day), utc(week), utc(month))


@pytest.mark.parametrize(
    ("now", "said", "comes"),
    [
        ("2026-01-14T12:00", "13:30", "2026-01-14T12:30"),
        ("2026-01-14T12:00", "13:00", "2026-01-15T12:00"),
        ("2026-03-28T12:00", "02:30", "2026-03-29T01:30"),
        ("2026-10-24T22:30", "02:30", "2026-10-25T00:30"),
        ("2026-12-31T22:59", "00:00:30", "2026-12-31T23:00:30"),
    ],
)
def test_a_time_of_day_is_the_next_one_of_the_place(now: str, said: str, comes: str) -> None:
    assert HERE.next_time(said, utc(now)) == utc(comes)


def test_holds_in_words() -> None:
    assert [in_words(each) for each in (None, "weekend", "18:30")] == ["no-hold", "weekend", "18:30"]
    assert in_words(datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))) == "2025-12-31T23:00:00Z"
    assert [held_words(each) for each in (None, "no-hold", "indefinite")] == [None, None, "indefinite"]
