"""Who has proven what. Credentials count over TLS alone; what everybody may ask asks nobody who they are.

Whoever sends credentials means them: if they are not good, the request is refused, never served as if they had not
been sent (SECURITY S2). Operators have a name and a password (HTTP Basic), and so have people who got one. A person
who has logged in has the token of a session (Bearer, RFC 6750). Stations, which count at devices alone, have a
certificate that they show with TLS, or a secret that the gate has drawn: by Basic, with their name, or as a Bearer
token. What kind of thing a secret proves is written in it, so that more kinds may come.
"""

from typing import Final

from aiohttp import hdrs, web

from ippgate.doors.basic import Credentials, credentials
from ippgate.doors.connection import Connection
from ippgate.doors.ipp.cups import GET_CLASSES
from ippgate.doors.ipp.place import NOTHING_PROVEN, Proof
from ippgate.doors.ipp.services import Services
from ippgate.doors.site import Site
from ippgate.doors.token import bearer_token
from ippgate.identity.secret import Secret, secret_of
from ippgate.identity.sessions import KIND as SESSION
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

WRONG: Final = "that name and password are not those of an operator, or of a person"
"""The same whoever claims what."""


async def proof_of(
    request: web.BaseRequest, code: int, services: Services, site: Site, *, at_device: bool = False
) -> Proof:
    """Who has sent a request, as far as they have proven it. Raises NotAuthenticated, Forbidden and what services
    raise.
    """
    if code in OPEN:
        return NOTHING_PROVEN
    if hdrs.AUTHORIZATION not in request.headers:
        return await _by_certificate(request, services) if at_device else NOTHING_PROVEN
    if not is_secure(request):
        raise Forbidden(_readable_by_others(site))
    headers, source = request.headers.getall(hdrs.AUTHORIZATION), request.remote or ""
    token = bearer_token(headers)
    if token is not None:
        return await _by_secret(_secret_of(token), services, source, at_device=at_device)
    claimed = credentials(headers)
    if claimed is None:
        raise NotAuthenticated(WRONG)
    if at_device and (secret := secret_of(claimed.password)) is not None:
        if claimed.name != secret.name:
            raise NotAuthenticated("that secret is not one of a station of that name")
        return await _by_secret(secret, services, source, at_device=True)
    return await _by_password(claimed, services, source)


def is_secure(request: web.BaseRequest) -> bool:
    """Whether it came by TLS."""
    return isinstance(request.protocol, Connection) and request.protocol.secure


async def _by_certificate(request: web.BaseRequest, services: Services) -> Proof:
    shown = request.protocol.certificate if isinstance(request.protocol, Connection) else None
    return NOTHING_PROVEN if shown is None else Proof(station=await services.stations.by_certificate(shown))


async def _by_secret(secret: Secret, services: Services, source: str, *, at_device: bool) -> Proof:
    """By what the gate has drawn: a person's session, or at a device a station's secret."""
    if secret.kind == SESSION:
        session = await services.sessions.by_token(secret, source)
        if session is None:
            raise NotAuthenticated("that session has ended: log in again")
        if session.operator:
            return Proof(operator=session.operator)
        return Proof(person=session.person, session=session)
    station = await services.stations.by_secret(secret, source) if at_device else None
    if station is None:
        raise NotAuthenticated(
            "that secret is not one of a station" + ("" if at_device else ", which counts at its device")
        )
    return Proof(station=station)


async def _by_password(claimed: Credentials, services: Services, source: str) -> Proof:
    """A name is an operator's or a person's, never both; who is neither takes as long (SECURITY S22)."""
    person = await services.logins.claims(claimed.name)
    if person is not None:
        if await services.logins.proves(person, claimed.password, source):
            return Proof(person=person)
    elif await services.operators.proves(claimed.name, claimed.password, source):
        return Proof(operator=claimed.name)
    raise NotAuthenticated(WRONG)


def _secret_of(token: str) -> Secret:
    """Raises NotAuthenticated for a token that is none."""
    secret = secret_of(token)
    if secret is None:
        raise NotAuthenticated("that token is none of this gate's")
    return secret


def _readable_by_others(site: Site) -> str:
    way = f"use ipps://{site.tls}/" if site.tls else "this gate has no TLS"
    return f"credentials are taken over TLS alone: {way}; what was sent could be read on the way"
