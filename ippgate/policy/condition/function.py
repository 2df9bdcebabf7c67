"""The functions a condition may call: what each takes and gives, what it costs, and those that are ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from ippgate.policy.fact import Kind

_NETWORKS = 1024  # rules of a file name fewer


@dataclass(frozen=True, slots=True)
class Function:
    """The law of one function. `form` is how it is written, `meaning` a clause."""

    name: str
    takes: tuple[Kind, ...]  # of a method, first what stands before the dot
    gives: Kind
    form: str
    meaning: str
    method: bool | None = True  # None: written as either
    literal: bool = False  # all but the first must be written out in the rule
    many: bool = False  # the last may be repeated
    steps: int = 2


def in_network(address: str, *networks: str) -> bool:
    """Whether an address lies in one of the networks."""
    found = ip_address(address)
    return any(found in _network(network) for network in networks)


def like(text: str, pattern: str) -> bool:
    """Whether a text reads like a pattern, in which * stands for anything; upper and lower case are the same."""
    first, *others = _pieces(pattern)
    text = text.casefold()
    if not others:
        return text == first
    *inner, last = others
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in inner:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


_S, _L = Kind.TEXT, Kind.TEXTS

_LIST = (
    Function("contains", (_S, _S), Kind.TRUTH, 'text.contains("…")', "whether it stands in the text"),
    Function("startsWith", (_S, _S), Kind.TRUTH, 'text.startsWith("…")', "whether the text begins so"),
    Function("endsWith", (_S, _S), Kind.TRUTH, 'text.endsWith("…")', "whether the text ends so"),
    Function(
        "like",
        (_S, _S),
        Kind.TRUTH,
        'text.like("*memo*")',
        "whether the text reads so: * stands for anything, upper and lower case are the same",
        literal=True,
        steps=20,
    ),
    Function(
        "matches",
        (_S, _S),
        Kind.TRUTH,
        'text.matches("(?i)memo|letter")',
        "whether a regular expression finds something; dear, so prefer like",
        literal=True,
        steps=100,
    ),
    Function(
        "in_network",
        (_S, _S),
        Kind.TRUTH,
        'in_network(client.address, "10.0.0.0/8", …)',
        "whether the address lies in one of the networks",
        method=False,
        literal=True,
        many=True,
        steps=20,
    ),
    Function("size", (_L,), Kind.NUMBER, "list.size()", "how many items the list has", method=None),
    Function("double", (Kind.NUMBER,), Kind.DECIMAL, "double(number)", "the number as a decimal one", method=False),
)

FUNCTIONS: Final[Mapping[str, Function]] = {function.name: function for function in _LIST}
"""Every function by its name."""

CALLABLE: Final[Mapping[str, Callable[..., bool]]] = {"in_network": in_network, "like": like}
"""Those that the engine does not bring along."""


@lru_cache(_NETWORKS)
def _network(network: str) -> IPv4Network | IPv6Network:
    return ip_network(network)


@lru_cache(_NETWORKS)
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.casefold().split("*"))
