"""Which pages there are, and for whom: one table, from which the matrix of routes and roles is tested (SECURITY S1).

A path is matched as it was sent, octet by octet: there is no escaping, no dot and no doubled slash in it, so nothing is
read in two ways (SECURITY S2, S4). Pure.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from aiohttp import web

    from ippgate.doors.web.visit import Visit

    Handler = Callable[[Visit], Awaitable[web.StreamResponse]]

_PART: Final = r"([A-Za-z0-9][A-Za-z0-9._-]{0,126})"
_VARIABLE: Final = re.compile(r"\{([a-z_]+)\}")
MAX_PATH: Final = 1024


class Role(StrEnum):
    """Who may come in. Whoever comes in sees what is theirs: that is for the services to tell."""

    PUBLIC = "public"  # anybody
    STATION = "station"  # a panel that was enrolled
    PANEL = "panel"  # a person who has logged in at the device of such a panel
    PORTAL = "portal"  # a person who has logged in elsewhere


class Realm(StrEnum):
    """By what a visitor is known: each has its own cookies."""

    OPEN = "open"  # nobody is asked
    PANEL = "panel"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Route:
    """One page, or one thing that can be done: a POST with a form. path: `{name}` stands for one part of it."""

    method: str
    path: str
    role: Role
    realm: Realm
    handler: "Handler"
    plain_too: bool = False  # also without TLS: nothing in it is private

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the parts that vary."""
        return tuple(_VARIABLE.findall(self.path))


class Found(NamedTuple):
    """A route that fits, and what its parts are."""

    route: Route
    parts: Mapping[str, str]


class Router:
    """The table. Two routes never fit the same request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._fixed: dict[str, dict[str, Route]] = {}
        self._varied: list[tuple[re.Pattern[str], dict[str, Route]]] = []
        by_path: dict[str, dict[str, Route]] = {}
        for route in self.routes:
            methods = by_path.setdefault(route.path, {})
            if route.method in methods:
                raise ValueError(f"two routes are {route.method} {route.path}")
            methods[route.method] = route
        for path, methods in by_path.items():
            if _VARIABLE.search(path):
                self._varied.append((_pattern(path), methods))
            else:
                self._fixed[path] = methods

    def find(self, method: str, path: str) -> Found | frozenset[str] | None:
        """The route; else the methods that there are at this path; None: there is no such path. HEAD is GET."""
        method = "GET" if method == "HEAD" else method
        if len(path) > MAX_PATH:
            return None
        if (methods := self._fixed.get(path)) is not None:
            return _chosen(methods, method, {})
        for pattern, methods in self._varied:
            if (fits := pattern.fullmatch(path)) is not None:
                names = next(iter(methods.values())).names
                return _chosen(methods, method, dict(zip(names, fits.groups(), strict=True)))
        return None


def _chosen(methods: Mapping[str, Route], method: str, parts: Mapping[str, str]) -> Found | frozenset[str]:
    route = methods.get(method)
    return Found(route, parts) if route is not None else frozenset(methods)


def _pattern(path: str) -> re.Pattern[str]:
    """Fixed paths come first, so `/panel/enrol` is never taken for a station of that name."""
    pieces = _VARIABLE.split(path)
    return re.compile("".join(re.escape(piece) if place % 2 == 0 else _PART for place, piece in enumerate(pieces)))
