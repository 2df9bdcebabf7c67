"""Jobs go: a dispatcher claims them, a lane carries them to its device one by one, a follower sees them to their end.

What a device does not print is converted before it is sent (`preparation`, `renditions`). `outcome` decides, purely,
what becomes of a job; the others act. Nothing is sent twice on a guess (SECURITY, 'exactly once as far as can be
known').
"""

from ippgate.delivery.dispatcher import DeliverySettings, Dispatcher
from ippgate.delivery.renditions import Renditions

__all__ = ["DeliverySettings", "Dispatcher", "Renditions"]
