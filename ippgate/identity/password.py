"""Passwords as argon2id (RFC 9106), hashed and checked beside the event loop, few at a time.

One check costs 64 MiB for some tens of milliseconds: that is what makes guessing dear, so how many run and how many
wait is bounded, or strangers could spend the gate's memory and time for it.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from ippgate.model.errors import Busy, NotPossible

LEAST, MOST = 8, 512
"""Characters of a password (NIST SP 800-63B section 3.1.1.2 asks for eight), and octets that are looked at."""

_Done = TypeVar("_Done")


class PasswordKeeper:
    """Hashes and checks. at_once: threads that do; queue: callers that may wait for one."""

    def __init__(self, *, at_once: int = 2, queue: int = 32) -> None:
        self._hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="ippgate-password")
        self._most = at_once + queue
        self._under_way = 0
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """The form that is stored. Raises NotPossible for a password that is too short or too long, and Busy."""
        check_password(password)
        return await self._beside(lambda: self._hasher.hash(normal(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password. Without a stored one the answer is no and takes as long (SECURITY S22)."""
        return await self._beside(lambda: self._matches(stored, password))

    def _matches(self, stored: str | None, password: str) -> bool:
        given = normal(password)
        known = stored is not None and len(given) <= MOST
        try:
            return self._hasher.verify(stored if known and stored else self._decoy_hash(), given[:MOST]) and known
        except (VerificationError, InvalidHashError):
            return False

    def _decoy_hash(self) -> str:
        """What nobody's password is compared with when there is none to compare with."""
        if self._decoy is None:
            self._decoy = self._hasher.hash("nobody")
        return self._decoy

    async def _beside(self, work: Callable[[], _Done]) -> _Done:
        if self._under_way >= self._most:
            raise Busy("too many passwords are being checked at this moment; try again")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._under_way -= 1


def normal(password: str) -> bytes:
    """The octets that are hashed: keyboards write the same sign in different ways (RFC 8265 section 4.2, NFC)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def check_password(password: str) -> None:
    """Raises NotPossible."""
    if len(password) < LEAST:
        raise NotPossible(f"a password has {LEAST} characters at least")
    if len(normal(password)) > MOST:
        raise NotPossible(f"a password has {MOST} octets at most")
    if any(unicodedata.category(sign) == "Cc" for sign in password):
        raise NotPossible("a password has no control characters")
