"""Integers of the registry that also have a registered keyword: states, operations, status codes."""

from enum import IntEnum


class KeywordedEnum(IntEnum):
    """An IntEnum whose members know their keyword: JobState.PENDING_HELD.keyword == "pending-held"."""

    @property
    def keyword(self) -> str:
        """The registered keyword (for an operation, in lower case)."""
        return self.name.lower().replace("_", "-")
