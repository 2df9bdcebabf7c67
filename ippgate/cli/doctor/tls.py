"""The certificate that clients are shown: there, in date, its key closed to others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ippgate.config import Settings
from ippgate.model.finding import Finding, fail, ok, warn

SOON = timedelta(days=14)
"""An operator's own certificate that ends earlier is spoken of."""


def certificate(settings: Settings) -> Iterator[Finding]:
    """What is shown on the port of TLS."""
    server = settings.server
    if not server.tls:
        yield warn("tls", "is off: what people print can be read on the way, operators have the command line alone",
                   "set server.tls")  # fmt: skip
        return
    own = settings.tls / "gate.pem"
    shown = Path(server.tls_certificate or own)
    key = Path(server.tls_key or shown)
    if not server.tls_certificate and not own.exists():
        yield warn("certificate", f"{own} does not exist yet", "`ippgate serve` makes it")
        return
    try:
        found = x509.load_pem_x509_certificate(shown.read_bytes())
        open_to_others = bool(key.stat().st_mode & 0o077)
    except (OSError, ValueError) as error:
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it holds no PEM certificate"
        yield fail("certificate", f"{shown}: {why}", "correct server.tls_certificate and server.tls_key")
        return
    yield _dated(shown, found)
    if open_to_others:
        yield fail("certificate", f"its key in {key} can be read by others", f"chmod 600 {key}")


def _dated(shown: Path, found: x509.Certificate) -> Finding:
    until, now = found.not_valid_after_utc, datetime.now(UTC)
    told = f"{shown}, until {until:%Y-%m-%d}, SHA-256 {found.fingerprint(hashes.SHA256()).hex()}"
    if until <= now:
        return fail(
            "certificate", f"{told}: it has ended", "put a new one there, or start the server: it renews its own"
        )
    if until - now < SOON:
        return warn("certificate", told, "put a new one there; the server reads it without a restart")
    return ok("certificate", told)
