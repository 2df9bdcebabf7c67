"""Jobs that wait: whose they are, until when, and what may still be changed, of them and of their documents; and what
happened to them while their owners were not looking.
"""

from ippgate.hold.desk import Desk
from ippgate.hold.documents import Documents
from ippgate.hold.tidings import Tidings

__all__ = ["Desk", "Documents", "Tidings"]
