"""The client of the doors over TLS."""

import asyncio
import ssl
from pathlib import Path
from typing import Final, Self

from tests.unit.doors.client import Client

NAME: Final = "localhost"


def trusting(certificate: Path | None = None) -> ssl.SSLContext:
    """Trusts this certificate alone; without one, whatever is shown."""
    context = ssl.create_default_context(cafile=str(certificate) if certificate else None)
    if certificate is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class SecureClient(Client):
    """One connection over TLS. Raises ssl.SSLError when hands are not shaken."""

    def __init__(self, port: int, context: ssl.SSLContext, *, source: str = "127.0.0.1", name: str = NAME) -> None:
        super().__init__(port, source=source)
        self._context, self._name = context, name

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self._port, ssl=self._context, server_hostname=self._name, local_addr=(self._source, 0)
        )
        return self

    @property
    def shown(self) -> bytes:
        """The certificate that the server shows, in DER."""
        secure: ssl.SSLObject = self.writer.get_extra_info("ssl_object")
        found = secure.getpeercert(binary_form=True)
        assert found is not None
        return found

    @property
    def version(self) -> str | None:
        secure: ssl.SSLObject = self.writer.get_extra_info("ssl_object")
        return secure.version()
