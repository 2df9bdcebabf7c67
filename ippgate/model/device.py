"""An output device as operators register it and as it describes itself."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ippgate.ipp import Group
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.session import USUAL_LOGINS, LoginBy

DEVICE_SCHEMES = ("ipp", "ipps", "socket", "lpd")
"""How a device may be reached: nothing else is ever called (SECURITY S5)."""

SILENT_REASON = "connecting-to-device"
"""RFC 8011 section 5.4.12: the gate tries to reach its device, and it does not answer."""


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What a device answered when it was asked about itself."""

    state: PrinterState
    reasons: tuple[str, ...] = ()
    message: str = ""
    accepting: bool = True
    make_and_model: str = ""
    formats: tuple[str, ...] = ()  # document-format-supported; empty: unknown (a raw socket takes anything)
    pjl: bool = False  # answers PJL, so a header and footer may go around the document
    attributes: Group | None = None  # the printer attributes as it sent them


@dataclass(frozen=True, slots=True)
class Device:
    """A registered output device."""

    id: int
    uuid: UUID
    name: str
    uri: str  # ipp://host[:port]/path, ipps://…, socket://host[:port], lpd://host[:port]/queue
    info: str = ""
    location: str = ""
    pjl: bool = False
    resend_unknown: bool = False  # raw and lpd devices: send again when the outcome is unknown (off: hold and say so)
    fingerprint: bytes | None = None  # SHA-256 of the certificate pinned at registration (ipps)
    report: DeviceReport = field(default_factory=lambda: DeviceReport(PrinterState.IDLE))
    probed_at: datetime | None = None
    logins: frozenset[LoginBy] = USUAL_LOGINS  # how people log in there
    card_profile: str = "hex"  # how its reader writes the numbers of cards, as `model.card_number` reads it
    auto_release: bool = False  # whoever logs in there prints all that waits for them

    @property
    def silent(self) -> bool:
        """Whether it did not answer when it was last asked: asleep, switched off, or out of reach."""
        return SILENT_REASON in self.report.reasons

    def prints(self, document_format: str) -> bool:
        """Whether the device says that it takes this format; an unknown format or a silent device is not refused."""
        formats = self.report.formats
        return not formats or document_format in formats or document_format == "application/octet-stream"
