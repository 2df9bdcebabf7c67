"""Passwords of jobs: what they may be made of, what hashes make of them, and when two are the same (PWG 5100.11)."""

import hashlib

import pytest

from ippgate.ipp.syntax import keywords_of
from ippgate.model.job_password import (
    ENCRYPTIONS,
    MAX_OCTETS,
    UNHASHED,
    JobPassword,
    Repertoire,
    fault,
    normal,
    same,
)

PIN = b"2580"
COMBINED, DECOMPOSED = "Zo\u00eb \u00e9".encode(), "Zoe\u0308 e\u0301".encode()

DIGESTS = {
    "sha2-224": hashlib.sha224,
    "sha2-256": hashlib.sha256,
    "sha2-384": hashlib.sha384,
    "sha2-512": hashlib.sha512,
    "sha3-224": hashlib.sha3_224,
    "sha3-256": hashlib.sha3_256,
    "sha3-384": hashlib.sha3_384,
    "sha3-512": hashlib.sha3_512,
}


def plain(text: str | bytes) -> JobPassword:
    return JobPassword(UNHASHED, text.encode() if isinstance(text, str) else text)


def hashed(encryption: str, typed: bytes = PIN) -> JobPassword:
    """As a client makes it."""
    if encryption in DIGESTS:
        return JobPassword(encryption, DIGESTS[encryption](typed).digest())
    if encryption == "shake-128":
        return JobPassword(encryption, hashlib.shake_128(typed).digest(32))
    if encryption == "shake-256":
        return JobPassword(encryption, hashlib.shake_256(typed).digest(64))
    return JobPassword(
        encryption, hashlib.new(encryption.removeprefix("sha2-").replace("512", "sha512"), typed).digest()
    )


HASHED = [each for each in ENCRYPTIONS if each != UNHASHED]


def test_every_hash_of_the_registry_that_python_has_is_taken_and_no_obsolete_one() -> None:
    undefined = {"sha3-512_224", "sha3-512_256", "shake-512"}
    assert set(ENCRYPTIONS) == keywords_of("job-password-encryption") - undefined - {"md2", "md4", "md5", "sha"}


@pytest.mark.parametrize("encryption", HASHED)
def test_a_hash_is_the_same_as_itself_and_as_what_was_typed(encryption: str) -> None:
    kept = hashed(encryption)
    assert fault(kept, Repertoire.DIGITS) is None
    assert same(kept, hashed(encryption))
    assert same(kept, plain(PIN))
    assert same(plain(PIN), kept)
    assert not same(kept, hashed(encryption, b"2581"))
    assert not same(kept, plain(b"2581"))
    assert not same(plain(b"2581"), kept)


@pytest.mark.parametrize("encryption", ["sha2-512_224", "sha2-512_256"])
def test_a_truncated_hash_is_taken_as_cups_makes_it_too(encryption: str) -> None:
    cut = JobPassword(encryption, hashlib.sha512(PIN).digest()[: int(encryption[-3:]) // 8])
    assert same(cut, plain(PIN))
    assert not same(cut, plain(b"2581"))


def test_two_different_hashes_are_never_the_same() -> None:
    kept = [hashed(encryption) for encryption in HASHED]
    assert [(a, b) for a in kept for b in kept if a.encryption != b.encryption and same(a, b)] == []


def test_a_digest_is_not_the_password_that_it_was_made_of() -> None:
    """Who has seen the hash knows nothing more."""
    assert not same(plain(PIN), plain(hashlib.sha256(PIN).digest()))
    assert not same(hashed("sha2-256"), plain(hashlib.sha256(PIN).digest()))


@pytest.mark.parametrize("encryption", HASHED)
@pytest.mark.parametrize("size", [0, 1, 16, 20, 31, 33, 65, 255])
def test_a_hash_of_the_wrong_length_is_refused(encryption: str, size: int) -> None:
    sentence = fault(JobPassword(encryption, b"\x5a" * size), Repertoire.DIGITS)
    assert sentence is not None
    assert sentence.endswith(f"not {size}")
    assert encryption in sentence


GOOD = {
    Repertoire.DIGITS: ("0000", "2580", "9" * MAX_OCTETS),
    Repertoire.LETTERS: ("abcd", "ABcd", "z" * MAX_OCTETS),
    Repertoire.COMPLEX: ("aB3$", "!~!~", "0000"),
    Repertoire.ANY: ("a b c", "    ", "~~~~"),
    Repertoire.UTF_8_DIGITS: ("1234", "१२३४", "१2३4"),
    Repertoire.UTF_8_LETTERS: ("Zoës", "пароль", "密码密码"),
    Repertoire.UTF_8_ANY: ("a b ë 密", "🔑🔑🔑🔑", "1234"),
}
BAD = {
    Repertoire.DIGITS: ("", "123", "12a4", "12 34", "१२३४", "²³¹⁴", "9" * 256, "12\x0034"),
    Repertoire.LETTERS: ("abc", "abc1", "abcë", "ab d"),
    Repertoire.COMPLEX: ("aB3", "aB 3$", "aB3$\x7f", "aB3ë"),
    Repertoire.ANY: ("abc", "ab\tc", "abc\n", "abcë", "abc\x7f"),
    Repertoire.UTF_8_DIGITS: ("123", "123a", "²³¹⁴"),
    Repertoire.UTF_8_LETTERS: ("Zoë", "Zoë1x", "Zo ës"),
    Repertoire.UTF_8_ANY: ("🔑🔑🔑", "abc\x00", "abc\u202e", "🔑" * 64),
}


@pytest.mark.parametrize(("repertoire", "text"), [(each, text) for each, texts in GOOD.items() for text in texts])
def test_what_a_repertoire_has_is_taken(repertoire: Repertoire, text: str) -> None:
    assert fault(plain(text), repertoire) is None


@pytest.mark.parametrize(("repertoire", "text"), [(each, text) for each, texts in BAD.items() for text in texts])
def test_what_it_has_not_is_refused_in_words_that_tell_nothing_of_it(repertoire: Repertoire, text: str) -> None:
    sentence = fault(plain(text), repertoire)
    assert sentence is not None
    assert len(text) < 4 or text not in sentence


def test_octets_that_are_no_text_are_refused() -> None:
    assert fault(plain(b"\xff\xfe12"), Repertoire.UTF_8_ANY) == "it is no text in UTF-8"


def test_one_text_has_one_form() -> None:
    assert COMBINED != DECOMPOSED
    assert same(normal(plain(COMBINED)), normal(plain(DECOMPOSED)))
    kept = hashed("sha2-256", COMBINED)
    assert same(kept, normal(plain(DECOMPOSED)))
    assert normal(kept) == kept


def test_no_log_shows_a_password() -> None:
    assert "2580" not in repr(plain("2580"))
    assert "2580" not in f"{plain('2580')} {[plain('2580')]}"
