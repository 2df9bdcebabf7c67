"""Whether a request that changes something comes from a page of the gate's own (SECURITY S24). Pure.

Three things have to hold: the cookies, which other sites do not send (SameSite); where the browser says that the
request comes from; and a token that only a page of ours has. Old browsers do not say where a request comes from.
"""

import base64
import hmac
from collections.abc import Callable, Mapping
from typing import Final

from ippgate.model.errors import Forbidden

FIELD: Final = "csrf"
_OWN: Final = frozenset({"same-origin", "none"})


def check_origin(headers: Mapping[str, str], origin: str) -> None:
    """origin: the scheme and authority by which this client came. Raises Forbidden."""
    said = headers.get("Origin")
    if said is not None and said.lower() != origin.lower():
        raise Forbidden("that came from a page of another site")
    fetched = headers.get("Sec-Fetch-Site")
    if fetched is not None and fetched not in _OWN:
        raise Forbidden("that came from a page of another site")


def token_of(digest: Callable[[str], bytes], seed: str) -> str:
    """The token of whoever has these cookies. digest: keyed."""
    return base64.urlsafe_b64encode(digest(f"form~{seed}")[:24]).decode()


def check_token(expected: str, given: str) -> None:
    """Raises Forbidden."""
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
        raise Forbidden("this page is too old: load it again, and then try once more")
