"""The lines of readers, read and written. Pure; a card's number and a token are in no repr."""

from dataclasses import dataclass, field
from math import ceil
from typing import Final

from ippgate.model.reader import HIGHEST_SEQUENCE
from ippgate.model.tap import LONGEST_WORDS
from ippgate.model.text import plain

UNKNOWN: Final = b"UNKNOWN\n"
PONG: Final = b"PONG\n"

_DIGITS: Final = len(str(HIGHEST_SEQUENCE))


@dataclass(frozen=True, slots=True)
class Hello:
    """It says who it is. token: "" where it has shown a certificate instead."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tap:
    """Somebody has held a card to it."""

    card: str = field(repr=False)
    sequence: int


@dataclass(frozen=True, slots=True)
class Ping:
    """It is there."""


def read(line: bytes) -> Hello | Tap | Ping | None:
    """What a line says, its end included or not; None: nothing that is known."""
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    verb, _, rest = text.partition(" ")
    match verb:
        case "HELLO":
            return Hello(rest)
        case "TAP":
            card, _, number = rest.rpartition(" ")
            if card.strip() and number.isascii() and number.isdigit() and len(number) <= _DIGITS:
                return Tap(card, int(number))
        case "PING" if not rest:
            return Ping()
    return None


def ok(words: str) -> bytes:
    """It is done; words for its display."""
    return f"OK {plain(words, LONGEST_WORDS)}\n".encode()


def denied(sentence: str) -> bytes:
    """It is not so."""
    return f"DENIED {plain(sentence, LONGEST_WORDS)}\n".encode()


def busy(seconds: float) -> bytes:
    """Not now."""
    return f"BUSY {max(1, ceil(seconds))}\n".encode()
