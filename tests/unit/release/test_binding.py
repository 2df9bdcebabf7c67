"""What is changed as a job is released: bound as a whole, or refused with what the device does instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp import UNSUPPORTED, Attribute, Range, Tag, Value
from ippgate.ipp.builder import Plain, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import PJL, RAW, Capabilities, read
from ippgate.model.capabilities.finishing import collected
from ippgate.model.facts import DocumentFacts
from ippgate.release.binding import bind, merged
from tests.property.model.printers import ABLE

A4: dict[str, Plain] = {"media-size": {"x-dimension": 21000, "y-dimension": 29700}, "media-type": "labels"}
OFFICE = read(
    [
        attribute(A.COPIES_SUPPORTED, Range(1, 99)),
        attribute(A.SIDES_SUPPORTED, "one-sided", "two-sided-long-edge"),
        attribute(A.PRINT_COLOR_MODE_SUPPORTED, "auto", "color", "monochrome"),
        attribute(A.FINISHINGS_SUPPORTED, 3, 4),
        attribute(A.MEDIA_SUPPORTED, "iso_a4_210x297mm", "na_letter_8.5x11in"),
        attribute(A.MEDIA_TYPE_SUPPORTED, "stationery", "labels"),
    ]
)
TWO_SIDED = attribute(A.SIDES, "two-sided-long-edge")
COLOR, MONO = attribute(A.PRINT_COLOR_MODE, "color"), attribute(A.PRINT_COLOR_MODE, "monochrome")


def reason(able: Capabilities | None, *changes: Attribute, template: tuple[Attribute, ...] = ()) -> str:
    binding = bind(template, changes, able)
    assert binding.template == template
    return "; ".join(map(str, binding.impossible))


# ── what can be done ──


def test_a_change_takes_the_place_of_what_was_asked_for_and_the_rest_stays() -> None:
    template = (attribute(A.COPIES, 2), attribute(A.SIDES, "one-sided"), attribute(A.OUTPUT_BIN, "attic"))
    binding = bind(template, [TWO_SIDED, attribute(A.FINISHINGS, 4)], OFFICE)
    assert binding.impossible == ()
    assert binding.template == (template[0], TWO_SIDED, template[2], attribute(A.FINISHINGS, 4))


def test_no_change_leaves_the_ticket_as_it_is_whatever_the_device() -> None:
    template = (attribute(A.FINISHINGS, 20),)
    for able in (OFFICE, RAW, None):
        assert bind(template, [], able).template == template


def test_another_size_of_paper_keeps_its_kind() -> None:
    template = (attribute(A.MEDIA_COL, A4),)
    [bound] = bind(template, [attribute(A.MEDIA, "na_letter_8.5x11in")], OFFICE).template
    assert (size := bound.first.member(A.MEDIA_SIZE)) is not None
    assert (across := size.first.member(A.X_DIMENSION)) is not None
    assert across.integer() == 21590
    assert (kind := bound.first.member(A.MEDIA_TYPE)) is not None
    assert kind.text() == "labels"


def test_a_collection_of_paper_takes_the_place_of_its_name() -> None:
    wish = attribute(A.MEDIA_COL, A4)
    assert bind((attribute(A.MEDIA, "na_letter_8.5x11in"),), [wish], OFFICE).template == (wish,)


def test_finishings_and_their_collection_take_each_other_s_place_and_never_come_together() -> None:
    by_number = attribute(A.FINISHINGS, 4)
    by_name = Attribute(A.FINISHINGS_COL, (collected("staple"),))
    assert bind((by_number,), [by_name], OFFICE).template == (by_name,)
    assert bind((by_name,), [by_number], OFFICE).template == (by_number,)
    assert reason(OFFICE, by_number, by_name) == "finishings: finishings-col says the same: send one of them"
    punched = Attribute(A.FINISHINGS_COL, (collected("punch"),))
    assert bind((), [punched], OFFICE).impossible[0].wish == punched
    assert reason(PJL, by_name) == "finishings-col: it cannot be asked for this"


def test_a_keyword_that_comes_as_a_name_is_bound_as_a_keyword() -> None:
    wish = Attribute(A.MEDIA, (Value(Tag.NAME, b"iso_a4_210x297mm"),))
    assert bind((), [wish], OFFICE).template == (attribute(A.MEDIA, "iso_a4_210x297mm"),)


# ── what cannot ──


@pytest.mark.parametrize(
    ("able", "change", "why"),
    [
        (OFFICE, attribute(A.SIDES, "two-sided-short-edge"),
         "sides: not two-sided-short-edge, but one-sided, two-sided-long-edge"),
        (OFFICE, attribute(A.COPIES, 100), "copies: not 100, but 1 to 99"),
        (OFFICE, attribute(A.FINISHINGS, 4, 5), "finishings: not punch, but none, staple"),
        (OFFICE, attribute(A.NUMBER_UP, 2), "number-up: not 2, but 1"),
        (OFFICE, Attribute(A.COPIES, (Value(Tag.KEYWORD, b"two"),)), "copies: that is no value this can have"),
        (OFFICE, Attribute("job-name", (Value(Tag.NAME, b"x"),)), "job-name: it cannot be asked for this"),
        (OFFICE, attribute(A.JOB_PRIORITY, 100),
         "job-priority: this is changed before a job is released, not with it"),
        (PJL, attribute(A.FINISHINGS, 4), "finishings: not staple, but none"),
        (PJL, attribute(A.MEDIA, "iso_a4_210x297mm"),
         "media: the document itself says this, and a raw device is not asked for it"),
        (RAW, attribute(A.COPIES, 2), "copies: not 2, but 1"),
        (RAW, TWO_SIDED, "sides: not two-sided-long-edge, but one-sided"),
        (None, TWO_SIDED, "sides: it has never said what it can do"),
    ],
)  # fmt: skip
def test_what_a_device_cannot_do_is_refused_with_what_it_does(
    able: Capabilities | None, change: Attribute, why: str
) -> None:
    assert reason(able, change) == why


def test_one_impossible_change_keeps_all_of_them_from_being_made_and_each_is_named() -> None:
    refused = reason(OFFICE, TWO_SIDED, attribute(A.COPIES, 1000), attribute(A.NUMBER_UP, 4))
    assert refused == "copies: not 1000, but 1 to 99; number-up: not 4, but 1"


def test_only_the_values_at_fault_are_named_and_unknown_attributes_as_unsupported() -> None:
    binding = bind((), [attribute(A.FINISHINGS, 4, 5), attribute("job-name", "x")], OFFICE)
    assert [each.wish for each in binding.impossible] == [
        attribute(A.FINISHINGS, 5),
        Attribute("job-name", (UNSUPPORTED,)),
    ]


# ── black and white ──


@pytest.mark.parametrize("word", ["color", "auto"])
def test_a_job_that_came_in_black_and_white_stays_so(word: str) -> None:
    wish = attribute(A.PRINT_COLOR_MODE, word)
    assert reason(OFFICE, wish, template=(MONO,)) == "print-color-mode: the job came in black and white and stays so"


def test_a_colour_job_may_become_black_and_white_and_one_that_did_not_say_may_become_either() -> None:
    for template, wish in (((COLOR,), MONO), ((), COLOR), ((), MONO), ((MONO,), MONO), ((COLOR,), COLOR)):
        assert bind(template, [wish], OFFICE).template == (wish,)


def test_a_document_without_colour_does_no_harm_as_a_colour_job() -> None:
    assert bind((MONO,), [COLOR], OFFICE, DocumentFacts(pages=3, color_pages=0)).impossible == ()
    for facts in (DocumentFacts(pages=3, color_pages=1), DocumentFacts(unknown="encrypted"), None):
        assert bind((MONO,), [COLOR], OFFICE, facts).impossible


# ── whatever is asked of whatever device ──

WISHES = st.lists(
    st.sampled_from(
        [
            *(attribute(A.COPIES, number) for number in (1, 2, 99, 999)),
            *(attribute(A.SIDES, word) for word in ("one-sided", "two-sided-long-edge", "tumbling")),
            *(attribute(A.PRINT_COLOR_MODE, word) for word in ("auto", "color", "monochrome")),
            *(attribute(A.MEDIA, name) for name in ("iso_a4_210x297mm", "na_letter_8.5x11in", "paper")),
            *(attribute(A.FINISHINGS, *some) for some in ((3,), (4,), (4, 74))),
            attribute(A.MEDIA_COL, A4),
            attribute(A.NUMBER_UP, 2),
        ]
    ),
    unique_by=lambda wish: wish.name,
    max_size=5,
)


@given(WISHES, WISHES, ABLE)
def test_what_is_bound_the_device_can_do_and_what_is_refused_changes_nothing(
    template: list[Attribute], changes: list[Attribute], able: Capabilities
) -> None:
    binding = bind(tuple(template), changes, able)
    if binding.impossible:
        assert binding.template == tuple(template)
        return
    assert binding.template == merged(tuple(template), changes)
    for change in changes:
        bound = next((each for each in binding.template if each.name == change.name), None)
        offer = able.offer(change.name)
        assert offer is not None
        if bound is not None:  # another size of paper may have gone into the collection
            assert all(offer.rule.refused(value) is None for value in bound.values)
    assert len({each.name for each in binding.template}) == len(binding.template)
    asked = {change.name for change in changes}
    if asked & {A.MEDIA, A.MEDIA_COL}:
        assert not {A.MEDIA, A.MEDIA_COL} <= {each.name for each in binding.template}
