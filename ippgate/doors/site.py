"""The names under which a client reaches the gate, as they are put into every URI that it is told.

A Host header is what a stranger says (SECURITY S2): only a plain host name or address with a plain port is believed,
anything else is answered with the socket's own address.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from ippgate.model.queue import own_queue

_NAME: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})"
_IPV6: Final = r"\[[0-9A-Fa-f:.]{2,45}\]"
_HOST: Final = re.compile(rf"({_NAME}|{_IPV6})(?::([0-9]{{1,5}}))?")
MAX_PORT: Final = 65_535
SYSTEM: Final = "/ipp/system"
_OF_DEVICES: Final = own_queue("")

TLS: Final = "tls"
REQUESTING_USER_NAME: Final = "requesting-user-name"

_SECURITY: Final = {False: "none", True: TLS}


class Ports(NamedTuple):
    """Where a server listens; None: it does not."""

    plain: int
    tls: int | None = None


class Way(NamedTuple):
    """One of the URIs of a queue, its security, and what proves there who asks (RFC 8011 sections 5.4.1 to 5.4.3)."""

    uri: str
    security: str  # uri-security-supported
    authentication: str = REQUESTING_USER_NAME  # uri-authentication-supported: nobody proves who they are to print


@dataclass(frozen=True, slots=True)
class Site:
    """A host and port that this client can reach, by the scheme that it used; where else there are is the same host."""

    authority: str  # host:port, host in lower case, IPv6 in brackets
    secure: bool = False  # ipps, https
    other: str = ""  # the authority for the other of the two schemes; empty: there is none
    at: str = ""  # the device's own queue, where that is what the client speaks to
    queue: str = ""  # whose private URI the client came by; empty: it came by none
    secret: str = field(default="", repr=False)  # of that URI: the client is told no other

    def printer(self, queue: str) -> str:
        """printer-uri of a queue, also of a device's own."""
        return _uri(self.secure, self.authority, self._path(queue))

    def ways(self, queue: str) -> list[Way]:
        """Every URI of a queue, the one by which this client came first."""
        ways = [Way(self.printer(queue), _SECURITY[self.secure])]
        if self.other:
            ways.append(Way(_uri(not self.secure, self.other, self._path(queue)), _SECURITY[not self.secure]))
        return ways

    def systems(self) -> list[Way]:
        """Every URI of the gate as a whole (PWG 5100.22), the one by which this client came first."""
        ways = [Way(_uri(self.secure, self.authority, SYSTEM), _SECURITY[self.secure])]
        if self.other:
            ways.append(Way(_uri(not self.secure, self.other, SYSTEM), _SECURITY[not self.secure]))
        return ways

    @property
    def tls(self) -> str:
        """The authority for ipps; empty: there is none."""
        return self.authority if self.secure else self.other

    def job(self, job_id: int, queue: str) -> str:
        """job-uri: by it, too, whoever came by a private URI is known, and a device is the place."""
        path = "/jobs"
        if self.at:
            path = self._path(self.at)
        elif self.secret and queue == self.queue:
            path = self._path(queue)
        return _uri(self.secure, self.authority, f"{path}/{job_id}")

    def page(self, path: str) -> str:
        """A page for people; `path` begins with a slash."""
        return f"{'https' if self.secure else 'http'}://{self.authority}{path}"

    def _path(self, queue: str) -> str:
        path = f"/ipp/{queue}" if queue.startswith(_OF_DEVICES) else f"/ipp/print/{queue}"
        return f"{path}/~{self.secret}" if self.secret and queue == self.queue else path


@lru_cache(maxsize=1024)
def site_of(
    host: str | None, public_name: str, address: str, port: int, *, secure: bool = False, other: int | None = None
) -> Site:
    """The site for a request: the configured name, else the Host header if it is sound, else the socket's own address.

    A Host without a port is the port that the request came in by: IPP clients leave it out for 631. `other` is the
    port of the other scheme.
    """
    found = _HOST.fullmatch(public_name or host or "")
    if found is None or not 0 < int(found[2] or port) <= MAX_PORT:
        name, shown = _literal(address), port
    else:
        name, shown = found[1].lower(), int(found[2] or port)
    return Site(f"{name}:{shown}", secure, f"{name}:{other}" if other is not None else "")


def _uri(secure: bool, authority: str, path: str) -> str:
    return f"{'ipps' if secure else 'ipp'}://{authority}{path}"


def _literal(address: str) -> str:
    bare = address.partition("%")[0]  # a zone means nothing elsewhere
    return f"[{bare}]" if ":" in bare else bare
