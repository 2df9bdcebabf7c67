"""A device's certificate, seen once at registration and pinned from then on: for devices that sign their own."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ippgate.model.parcel import Unreachable
from ippgate.model.text import plain
from ippgate.transport.address import parse
from ippgate.transport.lookup import Whereabouts

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SeenCertificate:
    """What an operator decides on. `fingerprint` is the SHA-256 of the DER form: 32 octets, for Device.fingerprint."""

    fingerprint: bytes
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime

    @property
    def colons(self) -> str:
        """The fingerprint as a device's own panel and openssl show it: AB:CD:…"""
        return self.fingerprint.hex(":").upper()


async def fetch_certificate(uri: str, timeout: float) -> SeenCertificate:
    """Return the certificate that an ipps device shows, verified by nobody. Nothing is sent but the TLS hello.

    Raises Unreachable when there is none to see within `timeout` seconds, ValueError when `uri` is no ipps URI.
    """
    address = parse(uri)
    if address.scheme != "ipps":
        raise ValueError("only an ipps device shows a certificate")
    endpoint = (await Whereabouts(address).endpoints(timeout))[0]
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(
                endpoint.ip, endpoint.port, ssl=_seeing(), server_hostname=address.host
            )
    except TimeoutError as error:
        raise Unreachable(f"the device at {address.authority} showed no certificate in {timeout:g} s") from error
    except OSError as error:
        raise Unreachable(f"the device at {address.authority} speaks no TLS ({error.strerror or error})") from error
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return _read(shown, address.authority)


def _seeing() -> ssl.SSLContext:
    """Trust is the operator's to give, after seeing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _read(der: bytes | None, where: str) -> SeenCertificate:
    try:
        shown = x509.load_der_x509_certificate(der or b"")
        return SeenCertificate(
            shown.fingerprint(hashes.SHA256()),
            plain(shown.subject.rfc4514_string(), NAME_LIMIT),
            plain(shown.issuer.rfc4514_string(), NAME_LIMIT),
            shown.not_valid_before_utc,
            shown.not_valid_after_utc,
        )
    except ValueError as error:
        raise Unreachable(f"the device at {where} shows a certificate that cannot be read") from error
