"""A browser without a screen: aiohttp's client with a jar of cookies, which follows pages and sends their forms."""

import re
import ssl
from html.parser import HTMLParser
from types import TracebackType
from typing import NamedTuple, Self

from aiohttp import ClientSession, ClientTimeout, CookieJar

from tests.rig.gate import Gate

_TIMEOUT = ClientTimeout(total=30)


class Page(NamedTuple):
    """What came: its path in the end, its status, its text, and the headers of the answer."""

    path: str
    status: int
    text: str
    headers: dict[str, str]

    @property
    def token(self) -> str:
        """That against forgery; empty: there is no form."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """What a person reads."""
        reader = _Reader()
        reader.feed(self.text)
        return " ".join(" ".join(reader.read).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.read.append(data)


class WebVisitor:
    """One person's browser; as an async context. It trusts the gate's certificate."""

    def __init__(self, gate: Gate, *, language: str = "en", secure: bool = True) -> None:
        port = gate.tls_port if secure else gate.port
        self.origin = f"{'https' if secure else 'http'}://127.0.0.1:{port}"
        self._tls = ssl.create_default_context(cafile=gate.certificate) if secure else True
        self._language = language

    async def __aenter__(self) -> Self:
        self._http = ClientSession(
            self.origin,
            cookie_jar=CookieJar(unsafe=True),
            timeout=_TIMEOUT,
            headers={"Accept-Language": self._language},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    @property
    def cookies(self) -> dict[str, str]:
        """Their names and values."""
        return {each.key: each.value for each in self._http.cookie_jar}

    def forget(self) -> None:
        """Drop all cookies."""
        self._http.cookie_jar.clear()

    async def get(self, path: str, *, follow: bool = True, **headers: str) -> Page:
        """Go to a page."""
        return await self._ask("GET", path, follow=follow, headers=headers)

    async def send(
        self,
        path: str,
        fields: dict[str, str] | list[tuple[str, str]],
        *,
        token: str | None = None,
        follow: bool = True,
        method: str = "POST",
        headers: dict[str, str] | None = None,
    ) -> Page:
        """Send a form. token: another than that of the page at the same path, which is fetched for it."""
        if token is None:
            token = (await self.get(path)).token
        sent = [("csrf", token), *(fields.items() if isinstance(fields, dict) else fields)]
        said = {"Origin": self.origin, **(headers or {})}
        return await self._ask(method, path, follow=follow, headers=said, data=sent)

    async def _ask(self, method: str, path: str, *, follow: bool, headers: dict[str, str], **more: object) -> Page:
        async with self._http.request(
            method,
            path,
            ssl=self._tls,
            allow_redirects=follow,
            headers=headers,
            **more,  # type: ignore[arg-type]
        ) as answer:
            said = {name.lower(): value for name, value in answer.headers.items()}
            return Page(answer.url.path, answer.status, await answer.text(errors="replace"), said)
