"""HTTP Basic (RFC 7617), read strictly: what is not exactly one sound `Basic` header proves nothing (SECURITY S2)."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ippgate.model.errors import NotAuthenticated

CHALLENGE: Final = 'Basic realm="ippgate", charset="UTF-8"'
"""WWW-Authenticate. CUPS asks for a password, and shows the realm, when it reads this."""

MAX_OCTETS: Final = 1024
"""Of a name and a password together; each has its own bound where it is looked up."""

_HEADER: Final = re.compile(r"[Bb][Aa][Ss][Ii][Cc] +([A-Za-z0-9+/]+={0,2}) *")

_UNREADABLE: Final = "that Authorization cannot be read: name:password in UTF-8, in Base64"
_LOG_IN: Final = "log in with the name and password of an operator (ippgate operator add NAME makes one)"
LOG_IN_THERE: Final = "log in with the name and the secret or password of one, or show a station's certificate"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A claim; nobody has looked yet whether it is true."""

    name: str
    password: str = field(repr=False)


def credentials(headers: Sequence[str]) -> Credentials | None:
    """What the Authorization headers of a request claim; None: there is none. Raises NotAuthenticated for all others:
    a scheme that is not known here, two headers, an empty one, no Base64, no UTF-8, no colon.
    """
    if not headers:
        return None
    found = _HEADER.fullmatch(headers[0]) if len(headers) == 1 else None
    if found is None:
        raise NotAuthenticated(f"that Authorization is not read here: {_LOG_IN}, by HTTP Basic")
    name, colon, password = _decoded(found[1]).partition(":")
    if not colon or not name:
        raise NotAuthenticated(_UNREADABLE)
    return Credentials(name, password)


def _decoded(text: str) -> str:
    """Base64 as it is written, and no other way to write the same (RFC 4648 section 3.5)."""
    try:
        octets = base64.b64decode(text, validate=True)
        if len(octets) > MAX_OCTETS or base64.b64encode(octets) != text.encode():
            raise NotAuthenticated(_UNREADABLE)
        return octets.decode()
    except (binascii.Error, UnicodeDecodeError):
        raise NotAuthenticated(_UNREADABLE) from None


def wanted(operation: str) -> NotAuthenticated:
    """The refusal of an operator's operation that nobody has proved to be allowed."""
    return NotAuthenticated(f"{operation} is for operators: {_LOG_IN}")
