"""What new clients are shown, and may show: a context that is made anew when the files or the certificates of clients
have changed, without a restart.

A pair that cannot be used (half copied, key and certificate of different pairs) changes nothing: the former context
stays, and it is said once. Connections that exist keep what they have.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ippgate.doors.tls import own
from ippgate.doors.tls.clients import ask_for
from ippgate.doors.tls.settings import TlsSettings
from ippgate.model.errors import Refusal
from ippgate.observe import Event, note

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: forward secrecy and authenticated encryption alone, which every client of the last ten years has.
TLS 1.3 has nothing else."""

Stamp = tuple[tuple[int, int, int], ...]


class CertificateUnusable(Refusal):
    """The certificate or its key cannot be read, or they do not belong together."""


class TlsKeeper:
    """`open` before use; then `context` is what the next client is shown, and `run` keeps it up to date."""

    def __init__(self, settings: TlsSettings, now: Callable[[], datetime] = own.now) -> None:
        self._settings, self._now = settings, now
        self._context: ssl.SSLContext | None = None
        self._stamp: Stamp = ()
        self._clients: frozenset[bytes] = frozenset()  # certificates that clients may show
        self._asks_for: frozenset[bytes] = frozenset()  # those of the present context
        self._looking = threading.Lock()  # the files are read beside the event loop

    @property
    def context(self) -> ssl.SSLContext:
        """For the next handshake."""
        assert self._context is not None, "open it first"
        return self._context

    def open(self) -> None:
        """Make the gate's own certificate where one is needed, and load what is to be shown. Raises
        CertificateUnusable.
        """
        self._look()

    async def trust(self, certificates: Iterable[bytes]) -> None:
        """Ask the next clients for a certificate, and take these (in DER) alone; if there are none, ask nobody."""
        wanted = frozenset(certificates)
        if wanted != self._clients:
            self._clients = wanted
            await self._look_beside()

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(self._settings.look)
            await self._look_beside()

    async def _look_beside(self) -> None:
        try:
            await asyncio.to_thread(self._look)
        except CertificateUnusable as error:
            note(Event.CERTIFICATE_UNUSABLE, reason=str(error))

    def _look(self) -> None:
        with self._looking:
            self._look_once()

    def _look_once(self) -> None:
        (certificate, key), clients = self._files(), self._clients
        try:
            stamp = tuple(_stamp(path) for path in (certificate, key))
        except OSError as error:
            self._once((), f"{error.filename}: {(error.strerror or str(error)).lower()}")
            return
        if stamp == self._stamp and clients == self._asks_for:
            return
        try:
            self._context = _context(certificate, key, clients)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            self._once(stamp, f"{certificate} and {key} cannot be used together: {error}")
            return
        known, self._stamp, self._asks_for = self._stamp, stamp, clients
        if stamp == known:
            return
        shown = x509.load_pem_x509_certificate(certificate.read_bytes())
        until = f"{shown.not_valid_after_utc:%Y-%m-%d}"
        note(Event.CERTIFICATE_LOADED, until=until, fingerprint=shown.fingerprint(hashes.SHA256()).hex())

    def _files(self) -> tuple[Path, Path]:
        chosen = self._settings
        if chosen.certificate is not None:
            return chosen.certificate, chosen.key or chosen.certificate
        try:
            pair = own.ensure(chosen, self._now())
        except OSError as error:
            raise CertificateUnusable(f"no certificate can be made in {chosen.folder}: {error.strerror}") from error
        return pair, pair

    def _once(self, stamp: Stamp, sentence: str) -> None:
        """Say what is wrong with the files as they are now; the same files are not spoken of twice."""
        if self._context is None or stamp != self._stamp:
            self._stamp = stamp
            raise CertificateUnusable(sentence)


def _context(certificate: Path, key: Path, clients: Iterable[bytes]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key, password=_no_password)
    ask_for(context, clients)
    return context


def _no_password() -> str:
    """A key that asks for a password would have the server wait at its terminal."""
    raise ValueError("the key is protected by a password: store it without one, readable by the gate alone")


def _stamp(path: Path) -> tuple[int, int, int]:
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_ino, facts.st_size
