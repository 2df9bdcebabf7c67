"""Whatever a reader writes: one number for one card, or a refusal; never an error, never the number in it."""

from hypothesis import given
from hypothesis import strategies as st

from ippgate.model.card_number import MAX_AROUND, MAX_OCTETS, CardNumber, CardProfile, Notation, number_of, profile_of
from ippgate.model.errors import NotPossible

SIGNS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=MAX_AROUND)
OCTETS = st.integers(2, MAX_OCTETS)
NUMERIC = st.sampled_from([Notation.HEX, Notation.DECIMAL])


@st.composite
def profiles(draw: st.DrawFn) -> CardProfile:
    notation = draw(st.sampled_from(Notation))
    around = (draw(SIGNS), draw(SIGNS))
    if notation is Notation.TEXT:
        return CardProfile(notation, *around)
    octets = draw(st.none() | OCTETS)
    return CardProfile(
        notation, *around, draw(st.booleans()) and (octets is not None or notation is Notation.HEX), octets
    )


@st.composite
def cards(draw: st.DrawFn) -> tuple[int, int]:
    """A number that is not short, and so many octets that it fits in."""
    octets = draw(OCTETS)
    return draw(st.integers(1 << (8 * octets - 8), (1 << 8 * octets) - 1).filter(lambda n: n >= 1000)), octets


def read_by(profile: CardProfile, number: int, octets: int) -> str:
    """As a reader of that profile writes a card."""
    value = int.from_bytes(number.to_bytes(octets, "big"), "little") if profile.reversed else number
    digits = f"{value:0{2 * octets}x}" if profile.notation is Notation.HEX else f"{value:04d}"
    return f"{profile.prefix}{digits}{profile.suffix}"


@given(profile=profiles())
def test_a_profile_is_read_as_it_is_written(profile: CardProfile) -> None:
    assert profile_of(str(profile)) == profile


@given(
    card=cards(), notations=st.tuples(NUMERIC, NUMERIC), turned=st.tuples(st.booleans(), st.booleans()), around=SIGNS
)
def test_a_card_is_the_same_to_any_two_readers(
    card: tuple[int, int], notations: tuple[Notation, Notation], turned: tuple[bool, bool], around: str
) -> None:
    number, octets = card
    one, other = [
        CardProfile(notation, around, around, order, octets) for notation, order in zip(notations, turned, strict=True)
    ]
    assert number_of(read_by(one, number, octets), one) == number_of(read_by(other, number, octets), other)


@given(one=cards(), other=cards(), reverse=st.booleans())
def test_two_cards_are_two_numbers(one: tuple[int, int], other: tuple[int, int], *, reverse: bool) -> None:
    octets = max(one[1], other[1])
    profile = CardProfile(Notation.HEX, reversed=reverse, octets=octets)
    found = [number_of(read_by(profile, number, octets), profile).whole for number in (one[0], other[0])]
    assert (found[0] == found[1]) is (one[0] == other[0])


@given(read=st.text(max_size=150) | st.from_regex(r"[0-9A-Fa-f:; ]{0,80}", fullmatch=True), profile=profiles())
def test_any_text_is_a_number_or_refused(read: str, profile: CardProfile) -> None:
    try:
        found = number_of(read, profile)
    except NotPossible:
        return
    assert isinstance(found, CardNumber)
    assert repr(found) == f"CardNumber(label={found.label!r})"
    assert len(found.label) <= 4


@given(text=st.text(max_size=60))
def test_any_text_is_a_profile_or_refused(text: str) -> None:
    try:
        profile = profile_of(text)
    except NotPossible:
        return
    assert profile_of(str(profile)) == profile
