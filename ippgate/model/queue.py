"""A queue: what people add as their printer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from ippgate.ipp import Attribute
from ippgate.model.queue_options import USUAL, QueueOptions

MAKE_AND_MODEL: Final = "ippgate print gate"
"""printer-make-and-model of every queue."""


class QueueMode(StrEnum):
    """printer-mode-configured (PWG 5100.18-2025)."""

    RELEASE_PRINTING = "release-printing"  # holds until somebody releases the job at a device
    PASSTHROUGH = "passthrough"  # goes straight to the queue's device, forwarded while it still arrives


class Advertised(StrEnum):
    """What a queue says it can be asked for."""

    SAFE = "safe"  # what nearly every office device does, whatever its devices are
    INTERSECTION = "intersection"  # what each of its devices does
    UNION = "union"  # what any of its devices does


@dataclass(frozen=True, slots=True)
class Queue:
    """A print queue as operators define it."""

    id: int
    uuid: UUID
    name: str  # lower case, path-safe: it is the last part of printer-uri
    mode: QueueMode
    device_id: int | None = None  # its device: where a passthrough queue prints
    info: str = ""
    location: str = ""
    accepting: bool = True  # printer-is-accepting-jobs
    paused: bool = False  # lanes take none of its jobs (Pause-Printer)
    holds_new: bool = False  # jobs that come now wait until operators let them go (Hold-New-Jobs, RFC 3998)
    changed_at: datetime | None = None
    group_id: int | None = None  # its devices, where they are a group; neither device nor group: all there are
    capabilities: Advertised = Advertised.SAFE
    options: QueueOptions = USUAL
    dns_sd_name: str = ""  # the name that the network knows it by; empty: none yet
    geo_location: str = ""  # a geo: URI; empty: nobody has said
    organization: str = ""
    organizational_unit: str = ""
    message: str = ""  # printer-message-from-operator
    contact_name: str = ""  # whom people ask: printer-contact-col
    contact_uri: str = ""
    defaults: tuple[Attribute, ...] = ()  # job template attributes for tickets that do not say
    of_device: bool = False  # the device's own: what is printed at ipp://HOST/ipp/device/NAME; never listed with others


@dataclass(frozen=True, slots=True)
class Description:
    """What is to be said of a queue from now on; None keeps what is said."""

    info: str | None = None
    location: str | None = None
    geo_location: str | None = None
    organization: str | None = None
    organizational_unit: str | None = None
    message: str | None = None
    contact_name: str | None = None
    contact_uri: str | None = None
    defaults: tuple[Attribute, ...] | None = None  # all of them


def own_queue(device: str) -> str:
    """The name of a device's own queue, which none of an operator's can have."""
    return f"device/{device}"
