"""The certificate that the gate makes for itself: ECDSA P-256, self-signed, for the names and addresses of the host.

It lies with its key in one file (`gate.pem`, 0600), so that both are replaced in one step, and once more without the
key (`gate.crt`) to be handed to clients. Workers that start together make one: a lock file says whose turn it is.
"""

import fcntl
import ipaddress
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ippgate.doors.tls.settings import TlsSettings
from ippgate.observe import Event, note

PAIR: Final = "gate.pem"
SHOWN: Final = "gate.crt"
LOCK: Final = "lock"

_SLACK: Final = timedelta(days=1)  # clients' clocks are not all right
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_NOWHERE: Final = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, nothing is bound
_PROBES: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_MAX_COMMON_NAME: Final = 64


def ensure(settings: TlsSettings, now: datetime) -> Path:
    """The file of the gate's own certificate, made if there is none that will do for a while. Raises OSError."""
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pair = settings.folder / PAIR
    if not _will_do(pair, settings, now):
        with _turn(settings.folder):
            if not _will_do(pair, settings, now):
                _make(settings, now)
    return pair


def host_names() -> list[str]:
    """Names and addresses by which this host may be called. Nothing is asked of a name server, nothing is sent."""
    host = socket.gethostname().lower()
    short = host.partition(".")[0]
    found = [host, f"{short}.local", *_LOOPBACK]
    for family, somewhere in _PROBES:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((somewhere, 9))  # UDP: it only finds out which address would be used
            found.append(str(probe.getsockname()[0]).partition("%")[0])
    return found


def _will_do(pair: Path, settings: TlsSettings, now: datetime) -> bool:
    """Whether it can be read, is in date for long enough, and has the names that were configured."""
    try:
        octets = pair.read_bytes()
        certificate = x509.load_pem_x509_certificate(octets)
        key = serialization.load_pem_private_key(octets, None)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    known = {str(name.value) for name in names}
    return (
        key.public_key() == certificate.public_key()
        and certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - settings.renew
        and known.issuperset(str(name.value) for name in _general(settings.names))
    )


def _make(settings: TlsSettings, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = _general([*settings.names, *host_names()])
    certificate = _signed(key, names, now - _SLACK, now - _SLACK + settings.valid)
    shown = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _replace(settings.folder / PAIR, secret + shown, 0o600)
    _replace(settings.folder / SHOWN, shown, 0o644)
    until = certificate.not_valid_after_utc
    note(Event.CERTIFICATE_MADE, names=" ".join(str(name.value) for name in names), until=f"{until:%Y-%m-%d}")


def _signed(
    key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName], first: datetime, last: datetime
) -> x509.Certificate:
    common = next((str(name.value) for name in names if isinstance(name, x509.DNSName)), "ippgate")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:_MAX_COMMON_NAME])])
    usage = {"digital_signature": True} | dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _general(names: Iterable[str]) -> list[x509.GeneralName]:
    """Each once; what is no name for a certificate is left out."""
    found: dict[str, x509.GeneralName] = {}
    for name in names:
        if name in _NOWHERE:
            continue
        try:
            found[name] = x509.IPAddress(ipaddress.ip_address(name.partition("%")[0]))
        except ValueError:
            with suppress(ValueError):  # no ASCII: internationalised names are written in their ASCII form
                found[name] = x509.DNSName(name)
    return list(found.values())


def _replace(path: Path, octets: bytes, mode: int) -> None:
    """In one step, never readable by others than `mode` says (SECURITY S26)."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        beside.unlink()
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)  # whatever the umask takes away
        file.write(octets)
        file.flush()
        os.fsync(handle)
    beside.rename(path)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)
