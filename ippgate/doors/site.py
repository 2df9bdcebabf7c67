"""The names under which a client reaches the gate, as they are put into every URI that it is told.

A Host header is what a stranger says (SECURITY S2): only a plain host name or address with a plain port is believed,
anything else is answered with the socket's own address.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_NAME: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})"
_IPV6: Final = r"\[[0-9A-Fa-f:.]{2,45}\]"
_HOST: Final = re.compile(rf"({_NAME}|{_IPV6})(?::([0-9]{{1,5}}))?")
MAX_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Site:
    """A host and port that this client can reach."""

    authority: str  # host:port, host in lower case, IPv6 in brackets

    def printer(self, queue: str) -> str:
        """printer-uri of a queue."""
        return f"ipp://{self.authority}/ipp/print/{queue}"

    def job(self, job_id: int) -> str:
        """job-uri."""
        return f"ipp://{self.authority}/jobs/{job_id}"

    def page(self, path: str) -> str:
        """A page for people; `path` begins with a slash."""
        return f"http://{self.authority}{path}"


@lru_cache(maxsize=1024)
def site_of(host: str | None, public_name: str, address: str, port: int) -> Site:
    """The site for a request: the configured name, else the Host header if it is sound, else the socket's own address.

    A Host without a port is the port that the request came in by: IPP clients leave it out for 631.
    """
    found = _HOST.fullmatch(public_name or host or "")
    if found is None or not 0 < int(found[2] or port) <= MAX_PORT:
        return Site(f"{_literal(address)}:{port}")
    return Site(f"{found[1].lower()}:{int(found[2] or port)}")


def _literal(address: str) -> str:
    bare = address.partition("%")[0]  # a zone means nothing elsewhere
    return f"[{bare}]" if ":" in bare else bare
