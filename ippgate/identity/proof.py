"""What was proven a moment ago need not be proven again: a client sends its password with every request.

Neither the password nor anything that could be guessed at outside of this process is kept: a keyed hash (BLAKE2b, its
key drawn at the start) of name and password, for a short time.
"""

import hashlib
import secrets
from collections import OrderedDict
from typing import Final

MOST: Final = 1000  # proofs in mind; the oldest goes first


class Proofs:
    """seconds: how long a proof is good."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._key = secrets.token_bytes(32)
        self._until: OrderedDict[bytes, float] = OrderedDict()
        self.age = 0  # how often everything was forgotten: what was found out before that is not kept

    def holds(self, name: str, password: bytes, now: float) -> bool:
        """Whether this was proven a moment ago."""
        return self._until.get(self._digest(name, password), float("-inf")) > now

    def keep(self, name: str, password: bytes, now: float, *, age: int) -> None:
        """It is proven now, by what was known at `age`."""
        if age != self.age:
            return
        digest = self._digest(name, password)
        self._until.pop(digest, None)
        self._until[digest] = now + self._seconds
        while len(self._until) > MOST:
            self._until.popitem(last=False)

    def forget(self) -> None:
        """Somebody's account has changed."""
        self._until.clear()
        self.age += 1

    def _digest(self, name: str, password: bytes) -> bytes:
        return hashlib.blake2b(name.encode() + b"\0" + password, key=self._key, digest_size=32).digest()
