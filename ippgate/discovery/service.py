"""The services of a queue: IPP, IPP over TLS, and LPR's name, which printers claim (Bonjour Printing section 7)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ippgate.discovery.label import label
from ippgate.discovery.place import Place
from ippgate.discovery.text import record, takes_urf, text_of
from ippgate.model.capabilities import Capabilities
from ippgate.model.queue import Queue

IPP: Final = "_ipp._tcp.local."
IPPS: Final = "_ipps._tcp.local."
PRINTER: Final = "_printer._tcp.local."

UNIVERSAL: Final = "_universal"
"""AirPrint: printers that take Apple raster."""
PRINT: Final = "_print"
"""IPP Everywhere."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service type."""

    kind: str
    port: int
    text: bytes = b""
    subtypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is announced of one queue, under whatever name is free."""

    uuid: UUID
    base: str  # the name it has if nobody else has it
    services: tuple[Service, ...]


def announcement(queue: Queue, able: Capabilities, place: Place) -> Announcement:
    """LPR's service type has port 0: the name is claimed, and nobody is served by it."""
    text = record(text_of(queue, able, place))
    subtypes = (PRINT, UNIVERSAL) if takes_urf(able) else (PRINT,)
    services = [Service(PRINTER, 0), Service(IPP, place.port, text, subtypes)]
    if place.tls_port is not None:
        services.append(Service(IPPS, place.tls_port, text, subtypes))
    return Announcement(queue.uuid, label(queue.info) or label(queue.name), tuple(services))
