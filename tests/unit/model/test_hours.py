"""What day-time, evening and weekend stand for: hours of a wall clock, and the moments they are in a time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp.syntax import keywords_of
from ippgate.model.hours import USUAL, Hours, hours_of, moment, told

ZURICH, KOLKATA, SANTIAGO, LORD_HOWE = map(
    ZoneInfo, ("Europe/Zurich", "Asia/Kolkata", "America/Santiago", "Australia/Lord_Howe")
)


def at(text: str, zone: ZoneInfo = ZURICH, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("22:00-06:00", "22:00-06:00"),
        ("6:00-18:00", "06:00-18:00"),
        ("16:00-24:00", "16:00-24:00"),
        ("08:00-08:00", "08:00-08:00"),
        ("mon-fri 08:00-17:00", "mon,tue,wed,thu,fri 08:00-17:00"),
        ("Sat,Sun 00:00-24:00", "sat,sun 00:00-24:00"),
        ("fri-mon  20:00-4:00", "mon,fri,sat,sun 20:00-04:00"),
        ("fri 18:00-mon 06:00", "fri 18:00-mon 06:00"),
        ("sat 00:00-sun 24:00", "sat 00:00-mon 00:00"),
        ("fri 18:00-fri 06:00", "fri 18:00-fri 06:00"),
        ("mon 08:00-mon 17:00", "mon 08:00-17:00"),
    ],
)
def test_hours_are_written_as_people_write_them(text: str, shown: str) -> None:
    assert str(Hours.parse(text)) == shown
    assert Hours.parse(shown) == Hours.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "night", "22-6", "22:00", "24:00-06:00", "22:60-06:00", "25:00-26:00", "22:00-24:30", "22:00 - 06:00 x"),
        *("day 22:00-06:00", "mon-day 22:00-06:00", "mon,fri 18:00-mon 06:00", "18:00-mon 06:00"),
        "fri 18:00-day 06:00",
    ],
)
def test_what_is_no_hours_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"no hours|no day"):
        Hours.parse(text)


def test_the_names_are_those_of_the_registry_and_each_has_usual_hours() -> None:
    assert set(USUAL) == keywords_of("job-hold-until") - {"no-hold", "indefinite"}
    assert {name: str(hours) for name, hours in USUAL.items()} == {
        "day-time": "06:00-18:00",
        "evening": "18:00-22:00",
        "night": "22:00-06:00",
        "weekend": "sat 00:00-mon 00:00",
        "second-shift": "16:00-24:00",
        "third-shift": "00:00-08:00",
    }


def test_what_an_operator_sets_stands_beside_what_is_usual() -> None:
    kept = told((), [("night", " 20:00-05:00"), ("evening", "18:00-22:00"), ("weekend", "fri 18:00-mon 06:00")])
    assert kept == (("night", "20:00-05:00"), ("weekend", "fri 18:00-mon 06:00"))
    assert hours_of(kept)["night"] == Hours.parse("20:00-05:00")
    assert hours_of(kept)["evening"] == USUAL["evening"]
    assert told(kept, [("night", "")]) == (("weekend", "fri 18:00-mon 06:00"),)
    with pytest.raises(ValueError, match="'noon' is no name of hours: choose among day-time, evening"):
        told((), [("noon", "12:00-13:00")])


@pytest.mark.parametrize(
    ("hours", "now", "begins"),
    [
        # before they begin, while they last, and in the moment they end
        ("22:00-06:00", "2026-01-14T21:59:59", "2026-01-14T22:00"),
        ("22:00-06:00", "2026-01-14T22:00", "2026-01-14T22:00"),
        ("22:00-06:00", "2026-01-15T05:59", "2026-01-15T05:59"),
        ("22:00-06:00", "2026-01-15T06:00", "2026-01-15T22:00"),
        ("16:00-24:00", "2026-01-15T23:59", "2026-01-15T23:59"),
        ("16:00-24:00", "2026-01-16T00:00", "2026-01-16T16:00"),
        ("08:00-08:00", "2026-01-16T03:00", "2026-01-16T03:00"),
        # on some days; 2026-01-16 is a Friday
        ("mon-fri 08:00-17:00", "2026-01-16T17:00", "2026-01-19T08:00"),
        ("mon-fri 20:00-04:00", "2026-01-17T03:00", "2026-01-17T03:00"),
        ("mon-fri 20:00-04:00", "2026-01-17T04:00", "2026-01-19T20:00"),
        ("fri 18:00-mon 06:00", "2026-01-16T17:59", "2026-01-16T18:00"),
        ("fri 18:00-mon 06:00", "2026-01-19T05:59", "2026-01-19T05:59"),
        ("fri 18:00-mon 06:00", "2026-01-19T06:00", "2026-01-23T18:00"),
        ("fri 18:00-fri 06:00", "2026-01-23T12:00", "2026-01-23T18:00"),
        # at the end of a month, of a year, of a leap February
        ("sat 00:00-mon 00:00", "2026-01-30T12:00", "2026-01-31T00:00"),
        ("sat 00:00-mon 00:00", "2026-02-01T23:59", "2026-02-01T23:59"),
        ("sat 00:00-mon 00:00", "2026-12-31T12:00", "2027-01-02T00:00"),
        ("00:00-08:00", "2026-12-31T23:00", "2027-01-01T00:00"),
        ("06:00-18:00", "2028-02-29T18:00", "2028-03-01T06:00"),
    ],
)
def test_they_last_from_the_next_beginning_on_or_already(hours: str, now: str, begins: str) -> None:
    assert Hours.parse(hours).next(ZURICH, at(now)) == at(begins)


@pytest.mark.parametrize(
    ("zone", "hours", "now", "begins"),
    [
        # Zurich, 29 March 2026: 02:00 becomes 03:00
        (ZURICH, "06:00-18:00", "2026-03-28T18:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        (ZURICH, "02:30-05:00", "2026-03-29T01:59:00+01:00", "2026-03-29T03:30:00+02:00"),
        (ZURICH, "02:30-02:45", "2026-03-29T03:44:59+02:00", "2026-03-29T03:44:59+02:00"),
        (ZURICH, "22:00-06:00", "2026-03-29T05:59:00+02:00", "2026-03-29T05:59:00+02:00"),
        (ZURICH, "22:00-06:00", "2026-03-29T06:00:00+02:00", "2026-03-29T22:00:00+02:00"),
        # Zurich, 25 October 2026: 03:00 becomes 02:00
        (ZURICH, "06:00-18:00", "2026-10-24T18:00:00+02:00", "2026-10-25T06:00:00+01:00"),
        (ZURICH, "02:30-05:00", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        (ZURICH, "02:30-05:00", "2026-10-25T02:10:00+01:00", "2026-10-25T02:10:00+01:00"),
        (ZURICH, "00:00-02:30", "2026-10-25T02:15:00+01:00", "2026-10-26T00:00:00+01:00"),
        # a zone that changes nothing and is no whole number of hours away
        (KOLKATA, "18:00-22:00", "2026-06-01T12:00:00+00:00", "2026-06-01T12:30:00+00:00"),
        # a change at midnight (Santiago, 6 September 2026: 00:00 becomes 01:00), and one of half an hour
        (SANTIAGO, "00:00-08:00", "2026-09-05T20:00:00-04:00", "2026-09-06T04:00:00+00:00"),
        (LORD_HOWE, "06:00-18:00", "2026-10-04T01:00:00+10:30", "2026-10-04T06:00:00+11:00"),
    ],
)
def test_a_change_of_the_clock_moves_the_moments_not_the_hours(
    zone: ZoneInfo, hours: str, now: str, begins: str
) -> None:
    found = Hours.parse(hours).next(zone, datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(begins)


def test_what_a_change_skips_or_repeats_is_one_moment_all_the_same() -> None:
    assert moment(date(2026, 3, 29), 150, ZURICH) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert moment(date(2026, 10, 25), 150, ZURICH) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.integers(0, 373 * 86_400).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from([*USUAL.values(), Hours.parse("fri 18:00-mon 06:00"), Hours.parse("mon-fri 02:15-02:45")]),
    st.sampled_from([ZURICH, KOLKATA, SANTIAGO, LORD_HOWE]),
)
def test_whoever_waits_waits_for_a_week_at_most_and_not_once_it_has_come(
    now: datetime, hours: Hours, zone: ZoneInfo
) -> None:
    comes = hours.next(zone, now)
    assert now <= comes <= now + timedelta(days=7, hours=1)
    assert hours.next(zone, comes) == comes
