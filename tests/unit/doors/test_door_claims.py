"""What a queue claims as a whole follows from what it tells: take one thing away, and the claim goes with it."""

import pytest

from ippgate.doors.ipp.claims import NEWEST_OPERATIONS, is_everywhere, versions
from ippgate.doors.ipp.description import described
from ippgate.doors.ipp.face import CHANGING
from ippgate.doors.ipp.table import FOR_OPERATORS, HANDLERS, OF_PRINTERS, REASONS
from ippgate.doors.settings import DoorSettings
from ippgate.ipp import Attribute, Operation
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE, read
from tests.unit.model.nouns import queue

NOTIFICATIONS = (
    A.NOTIFY_EVENTS_DEFAULT,
    A.NOTIFY_EVENTS_SUPPORTED,
    A.NOTIFY_LEASE_DURATION_DEFAULT,
    A.NOTIFY_LEASE_DURATION_SUPPORTED,
    A.NOTIFY_MAX_EVENTS_SUPPORTED,
    A.NOTIFY_PULL_METHOD_SUPPORTED,
    A.IPPGET_EVENT_LIFE,
)


def told() -> dict[str, Attribute]:
    """All that a queue of the safe profile tells, the versions put in by hand."""
    fixed = [*SAFE.attributes(), SAFE.media.database(), *described(queue(), SAFE, DoorSettings(), OF_PRINTERS)]
    everything = {each.name: each for each in (*fixed, attribute(A.IPP_VERSIONS_SUPPORTED, "1.1", "2.0"))}
    return everything | {A.OVERRIDES_SUPPORTED: attribute(A.OVERRIDES_SUPPORTED, "pages", "document-numbers")}


def test_ipp_everywhere_is_claimed_with_all_of_it() -> None:
    assert is_everywhere(told(), CHANGING)


@pytest.mark.parametrize(
    "name",
    [
        A.PRINTER_GEO_LOCATION,
        A.MEDIA_COL_DATABASE,
        A.PWG_RASTER_DOCUMENT_TYPE_SUPPORTED,
        A.PWG_RASTER_DOCUMENT_SHEET_BACK,
        A.PAGES_PER_MINUTE_COLOR,
        A.OVERRIDES_SUPPORTED,
        A.PAGE_RANGES_SUPPORTED,
        A.DOCUMENT_PASSWORD_SUPPORTED,
        A.PRINT_QUALITY_DEFAULT,
    ],
)
def test_without_one_attribute_it_is_not(name: str) -> None:
    less = {each: value for each, value in told().items() if each != name}
    assert not is_everywhere(less, CHANGING)


@pytest.mark.parametrize("name", [A.PRINTER_SUPPLY, A.QUEUED_JOB_COUNT, A.URI_SECURITY_SUPPORTED])
def test_without_one_that_changes_it_is_not(name: str) -> None:
    assert not is_everywhere(told(), set(CHANGING) - {name})


@pytest.mark.parametrize(
    "other",
    [
        attribute(A.OVERRIDES_SUPPORTED, "document-numbers"),
        attribute(A.PAGE_RANGES_SUPPORTED, False),
        attribute(A.COLOR_SUPPORTED, False),
        attribute(A.DOCUMENT_FORMAT_SUPPORTED, "application/pdf", "image/jpeg"),
        attribute(A.DOCUMENT_FORMAT_SUPPORTED, "application/pdf", "image/pwg-raster"),
        attribute(A.FINISHINGS_SUPPORTED, Finishings.NONE, Finishings.STAPLE),
        attribute(A.OPERATIONS_SUPPORTED, *(code for code in OF_PRINTERS if code != Operation.CLOSE_JOB)),
    ],
    ids=lambda one: one.name,
)
def test_with_less_of_one_attribute_it_is_not(other: Attribute) -> None:
    assert not is_everywhere(told() | {other.name: other}, CHANGING)


def test_finishings_are_claimed_where_they_are_in_a_collection_too() -> None:
    more = attribute(A.FINISHINGS_SUPPORTED, Finishings.NONE, Finishings.STAPLE)
    stapler = read([attribute(A.FINISHINGS_SUPPORTED, Finishings.NONE, Finishings.STAPLE)]).offer(A.FINISHINGS_COL)
    assert stapler is not None
    collection = {each.name: each for each in stapler.attributes()}
    assert is_everywhere(told() | {more.name: more} | collection, CHANGING)
    for name in collection:
        less = {each: value for each, value in collection.items() if each != name}
        assert not is_everywhere(told() | {more.name: more} | less, CHANGING)


