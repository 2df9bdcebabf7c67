"""What a queue can be asked for, as data: told by Get-Printer-Attributes, and held against every ticket.

    rule      which values of one job template attribute are possible
    media     sizes, types and sources of paper, as `media` and as `media-col`
    offer     the attribute, its rule, its default
    profile   the fixed safe profile: what nearly every office device does

A queue has the safe profile as long as its devices are not looked at. Because every rule is a plain value, a profile
narrowed to what all devices of a queue can do, or widened to what any of them can, is another `Capabilities` made
from their rules; nobody who reads one knows the difference.
"""

from ippgate.model.capabilities.media import MediaCol, MediaSize
from ippgate.model.capabilities.offer import Capabilities, Offer
from ippgate.model.capabilities.profile import SAFE
from ippgate.model.capabilities.rule import Between, Choice, Ranges, Rule

__all__ = ["SAFE", "Between", "Capabilities", "Choice", "MediaCol", "MediaSize", "Offer", "Ranges", "Rule"]
