"""What a queue can be asked for: data that advertises itself and judges wishes by the same rules."""

import pytest

from ippgate.ipp import NO_VALUE, Attribute, Range, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, groups_of
from ippgate.ipp.validate import check_values
from ippgate.model.capabilities import SAFE, Between, Choice, MediaSize, Offer, Ranges


def told() -> dict[str, Attribute]:
    return {each.name: each for each in SAFE.attributes()}


def test_everything_advertised_is_written_as_registered_and_once() -> None:
    attributes = [*SAFE.attributes(), SAFE.media.database()]
    check_values(attributes)
    assert [each.name for each in attributes if not fits(each)] == []
    assert len(attributes) == len({each.name for each in attributes})


@pytest.mark.parametrize("offer", SAFE.offers, ids=lambda offer: offer.name)
def test_every_offer_is_a_job_template_attribute_that_accepts_its_own_default(offer: Offer) -> None:
    assert "Job Template" in groups_of(offer.name)
    default = [value for value in offer.default if value != NO_VALUE]  # there is none, and that is told
    assert [offer.rule.accepted(value) for value in default] == default
    assert [offer.rule.refused(value) for value in default] == [None] * len(default)


@pytest.mark.parametrize(
    "offer", [offer for offer in SAFE.offers if isinstance(offer.rule, Choice)], ids=lambda offer: offer.name
)
def test_every_value_advertised_is_accepted_and_others_are_not(offer: Offer) -> None:
    for value in told()[f"{offer.name}-supported"].values:
        assert offer.rule.accepted(value) == value
    other = Value(Tag.KEYWORD, b"something-else")
    assert (offer.rule.accepted(other), offer.rule.refused(other)) == (None, other)


def test_numbers_are_advertised_by_their_bounds_or_their_levels() -> None:
    assert told()[A.COPIES_SUPPORTED] == attribute(A.COPIES_SUPPORTED, Range(1, 999))
    assert told()[A.JOB_PRIORITY_SUPPORTED] == attribute(A.JOB_PRIORITY_SUPPORTED, 100)
    rule = Between(2, 5)
    numbers = [Value(Tag.INTEGER, number.to_bytes(4, "big")) for number in range(8)]
    assert [bool(rule.accepted(number)) for number in numbers] == [False, False, True, True, True, True, False, False]


def test_pages_are_any_range_from_the_first_on() -> None:
    rule = Ranges()
    assert rule.accepted(attribute(A.PAGE_RANGES, Range(1, 1)).first)
    assert rule.refused(Value(Tag.RANGE, bytes(8)))
    assert rule.refused(Value(Tag.INTEGER, b"\0\0\0\1"))


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("iso_a4_210x297mm", 21000, 29700),
        ("na_letter_8.5x11in", 21590, 27940),
        ("na_number-10_4.125x9.5in", 10478, 24130),
    ],
)
def test_a_size_is_read_from_its_name(name: str, x: int, y: int) -> None:
    assert MediaSize.of(name) == MediaSize(name, x, y)


@pytest.mark.parametrize("name", ["a4", "iso_a4_210x297", "iso_a4_210mm", "", "Letter"])
def test_a_name_that_describes_no_size_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="size name"):
        MediaSize.of(name)


def test_every_size_has_an_entry_in_the_database_and_what_is_ready_is_among_them() -> None:
    database = SAFE.media.database()
    names = {member.text() for entry in database.values for member in entry.members if member.name == A.MEDIA_SIZE_NAME}
    assert names == {size.name for size in SAFE.media.sizes} == set(told()[A.MEDIA_SUPPORTED].texts())
    assert set(told()[A.MEDIA_READY].texts()) <= names
    for entry in database.values:
        asked = tuple(member for member in entry.members if member.name != A.MEDIA_SOURCE_PROPERTIES)
        assert SAFE.media.accepted(entry) == Value(Tag.BEG_COLLECTION, asked)
        assert SAFE.media.refused(entry) is None


def test_sources_have_no_numbers_in_front() -> None:
    """Windows 11 hangs on media sources that are numbers."""
    assert not any(source[0].isdigit() for source in SAFE.media.sources)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("application/pdf", "application/pdf"),
        ("APPLICATION/PDF", "application/pdf"),
        ("application/vnd.hp-pcl", "application/vnd.hp-PCL"),
        (" text/plain ; charset=utf-8", "text/plain"),
        ("text/plainer", None),
        ("", None),
    ],
)
def test_formats_are_known_by_type_and_subtype(asked: str, found: str | None) -> None:
    assert SAFE.format_of(asked) == found


def test_the_default_and_the_preferred_format_are_supported() -> None:
    assert {SAFE.default_format, SAFE.preferred_format} <= set(SAFE.formats)
    assert SAFE.offer("x-unknown") is None
