"""Short answers in plain text: what HTTP itself refuses, before IPP is spoken. Never a trace, never a version."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from multidict import CIMultiDict

from ippgate import observe

SERVER: Final = "ippgate"

SECURE: Final = {
    hdrs.SERVER: SERVER,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
    hdrs.CACHE_CONTROL: "no-store",
}
"""Headers of everything that a browser may show (SECURITY S23)."""


def text(
    status: HTTPStatus, sentence: str, *, close: bool = False, headers: Mapping[str, str] | None = None
) -> web.Response:
    """One sentence. `close`: the connection ends with it."""
    reply = web.Response(status=status, text=f"{sentence}\n", headers=CIMultiDict({**SECURE, **(headers or {})}))
    if close:
        reply.force_close()
    return reply


def mishap(error: BaseException | None, client: str) -> web.Response:
    """What nobody expected: noted with its trace, answered with the id by which an operator finds it."""
    error_id = observe.mishap(error or RuntimeError("no error given"), client=client)
    sentence = f"Something went wrong here. Tell the operator this error: {error_id}"
    return text(HTTPStatus.INTERNAL_SERVER_ERROR, sentence, close=True)


def raw(status: HTTPStatus, sentence: str) -> bytes:
    """The same as octets, for a connection that never becomes a request; it ends with it."""
    body = f"{sentence}\n".encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nServer: {SERVER}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: 10\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
