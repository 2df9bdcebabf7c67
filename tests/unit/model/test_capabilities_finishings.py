"""finishings-col: read from what a device tells, held against wishes, and the same for several devices."""

import pytest

from ippgate.ipp import NO_VALUE, Attribute, Tag, Value
from ippgate.ipp.builder import Plain, attribute, collection
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities import PJL, RAW, SAFE, Capabilities, FinishingsCol, intersection, read, union
from ippgate.model.capabilities.chosen import filled, with_defaults
from ippgate.model.capabilities.finishing import MOST, collected, numbers, templates_in, words

NONE, STAPLE, PUNCH = Finishings.NONE, Finishings.STAPLE, Finishings.PUNCH


def cols(*entries: dict[str, Plain]) -> tuple[Value, ...]:
    return tuple(collection(entry, A.FINISHINGS_COL) for entry in entries)


STITCHED: dict[str, Plain] = {
    "finishing-template": "vendor-corner",
    "stitching": {"stitching-offset": 400, "stitching-reference-edge": "left"},
}
FINISHER = (
    attribute(A.FINISHINGS_SUPPORTED, NONE, STAPLE, PUNCH),
    attribute(A.FINISHINGS_COL_SUPPORTED, "finishing-template", "stitching"),
    Attribute(A.FINISHINGS_COL_DATABASE, cols(STITCHED, {"finishing-template": "staple"})),
    Attribute(A.FINISHINGS_COL_READY, cols({"finishing-template": "staple"})),
)


def rule(able: Capabilities) -> FinishingsCol:
    offer = able.offer(A.FINISHINGS_COL)
    assert offer is not None
    assert isinstance(offer.rule, FinishingsCol)
    return offer.rule


def test_templates_are_those_of_the_device_and_those_that_its_enums_say() -> None:
    assert rule(read(FINISHER)) == FinishingsCol(("none", "vendor-corner", "staple", "punch"), ("none", "staple"))


def test_a_device_of_enums_alone_has_the_same_as_templates_all_of_them_ready() -> None:
    found = rule(read([attribute(A.FINISHINGS_SUPPORTED, STAPLE, PUNCH)]))
    assert set(found.templates) == {"none", "staple", "punch"}
    assert found.ready == found.templates


def test_ready_is_what_the_device_says_by_enum() -> None:
    told = (attribute(A.FINISHINGS_SUPPORTED, STAPLE, PUNCH), attribute(A.FINISHINGS_READY, PUNCH))
    assert rule(read(told)).ready == ("none", "punch")


@pytest.mark.parametrize("able", [SAFE, RAW, PJL, read([]), read([attribute(A.FINISHINGS_SUPPORTED, NONE)])])
def test_what_does_nothing_to_sheets_has_no_finishings_col(able: Capabilities) -> None:
    """PJL has no words for it that devices share."""
    assert able.offer(A.FINISHINGS_COL) is None


@pytest.mark.parametrize(
    "nonsense",
    [
        attribute(A.FINISHINGS_COL_SUPPORTED, "stitching"),
        Attribute(A.FINISHINGS_COL_DATABASE, (Value(Tag.BEG_COLLECTION, ()), Value(Tag.INTEGER, b"\0\0\0\1"))),
        attribute(A.FINISHING_TEMPLATE_SUPPORTED, Value(Tag.KEYWORD, b"9-staples"), Value(Tag.KEYWORD, b"\xff")),
        Attribute(
            A.FINISHINGS_COL_DATABASE,
            (Value(Tag.BEG_COLLECTION, (attribute(A.FINISHING_TEMPLATE, 7, tag=Tag.INTEGER),)),),
        ),
    ],
    ids=lambda one: one.name,
)
def test_what_a_device_writes_wrongly_is_passed_over(nonsense: Attribute) -> None:
    told = {A.FINISHINGS_COL_SUPPORTED: attribute(A.FINISHINGS_COL_SUPPORTED, "finishing-template")}
    assert read([*(told | {nonsense.name: nonsense}).values()]).offer(A.FINISHINGS_COL) is None


