"""What a queue claims as a whole follows from what it tells: take one thing away, and the claim goes with it."""

import pytest

from ippgate.doors.ipp.claims import is_everywhere, versions
from ippgate.doors.ipp.description import described
from ippgate.doors.ipp.face import CHANGING
from ippgate.doors.ipp.table import FOR_OPERATORS, HANDLERS, OF_PRINTERS
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


def test_ipp_2_1_is_claimed_with_every_operation_but_those_that_are_refused() -> None:
    names = {*told(), *CHANGING, *NOTIFICATIONS}
    operations = {int(each) for each in Operation}
    assert versions(operations, names) == ("1.1", "2.0", "2.1")
    refused = {Operation.RESTART_JOB, Operation.PURGE_JOBS, Operation.REPROCESS_JOB}
    assert not refused & set(HANDLERS)
    assert versions(operations - refused - FOR_OPERATORS, names) == ("1.1", "2.0", "2.1")
    for missing in (Operation.GET_NOTIFICATIONS, Operation.HOLD_JOB, Operation.RESUBMIT_JOB):
        assert versions(operations - {missing}, names) == ("1.1", "2.0")
    for name in NOTIFICATIONS:
        assert versions(operations, names - {name}) == ("1.1", "2.0")
