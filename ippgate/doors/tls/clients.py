"""Certificates that clients may show: their own ones, registered one by one, and whoever may show one is asked for it.

A server cannot take a certificate that it does not verify, so the registered ones are themselves what is trusted: a
self-signed one is its own authority, and of one that somebody issued no more than itself has to be known. What was
shaken hands with is still only a certificate; whose it is says the register, by its fingerprint, with every request.
"""

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, Protocol

from ippgate.model.errors import Unavailable
from ippgate.observe import Event, note

LOOK: Final = 30.0
"""Seconds between looks into the registers, should nobody say that they have changed."""

Source = Callable[[], Awaitable[Iterable[bytes]]]
"""Certificates in DER. Raises Unavailable."""


class Keeper(Protocol):
    """What new clients are shown, and may show."""

    async def trust(self, certificates: Iterable[bytes]) -> None:
        """Ask clients for a certificate if there are any, and take these alone."""


class ClientCertificates:
    """Keeps the keeper informed: `look` before clients come, then `run`. sources: whoever has registered some."""

    def __init__(self, keeper: Keeper, sources: Sequence[Source]) -> None:
        self._keeper, self._sources = keeper, sources
        self._changed = asyncio.Event()

    def wake(self, _payload: str = "") -> None:
        """A register has changed."""
        self._changed.set()

    async def look(self) -> None:
        """Have those trusted that are registered now; if that cannot be found out, what was known stays."""
        self._changed.clear()
        try:
            found = [certificate for source in self._sources for certificate in await source()]
        except Unavailable as error:
            note(Event.DATABASE_LOST, reason=str(error))
            return
        await self._keeper.trust(found)

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            try:
                async with asyncio.timeout(LOOK):
                    await self._changed.wait()
            except TimeoutError:
                pass
            await self.look()


def ask_for(context: ssl.SSLContext, certificates: Iterable[bytes]) -> None:
    """Have a server's context ask clients for a certificate, and take these alone; without any, nobody is asked.

    Whoever shows none is welcome all the same. Raises ssl.SSLError and ValueError for what is no certificate.
    """
    trusted = b"".join(sorted(set(certificates)))
    if trusted:
        context.load_verify_locations(cadata=trusted)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_mode = ssl.CERT_OPTIONAL


def fingerprint(secure: ssl.SSLObject | None) -> bytes | None:
    """SHA-256 of the certificate that a client has shown and proven to have the key of; None: it has shown none."""
    shown = secure.getpeercert(binary_form=True) if secure is not None else None
    return hashlib.sha256(shown).digest() if shown else None
