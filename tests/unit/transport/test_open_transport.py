"""A device's URI says which transport speaks to it; nothing else is ever called (SECURITY S5)."""

from uuid import uuid4

import pytest

from ippgate.model.device import DEVICE_SCHEMES, Device
from ippgate.transport.address import DEFAULT_PORTS
from ippgate.transport.ipp import IppTransport
from ippgate.transport.lpd import LpdTransport
from ippgate.transport.open import open_transport
from ippgate.transport.port import TransportSettings
from ippgate.transport.socket import SocketTransport


def device(uri: str) -> Device:
    return Device(1, uuid4(), "lab", uri)


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("ipp://printer/ipp/print", IppTransport),
        ("ipps://printer/ipp/print", IppTransport),
        ("socket://printer", SocketTransport),
        ("lpd://printer/lp", LpdTransport),
    ],
)
def test_each_scheme_has_its_transport(uri: str, kind: type) -> None:
    assert isinstance(open_transport(device(uri), TransportSettings()), kind)


@pytest.mark.parametrize("uri", ["lpr://printer/q", "http://printer/", "file:///dev/lp0", "ftp://printer", "printer"])
def test_any_other_scheme_is_refused_with_a_sentence(uri: str) -> None:
    with pytest.raises(ValueError, match="a device is reached by ipp, ipps, socket, lpd, not by"):
        open_transport(device(uri), TransportSettings())


def test_the_model_and_the_transports_know_the_same_schemes() -> None:
    assert set(DEVICE_SCHEMES) == set(DEFAULT_PORTS)