COLUMN_22 = {
    *(Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB, Operation.SEND_DOCUMENT, Operation.CANCEL_JOB),
    *(Operation.GET_JOB_ATTRIBUTES, Operation.GET_JOBS, Operation.GET_PRINTER_ATTRIBUTES, Operation.HOLD_JOB),
    *(Operation.RELEASE_JOB, Operation.PAUSE_PRINTER, Operation.RESUME_PRINTER, Operation.SET_PRINTER_ATTRIBUTES),
    *(Operation.SET_JOB_ATTRIBUTES, Operation.GET_PRINTER_SUPPORTED_VALUES, Operation.CREATE_PRINTER_SUBSCRIPTIONS),
    *(Operation.CREATE_JOB_SUBSCRIPTIONS, Operation.GET_SUBSCRIPTION_ATTRIBUTES, Operation.GET_SUBSCRIPTIONS),
    *(Operation.RENEW_SUBSCRIPTION, Operation.CANCEL_SUBSCRIPTION, Operation.GET_NOTIFICATIONS),
    *(Operation.ENABLE_PRINTER, Operation.DISABLE_PRINTER, Operation.PAUSE_PRINTER_AFTER_CURRENT_JOB),
    *(Operation.HOLD_NEW_JOBS, Operation.RELEASE_HELD_NEW_JOBS, Operation.RESTART_PRINTER, Operation.SHUTDOWN_PRINTER),
    *(Operation.CANCEL_CURRENT_JOB, Operation.SUSPEND_CURRENT_JOB, Operation.RESUME_JOB, Operation.PROMOTE_JOB),
    *(Operation.SCHEDULE_JOB_AFTER, Operation.GET_DOCUMENT_ATTRIBUTES, Operation.GET_DOCUMENTS),
    *(Operation.SET_DOCUMENT_ATTRIBUTES, Operation.CANCEL_JOBS, Operation.CANCEL_MY_JOBS, Operation.RESUBMIT_JOB),
    *(Operation.CLOSE_JOB, Operation.GET_USER_PRINTER_ATTRIBUTES),
}
"""What IPP/2.2 requires (PWG 5100.12-2024) of operations, what destroys counts left out."""

LACKING_22 = {Operation.RESTART_PRINTER, Operation.SHUTDOWN_PRINTER}


@pytest.mark.parametrize("operation", sorted(COLUMN_22))
def test_each_operation_of_ipp_2_2_is_there_or_named_as_lacking_with_a_reason(operation: Operation) -> None:
    assert (operation in HANDLERS) == (operation not in LACKING_22)
    assert (operation in REASONS) == (operation in LACKING_22)


def test_ipp_2_2_is_not_claimed_while_anything_of_it_is_lacking() -> None:
    names = {*told(), *CHANGING, *NOTIFICATIONS}
    alerting = names | {A.PRINTER_ALERT, A.PRINTER_ALERT_DESCRIPTION}
    assert COLUMN_22 >= NEWEST_OPERATIONS
    assert versions(OF_PRINTERS, alerting) == ("1.1", "2.0", "2.1")
    assert versions(COLUMN_22, alerting) == ("1.1", "2.0", "2.1", "2.2")
    assert versions(COLUMN_22, names) == ("1.1", "2.0", "2.1")
    for missing in NEWEST_OPERATIONS:
        assert "2.2" not in versions(COLUMN_22 - {missing}, alerting)


def test_ipp_2_1_is_claimed_with_every_operation_but_those_that_are_refused() -> None:
    names = {*told(), *CHANGING, *NOTIFICATIONS}
    operations = {int(each) for each in Operation} - LACKING_22
    assert versions(operations, names) == ("1.1", "2.0", "2.1")
    refused = {Operation.RESTART_JOB, Operation.PURGE_JOBS, Operation.REPROCESS_JOB}
    assert not refused & set(HANDLERS)
    assert versions(operations - refused - FOR_OPERATORS, names) == ("1.1", "2.0", "2.1")
    for missing in (Operation.GET_NOTIFICATIONS, Operation.HOLD_JOB, Operation.RESUBMIT_JOB):
        assert versions(operations - {missing}, names) == ("1.1", "2.0")
    for name in NOTIFICATIONS:
        assert versions(operations, names - {name}) == ("1.1", "2.0")
