"""Numbers of cards, the same from every reader (rows C12, D10). Pure.

The same card is `04A1B2C3` to one reader and `;3283263748?` to another: readers write hexadecimal or decimal, begin
with one end of the number or the other, and put signs around it. A reader's profile says how it writes; what comes out
is one form. A number proves somebody, so it is in no repr and in no sentence.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ippgate.model.errors import NotPossible

MAX_READ: Final = 128
"""Characters that a reader sends for one card, with all signs around the number."""

MAX_AROUND: Final = 16
"""Characters of a prefix and of a suffix."""

MAX_OCTETS: Final = 32
"""Octets of a number; identifiers of ISO 14443 have 4, 7 or 10."""

LEAST: Final = 4
"""Characters of a number: what is shorter was read badly."""

_SHOWN: Final = 4
_SEPARATORS: Final = str.maketrans("", "", ":- ")
_HEX: Final = frozenset("0123456789ABCDEF")
_DIGITS: Final = frozenset("0123456789")
_ESCAPED: Final = re.compile("%([0-9A-Fa-f]{2})")


class Notation(StrEnum):
    """How a reader writes a number."""

    HEX = "hex"
    DECIMAL = "decimal"
    TEXT = "text"  # letters and digits, which are no number


@dataclass(frozen=True, slots=True)
class CardProfile:
    """How a reader writes the numbers of cards."""

    notation: Notation = Notation.HEX
    prefix: str = ""  # what stands before the number: it must be there, and goes
    suffix: str = ""  # what stands behind it
    reversed: bool = False  # its last octet comes first
    octets: int | None = None  # of the number; None: as many as there are

    def __str__(self) -> str:
        """As `profile_of` reads it: decimal,octets=4,reversed,prefix=;,suffix=?"""
        parts = [str(self.notation)]
        parts += [f"octets={self.octets}"] if self.octets else []
        parts += ["reversed"] if self.reversed else []
        parts += [f"prefix={_escaped(self.prefix)}"] if self.prefix else []
        parts += [f"suffix={_escaped(self.suffix)}"] if self.suffix else []
        return ",".join(parts)


USUAL: Final = CardProfile()
"""Hexadecimal, as it is read."""


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A card's number in the one form that is compared."""

    whole: str = field(repr=False)
    label: str  # its end, at most half of it

    @property
    def value(self) -> int | None:
        """The number; None: letters, which are none."""
        kind, _, digits = self.whole.partition(" ")
        return int(digits, 16) if kind == "number" else None


def profile_of(text: str) -> CardProfile:
    """A profile as operators write it: decimal,octets=4,reversed,prefix=;,suffix=?, signs that stand for something here
    as in a URI (%2C is a comma). Raises NotPossible.
    """
    said: dict[str, str] = {}
    for part in text.split(","):
        key, equals, value = part.partition("=")
        key = key.strip().lower()
        if not equals and key in list(Notation):
            key, value = "notation", key
        if key not in ("notation", "prefix", "suffix", "octets", "reversed") or key in said:
            raise NotPossible(
                f"{part[:40]!r} is not understood: write hex, decimal or text, octets=4, reversed, prefix=;"
            )
        said[key] = value
    octets = said.get("octets")
    if octets is not None and not (octets.isascii() and octets.isdigit() and 0 < int(octets[:4]) <= MAX_OCTETS):
        raise NotPossible(f"octets={octets[:20]} cannot be: 1 to {MAX_OCTETS}")
    profile = CardProfile(
        Notation(said.get("notation", Notation.HEX)),
        _around(said.get("prefix", "")),
        _around(said.get("suffix", "")),
        "reversed" in said,
        int(octets) if octets else None,
    )
    if profile.notation is Notation.TEXT and (profile.reversed or profile.octets):
        raise NotPossible("a text has no octets and no order: leave out octets and reversed")
    if profile.notation is Notation.DECIMAL and profile.reversed and not profile.octets:
        raise NotPossible("a decimal number can be turned round only if its length is known: add octets=4")
    return profile


def number_of(read: str, profile: CardProfile = USUAL) -> CardNumber:
    """The number that a reader has sent. Raises NotPossible, without the number in its sentence."""
    if len(read) > MAX_READ:
        raise NotPossible(f"that is too long for a card: {MAX_READ} characters at most")
    said = _stripped(read.strip("\r\n\t "), profile)
    match profile.notation:
        case Notation.TEXT:
            return _text(said)
        case Notation.HEX:
            digits = said.upper().translate(_SEPARATORS)
            return _number(digits, 16, _HEX, profile)
        case Notation.DECIMAL:
            return _number(said, 10, _DIGITS, profile)


def _stripped(read: str, profile: CardProfile) -> str:
    prefix, suffix = profile.prefix, profile.suffix
    if len(read) < len(prefix) + len(suffix) or not read.startswith(prefix) or not read.endswith(suffix):
        raise NotPossible(f"the reader's profile has signs around the number that are not there ({profile})")
    return read[len(prefix) : len(read) - len(suffix)].strip()


def _text(said: str) -> CardNumber:
    whole = unicodedata.normalize("NFC", said).upper()
    if len(whole) < LEAST or not whole.isprintable():
        raise NotPossible(f"that is no card: {LEAST} characters at least, all of them to be seen")
    return CardNumber(f"text {whole}", _end(whole))


def _number(digits: str, base: int, alphabet: frozenset[str], profile: CardProfile) -> CardNumber:
    if len(digits) < LEAST:
        raise NotPossible(f"that is too short for a card: {LEAST} digits at least")
    if not alphabet.issuperset(digits):
        raise NotPossible(f"that is no {profile.notation} number: the reader has another profile than {profile}")
    value = int(digits, base)
    octets = profile.octets or ((len(digits) + 1) // 2 if base == 16 else MAX_OCTETS)
    if value >= 1 << (8 * octets) or octets > MAX_OCTETS:
        raise NotPossible(f"that number has more octets than {min(octets, MAX_OCTETS)}: the reader has another profile")
    if value == 0:
        raise NotPossible("a number of zeros is no card's")
    if profile.reversed:
        value = int.from_bytes(value.to_bytes(octets, "little"))
    return CardNumber(f"number {value:X}", _end(f"{value:X}"))


def _end(whole: str) -> str:
    return whole[-min(_SHOWN, len(whole) // 2) :] if len(whole) > 1 else ""


def _escaped(signs: str) -> str:
    return signs.replace("%", "%25").replace(",", "%2C")


def _around(written: str) -> str:
    signs = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), written)
    if len(signs) > MAX_AROUND or not signs.isprintable():
        raise NotPossible(f"signs around a number are {MAX_AROUND} at most, all of them to be seen")
    return signs
