"""Document bodies: a stream of octets ⇄ sealed frames in one PostgreSQL large object.

`frame` says how a frame is sealed and opened, `keys` whose key it is, `spool` how frames travel, `sweep` how they go.
"""

from ippgate.spool.keys import JobKey, KeyRing
from ippgate.spool.spool import RENDITION, Spool, SpoolSettings

__all__ = ["RENDITION", "JobKey", "KeyRing", "Spool", "SpoolSettings"]
