"""printer-supply and printer-supply-description (PWG 5100.13 sections 6.6.15 and 6.6.16): toner, paper and their like.

A queue in front of one device tells what that device tells. Where a job may come out at any of several, nobody can say
what supplies it will find there, and that is what is told.
"""

import re
from collections.abc import Sequence
from typing import Final

from ippgate.ipp import Attribute, Tag, Value
from ippgate.ipp.registry import attributes as A
from ippgate.model.device import Device
from ippgate.model.text import cut, plain

MAX_SUPPLIES: Final = 32
"""A device has a dozen; whoever tells of thousands is not believed."""

MAX_TEXT: Final = 1023

_SOUND: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{0,62}=[ -:<-~]{0,255};){1,32}")
_ANY: Final = (
    (b"index=1;class=other;type=other;unit=other;maxcapacity=-2;level=-2;colorantname=none;",),  # -2: unknown
    ("supplies of the device that prints the job",),
)


def supply(devices: Sequence[Device]) -> Attribute:
    """printer-supply."""
    return Attribute(A.PRINTER_SUPPLY, tuple(Value(Tag.OCTET_STRING, each) for each in _told(devices)[0]))


def supply_description(devices: Sequence[Device]) -> Attribute:
    """printer-supply-description: as many values as printer-supply has."""
    texts = (Value(Tag.TEXT, each.encode()) for each in _told(devices)[1])
    return Attribute(A.PRINTER_SUPPLY_DESCRIPTION, tuple(texts))


def _told(devices: Sequence[Device]) -> tuple[Sequence[bytes], Sequence[str]]:
    """What the one device says, if it makes sense as a whole."""
    said = devices[0].report.attributes if len(devices) == 1 else None
    if said is None:
        return _ANY
    supplies, descriptions = said.get(A.PRINTER_SUPPLY), said.get(A.PRINTER_SUPPLY_DESCRIPTION)
    if supplies is None or descriptions is None:
        return _ANY
    sound = [value.raw for value in supplies.values if isinstance(value.raw, bytes) and _SOUND.fullmatch(value.raw)]
    texts = [cut(plain(text, MAX_TEXT), MAX_TEXT) for text in descriptions.texts()]
    whole = len(sound) == len(supplies.values) == len(texts) <= MAX_SUPPLIES
    return (sound, texts) if whole else _ANY
