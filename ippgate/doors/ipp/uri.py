"""What a printer-uri or job-uri points to. Its host is not looked at: whoever got here meant this gate.

Paths are read strictly: no percent-encoding, no empty or dotted parts, no parameters (SECURITY S2). Names of queues
have nothing that would need them. A queue's URI may end with a secret (`/~SECRET`), which no sentence repeats.
"""

import re
from typing import Final, NamedTuple
from uuid import UUID

from ippgate.ipp import IppError, Status

SCHEMES: Final = ("ipp", "ipps", "http", "https")

_URI: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://[^/?#]*)?(.*)", re.DOTALL)
MARK: Final = "~"
"""Begins the secret part of a path."""

_QUEUE: Final = r"([A-Za-z0-9][A-Za-z0-9._-]{0,126})"
_JOB: Final = r"([1-9][0-9]{0,9})"
_ROOT: Final = re.compile(r"|/|/ipp/?|/ipp/print/?|/printers/?|/jobs/?")
_HIDDEN: Final = r"([A-Za-z0-9_-]{1,128})"
_PRINTER: Final = re.compile(rf"/(?:ipp/print|printers)/{_QUEUE}(?:/{MARK}{_HIDDEN})?(?:/{_JOB})?/?")
_DEVICE: Final = re.compile(rf"/ipp/device/{_QUEUE}(?:/{_JOB})?/?")
_JOBS: Final = re.compile(rf"/jobs/{_JOB}")
_SECRET_PART: Final = re.compile(rf"/{MARK}[^/]*")
_SPOKEN: Final = re.compile(r"[^~%]{0,80}")  # up to what may be a secret, however its mark is written
_SYSTEM: Final = re.compile(r"/ipp/system/?")
_UUID: Final = re.compile(r"urn:uuid:([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})")
_MAX_JOB_ID: Final = 2**31 - 1
MAX_PRINTER_ID: Final = 65_535


class Target(NamedTuple):
    """A queue or a device by name, a job by id, one in the other; neither: the gate as a whole."""

    queue: str | None
    job_id: int | None
    secret: str = ""  # of a private URI; whether it is right is for others to say
    device: str | None = None

    def __repr__(self) -> str:
        return f"Target(queue={self.queue!r}, job_id={self.job_id!r})"  # never the secret


def target_of(uri: str) -> Target:
    """Raises IppError: 0x040C for a scheme that nobody prints by, 0x0406 for a path that is not here."""
    path = _path(uri)
    if _ROOT.fullmatch(path):
        return Target(None, None)
    if found := _PRINTER.fullmatch(path):
        return Target(found[1].lower(), int(found[3]) if found[3] else None, found[2] or "")
    if found := _DEVICE.fullmatch(path):
        return Target(None, int(found[2]) if found[2] else None, device=found[1].lower())
    if found := _JOBS.fullmatch(path):
        return Target(None, int(found[1]))
    sentence = f"{shown(path)} is nothing of this gate: use ipp://HOST/ipp/print/QUEUE"
    raise IppError(Status.CLIENT_ERROR_NOT_FOUND, sentence)


def public(uri: str) -> str:
    """The URI without its secret, as it may be kept and told to others."""
    return _SECRET_PART.sub("", uri)


def shown(uri: str) -> str:
    """As much of a URI as a sentence may repeat."""
    public = _SPOKEN.match(uri)
    assert public is not None
    return public[0] if public[0] == uri[:80] else f"{public[0]}…"


def check_system(uri: str) -> None:
    """Raises IppError unless the URI is that of the system service."""
    path = _path(uri)
    if not _SYSTEM.fullmatch(path):
        sentence = f"{shown(path)} is not the system of this gate: use ipp://HOST/ipp/system"
        raise IppError(Status.CLIENT_ERROR_NOT_FOUND, sentence)


def is_printer_id(number: int) -> bool:
    """Whether a number can be a printer-id at all (PWG 5100.22)."""
    return 1 <= number <= MAX_PRINTER_ID


def is_job_id(number: int | None) -> bool:
    """Whether a number can be a job-id at all."""
    return number is not None and 1 <= number <= _MAX_JOB_ID


def _path(uri: str) -> str:
    found = _URI.fullmatch(uri)
    scheme, path = (found[1].lower(), found[2]) if found else ("", "")
    if scheme not in SCHEMES:
        sentence = f"{shown(uri)} is no printer or job of this gate: use ipp://HOST/ipp/print/QUEUE"
        raise IppError(Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, sentence)
    return path


def uuid_of(uri: str) -> UUID:
    """The UUID of a urn:uuid: URI, as output-device-uuid has it. Raises IppError 0x0400."""
    found = _UUID.fullmatch(uri)
    if found is None:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, f"{uri[:80]} is no urn:uuid: followed by a UUID")
    return UUID(found[1])
