"""Certificates of devices: self-signed as theirs are, for loopback or for a wrong name, in date or out of it.

And of clients, which may have an issuer.
"""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
VALID_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, in one PEM file each."""

    certificate: Path
    key: Path
    fingerprint: str
    """SHA-256 of the DER form, as lower-case hexadecimal digits without colons."""

    @property
    def der(self) -> bytes:
        """The certificate as it goes over the wire."""
        return ssl.PEM_cert_to_DER_cert(self.certificate.read_text())

    def server(self) -> ssl.SSLContext:
        """Return the context of a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def client(self) -> ssl.SSLContext:
        """Return the context of a client that trusts it alone."""
        return ssl.create_default_context(cafile=str(self.certificate))


def certificate(
    folder: Path,
    *,
    names: tuple[str, ...] = LOOPBACK_NAMES,
    ended: bool = False,
    issuer: Certificate | None = None,
) -> Certificate:
    """Make a certificate for hosts `names`, self-signed without an `issuer`; `ended` ones ended yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    authority, signing = (subject, key) if issuer is None else _authority(issuer)
    last = datetime.now(UTC) + (-VALID_FOR / 2 if ended else VALID_FOR)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(last - 2 * VALID_FOR)
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None if issuer else 0), critical=True)
        .sign(signing, hashes.SHA256())
    )
    made = Certificate(folder / "device.crt", folder / "device.key", signed.fingerprint(hashes.SHA256()).hex())
    made.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def _authority(issuer: Certificate) -> tuple[x509.Name, ec.EllipticCurvePrivateKey]:
    key = serialization.load_pem_private_key(issuer.key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate(issuer.certificate.read_bytes()).subject, key


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
