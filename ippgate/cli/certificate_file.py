"""A certificate that somebody names on the command line: read, within bounds, and looked at elsewhere."""

from pathlib import Path

from ippgate.cli.sentence import FailedError
from ippgate.model.station import LONGEST_CERTIFICATE


def read_certificate(certificate: Path | None) -> bytes | None:
    """The octets of its file; None: there is none. Raises FailedError."""
    if certificate is None:
        return None
    try:
        with certificate.open("rb") as file:
            octets = file.read(LONGEST_CERTIFICATE + 1)
    except OSError as error:
        raise FailedError(f"{certificate}: {(error.strerror or str(error)).lower()}") from error
    if len(octets) > LONGEST_CERTIFICATE:
        raise FailedError(f"{certificate} is too long for a certificate")
    return octets
