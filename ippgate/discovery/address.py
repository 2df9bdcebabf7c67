"""Which of the machine's addresses queues are announced on: those that the server listens on, and nobody else's."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import ifaddr

_ANY: Final = {"0.0.0.0": 4, "::": 6}  # noqa: S104 - compared with, nothing is bound

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Adapter:
    """A network interface."""

    name: str
    addresses: tuple[Address, ...]


def is_loopback(host: str) -> bool:
    """Whether a server that listens on this host hears the machine itself alone."""
    try:
        return ipaddress.ip_address(_bare(host)).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def adapters() -> list[Adapter]:
    """Those that the machine has at this moment. Raises OSError."""
    found = ((each.nice_name, [_bare(ip.ip) for ip in each.ips]) for each in ifaddr.get_adapters())
    return [Adapter(name, tuple(map(ipaddress.ip_address, texts))) for name, texts in found]


def listened(host: str) -> list[Address]:
    """What a server that listens on this host listens on. Raises OSError for a name that cannot be resolved."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys(ipaddress.ip_address(_bare(str(each[4][0]))) for each in found))


def chosen(found: Iterable[Adapter], heard: Sequence[Address], wanted: Sequence[str]) -> tuple[str, ...]:
    """The addresses, sorted. wanted: names of interfaces, or addresses; empty: all but loopback.

    An address of the link alone (fe80::) means nothing without its interface, so it is told to nobody.
    """
    every = {_ANY[str(one)] for one in heard if str(one) in _ANY}
    usable = {
        address
        for adapter in found
        for address in adapter.addresses
        if (address in heard or address.version in every)
        and not (address.version == 6 and address.is_link_local)
        and _wanted(adapter.name, address, wanted)
    }
    return tuple(str(address) for address in sorted(usable, key=lambda one: (one.version, int(one))))


def _wanted(name: str, address: Address, wanted: Sequence[str]) -> bool:
    if not wanted:
        return not address.is_loopback
    return name in wanted or str(address) in wanted


def _bare(ip: object) -> str:
    """Without its zone; a library tells an IPv6 address as a tuple."""
    return str(ip[0] if isinstance(ip, tuple) else ip).partition("%")[0]
