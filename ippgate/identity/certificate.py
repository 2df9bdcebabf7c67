"""A certificate that is to prove somebody: read from PEM or DER, and looked at before it is registered.

What a handshake would refuse is refused here, where somebody reads the reason.
"""

import ssl
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from ippgate.model.errors import NotPossible

LEAST_RSA: Final = 2048
"""Bits of an RSA key: OpenSSL takes no shorter one."""

_PEM: Final = b"-----BEGIN CERTIFICATE-----"


def certificate_of(octets: bytes, now: datetime) -> bytes:
    """The certificate in a file, the first where there are several, in DER. Raises NotPossible, with the reason."""
    try:
        found = (x509.load_pem_x509_certificate if _PEM in octets else x509.load_der_x509_certificate)(octets)
        der = found.public_bytes(Encoding.DER)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(cadata=der)
        _check(found, now)
    except (ValueError, ssl.SSLError, x509.DuplicateExtension) as error:
        raise NotPossible("that is no certificate: it takes one in PEM or DER, without its key") from error
    return der


def _check(found: x509.Certificate, now: datetime) -> None:
    if found.not_valid_after_utc <= now:
        raise NotPossible(f"that certificate has ended on {found.not_valid_after_utc:%Y-%m-%d}: have it made anew")
    key = found.public_key()
    if (isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA) or isinstance(key, dsa.DSAPublicKey):
        raise NotPossible(f"that certificate's key is too weak: RSA takes {LEAST_RSA} bits, or use ECDSA")
    try:
        usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise NotPossible("that certificate is not for clients: its extended key usage lacks clientAuth")
