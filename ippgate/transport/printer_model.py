"""Who made a device: read by pyipp's models from values that our own decoder has already read and made plain.

pyipp never meets octets from the network, and what it cannot read is read here: a hostile or merely odd attribute must
not cost the whole report.
"""

from typing import Any

from pyipp.models import Printer

from ippgate.ipp import Group
from ippgate.ipp.registry import attributes as A
from ippgate.model.text import plain
from ippgate.transport.ipp_ticket import texts

MODEL_LIMIT = 127  # text(127), RFC 8011 section 5.4.9
VALUE_LIMIT = 1023

_NAMELESS = "IPP Printer"
"""What pyipp calls a printer that says neither name nor model."""

_TEXTS = (
    *(A.PRINTER_NAME, A.PRINTER_MAKE_AND_MODEL, A.PRINTER_DEVICE_ID, A.PRINTER_INFO, A.PRINTER_LOCATION),
    *(A.PRINTER_UUID, A.PRINTER_MORE_INFO, A.PRINTER_FIRMWARE_STRING_VERSION),
)


def make_and_model(printer: Group) -> str:
    """Return how people call this kind of printer; "" when it does not say. Never raises."""
    said = _plain_values(printer)
    own = said.get(A.PRINTER_MAKE_AND_MODEL, "")
    try:
        name = Printer.from_dict(said).info.name
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
        name = own
    return "" if name == _NAMELESS and not own else plain(name, MODEL_LIMIT)


def _plain_values(printer: Group) -> dict[str, Any]:
    """Return the few attributes that pyipp reads, each a plain str of bounded length."""
    found = {name: texts(printer.get(name)) for name in _TEXTS}
    return {name: plain(values[0], VALUE_LIMIT) for name, values in found.items() if values}
