"""One request to a page: who visits, what they sent, and how they are answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from multidict import CIMultiDict

from ippgate.doors import reply
from ippgate.doors.site import Site
from ippgate.doors.web import cookies
from ippgate.doors.web.cookies import Cookie
from ippgate.doors.web.form import Form
from ippgate.doors.web.language import Language
from ippgate.doors.web.origin import FIELD
from ippgate.doors.web.render import Pages
from ippgate.doors.web.seal import Seal
from ippgate.doors.web.visitor import Visitor

HEADERS: Final = {
    hdrs.SERVER: reply.SERVER,
    hdrs.CACHE_CONTROL: "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
"""Of every page: no script and no style but the gate's own files (SECURITY S23), and nowhere else to send a form."""

GOOD, BAD = "good", "bad"
_TOLD_FOR: Final = 60.0  # seconds that the next page may take to come
_TOLD_MOST: Final = 1500  # octets of what it says: all cookies together have to fit into a header


@dataclass(slots=True, weakref_slot=True)
class Visit:
    """A request, and what goes with it. csrf: the token that its forms carry."""

    request: web.BaseRequest
    parts: Mapping[str, str]
    visitor: Visitor
    language: Language
    site: Site
    pages: Pages
    seal: Seal
    csrf: str
    form: Form = field(default_factory=Form)
    told: list[tuple[str, str]] = field(default_factory=list)  # by the page before, and now: how it went, a sentence
    setting: list[Cookie] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Without the fields."""
        return self.request.raw_path.partition("?")[0]

    @property
    def at_home(self) -> bool:
        """Whether a page of a station is that of the station that asks for it."""
        named, station = self.parts.get("station"), self.visitor.station
        return named is None or (station is not None and station.name == named)

    def tell(self, sentence: str, how: str = GOOD) -> None:
        """Have the next page say this."""
        self.told.append((how, sentence))

    def set(self, cookie: Cookie) -> None:
        """Have the answer set a cookie."""
        self.setting.append(cookie)

    def page(self, template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> web.Response:
        """A page. values: what its template speaks of, beside what every template knows."""
        body = self.pages.render(
            template, self.language, csrf=self.csrf, csrf_field=FIELD, told=self.told, visitor=self.visitor, **values
        )
        if self.told:
            self.set(Cookie(cookies.TOLD, "", seconds=0))
        return self.dressed(web.Response(status=status, text=body, content_type="text/html", charset="utf-8"))

    def go(self, path: str) -> web.Response:
        """On to another page (RFC 9110 section 15.4.4), which says what there is to tell."""
        if self.told:
            self.set(Cookie(cookies.TOLD, self.seal.close(cookies.TOLD, _written(self.told), _TOLD_FOR), seconds=60))
        return self.dressed(web.Response(status=HTTPStatus.SEE_OTHER, headers=CIMultiDict({hdrs.LOCATION: path})))

    def dressed(self, answer: web.Response) -> web.Response:
        """The answer with the headers of all pages, and the cookies that were set."""
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        for cookie in self.setting:
            cookies.put(answer, cookie, secure=self.site.secure)
        return answer


def _written(told: list[tuple[str, str]]) -> bytes:
    """As much of it as fits."""
    while len(octets := json.dumps(told, ensure_ascii=False).encode()) > _TOLD_MOST and len(told) > 1:
        told = told[:-1]
    return octets if len(octets) <= _TOLD_MOST else json.dumps([[told[0][0], told[0][1][:300]]]).encode()


def told_by(seal: Seal, cookie: str) -> list[tuple[str, str]]:
    """What the page before wanted to be told."""
    octets = seal.open(cookies.TOLD, cookie) if cookie else None
    return [] if octets is None else [(str(how), str(sentence)) for how, sentence in json.loads(octets)]
