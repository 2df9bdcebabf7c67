"""Who has proven to be an operator. Credentials count over TLS alone; what everybody may ask asks nobody who they are.

Whoever sends credentials means them: if they are not good, the request is refused, never served as if they had not
been sent (SECURITY S2).
"""

from typing import Final

from aiohttp import hdrs, web

from ippgate.doors.basic import Credentials, credentials
from ippgate.doors.connection import Connection
from ippgate.doors.ipp.cups import GET_CLASSES
from ippgate.doors.ipp.services import Operators
from ippgate.doors.site import Site
from ippgate.ipp import Operation
from ippgate.model.errors import Forbidden, NotAuthenticated

OPEN: Final = frozenset(
    {
        Operation.GET_PRINTER_ATTRIBUTES,
        Operation.GET_SYSTEM_ATTRIBUTES,
        Operation.GET_PRINTERS,
        Operation.CUPS_GET_DEFAULT,
        Operation.CUPS_GET_PRINTERS,
        GET_CLASSES,
    }
)
"""Asked before anybody knows who they are, and never challenged: clients break (IPP.md section 7)."""


async def proven_operator(request: web.BaseRequest, code: int, operators: Operators, site: Site) -> str | None:
    """The operator who sent a request; None: somebody else, or nobody says. Raises NotAuthenticated, Forbidden and
    what `operators` raises.
    """
    if code in OPEN or hdrs.AUTHORIZATION not in request.headers:
        return None
    if not is_secure(request):
        raise Forbidden(_readable_by_others(site))
    claimed = credentials(request.headers.getall(hdrs.AUTHORIZATION))
    if claimed is None or not await _proves(operators, claimed, request.remote or ""):
        raise NotAuthenticated("that name and password are not those of an operator")
    return claimed.name


def is_secure(request: web.BaseRequest) -> bool:
    """Whether it came by TLS."""
    return isinstance(request.protocol, Connection) and request.protocol.secure


async def _proves(operators: Operators, claimed: Credentials, source: str) -> bool:
    return await operators.proves(claimed.name, claimed.password, source)


def _readable_by_others(site: Site) -> str:
    way = f"use ipps://{site.tls}/" if site.tls else "this gate has no TLS"
    return f"credentials are taken over TLS alone: {way}; what was sent could be read on the way"
