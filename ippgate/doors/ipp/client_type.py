"""What kind of client asks, as far as it gives itself away: by User-Agent, by client-info, by its version of IPP. Pure.

What a client says of itself may be wrong, so nothing that matters to others hangs on it: only what that client is shown
of its own jobs.
"""

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Final

from ippgate.ipp import Group, Tag
from ippgate.ipp.registry import attributes as A


class ClientType(Enum):
    """Clients that want to be treated in a way of their own."""

    WINDOWS = "windows"
    IOS = "ios"
    MACOS = "macos"
    CHROMEOS = "chromeos"
    ANDROID = "android"
    CUPS = "cups"  # of Linux and whatever else has it
    OTHER = "other"


_STUMBLES: Final = "PythonIPP/"
"""pyipp, and so Home Assistant: it gives up at an operation of operations-supported that it does not know."""

_LONGEST: Final = 512
"""Characters of a User-Agent that are looked at: longer ones are no client's."""

_REMEMBERED: Final = 256
"""User-Agents: a house has a few dozen."""

_NAMES: Final = (
    (ClientType.IOS, re.compile(r"\b(?:ios|ipados|iphone|ipad|ipod)", re.IGNORECASE)),
    (ClientType.CHROMEOS, re.compile(r"\b(?:chromeos|chrome os|cros)\b", re.IGNORECASE)),
    (ClientType.ANDROID, re.compile(r"\b(?:android|wprint)", re.IGNORECASE)),
    (ClientType.MACOS, re.compile(r"\b(?:macos|mac os x|darwin)\b", re.IGNORECASE)),
    (ClientType.WINDOWS, re.compile(r"\b(?:windows|internet print provider|msipp|microsoft)", re.IGNORECASE)),
)
"""The first that fits: an iPhone's CUPS says Darwin too, a Mac's says CUPS."""

_OLD: Final = (1, 0)
"""IPP/1.0: of what is still in use only Windows's provider for http:// printers speaks it."""


def client_type(user_agent: str, version: tuple[int, int], client_info: Iterable[str] = ()) -> ClientType:
    """The kind of client. client_info: the client-names of the attribute client-info (PWG 5100.7), operating system
    first; they say more than a User-Agent, which many have from a library.
    """
    for said in (*client_info, user_agent[:_LONGEST]):
        if (kind := _named(said)) is not None:
            return kind
    if version == _OLD:
        return ClientType.WINDOWS
    return ClientType.CUPS if "CUPS/" in user_agent[:_LONGEST] else ClientType.OTHER


def stumbles(user_agent: str) -> bool:
    """Whether this client reads no answer that names an operation which it does not know."""
    return user_agent.startswith(_STUMBLES)


@lru_cache(_REMEMBERED)
def _named(said: str) -> ClientType | None:
    return next((kind for kind, pattern in _NAMES if pattern.search(said)), None)


def client_names(operation: Group) -> list[str]:
    """The client-names of a request's client-info."""
    told = operation.get(A.CLIENT_INFO)
    members = [value.member(A.CLIENT_NAME) for value in told.values if value.tag == Tag.BEG_COLLECTION] if told else []
    return [name for member in members if member is not None and (name := member.text())]
