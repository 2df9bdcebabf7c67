"""A job's password (PWG 5100.11-2024): how it may be written, how it is hashed, whether two are the same. Pure.

A client sends octets and says by which hash it made them of what its person typed, or that they are just that
(`none`). A hash cannot be made into another one, so what is kept is the algorithm and the octets. Text beyond ASCII is
normalised to NFC (RFC 5198) before it is hashed, on both sides.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from typing import Final

UNHASHED: Final = "none"
"""The keyword of job-password-encryption for octets as they were typed."""

MAX_OCTETS: Final = 255
"""Of a password as it is sent (job-password-supported)."""

MIN_LENGTH: Final = 4
"""Characters of a password as it is typed: what Windows and others ask for at the least."""


class Repertoire(StrEnum):
    """The characters that a password is made of (job-password-repertoire-supported)."""

    DIGITS = "iana_us-ascii_digits"  # what every panel has keys for
    LETTERS = "iana_us-ascii_letters"
    COMPLEX = "iana_us-ascii_complex"  # letters, digits and punctuation
    ANY = "iana_us-ascii_any"  # all that is printable
    UTF_8_DIGITS = "iana_utf-8_digits"
    UTF_8_LETTERS = "iana_utf-8_letters"
    UTF_8_ANY = "iana_utf-8_any"


@dataclass(frozen=True, slots=True)
class JobPassword:
    """A password as a client sent it. Its octets are in no repr, so in no log."""

    encryption: str  # a keyword of ENCRYPTIONS
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Hash:
    """A keyword of job-password-encryption, as Python knows it."""

    name: str  # hashlib's
    lengths: tuple[int, ...]  # octets of a digest


_HASHES: Final = {
    "sha2-224": _Hash("sha224", (28,)),
    "sha2-256": _Hash("sha256", (32,)),
    "sha2-384": _Hash("sha384", (48,)),
    "sha2-512": _Hash("sha512", (64,)),
    "sha2-512_224": _Hash("sha512_224", (28,)),
    "sha2-512_256": _Hash("sha512_256", (32,)),
    "sha3-224": _Hash("sha3_224", (28,)),
    "sha3-256": _Hash("sha3_256", (32,)),
    "sha3-384": _Hash("sha3_384", (48,)),
    "sha3-512": _Hash("sha3_512", (64,)),
    # A digest of SHAKE has no length of its own: those at which it is as strong as its name says (RFC 8702 section 3).
    "shake-128": _Hash("shake_128", (32,)),
    "shake-256": _Hash("shake_256", (64,)),
}
"""Left out: what the registry calls obsolete (md2, md4, md5, sha), and what nobody has defined (sha3-512_224,
sha3-512_256, shake-512).
"""

_TRUNCATED: Final = frozenset({"sha2-512_224", "sha2-512_256"})
"""CUPS makes these by cutting SHA-512, where FIPS 180-4 begins with other values: both are taken for what they are."""

ENCRYPTIONS: Final = (UNHASHED, *(each for each, made in _HASHES.items() if made.name in hashlib.algorithms_available))
"""All there are: what this machine's Python can make."""


def encryptions(*, secure: bool) -> tuple[str, ...]:
    """job-password-encryption-supported: over TLS a password is taken as it was typed, too."""
    return tuple(each for each in ENCRYPTIONS if secure or each != UNHASHED)


def normal(password: JobPassword) -> JobPassword:
    """The same password in NFC; of a hash that was its maker's business."""
    if password.encryption != UNHASHED or password.octets.isascii():
        return password
    try:
        text = password.octets.decode()
    except UnicodeDecodeError:
        return password
    return JobPassword(UNHASHED, unicodedata.normalize("NFC", text).encode())


def fault(password: JobPassword, repertoire: Repertoire) -> str | None:
    """What is wrong with a new password, in words that tell nothing of it; None: nothing. It is normal already."""
    size = len(password.octets)
    if password.encryption != UNHASHED:
        lengths = _HASHES[password.encryption].lengths
        wanted = " or ".join(map(str, lengths))
        return None if size in lengths else f"a digest of {password.encryption} has {wanted} octets, not {size}"
    if size > MAX_OCTETS:
        return f"it has more than {MAX_OCTETS} octets"
    try:
        text = password.octets.decode()
    except UnicodeDecodeError:
        return "it is no text in UTF-8"
    if len(text) < MIN_LENGTH:
        return f"it has fewer than {MIN_LENGTH} characters"
    return None if all(map(_MADE_OF[repertoire], text)) else f"it has characters that are not in {repertoire}"


def same(kept: JobPassword, offered: JobPassword) -> bool:
    """Whether what is offered is the password that is kept, both normal; how long it takes does not depend on how much
    of it is right.

    Two different hashes cannot be compared: that is not the same.
    """
    if kept.encryption == offered.encryption:
        return _equal(kept.octets, [offered.octets])
    if offered.encryption == UNHASHED:
        return _equal(kept.octets, _digests(kept.encryption, offered.octets))
    if kept.encryption == UNHASHED:
        return _equal(offered.octets, _digests(offered.encryption, kept.octets))
    _equal(kept.octets, [offered.octets])  # in the same time
    return False


def _digests(encryption: str, plain: bytes) -> list[bytes]:
    """What this hash makes of a password as it was typed: more than one where clients disagree."""
    made = _HASHES[encryption]
    found = [_digest(made.name, plain, length) for length in made.lengths]
    if encryption in _TRUNCATED:
        found += [hashlib.sha512(plain).digest()[:length] for length in made.lengths]
    return found


def _digest(name: str, plain: bytes, length: int) -> bytes:
    if name == "shake_128":
        return hashlib.shake_128(plain).digest(length)
    if name == "shake_256":
        return hashlib.shake_256(plain).digest(length)
    return hashlib.new(name, plain).digest()


def _equal(kept: bytes, candidates: list[bytes]) -> bool:
    """Digests of both are compared, so that the time tells nothing of a length either."""
    wanted = hashlib.sha256(kept).digest()
    found = [compare_digest(wanted, hashlib.sha256(each).digest()) for each in candidates]  # all of them
    return True in found


def _is_utf_8_letter(sign: str) -> bool:
    """A letter, or a mark that NFC could not make part of one."""
    return unicodedata.category(sign)[0] in "LM"


_MADE_OF: Final[dict[Repertoire, Callable[[str], bool]]] = {
    Repertoire.DIGITS: lambda sign: sign.isascii() and sign.isdigit(),
    Repertoire.LETTERS: lambda sign: sign.isascii() and sign.isalpha(),
    Repertoire.COMPLEX: lambda sign: "!" <= sign <= "~",
    Repertoire.ANY: lambda sign: " " <= sign <= "~",
    Repertoire.UTF_8_DIGITS: lambda sign: unicodedata.category(sign) == "Nd",
    Repertoire.UTF_8_LETTERS: _is_utf_8_letter,
    Repertoire.UTF_8_ANY: lambda sign: unicodedata.category(sign)[0] != "C",
}
