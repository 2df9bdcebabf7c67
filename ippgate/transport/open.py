"""Which transport speaks to a device: its URI's scheme decides, and no other scheme is ever called (SECURITY S5)."""

from ippgate.model.device import Device
from ippgate.transport.address import parse
from ippgate.transport.ipp import IppTransport
from ippgate.transport.lpd import LpdTransport
from ippgate.transport.port import Transport, TransportSettings
from ippgate.transport.socket import SocketTransport


def open_transport(device: Device, settings: TransportSettings, *, ask_pjl: bool = False) -> Transport:
    """Return the transport of a device; nothing is connected yet.

    `ask_pjl` lets `probe` ask a raw device whether it speaks PJL, and an lpd device whether its queue takes jobs: for
    registration only. Raises ValueError with a sentence when the URI is no device URI.
    """
    match parse(device.uri).scheme:
        case "ipp" | "ipps":
            return IppTransport(device, settings)
        case "socket":
            return SocketTransport(device, settings, ask_pjl=ask_pjl)
        case "lpd":
            return LpdTransport(device, settings, ask_queue=ask_pjl)
        case scheme:
            raise ValueError(f"no transport speaks {scheme}")
