"""The cookies of pages: not for scripts, not for other sites, over TLS alone where the page came by it (RFC 6265)."""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Final

from aiohttp import hdrs, web

PORTAL: Final = "ippgate-portal"
PANEL: Final = "ippgate-panel"
STATION: Final = "ippgate-station"
FORM: Final = "ippgate-form"  # what the token against forgery is bound to before anybody has logged in
TOLD: Final = "ippgate-told"  # what the next page says

LONG: Final = 400 * 24 * 3600
"""Seconds that a panel's credential stays: browsers keep none for longer."""

_VALUE: Final = re.compile(r"[A-Za-z0-9._~-]{1,3000}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie to set. seconds: how long it stays, None for as long as the browser runs; 0 takes it away."""

    name: str
    value: str
    path: str = "/"
    seconds: int | None = None


def read(request: web.BaseRequest) -> dict[str, str]:
    """The cookies of a request; what no cookie of ours could be is none. One that comes twice is none either: whoever
    can set cookies for a neighbouring name could put one before ours.
    """
    found: dict[str, str] = {}
    twice: set[str] = set()
    for header in request.headers.getall(hdrs.COOKIE, ()):
        for piece in header.split(";"):
            name, _, value = piece.strip().partition("=")
            if name in found:
                twice.add(name)
            elif _VALUE.fullmatch(value):
                found[name] = value
    return {name: value for name, value in found.items() if name not in twice}


def put(answer: web.StreamResponse, cookie: Cookie, *, secure: bool) -> None:
    """Set a cookie."""
    jar: SimpleCookie = SimpleCookie()
    jar[cookie.name] = cookie.value
    morsel = jar[cookie.name]
    morsel["path"], morsel["httponly"], morsel["samesite"] = cookie.path, True, "Strict"
    if secure:
        morsel["secure"] = True
    if cookie.seconds is not None:
        morsel["max-age"] = cookie.seconds
    answer.headers.add(hdrs.SET_COOKIE, morsel.OutputString())
