"""Bearer tokens (RFC 6750 section 2.1), read as strictly as HTTP Basic is: one sound header, or none (SECURITY S2)."""

import re
from collections.abc import Sequence
from typing import Final

MAX_TOKEN: Final = 1024
"""Characters; the gate's own are shorter by far."""

_HEADER: Final = re.compile(rf"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]{{1,{MAX_TOKEN}}}) *")


def bearer_token(headers: Sequence[str]) -> str | None:
    """The token of a request; None: its only Authorization header is of another scheme, or it has several."""
    found = _HEADER.fullmatch(headers[0]) if len(headers) == 1 else None
    return found[1] if found else None
