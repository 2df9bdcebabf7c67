"""What a group of subscription attributes may ask for, and what becomes of the rest (RFC 3995 section 5.2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Range, Status, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import keywords_of
from ippgate.model.subscription import Subscribed
from ippgate.notice.settings import LONGEST_LEASE, NoticeSettings
from ippgate.notice.wish import DEFAULT_EVENTS, MAX_EVENTS, SHORTEST_LEASE, Wish, lease_of, leases, wish_of

URI = "ipp://gate:8631/ipp/print/followme"
IPPGET = attribute(A.NOTIFY_PULL_METHOD, "ippget")
SETTINGS = NoticeSettings()
OK, IGNORED = Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED


def asked(*attributes: Attribute, of_job: bool = False, charset: str = "utf-8") -> Wish:
    operation = Group(Tag.OPERATION, [attribute(A.ATTRIBUTES_CHARSET, charset)])
    return wish_of(Group(Tag.SUBSCRIPTION, list(attributes)), operation, URI, SETTINGS, of_job=of_job)


def test_every_event_that_can_be_subscribed_to_is_registered() -> None:
    assert set(map(str, Subscribed)) <= keywords_of(A.NOTIFY_EVENTS)


def test_what_is_not_asked_for_is_as_the_printer_has_it() -> None:
    wish = asked(IPPGET)
    assert (wish.status, wish.unsupported) == (OK, [])
    assert wish.new is not None
    assert (wish.new.events, wish.new.lease, wish.new.user_data) == (DEFAULT_EVENTS, SETTINGS.lease, None)
    assert (wish.new.charset, wish.new.language, wish.new.time_interval) == ("utf-8", "en", 0)
    assert wish.new.printer_uri == URI


def test_what_is_asked_for_is_taken() -> None:
    wish = asked(
        IPPGET,
        attribute(A.NOTIFY_EVENTS, "job-completed", "printer-stopped", "job-completed"),
        attribute(A.NOTIFY_USER_DATA, b"\x00" * 63),
        attribute(A.NOTIFY_CHARSET, "US-ASCII"),
        attribute(A.NOTIFY_NATURAL_LANGUAGE, "en"),
        attribute(A.NOTIFY_TIME_INTERVAL, 30),
        attribute(A.NOTIFY_LEASE_DURATION, 3600),
    )
    assert (wish.status, wish.unsupported) == (OK, [])
    assert wish.new is not None
    assert wish.new.events == (Subscribed.JOB_COMPLETED, Subscribed.PRINTER_STOPPED)
    assert (wish.new.user_data, wish.new.charset, wish.new.time_interval) == (b"\x00" * 63, "us-ascii", 30)
    assert wish.new.lease == 3600


def test_without_a_charset_of_its_own_a_subscription_has_the_request_s() -> None:
    wish = asked(IPPGET, charset="us-ascii")
    assert wish.new is not None
    assert wish.new.charset == "us-ascii"


@pytest.mark.parametrize("uri", ["mailto:anna@example.com", "ftp://192.0.2.1/", "ipp://192.0.2.1/", "rss://x"])
@pytest.mark.parametrize("more", [(), (IPPGET,)])
def test_nothing_is_sent_to_an_address(uri: str, more: tuple[Attribute, ...]) -> None:
    recipient = attribute(A.NOTIFY_RECIPIENT_URI, uri)
    wish = asked(recipient, *more)
    assert wish == Wish(None, Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, [recipient])


def test_without_a_way_to_be_told_the_request_is_bad() -> None:
    with pytest.raises(IppError, match="send ippget, and fetch with Get-Notifications") as caught:
        asked(attribute(A.NOTIFY_EVENTS, "job-completed"))
    assert caught.value.status is Status.CLIENT_ERROR_BAD_REQUEST


@pytest.mark.parametrize(
    "method",
    [
        attribute(A.NOTIFY_PULL_METHOD, "other"),
        Attribute(A.NOTIFY_PULL_METHOD, (Value(Tag.KEYWORD, b"IPPGET"),)),
        Attribute(A.NOTIFY_PULL_METHOD, (Value(Tag.INTEGER, b"\0\0\0\1"),)),
        Attribute(A.NOTIFY_PULL_METHOD, (IPPGET.first, IPPGET.first)),
        Attribute(A.NOTIFY_PULL_METHOD, (UNSUPPORTED,)),
    ],
)
def test_another_pull_method_is_refused(method: Attribute) -> None:
    assert asked(method) == Wish(None, NOT_SUPPORTED, [method])


def test_no_events_alone_are_no_subscription() -> None:
    none = attribute(A.NOTIFY_EVENTS, "none")
    assert asked(IPPGET, none) == Wish(None, NOT_SUPPORTED, [none])


def test_events_that_are_not_known_are_named_and_left_out() -> None:
    wish = asked(IPPGET, attribute(A.NOTIFY_EVENTS, "none", "job-created", "printer-restarted", "x-made-up"))
    assert wish.new is not None
    assert wish.new.events == (Subscribed.JOB_CREATED,)
    assert wish.unsupported == [attribute(A.NOTIFY_EVENTS, "none", "printer-restarted", "x-made-up")]
    assert wish.status is IGNORED


def test_if_no_event_is_known_the_default_counts() -> None:
    wish = asked(IPPGET, attribute(A.NOTIFY_EVENTS, "printer-restarted"))
    assert wish.new is not None
    assert (wish.new.events, wish.status) == (DEFAULT_EVENTS, IGNORED)


def test_more_events_than_there_are_is_too_many_events() -> None:
    names = [f"x-{number}" for number in range(MAX_EVENTS)]
    wish = asked(IPPGET, attribute(A.NOTIFY_EVENTS, "job-created", *names))
    assert wish.status is Status.SUCCESSFUL_OK_TOO_MANY_EVENTS
    assert wish.unsupported == [attribute(A.NOTIFY_EVENTS, *names)]
    assert wish.new is not None
    assert wish.new.events == (Subscribed.JOB_CREATED,)


@pytest.mark.parametrize(
    "bad",
    [
        attribute(A.NOTIFY_USER_DATA, Value(Tag.OCTET_STRING, b"x" * 64)),
        attribute(A.NOTIFY_USER_DATA, Value(Tag.INTEGER, b"\0\0\0\1")),
        attribute(A.NOTIFY_CHARSET, "iso-8859-1"),
        attribute(A.NOTIFY_NATURAL_LANGUAGE, "de"),
        attribute(A.NOTIFY_TIME_INTERVAL, Value(Tag.INTEGER, b"\xff\xff\xff\xff")),
        Attribute(A.NOTIFY_TIME_INTERVAL, (Value(Tag.INTEGER, b"\0\0\0\1"),) * 2),
        Attribute(A.NOTIFY_CHARSET, (UNSUPPORTED,)),
    ],
)
def test_values_that_are_not_possible_are_returned_as_they_came(bad: Attribute) -> None:
    wish, usual = asked(IPPGET, bad), asked(IPPGET)
    assert wish == replace(usual, status=IGNORED, unsupported=[bad])


@pytest.mark.parametrize("name", [A.NOTIFY_ATTRIBUTES, A.NOTIFY_SUBSCRIPTION_ID, "x-made-up"])
def test_attributes_that_cannot_be_asked_for_are_unsupported(name: str) -> None:
    wish = asked(IPPGET, Attribute(name, (Value(Tag.KEYWORD, b"x"),)))
    assert (wish.status, wish.unsupported) == (IGNORED, [Attribute(name, (UNSUPPORTED,))])
    assert wish.new is not None


def test_a_job_s_subscription_has_no_lease() -> None:
    wish = asked(IPPGET, attribute(A.NOTIFY_LEASE_DURATION, 3600), of_job=True)
    assert wish.unsupported == [Attribute(A.NOTIFY_LEASE_DURATION, (UNSUPPORTED,))]
    assert wish.new is not None
    assert (wish.new.lease, wish.status) == (None, IGNORED)


@pytest.mark.parametrize(
    ("lease", "given"),
    [(0, 0), (1, SHORTEST_LEASE), (60, 60), (604_800, 604_800), (604_801, 604_800), (LONGEST_LEASE, 604_800), (-7, 60)],
)
def test_a_lease_is_as_near_as_can_be_to_what_was_asked_for(lease: int, given: int) -> None:
    value = Value(Tag.INTEGER, lease.to_bytes(4, "big", signed=True))
    wish = asked(IPPGET, Attribute(A.NOTIFY_LEASE_DURATION, (value,)))
    assert wish.new is not None
    assert (wish.new.lease, wish.status) == (given, OK if lease == given else IGNORED)


@given(st.none() | st.integers(-(2**31), 2**31 - 1))
def test_every_lease_that_is_given_is_one_that_is_supported(lease: int | None) -> None:
    never, span = leases(SETTINGS)
    given = lease_of(lease, SETTINGS)
    assert given == never or span.low <= given <= span.high
    assert (given == 0) == (lease == 0)
    assert isinstance(span, Range)
