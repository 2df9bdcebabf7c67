"""Jobs that are kept to be printed again (job-storage, PWG 5100.11-2024): what becomes of one, and who may print it.

A stored job is one that has ended (`completed`, `job-stored`) and whose documents are still here. It is printed again
as a copy, by Resubmit-Job; by itself it never moves again.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NOT_STORED: Final = "none"
"""The keyword of job-storage-disposition that asks for nothing."""


class Disposition(StrEnum):
    """What is to become of the job (job-storage-disposition)."""

    PRINT_AND_STORE = "print-and-store"
    STORE_ONLY = "store-only"  # it goes to no device


class Access(StrEnum):
    """Who may print it again (job-storage-access)."""

    OWNER = "owner"
    GROUP = "group"  # the people of job-storage-group
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Storage:
    """What a job asks for."""

    disposition: Disposition
    access: Access = Access.OWNER
    group: str = ""  # with the access of that name

    @property
    def only(self) -> bool:
        """Whether the job is not printed at all."""
        return self.disposition is Disposition.STORE_ONLY

    def opens_to(self, groups: frozenset[str]) -> bool:
        """Whether somebody of these groups, who is not its owner, may find the stored job and print it again."""
        return self.access is Access.PUBLIC or (self.access is Access.GROUP and self.group in groups)
