"""Who somebody is, proven: for now operators, by a password.

operators   accounts, and the proof of one
password    argon2id beside the event loop, few at a time
patience    attempts that failed: slowed by source and by name, within bounds, locking nobody out
proof       what was proven a moment ago need not be proven again
"""

from ippgate.identity.operators import IdentitySettings, Operators

__all__ = ["IdentitySettings", "Operators"]
