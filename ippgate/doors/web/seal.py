"""What a page hands to its visitor and takes back: sealed, so that nobody reads or alters it, for one use, for a while.

AES-256-GCM (NIST SP 800-38D) under a key derived from the gate's key of secrets: every worker opens what another has
sealed, and none of it is kept.
"""

import base64
import binascii
import secrets
import time
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12
_MOMENT: Final = 8


class Seal:
    """key: 32 octets. clock: seconds since the epoch."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._cipher, self._clock = AESGCM(key), clock

    def close(self, use: str, content: bytes, seconds: float) -> str:
        """Fit for a cookie and a field. use: what it is for; it opens for nothing else."""
        nonce = secrets.token_bytes(_NONCE)
        until = int(self._clock() + seconds).to_bytes(_MOMENT, "big")
        sealed = self._cipher.encrypt(nonce, until + content, use.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, use: str, text: str) -> bytes | None:
        """None: it is none of ours, was for something else, was altered, or its time is over."""
        try:
            octets = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            content = self._cipher.decrypt(octets[:_NONCE], octets[_NONCE:], use.encode())
        except (binascii.Error, ValueError, InvalidTag):
            return None
        return content[_MOMENT:] if int.from_bytes(content[:_MOMENT], "big") > self._clock() else None
