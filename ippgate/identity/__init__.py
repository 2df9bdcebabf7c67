"""Who somebody is, proven: operators by a password, people and workstations by a printer URI of their own.

operators   accounts, and the proof of one
password    argon2id beside the event loop, few at a time
patience    attempts that failed: slowed by source and by name, within bounds, locking nobody out
source      whose attempts count together
private_uris  printer URIs with a secret: issued, looked up, revoked
uri_secret  their secrets, and the keyed hash that is kept of one
proof       what was proven a moment ago need not be proven again
"""

from ippgate.identity.operators import IdentitySettings, Operators
from ippgate.identity.private_uris import PrivateUris

__all__ = ["IdentitySettings", "Operators", "PrivateUris"]
