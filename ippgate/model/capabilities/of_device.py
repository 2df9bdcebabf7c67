"""Which capabilities a device has, by how it is reached and what it has said of itself."""

from functools import lru_cache
from typing import Final

from ippgate.ipp import Attribute
from ippgate.model.capabilities.offer import Capabilities
from ippgate.model.capabilities.raw import PJL, RAW
from ippgate.model.capabilities.reading import read, relevant
from ippgate.model.device import Device

_DESCRIBES_ITSELF: Final = ("ipp", "ipps")
_MODELS: Final = 1024  # different descriptions that are kept in mind


def capabilities_of(device: Device) -> Capabilities | None:
    """What can be asked of a device. None: nobody knows, for it has never answered; nothing is promised for it."""
    if not describes_itself(device):
        return PJL if device.pjl else RAW
    attributes = device.report.attributes
    return _read(relevant(attributes)) if attributes is not None else None


@lru_cache(_MODELS)
def _read(said: tuple[Attribute, ...]) -> Capabilities:
    """Devices of one model mostly say the same: they have the same object."""
    return read(said)


def describes_itself(device: Device) -> bool:
    """Whether it is one of those that tell what they can do."""
    return device.uri.partition(":")[0] in _DESCRIBES_ITSELF
