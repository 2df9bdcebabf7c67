"""Defaults that operators choose: told, filled in, and passed over where they are not possible."""

import pytest

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import RAW, SAFE
from ippgate.model.capabilities.chosen import choosable, filled, is_possible, with_defaults

SIDES, COPIES = attribute(A.SIDES, "two-sided-long-edge"), attribute(A.COPIES, 3)
LETTER = attribute(A.MEDIA, "na_letter_8.5x11in")


def test_without_a_choice_it_is_the_same_object() -> None:
    assert with_defaults(SAFE, ()) is SAFE
    assert with_defaults(SAFE, (attribute(A.COPIES, 100_000),)) is SAFE
    ticket = [SIDES]
    assert filled(ticket, SAFE) is ticket


def test_a_choice_is_the_default_and_nothing_else_changes() -> None:
    chosen = with_defaults(SAFE, (SIDES, COPIES))
    before, after = ({offer.name: offer.default for offer in each.offers} for each in (SAFE, chosen))
    assert {name for name in before if before[name] != after[name]} == {A.SIDES, A.COPIES}
    assert after[A.SIDES] == SIDES.values
    assert (chosen.media, chosen.formats, chosen.description) == (SAFE.media, SAFE.formats, SAFE.description)


def test_paper_is_chosen_by_name_and_its_collection_follows() -> None:
    offer = with_defaults(SAFE, (LETTER,)).offer(A.MEDIA_COL)
    assert offer is not None
    size = offer.default[0].member(A.MEDIA_SIZE_NAME)
    assert size is not None
    assert size.text() == "na_letter_8.5x11in"


@pytest.mark.parametrize(
    "bad",
    [
        attribute(A.SIDES, "inside-out", tag=Tag.KEYWORD),
        attribute(A.COPIES, 0, tag=Tag.INTEGER),
        Attribute(A.COPIES, (*COPIES.values, *COPIES.values)),
        attribute(A.FINISHINGS, Finishings.STAPLE),
        attribute(A.MEDIA, "iso_a0_841x1189mm"),
        attribute(A.MEDIA_COL, {A.MEDIA_TYPE: "labels"}),
        attribute(A.JOB_HOLD_UNTIL, "indefinite"),
        attribute(A.JOB_ACCOUNT_ID, "4711"),
        attribute("x-vendor", 1),
        Attribute(A.SIDES, (Value(Tag.NO_VALUE, b""),)),
    ],
    ids=lambda one: one.name,
)
def test_what_is_not_possible_is_no_default(bad: Attribute) -> None:
    assert not is_possible(SAFE, bad)
    assert with_defaults(SAFE, (SIDES, bad)).chosen == (SIDES,)


def test_every_choice_that_is_offered_is_possible() -> None:
    for able in (SAFE, RAW):
        for offer in choosable(able):
            assert is_possible(able, Attribute(offer.name, offer.default)), offer.name


def test_a_ticket_gets_what_it_does_not_say() -> None:
    able = with_defaults(SAFE, (SIDES, COPIES, LETTER))
    assert list(filled((), able)) == [SIDES, COPIES, LETTER]
    simplex = attribute(A.SIDES, "one-sided")
    assert list(filled((simplex,), able)) == [simplex, COPIES, LETTER]
    labels = attribute(A.MEDIA_COL, {A.MEDIA_TYPE: "labels"})
    assert list(filled((labels,), able)) == [labels, SIDES, COPIES]


def test_what_whoever_prints_prefers_comes_before_what_operators_chose_and_after_what_is_said() -> None:
    able = with_defaults(SAFE, (SIDES, LETTER))
    simplex, mono = attribute(A.SIDES, "one-sided"), attribute(A.PRINT_COLOR_MODE, "monochrome")
    a4, labels = attribute(A.MEDIA, "iso_a4_210x297mm"), attribute(A.MEDIA_COL, {A.MEDIA_TYPE: "labels"})
    assert list(filled((), able, (simplex, mono, a4))) == [simplex, mono, a4]
    assert list(filled((SIDES,), able, (simplex, mono))) == [SIDES, mono, LETTER]
    assert list(filled((labels,), able, (a4,))) == [labels, SIDES]
    assert list(filled((), SAFE, (mono,))) == [mono]


def test_what_cannot_be_asked_for_there_is_passed_over() -> None:
    staple, copies = attribute(A.FINISHINGS, Finishings.STAPLE), attribute(A.COPIES, 2)
    assert list(filled((), SAFE, (staple, copies))) == [copies]
