"""finishings-col in a request: possible, conflicting, or malformed, and the exact answer to each (PWG 5100.1, 5.2)."""

from datetime import UTC, datetime

import pytest

from ippgate.intake.changes import judge_changes
from ippgate.intake.ticket import Ticket, judge
from ippgate.ipp import DELETE_ATTRIBUTE, NO_VALUE, UNSUPPORTED, Attribute, Group, IppError, Status, Tag, Value
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import SAFE, Capabilities, read
from ippgate.model.capabilities.finishing import collected

FINISHER = read([attribute(A.FINISHINGS_SUPPORTED, 3, 4, 5)])
NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)
INSISTED = attribute(A.IPP_ATTRIBUTE_FIDELITY, True)
STAPLE_BY_NUMBER = attribute(A.FINISHINGS, 4)


def wish(*templates: str) -> Attribute:
    return Attribute(A.FINISHINGS_COL, tuple(map(collected, templates)))


def judged(*job: Attribute, able: Capabilities = FINISHER, operation: tuple[Attribute, ...] = ()) -> Ticket:
    return judge(Group(Tag.OPERATION, list(operation)), job, able, 1000, NOW)


def test_templates_are_taken_one_or_several() -> None:
    for asked in (wish("staple"), wish("staple", "punch"), wish("none")):
        assert judged(asked, operation=(INSISTED,)) == Ticket((asked,))
    assert judged(Attribute(A.FINISHINGS_COL, (NO_VALUE,))).template == (wish("none"),)


def test_of_several_the_impossible_one_alone_is_told() -> None:
    ticket = judged(wish("staple", "laminate"))
    assert (ticket.template, ticket.unsupported) == ((wish("staple"),), (wish("laminate"),))
    assert ticket.status == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES


MALFORMED = {
    "no collection": Value(Tag.KEYWORD, b"staple"),
    "an empty one": Value(Tag.BEG_COLLECTION, ()),
    "a number for a template": Value(
        Tag.BEG_COLLECTION, (Attribute(A.FINISHING_TEMPLATE, (Value(Tag.INTEGER, b"\0\0\0\4"),)),)
    ),
    "two templates in one": Value(
        Tag.BEG_COLLECTION, (attribute(A.FINISHING_TEMPLATE, "staple", "punch", tag=Tag.KEYWORD),)
    ),
    "a member that nobody knows": Value(Tag.BEG_COLLECTION, (Attribute("stapling", (Value(Tag.KEYWORD, b"yes"),)),)),
    "a template that nobody has": collected("vendor-corner"),
    "details": collection({"stitching": {"stitching-offset": 3}}, A.FINISHINGS_COL),
}


@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED)
def test_what_cannot_be_is_unsupported_and_refused_where_it_is_insisted_on(value: Value) -> None:
    asked = Attribute(A.FINISHINGS_COL, (value,))
    ticket = judged(asked, attribute(A.COPIES, 1))
    assert (ticket.template, ticket.unsupported) == ((attribute(A.COPIES, 1),), (asked,))
    for insisting in (INSISTED, attribute(A.JOB_MANDATORY_ATTRIBUTES, A.FINISHINGS_COL)):
        with pytest.raises(IppError) as caught:
            judged(asked, operation=(insisting,))
        assert caught.value.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
        assert list(caught.value.unsupported) == [asked]


def test_a_queue_that_does_nothing_to_sheets_does_not_know_it() -> None:
    assert judged(wish("none"), able=SAFE).unsupported == (Attribute(A.FINISHINGS_COL, (UNSUPPORTED,)),)


def test_with_finishings_it_conflicts() -> None:
    ticket = judged(STAPLE_BY_NUMBER, wish("punch"))
    assert ticket.status == Status.SUCCESSFUL_OK_CONFLICTING_ATTRIBUTES
    assert (ticket.template, ticket.unsupported) == ((wish("punch"),), (STAPLE_BY_NUMBER,))
    for insisting in (INSISTED, attribute(A.JOB_MANDATORY_ATTRIBUTES, A.FINISHINGS)):
        with pytest.raises(IppError) as caught:
            judged(STAPLE_BY_NUMBER, wish("staple"), operation=(insisting,))
        assert caught.value.status == Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
        assert list(caught.value.unsupported) == [STAPLE_BY_NUMBER, wish("staple")]


def test_set_job_attributes_replaces_the_one_by_the_other_and_refuses_both() -> None:
    assert judge_changes([wish("punch")], (STAPLE_BY_NUMBER,), FINISHER, NOW).template == (wish("punch"),)
    assert judge_changes([STAPLE_BY_NUMBER], (wish("punch"),), FINISHER, NOW).template == (STAPLE_BY_NUMBER,)
    forget = Attribute(A.FINISHINGS, (DELETE_ATTRIBUTE,))
    assert judge_changes([forget, wish("punch")], (STAPLE_BY_NUMBER,), FINISHER, NOW).template == (wish("punch"),)
    for changes, status in (
        ([wish("punch"), STAPLE_BY_NUMBER], Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES),
        ([wish("punch", "laminate")], Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED),
    ):
        with pytest.raises(IppError) as caught:
            judge_changes(changes, (), FINISHER, NOW)
        assert caught.value.status == status
