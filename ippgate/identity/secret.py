"""Secrets that the gate draws itself: what one looks like, and what is kept of it.

`station~NAME~…`: what kind of thing it proves, who it is, and 256 bits drawn at random. Whoever reads a log or a file
sees what it is; whoever is shown one knows whom to ask. So much chance cannot be guessed at, so what is kept needs not
be slow to make: BLAKE2b, keyed with octets drawn for this one secret, so that equal ones do not look alike.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final, NamedTuple

LONGEST: Final = 200
"""Characters of a secret, its kind and name included: whatever is longer is none."""

_KEY, _DIGEST, _DRAWN = 16, 32, 32
_FORM: Final = re.compile(r"([a-z]{1,16})~([a-z0-9][a-z0-9_.-]{0,62})~([A-Za-z0-9_-]{43})")
_DECOY: Final = secrets.token_bytes(_KEY + _DIGEST)  # what is looked at where there is nothing to look at


class Secret(NamedTuple):
    """A secret taken apart."""

    kind: str
    name: str
    drawn: str

    def __repr__(self) -> str:
        return f"Secret({self.kind}~{self.name}~…)"

    def __str__(self) -> str:
        return repr(self)

    @property
    def whole(self) -> str:
        """As its holder writes it."""
        return "~".join(self)


def draw(kind: str, name: str) -> Secret:
    """A new one."""
    return Secret(kind, name, secrets.token_urlsafe(_DRAWN))


def secret_of(text: str) -> Secret | None:
    """A text that has the form of a secret, taken apart; None: it has another."""
    found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    return Secret(*found.groups()) if found else None


def kept(secret: Secret) -> bytes:
    """What the store has of it."""
    key = secrets.token_bytes(_KEY)
    return key + _digest(key, secret)


def matches(stored: bytes | None, secret: Secret) -> bool:
    """Whether this is the secret that the store knows; without one the answer is no, as slowly (SECURITY S22)."""
    against = stored if stored is not None else _DECOY
    same = hmac.compare_digest(_digest(against[:_KEY], secret), against[_KEY:])
    return same and stored is not None


def _digest(key: bytes, secret: Secret) -> bytes:
    return hashlib.blake2b(secret.whole.encode(), key=key, digest_size=_DIGEST).digest()
