"""Whatever somebody types and whatever client hashes it: taken or refused by rule, never an error, never shown."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ippgate.model.job_password import ENCRYPTIONS, MAX_OCTETS, UNHASHED, JobPassword, Repertoire, fault, normal, same
from tests.unit.model.test_job_password import HASHED, hashed

OCTETS = st.binary(max_size=300)
TYPED = st.text(max_size=80)
REPERTOIRES = st.sampled_from(Repertoire)

ASCII = {
    Repertoire.DIGITS: "0123456789",
    Repertoire.LETTERS: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    Repertoire.COMPLEX: "".join(map(chr, range(0x21, 0x7F))),
    Repertoire.ANY: "".join(map(chr, range(0x20, 0x7F))),
}
WIDER = {
    Repertoire.DIGITS: Repertoire.UTF_8_DIGITS,
    Repertoire.LETTERS: Repertoire.UTF_8_LETTERS,
    Repertoire.COMPLEX: Repertoire.ANY,
    Repertoire.ANY: Repertoire.UTF_8_ANY,
    Repertoire.UTF_8_DIGITS: Repertoire.UTF_8_ANY,
    Repertoire.UTF_8_LETTERS: Repertoire.UTF_8_ANY,
}
"""What a repertoire takes, the wider one takes as well."""


def plain(text: str) -> JobPassword:
    return normal(JobPassword(UNHASHED, text.encode()))


@given(octets=OCTETS, encryption=st.sampled_from(ENCRYPTIONS), repertoire=REPERTOIRES)
def test_any_octets_are_taken_or_refused_in_a_short_sentence(
    octets: bytes, encryption: str, repertoire: Repertoire
) -> None:
    sentence = fault(normal(JobPassword(encryption, octets)), repertoire)
    assert sentence is None or 0 < len(sentence) < 80


@given(repertoire=st.sampled_from(list(ASCII)), data=st.data())
def test_characters_of_a_repertoire_make_a_password_and_one_other_spoils_it(
    repertoire: Repertoire, data: st.DataObject
) -> None:
    good = data.draw(st.text(ASCII[repertoire], min_size=4, max_size=MAX_OCTETS))
    assert fault(plain(good), repertoire) is None
    other = data.draw(st.characters(codec="utf-8").filter(lambda sign: sign not in ASCII[repertoire]))
    place = data.draw(st.integers(0, len(good)))
    assert fault(plain((good[:place] + other + good[place:])[:250]), repertoire) is not None or place >= 250


@given(text=TYPED, repertoire=st.sampled_from(list(WIDER)))
def test_what_a_repertoire_takes_the_wider_one_takes_too(text: str, repertoire: Repertoire) -> None:
    if fault(plain(text), repertoire) is None:
        assert fault(plain(text), WIDER[repertoire]) is None


@given(text=TYPED)
def test_the_form_of_unicode_in_which_it_was_typed_does_not_matter(text: str) -> None:
    forms = [plain(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")]
    assert same(*forms)
    assert normal(forms[0]) == forms[0]


@given(text=TYPED, other=TYPED, encryption=st.sampled_from(HASHED))
def test_a_hash_is_the_same_as_what_it_was_made_of_and_as_nothing_else(text: str, other: str, encryption: str) -> None:
    kept = hashed(encryption, plain(text).octets)
    assert same(kept, plain(text))
    assert same(plain(text), kept)
    assert same(kept, plain(other)) == (plain(text) == plain(other))


@given(a=OCTETS, b=OCTETS, first=st.sampled_from(ENCRYPTIONS), second=st.sampled_from(ENCRYPTIONS))
def test_sameness_has_no_direction(a: bytes, b: bytes, first: str, second: str) -> None:
    one, two = JobPassword(first, a), JobPassword(second, b)
    assert same(one, two) == same(two, one)
    assert same(one, one)


@given(octets=st.binary(min_size=4, max_size=60), encryption=st.sampled_from(ENCRYPTIONS))
def test_a_password_is_in_no_repr(octets: bytes, encryption: str) -> None:
    shown = repr(JobPassword(encryption, octets))
    assert shown == f"JobPassword(encryption={encryption!r})"
