"""Where the certificate is, and how it is looked after."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The operator's own certificate, or (without one) the gate's, in a folder of the home."""

    folder: Path  # of the gate's own
    certificate: Path | None = None  # PEM: the operator's certificate, its chain after it
    key: Path | None = None  # PEM: its key; None: in the same file
    names: tuple[str, ...] = ()  # names and addresses of the gate besides the host's own
    look: float = 5.0  # seconds between looks whether the files have changed
    valid: timedelta = timedelta(days=397)  # what browsers and phones take at most from those who ask them to trust it
    renew: timedelta = timedelta(days=30)  # before its end
