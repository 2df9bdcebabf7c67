"""One-time codes that somebody reads off one screen and types at another: WXYZ-2345-ABCD."""

import secrets
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No sign of which looks like another: neither 0 nor O, neither 1 nor I nor L."""

_GROUPS, _EACH = 3, 4
_LONGEST: Final = 64  # characters of what somebody types for one

_BETWEEN: Final = str.maketrans("", "", "- \t\r\n")


def new_code() -> str:
    """One that nobody has: 59 bits of chance."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_EACH)) for _ in range(_GROUPS))


def typed(code: str) -> str | None:
    """What somebody has typed, as it is compared: without dashes, spaces and case; None: it is no code."""
    plain = code.translate(_BETWEEN).upper() if len(code) <= _LONGEST else ""
    return plain if len(plain) == _GROUPS * _EACH and set(plain) <= set(ALPHABET) else None