def test_of_endless_templates_some_are_kept() -> None:
    many = attribute(A.FINISHING_TEMPLATE_SUPPORTED, *(f"vendor-{number}" for number in range(1000)))
    able = read([attribute(A.FINISHINGS_COL_SUPPORTED, "finishing-template"), many])
    assert len(rule(able).templates) == MOST + 1


def test_it_is_told_in_full() -> None:
    told = {each.name: each for each in read(FINISHER).attributes()}
    assert told[A.FINISHINGS_COL_SUPPORTED].texts() == ["finishing-template"]
    assert told[A.FINISHING_TEMPLATE_SUPPORTED].texts() == ["none", "vendor-corner", "staple", "punch"]
    assert templates_in(told[A.FINISHINGS_COL_DATABASE].values) == ("none", "vendor-corner", "staple", "punch")
    assert templates_in(told[A.FINISHINGS_COL_READY].values) == ("none", "staple")
    assert told[A.FINISHINGS_READY].integers() == [NONE, STAPLE]
    assert told[A.FINISHINGS_COL_DEFAULT].values == (collected("none"),)


def test_the_default_is_that_of_finishings_the_operators_too() -> None:
    able = read([*FINISHER, attribute(A.FINISHINGS_DEFAULT, STAPLE)])
    assert offer_default(able) == ("staple",)
    chosen = with_defaults(able, [attribute(A.FINISHINGS, PUNCH)])
    assert offer_default(chosen) == ("punch",)
    said = [Attribute(A.FINISHINGS_COL, (collected("none"),))]
    assert list(filled(said, chosen)) == said
    assert list(filled([], chosen)) == [attribute(A.FINISHINGS, PUNCH)]


def offer_default(able: Capabilities) -> tuple[str, ...]:
    offer = able.offer(A.FINISHINGS_COL)
    assert offer is not None
    return templates_in(offer.default)


def test_several_devices_have_in_common_what_each_has_and_together_what_any_has() -> None:
    other = read([attribute(A.FINISHINGS_SUPPORTED, NONE, STAPLE)])
    assert rule(intersection([read(FINISHER), other])).templates == ("none", "staple")
    assert set(rule(union([read(FINISHER), other])).templates) == {"none", "vendor-corner", "staple", "punch"}
    assert intersection([read(FINISHER), PJL]).offer(A.FINISHINGS_COL) is None
    assert set(rule(union([PJL, other])).templates) == {"none", "staple"}
    nothing_shared = intersection([other, read([attribute(A.FINISHINGS_SUPPORTED, NONE, PUNCH)])])
    assert nothing_shared.offer(A.FINISHINGS_COL) is None


def test_a_wish_is_possible_member_by_member() -> None:
    found = rule(read(FINISHER))
    asked = collection(STITCHED, A.FINISHINGS_COL)
    assert found.accepted(asked) == collected("vendor-corner")
    refused = found.refused(asked)
    assert refused is not None
    assert [member.name for member in refused.members] == ["stitching"]
    assert found.refused(collected("staple")) is None
    assert found.refused(collected("laminate")) == collected("laminate")
    assert found.accepted(collected("laminate")) is None
    assert (found.accepted(NO_VALUE), found.refused(NO_VALUE)) == (collected("none"), None)
    named = Value(Tag.BEG_COLLECTION, (Attribute(A.FINISHING_TEMPLATE, (Value(Tag.NAME, b"staple"),)),))
    assert found.accepted(named) == collected("staple")


def test_templates_and_enums_say_the_same_both_ways() -> None:
    assert words([4, 5, 20, 99_999]) == ("staple", "punch", "staple-top-left")
    assert numbers(["staple-top-left", "vendor-corner", "punch"]) == (20, 5)
