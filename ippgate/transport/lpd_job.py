"""The words of the line printer daemon protocol (RFC 1179): commands, a job's control file, what a job is called.

A job's name and owner are hostile (SECURITY S6, S7), and old daemons hand them to filter scripts. They enter a line
only through `spoken`, so a control file has exactly the lines that this module wrote, whatever the attributes hold.
"""

import re
from dataclasses import dataclass
from unicodedata import normalize

from ippgate.document.pjl import ticket_of
from ippgate.model.parcel import Parcel
from ippgate.model.text import plain

HOST_LIMIT, USER_LIMIT, NAME_LIMIT, SOURCE_LIMIT = 31, 31, 99, 131
"""Octets of the operands of H, P, J and N (RFC 1179 sections 7.2, 7.8, 7.5, 7.7)."""

MAX_COPIES = 99
"""Each copy is a line of the control file, which small devices hold in a few kilobytes."""

END = b"\0"
"""Follows a control file and a data file."""

_NUMBERS = 1000  # a job has a number of three digits
_UNSPEAKABLE = re.compile(r"[^A-Za-z0-9 ._,:=@+()\[\]#-]")


@dataclass(frozen=True, slots=True)
class LpdJob:
    """A job as a line printer daemon gets it. Its strings are as they are said on the wire."""

    number: int  # 0 to 999
    host: str  # who sends it: this machine
    user: str
    name: str
    copies: int = 1

    @property
    def control_name(self) -> str:
        return f"cfA{self.number:03d}{self.host}"

    @property
    def data_name(self) -> str:
        return f"dfA{self.number:03d}{self.host}"

    def control(self) -> bytes:
        """The control file: whose, what, and the data file printed as it is (`l`), once for each copy. No banner."""
        prints = [f"l{self.data_name}"] * self.copies
        lines = [f"H{self.host}", f"P{self.user}", f"J{self.name[:NAME_LIMIT]}", *prints]
        lines += [f"U{self.data_name}", f"N{self.name[:SOURCE_LIMIT]}"]
        return "".join(f"{line}\n" for line in lines).encode("ascii")


def job_of(parcel: Parcel, host: str, *, copies: bool) -> LpdJob:
    """The parcel as a job. `copies`: ask for them here; else something in the document does, or nothing."""
    return LpdJob(
        parcel.job_id % _NUMBERS,
        spoken(host.partition(".")[0], HOST_LIMIT).replace(" ", "") or "ippgate",
        spoken(parcel.user, USER_LIMIT).replace(" ", "_") or "unknown",
        spoken(parcel.name, SOURCE_LIMIT) or parcel.token,
        _copies(parcel) if copies else 1,
    )


def _copies(parcel: Parcel) -> int:
    """More than a device would count get one rather than a wrong number."""
    asked = ticket_of(parcel.name, parcel.user, parcel.template).copies or 1
    return asked if asked <= MAX_COPIES else 1


def spoken(text: str, limit: int) -> str:
    """Any text as an operand: at most `limit` letters, digits and harmless signs, not beginning with a dash.

    Letters lose their accents; all else, which a line or a shell could take for its own, becomes an underscore.
    """
    flat = normalize("NFKD", plain(text, limit * 2))
    kept = "".join(sign for sign in flat if not 0x300 <= ord(sign) < 0x370)
    return _UNSPEAKABLE.sub("_", kept).lstrip("- ")[:limit].rstrip()


def receive_job(queue: str) -> bytes:
    """Receive a printer job (section 5.2)."""
    return f"\x02{queue}\n".encode("ascii")


def receive_control(job: LpdJob) -> bytes:
    """Receive control file (section 6.2)."""
    return f"\x02{len(job.control())} {job.control_name}\n".encode("ascii")


def receive_data(job: LpdJob, size: int) -> bytes:
    """Receive data file (section 6.3)."""
    return f"\x03{size} {job.data_name}\n".encode("ascii")


def queue_state(queue: str) -> bytes:
    """Send queue state, short (section 5.3)."""
    return f"\x03{queue} \n".encode("ascii")
