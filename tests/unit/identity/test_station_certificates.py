"""Certificates that operators register: read from any file that has one, refused for the reasons of a handshake."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from ippgate.identity.certificate import certificate_of
from ippgate.model.errors import NotPossible
from tests.rig.certificate import certificate

NOW = datetime.now(UTC)


def made(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *usage: ObjectIdentifier, days: int = 10) -> bytes:
    """A self-signed certificate in PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=100))
        .not_valid_after(NOW + timedelta(days=days))
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


CURVE = ec.generate_private_key(ec.SECP256R1())


def test_pem_and_der_and_a_file_with_a_chain_are_read(tmp_path: Path) -> None:
    one = certificate(tmp_path)
    assert certificate_of(one.certificate.read_bytes(), NOW) == one.der
    assert certificate_of(one.der, NOW) == one.der
    assert certificate_of(b"Subject: me\n" + one.certificate.read_bytes() + made(CURVE), NOW) == one.der


@pytest.mark.parametrize("usage", [(), (ExtendedKeyUsageOID.CLIENT_AUTH,)])
def test_one_for_clients_or_for_anything_is_taken(usage: tuple[ObjectIdentifier, ...]) -> None:
    pem = made(CURVE, *usage)
    assert certificate_of(pem, NOW) == ssl.PEM_cert_to_DER_cert(pem.decode())


@pytest.mark.parametrize(
    "octets",
    [b"", b"\x00", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"\x30\x82\xff\xff"],
)
def test_what_is_no_certificate_is_refused(octets: bytes) -> None:
    with pytest.raises(NotPossible, match="that is no certificate"):
        certificate_of(octets, NOW)


def test_a_key_is_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="without its key"):
        certificate_of(certificate(tmp_path).key.read_bytes(), NOW)


def test_one_that_has_ended_is_refused() -> None:
    with pytest.raises(NotPossible, match="has ended on "):
        certificate_of(made(CURVE, days=-1), NOW)


def test_one_that_is_for_servers_alone_is_refused() -> None:
    with pytest.raises(NotPossible, match="lacks clientAuth"):
        certificate_of(made(CURVE, ExtendedKeyUsageOID.SERVER_AUTH), NOW)


def test_a_weak_key_is_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    with pytest.raises(NotPossible, match="RSA takes 2048 bits"):
        certificate_of(made(weak), NOW)
