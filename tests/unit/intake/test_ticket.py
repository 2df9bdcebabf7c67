"""What is asked of a job, held against what can be done (RFC 8011 section 4.1.7), without a door."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ippgate.intake.changes import Changes, judge_changes, settable
from ippgate.intake.ticket import Ticket, compression, document_format, judge
from ippgate.ipp import (
    DELETE_ATTRIBUTE,
    NO_VALUE,
    UNSUPPORTED,
    Attribute,
    Group,
    IppError,
    Range,
    Resolution,
    Status,
    Tag,
    Value,
)
from ippgate.ipp.builder import Members, Plain, attribute, collection
from ippgate.ipp.registry import Finishings, PrintQuality
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import PJL, SAFE, Choice

MAX_K = 1000
NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)


def judged(*job: Attribute, operation: tuple[Attribute, ...] = ()) -> Ticket:
    return judge(Group(Tag.OPERATION, list(operation)), job, SAFE, MAX_K, NOW)


def refused(*job: Attribute, operation: tuple[Attribute, ...] = ()) -> IppError:
    with pytest.raises(IppError) as caught:
        judged(*job, operation=operation)
    return caught.value


def test_nothing_asked_for_is_nothing_refused() -> None:
    assert judged() == Ticket((), 50, None, (), False)
    assert judged().status == Status.SUCCESSFUL_OK


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (A.COPIES, (1, 999), (0, -1, 1000)),
        (A.FINISHINGS, (Finishings.NONE,), (Finishings.STAPLE,)),
        (A.JOB_SHEETS, ("none",), ("standard",)),
        (A.MEDIA, ("iso_a4_210x297mm", "na_letter_8.5x11in"), ("iso_a0_841x1189mm", "a4")),
        (A.NUMBER_UP, (1,), (2,)),
        (A.PRINT_COLOR_MODE, ("auto", "color", "monochrome"), ("bi-level",)),
        (A.PRINT_QUALITY, tuple(PrintQuality), ()),
        (A.PRINTER_RESOLUTION, (Resolution(600, 600),), (Resolution(1200, 1200), Resolution(600, 600, 4))),
        (A.SIDES, ("one-sided", "two-sided-long-edge", "two-sided-short-edge"), ("tumble",)),
        (A.PAGE_RANGES, (Range(1, 1), Range(5, 2**31 - 1)), ()),
    ],
)
def test_each_wish_is_possible_or_not(name: str, good: tuple[Plain, ...], bad: tuple[Plain, ...]) -> None:
    for value in good:
        wish = attribute(name, value)
        assert judged(wish) == Ticket((wish,))
    for value in bad:
        wish = attribute(name, value) if not isinstance(value, int) or value > 0 else _integer(name, value)
        ticket = judged(wish)
        assert (ticket.template, ticket.unsupported) == ((), (wish,))
        assert ticket.status == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES


def _integer(name: str, number: int) -> Attribute:
    return Attribute(name, (Value(Tag.INTEGER, number.to_bytes(4, "big", signed=True)),))


@pytest.mark.parametrize(
    "wish",
    [
        Attribute(A.COPIES, (Value(Tag.KEYWORD, b"2"),)),
        Attribute(A.COPIES, (NO_VALUE,)),
        Attribute(A.COPIES, (Value(Tag.INTEGER, b"\0\0\0\1"), Value(Tag.INTEGER, b"\0\0\0\2"))),
        Attribute(A.PRINT_QUALITY, (Value(Tag.INTEGER, b"\0\0\0\4"),)),
        Attribute(A.SIDES, (UNSUPPORTED,)),
        Attribute(A.MEDIA_COL, (Value(Tag.KEYWORD, b"iso_a4_210x297mm"),)),
    ],
)
def test_a_value_of_another_kind_is_named_as_it_came(wish: Attribute) -> None:
    assert judged(wish) == Ticket(unsupported=(wish,))


def test_a_keyword_may_come_as_a_name() -> None:
    as_name = Attribute(A.MEDIA, (Value(Tag.NAME, b"iso_a4_210x297mm"),))
    assert judged(as_name).template == (attribute(A.MEDIA, "iso_a4_210x297mm"),)


def test_of_a_set_the_possible_values_stay() -> None:
    ticket = judged(attribute(A.FINISHINGS, 3, 4, 5))
    assert ticket.template == (attribute(A.FINISHINGS, 3),)
    assert ticket.unsupported == (attribute(A.FINISHINGS, 4, 5),)


def media_col(**members: object) -> Attribute:
    named = {name.replace("_", "-"): value for name, value in members.items()}
    return Attribute(A.MEDIA_COL, (collection(named, A.MEDIA_COL),))  # type: ignore[arg-type]  # tests name odd members


A4 = {A.X_DIMENSION: 21000, A.Y_DIMENSION: 29700}


@pytest.mark.parametrize(
    ("wish", "kept", "named"),
    [
        (media_col(media_size=A4), media_col(media_size=A4), None),
        (media_col(media_size={A.X_DIMENSION: 21010, A.Y_DIMENSION: 29680}), "same", None),
        (media_col(media_size_name="na_letter_8.5x11in"), "same", None),
        (media_col(media_size=A4, media_type="stationery", media_source="auto", media_top_margin=423), "same", None),
        (
            media_col(media_size=A4, media_type="cardboard", media_top_margin=0),
            media_col(media_size=A4),
            media_col(media_type="cardboard", media_top_margin=0),
        ),
        (media_col(media_size={A.X_DIMENSION: 1, A.Y_DIMENSION: 1}), None, "same"),
        (media_col(media_size={A.X_DIMENSION: 21000}), None, "same"),
        (media_col(media_color="blue"), None, "same"),
        (Attribute(A.MEDIA_COL, (Value(Tag.BEG_COLLECTION, ()),)), None, "same"),
    ],
)
def test_of_a_collection_the_possible_members_stay(
    wish: Attribute, kept: Attribute | str | None, named: Attribute | str | None
) -> None:
    expected = tuple((wish,) if each == "same" else (each,) if each else () for each in (kept, named))
    ticket = judged(wish)
    assert (ticket.template, ticket.unsupported) == expected


def test_hold_and_priority_have_their_own_place() -> None:
    ticket = judged(attribute(A.JOB_PRIORITY, 1), attribute(A.JOB_HOLD_UNTIL, "indefinite"), attribute(A.COPIES, 2))
    assert (ticket.priority, ticket.hold_until, ticket.template) == (1, "indefinite", (attribute(A.COPIES, 2),))
    assert judged(attribute(A.JOB_HOLD_UNTIL, "no-hold")).hold_until is None
    assert judged(attribute(A.JOB_HOLD_UNTIL, "night")).hold_until == "night"
    assert judged(attribute(A.JOB_HOLD_UNTIL, "full-moon")).hold_until is None
    assert judged(attribute(A.JOB_HOLD_UNTIL_TIME, NOW)).hold_until == NOW
    both = judged(attribute(A.JOB_HOLD_UNTIL, "no-hold"), operation=(attribute(A.JOB_HOLD_UNTIL, "indefinite"),))
    assert both.hold_until is None


def test_insisting_names_what_was_insisted_on_only() -> None:
    error = refused(
        attribute(A.COPIES, 1000),
        attribute(A.NUMBER_UP, 4),
        operation=(attribute(A.JOB_MANDATORY_ATTRIBUTES, A.NUMBER_UP),),
    )
    assert error.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert error.unsupported == [attribute(A.NUMBER_UP, 4)]


def test_a_contradiction_is_refused_if_either_side_is_insisted_on() -> None:
    both = (attribute(A.MEDIA, "iso_a4_210x297mm"), media_col(media_size=A4))
    for name in (A.MEDIA, A.MEDIA_COL):
        error = refused(*both, operation=(attribute(A.JOB_MANDATORY_ATTRIBUTES, name),))
        assert error.status == Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
    ticket = judged(*both, operation=(attribute(A.JOB_MANDATORY_ATTRIBUTES, A.COPIES),))
    assert (ticket.status, ticket.conflicting) == (Status.SUCCESSFUL_OK_CONFLICTING_ATTRIBUTES, True)
    assert ticket.template == (both[1],)


@pytest.mark.parametrize("name", [A.JOB_K_OCTETS, A.JOB_IMPRESSIONS, A.JOB_MEDIA_SHEETS])
def test_estimates_are_checked_and_forgotten(name: str) -> None:
    assert judged(operation=(attribute(name, 1000),)) == Ticket()
    assert judged(attribute(name, 1000)) == Ticket()
    assert refused(operation=(_integer(name, -1),)).unsupported == [_integer(name, -1)]


def test_a_document_is_not_announced_larger_than_it_may_be() -> None:
    assert refused(operation=(attribute(A.JOB_K_OCTETS, MAX_K + 1),)).unsupported


def test_other_capabilities_judge_otherwise() -> None:
    staples = attribute(A.FINISHINGS, 3, 4)
    offers = tuple(
        replace(offer, rule=Choice(staples.values)) if offer.name == A.FINISHINGS else offer for offer in SAFE.offers
    )
    able = replace(SAFE, offers=offers)
    assert judge(Group(Tag.OPERATION), [staples], able, MAX_K, NOW) == Ticket((staples,))
    assert judge(Group(Tag.OPERATION), [staples], SAFE, MAX_K, NOW).unsupported == (attribute(A.FINISHINGS, 4),)


def test_format_and_compression_have_defaults() -> None:
    nothing = Group(Tag.OPERATION)
    assert document_format(nothing, SAFE) == "application/octet-stream"
    assert compression(nothing, SAFE) == "none"
    wrong = Group(Tag.OPERATION, [Attribute(A.DOCUMENT_FORMAT, (NO_VALUE,))])
    with pytest.raises(IppError):
        document_format(wrong, SAFE)


def test_changes_replace_what_is_there_and_leave_the_rest() -> None:
    template = (attribute(A.COPIES, 2), attribute(A.SIDES, "one-sided"))
    assert judge_changes([attribute(A.COPIES, 3)], template, SAFE, NOW) == Changes(
        template=(attribute(A.COPIES, 3), attribute(A.SIDES, "one-sided"))
    )
    assert judge_changes([attribute(A.JOB_PRIORITY, 7)], template, SAFE, NOW) == Changes(priority=7)
    assert judge_changes([attribute(A.JOB_HOLD_UNTIL, "no-hold")], template, SAFE, NOW) == Changes(hold_until="no-hold")
    assert judge_changes([attribute(A.JOB_NAME, "  A \n B ")], template, SAFE, NOW) == Changes(name="A B")
    assert judge_changes([attribute(A.COPIES, 2)], template, SAFE, NOW) == Changes()


@pytest.mark.parametrize(
    "wish",
    [
        attribute(A.PRINT_COLOR_MODE, "color"),
        attribute(A.PRINT_COLOR_MODE, "auto"),
        Attribute(A.PRINT_COLOR_MODE, (DELETE_ATTRIBUTE,)),
    ],
)
def test_a_job_that_came_in_black_and_white_stays_so(wish: Attribute) -> None:
    with pytest.raises(IppError) as refused:
        judge_changes([wish, attribute(A.COPIES, 2)], (attribute(A.PRINT_COLOR_MODE, "monochrome"),), SAFE, NOW)
    assert refused.value.status is Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert refused.value.unsupported == [wish]
    colored = (attribute(A.PRINT_COLOR_MODE, "color"),)
    assert judge_changes([attribute(A.PRINT_COLOR_MODE, "monochrome")], colored, SAFE, NOW).template


def test_what_can_be_set_is_what_can_be_asked_for_and_the_name() -> None:
    assert set(settable(SAFE)) == {A.JOB_NAME, *(offer.name for offer in SAFE.offers)}


# until when

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "several",
    [
        (attribute(A.JOB_HOLD_UNTIL, "night"), attribute(A.JOB_HOLD_UNTIL_TIME, LATER)),
        (attribute(A.JOB_HOLD_UNTIL, "no-hold"), attribute(A.JOB_HOLD_UNTIL_TIME, LATER)),
        (attribute(A.JOB_RETAIN_UNTIL, "none"), attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 5)),
        (attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 5), attribute(A.JOB_RETAIN_UNTIL_TIME, LATER)),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL, "night"), attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, LATER)),
        (attribute(A.JOB_DELAY_OUTPUT_UNTIL_INTERVAL, 5), attribute(A.JOB_DELAY_OUTPUT_UNTIL_TIME, LATER)),
    ],
)
def test_until_when_is_said_once_insisted_on_or_not(several: tuple[Attribute, ...]) -> None:
    for fidelity in ((), (attribute(A.IPP_ATTRIBUTE_FIDELITY, False),), (attribute(A.IPP_ATTRIBUTE_FIDELITY, True),)):
        error = refused(*several, operation=fidelity)
        assert error.status == Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
        assert error.unsupported == list(several)
        assert f"{several[0].name} and {several[1].name} exclude each other: send one of them" in str(error)
    with pytest.raises(IppError, match="exclude each other") as set_later:
        judge_changes(several, (), SAFE, NOW)
    assert set_later.value.status == Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES


def test_a_hold_among_the_operation_attributes_excludes_one_among_the_job_s() -> None:
    moment = attribute(A.JOB_HOLD_UNTIL_TIME, LATER)
    assert judged(operation=(moment,)).hold_until == LATER
    assert refused(attribute(A.JOB_HOLD_UNTIL, "night"), operation=(moment,)).unsupported


@pytest.mark.parametrize(
    "moment",
    [
        bytes(11),  # the month 0
        attribute(A.JOB_HOLD_UNTIL_TIME, datetime(9999, 12, 31, tzinfo=UTC)).first.raw,
        attribute(A.JOB_HOLD_UNTIL_TIME, datetime(1969, 12, 31, tzinfo=UTC)).first.raw,
        bytes.fromhex("0001010100000000" + "2b0e00"),  # before the year 1, reckoned in UTC
    ],
)
def test_a_moment_that_nobody_can_reckon_with_is_not_possible(moment: bytes) -> None:
    wish = Attribute(A.JOB_HOLD_UNTIL_TIME, (Value(Tag.DATE_TIME, moment),))
    assert judged(wish) == Ticket(unsupported=(wish,))


def test_a_job_is_retained_no_longer_than_the_printer_says() -> None:
    limit = timedelta(days=31)
    near, far = (attribute(A.JOB_RETAIN_UNTIL_TIME, NOW + limit + timedelta(seconds=s)) for s in (0, 1))
    assert judged(near).template == (near,)
    assert judged(far).unsupported == (far,)
    seconds = int(limit.total_seconds())
    near, far = (attribute(A.JOB_RETAIN_UNTIL_INTERVAL, number) for number in (seconds, seconds + 1))
    assert judged(near).template == (near,)
    assert judged(far).unsupported == (far,)
    assert judged(attribute(A.JOB_RETAIN_UNTIL, "indefinite")).unsupported


def test_another_way_to_say_until_when_replaces_the_first() -> None:
    template = (attribute(A.COPIES, 2), attribute(A.JOB_RETAIN_UNTIL, "end-of-day"))
    interval = attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 60)
    assert judge_changes([interval], template, SAFE, NOW).template == (template[0], interval)
    forget = Attribute(A.JOB_RETAIN_UNTIL, (DELETE_ATTRIBUTE,))
    assert judge_changes([forget], template, SAFE, NOW).template == (template[0],)
    assert judge_changes([forget, interval], template, SAFE, NOW).template == (template[0], interval)


@pytest.mark.parametrize("name", [A.JOB_HOLD_UNTIL, A.JOB_HOLD_UNTIL_TIME])
def test_deleting_either_hold_ends_it(name: str) -> None:
    forget = Attribute(name, (DELETE_ATTRIBUTE,))
    assert judge_changes([forget], (), SAFE, NOW).hold_until == "no-hold"


# overrides


def overrides(*several: Members) -> Attribute:
    return attribute(A.OVERRIDES, *several)


FIRST: Members = {A.PAGES: Range(1, 1)}
LETTER = "na_letter_8.5x11in"


def test_some_pages_may_have_other_wishes_judged_as_those_of_the_job() -> None:
    good = overrides({**FIRST, A.MEDIA: LETTER}, {A.PAGES: [Range(2, 3), Range(7, 9)], A.ORIENTATION_REQUESTED: 4})
    assert judged(good) == Ticket((good,))
    a0, sides, glitter = {A.MEDIA: "iso_a0_841x1189mm"}, {A.SIDES: "one-sided"}, {"x-glitter": True}
    several: tuple[tuple[Members, Members], ...] = ((a0, {}), (sides, {A.MEDIA: LETTER}), (glitter, {A.MEDIA: LETTER}))
    for bad, also in several:
        asked = overrides({**FIRST, **also, **bad})
        ticket = judged(asked)
        assert ticket.unsupported == (overrides(bad),)
        assert ticket.template == ((overrides({**FIRST, **also}),) if also else ())
        assert refused(asked, operation=(attribute(A.JOB_MANDATORY_ATTRIBUTES, A.OVERRIDES),)).unsupported


def test_without_a_selector_that_is_not_understood_it_would_count_elsewhere_so_it_does_not_count_at_all() -> None:
    second_copy = overrides({**FIRST, A.DOCUMENT_COPIES: Range(2, 2), A.MEDIA: LETTER})
    assert judged(second_copy) == Ticket(unsupported=(second_copy,))


@pytest.mark.parametrize(
    "wrong",
    [
        overrides(FIRST),
        overrides({A.PAGES: [Range(3, 4), Range(1, 2)], A.MEDIA: LETTER}),
        overrides({A.PAGES: [Range(1, 4), Range(4, 6)], A.MEDIA: LETTER}),
        overrides({A.PAGES: Value(Tag.RANGE, bytes(8)), A.MEDIA: LETTER}),
        overrides({A.PAGES: Value(Tag.INTEGER, b"\0\0\0\1"), A.MEDIA: LETTER}),
        overrides({A.PAGES: Value(Tag.RANGE, b"\0\0\0\2\0\0\0\1"), A.MEDIA: LETTER}),
        overrides({A.DOCUMENT_NUMBERS: Value(Tag.RANGE, bytes(8)), A.MEDIA: LETTER}),
        Attribute(A.OVERRIDES, (Value(Tag.BEG_COLLECTION, ()),)),
    ],
)
def test_overrides_that_make_no_sense_are_refused_insisted_on_or_not(wrong: Attribute) -> None:
    error = refused(wrong)
    assert (error.status, error.unsupported) == (Status.CLIENT_ERROR_BAD_REQUEST, [wrong])
    assert "overrides are malformed: " in str(error)
    with pytest.raises(IppError, match="overrides are malformed"):
        judge_changes([wrong], (), SAFE, NOW)


def test_a_printer_that_cannot_tell_pages_apart_drops_overrides() -> None:
    asked = overrides({**FIRST, A.MEDIA: LETTER})
    ticket = judge(Group(Tag.OPERATION), [asked], PJL, MAX_K, NOW)
    assert ticket == Ticket(unsupported=(Attribute(A.OVERRIDES, (UNSUPPORTED,)),))
