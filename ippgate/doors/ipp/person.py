"""Who somebody is by the certificate that was shown when hands were shaken: looked at once for a connection."""

import ssl
from collections.abc import Callable

from aiohttp import web

from ippgate.doors.connection import Connection

People = Callable[[bytes], str]
"""Whose a certificate in DER is; empty: nobody's."""


def person_of(request: web.BaseRequest, people: People | None) -> str:
    """The person who is proven to ask; empty: nobody is."""
    connection = request.protocol
    if people is None or not isinstance(connection, Connection) or connection.certificate is None:
        return ""
    if connection.person is None:
        secure: ssl.SSLObject | None = request.get_extra_info("ssl_object")
        shown = secure.getpeercert(binary_form=True) if secure is not None else None
        connection.person = people(shown) if shown else ""
    return connection.person
