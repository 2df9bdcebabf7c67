"""Jobs that wait: whose they are, until when, and what may still be changed, of them and of their documents."""

from ippgate.hold.desk import Desk
from ippgate.hold.documents import Documents

__all__ = ["Desk", "Documents"]
