"""What a queue or a device can be asked for, as data: told by Get-Printer-Attributes, and held against every ticket.

    rule       which values of one job template attribute are possible
    hold       until when: keywords, times of day, moments
    overrides  what may differ from page to page
    media      sizes, types and sources of paper, as `media` and as `media-col`
    finishing  what is done to the sheets, as `finishings-col`
    offer      the attribute, its rule, its default; all of them together
    profile    the fixed safe profile: what nearly every office device does
    reading    a device's printer attributes → its capabilities
    raw        those of devices that describe themselves to nobody
    of_device  which of these a device has
    chosen     defaults that operators choose for a queue
    combine    several devices as one: what all can do, or what any can; urf is a part of it
    printer_type  the same as the bits of CUPS

Because every rule is a plain value, a profile narrowed to what all devices of a queue can do, or widened to what any
of them can, is another `Capabilities` made from their rules; nobody who reads one knows the difference.
"""

from ippgate.model.capabilities.combine import intersection, union
from ippgate.model.capabilities.finishing import FinishingsCol
from ippgate.model.capabilities.hold import Moment
from ippgate.model.capabilities.media import Margins, MediaCol, MediaSize
from ippgate.model.capabilities.of_device import capabilities_of
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.profile import SAFE
from ippgate.model.capabilities.raw import PJL, RAW
from ippgate.model.capabilities.reading import read
from ippgate.model.capabilities.rule import Between, Choice, Ranges, Rule

__all__ = [
    "PJL",
    "RAW",
    "SAFE",
    "Between",
    "Capabilities",
    "Choice",
    "FinishingsCol",
    "Margins",
    "MediaCol",
    "MediaSize",
    "Moment",
    "Offer",
    "Ranges",
    "Rule",
    "capabilities_of",
    "intersection",
    "read",
    "union",
]
