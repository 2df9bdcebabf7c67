"""Somebody names a device, and a held job goes there: who may, where to, what changes, and whether it can be done.

release   the service: release and assign in one, the first wins
everything  all that waits for somebody, at once
target    what a name or uuid points to: a device, or a group of which one is chosen
choice    which of several devices takes a job, and why the others do not
binding   what is changed on the way, held against the device
ruling    what rules say of it
guard     what the job's release action asks for: a password, an owner who is proven
fitness   whether a device is ready and prints the format
"""

from ippgate.release.everything import Everything
from ippgate.release.guard import Guard
from ippgate.release.release import Release
from ippgate.release.ruling import Ruling
from ippgate.release.target import Target

__all__ = ["Everything", "Guard", "Release", "Ruling", "Target"]
