"""What several devices have in common or in sum, whatever they are; and what is read of one, whatever it says."""

from hypothesis import given
from hypothesis import strategies as st

from ippgate.ipp import NO_VALUE, Attribute, Value
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.ipp.validate import check_values
from ippgate.model.capabilities import SAFE, Between, Capabilities, Choice, intersection, read, union
from ippgate.model.capabilities.profile import OCTET_STREAM, OWN
from tests.property.model.printers import ABLE, ANYTHING, PRINTERS

SEVERAL = st.lists(ABLE, min_size=1, max_size=4)
PAPER = (A.MEDIA, A.MEDIA_COL)
RASTER = ("image/pwg-raster", "image/urf")


def sample(able: Capabilities, name: str) -> list[Value]:
    """Values that are possible: all of a list, the ends of a range."""
    offer = able.offer(name)
    match offer.rule if offer else None:
        case Choice(values):
            return list(values)
        case Between(low, high):
            return [Value(0x21, number.to_bytes(4, "big")) for number in (low, high)]
    return []


def takes(able: Capabilities, name: str, value: Value) -> bool:
    offer = able.offer(name)
    return offer is not None and offer.rule.accepted(value) == value


def check_told(able: Capabilities) -> None:
    told = [*able.attributes(), able.media.database()]
    check_values(told)
    assert [each.name for each in told if not fits(each)] == []
    assert len(told) == len({each.name for each in told})


@given(SEVERAL)
def test_what_all_have_in_common_each_can_do(many: list[Capabilities]) -> None:
    common = intersection(many)
    for name in common.template_names():
        for value in sample(common, name) if name not in PAPER else []:
            assert all(takes(one, name, value) for one in many), (name, value)
    assert all(set(common.formats) <= set(one.formats) for one in many)


@given(SEVERAL)
def test_what_any_can_do_is_in_their_sum(many: list[Capabilities]) -> None:
    total = union(many)
    for one in many:
        for name in one.template_names():
            assert all(takes(total, name, value) for value in sample(one, name)), name
        assert set(one.formats) - {*RASTER} <= set(total.formats)


@given(SEVERAL)
def test_paper_in_common_is_everybodys_and_no_margin_is_too_narrow_for_anybody(many: list[Capabilities]) -> None:
    common = intersection(many).media
    shared = [size for size in many[0].media.sizes if all(size in one.media.sizes for one in many)]
    assert list(common.sizes) == shared or not shared
    assert set(common.ready) <= set(common.sizes)
    for one in many:
        assert set(common.types) <= {*one.media.types, "auto"}
        assert set(common.sources) <= {*one.media.sources, "auto"}
        for margins, own in zip(common.margins.members().values(), one.media.margins.members().values(), strict=True):
            assert all(margin >= min(own) for margin in margins)


@given(SEVERAL, st.sampled_from([intersection, union]))
def test_defaults_are_always_possible_and_formats_have_a_sensible_one(
    many: list[Capabilities], combine: object
) -> None:
    able = combine(many)  # type: ignore[operator]
    for offer in able.offers:
        assert offer.default == (NO_VALUE,) or not any(map(offer.rule.refused, offer.default))
    assert able.formats[0] == able.default_format == OCTET_STREAM
    assert able.preferred_format in able.formats
    assert able.preferred_format != OCTET_STREAM or able.formats == (OCTET_STREAM,)
    if "application/pdf" in able.formats:
        assert able.preferred_format == "application/pdf"


@given(SEVERAL, st.sampled_from([intersection, union]))
def test_the_gates_own_offers_stay_and_everything_is_told_as_registered(
    many: list[Capabilities], combine: object
) -> None:
    able = combine(many)  # type: ignore[operator]
    assert [able.offer(name) for name in OWN] == [SAFE.offer(name) for name in OWN]
    assert able.compressions == SAFE.compressions
    check_told(able)


@given(ABLE)
def test_one_device_has_all_of_its_own_in_common_with_itself(able: Capabilities) -> None:
    assert intersection([able]) is able
    assert union([able, able]) is able


@given(PRINTERS, PRINTERS)
def test_the_order_of_devices_decides_nothing_but_the_order_of_words(
    one: list[Attribute], other: list[Attribute]
) -> None:
    for combine in (intersection, union):
        here, there = combine([read(one), read(other)]), combine([read(other), read(one)])
        assert set(here.formats) == set(there.formats)
        assert here.template_names() == there.template_names()
        for name in here.template_names():
            assert set(sample(here, name)) == set(sample(there, name))


@given(ANYTHING)
def test_whatever_a_printer_says_is_read_without_an_error(printer: list[Attribute]) -> None:
    able = read(printer)
    check_told(able)
    for offer in able.offers:
        assert offer.default == (NO_VALUE,) or not any(map(offer.rule.refused, offer.default))
    check_told(intersection([able, SAFE]))
    check_told(union([able, SAFE]))
