"""Secrets that the gate makes itself: long, random, fit for a URI; kept as a keyed hash (SECURITY S20).

The key lies beside the master keys, not in the database: whoever reads the database cannot tell whether a secret that
they have found somewhere is one of these, and whoever writes to it cannot make one up.
"""

import hashlib
import re
import secrets
from pathlib import Path
from typing import Final

from ippgate.model.errors import Refusal
from ippgate.spool.key_file import SIZE, read_key, write_new
from ippgate.store.fleet import FleetStore

OCTETS: Final = 24
"""Of chance in a secret: 192 bits, 32 characters."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_MARK: Final = b"ippgate secrets"


def new_secret() -> str:
    """One that nobody has."""
    return secrets.token_urlsafe(OCTETS)


def is_secret(text: str) -> bool:
    """Whether it could be one: of the right length and alphabet."""
    return _SECRET.fullmatch(text) is not None


class WrongSecretKey(Refusal):
    """The key is not that of this database."""


async def check_secret_key(settings: FleetStore, key: "SecretKey") -> None:
    """See that the key is the one that this database knows: with another, no secret that was issued is known again.

    Raises WrongSecretKey.
    """
    if await settings.setting("secret-key", key.mark) != key.mark:
        raise WrongSecretKey(
            f"{key.file} is not the key of this database: restore it from a backup, or copy it from the other gate"
        )


class SecretKey:
    """The key of the hashes, in the folder of the master keys; made where there is none. Raises KeyFileUnusable."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "secret.key"
        if not self.file.exists():
            write_new(self.file, secrets.token_bytes(SIZE))
        self._octets = read_key(self.file, "key of secrets")

    @property
    def mark(self) -> str:
        """Tells it from others and says nothing of it."""
        return hashlib.sha256(_MARK + self._octets).hexdigest()[:16]

    def derived(self, purpose: str) -> bytes:
        """A key of 32 octets for something else; nothing that is digested comes out the same."""
        return hashlib.blake2b(purpose.encode(), key=self._octets, digest_size=32, person=b"ippgate key").digest()

    def digest(self, secret: str) -> bytes:
        """What is stored of a secret, and looked up."""
        return hashlib.blake2b(secret.encode("utf-8", "surrogatepass"), key=self._octets, digest_size=32).digest()
