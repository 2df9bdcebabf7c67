"""Where a device is: its URI, read strictly (SECURITY S5).

Only what an operator registered is ever called, so a URI has exactly one reading here: no user information, no query,
no escapes in the host, no numbers in another dress (`0x7f.1`, `2130706433`), no scheme but those of the table.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

URI_LIMIT = 1023
"""Octets of a URI (RFC 8011 section 5.1.6)."""

DEFAULT_PORTS = {"ipp": 631, "ipps": 631, "socket": 9100, "lpd": 515}
"""The schemes a device may be reached by, and the port when the URI names none."""

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.?", re.ASCII)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+", re.ASCII)
_QUEUE = re.compile(r"/[A-Za-z0-9_.][A-Za-z0-9_.~!$&'()*+,;=:@-]{0,126}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """A device URI taken apart. `host` is a DNS name in lower case or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    path: str = "/"

    @property
    def literal(self) -> bool:
        """Whether the host is an IP address: nothing to look up."""
        return _address(self.host) is not None

    @property
    def authority(self) -> str:
        """Host and port as a URI spells them: `[::1]:631`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def queue(self) -> str:
        """The printer queue of an lpd device (RFC 1179 section 5.2)."""
        return self.path.removeprefix("/")

    @property
    def http(self) -> str:
        """The URL that IPP requests are posted to (RFC 8010 section 3.7, RFC 7472 section 4.3)."""
        return f"{'https' if self.scheme == 'ipps' else 'http'}://{self.authority}{self.path}"


def parse(uri: str) -> DeviceAddress:
    """Return the address that a device URI means; raise ValueError with a sentence when it is not one."""
    if len(uri) > URI_LIMIT:
        raise ValueError(f"a device URI has at most {URI_LIMIT} octets")
    if not uri.isascii() or not uri.isprintable() or " " in uri or "\\" in uri:
        raise ValueError("a device URI is printable ASCII without blanks and backslashes")
    split = urlsplit(uri)
    if split.scheme not in DEFAULT_PORTS:
        raise ValueError(f"a device is reached by {', '.join(DEFAULT_PORTS)}, not by {split.scheme or 'nothing'!r}")
    if "@" in split.netloc:
        raise ValueError("a device URI carries no user name or password")
    if "?" in uri or "#" in uri:
        raise ValueError("a device URI carries no query and no fragment")
    return DeviceAddress(split.scheme, _host(split), _port(split), _path(split))


def _host(split: SplitResult) -> str:
    host = (split.hostname or "").lower()
    if split.netloc.startswith("["):
        if isinstance(_address(host), IPv6Address) and "%" not in host:
            return host
        raise ValueError(f"{split.netloc} is not an IPv6 address in brackets")
    if ":" in host or not _NAME.fullmatch(host):
        raise ValueError(f"{split.netloc or 'nothing'!r} names no host")
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) and not isinstance(_address(host), IPv4Address):
        raise ValueError(f"{host} is neither a name nor a dotted IPv4 address")
    return host


def _port(split: SplitResult) -> int:
    before, colon, digits = split.netloc.rpartition("]")[2].partition(":")
    if not colon and (before == split.netloc or not before):
        return DEFAULT_PORTS[split.scheme]
    if split.netloc.startswith("[") and before:
        raise ValueError(f"{split.netloc} has something between its host and its port")
    if not digits.isdecimal() or len(digits) > 5 or not 1 <= int(digits) <= 65535:
        raise ValueError(f"{digits or 'nothing'!r} is not a port: 1 to 65535")
    return int(digits)


def _path(split: SplitResult) -> str:
    path = split.path or "/"
    if split.scheme == "socket" and path != "/":
        raise ValueError("a socket device has no path: socket://host[:port]")
    if split.scheme == "lpd" and not _QUEUE.fullmatch(path):
        raise ValueError("an lpd device has a queue: lpd://host[:port]/queue")
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not a path")
    return path


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
