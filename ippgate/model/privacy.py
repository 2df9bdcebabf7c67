"""What of a job others do not see (RFC 8011 section 9.4, PWG 5100.11): titles tell more than one thinks. Pure.

job-privacy-attributes says which attributes are private, job-privacy-scope who sees them. Operators see them as well,
or, where the gate is set so, only when they ask for one of them by its name, and that is written into the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import groups_of
from ippgate.model.job import Caller, Job

TITLES: Final = frozenset(
    {A.JOB_NAME, A.DOCUMENT_NAME, A.DOCUMENT_NAME_SUPPLIED, A.DOCUMENT_METADATA, A.ORIGINAL_REQUESTING_USER_NAME}
)
"""What `default` stands for."""

ALWAYS: Final = frozenset(
    {
        *(A.JOB_ID, A.JOB_URI, A.JOB_UUID, A.JOB_PRINTER_URI, A.JOB_PRINTER_UP_TIME, A.DOCUMENT_NUMBER),
        *(A.JOB_STATE, A.JOB_STATE_REASONS, A.ATTRIBUTES_CHARSET, A.ATTRIBUTES_NATURAL_LANGUAGE),
    }
)
"""What is never private: without it nobody could ask for a job, or know that it has ended."""

ALL, NONE, DEFAULT, TEMPLATE, DESCRIPTION = "all", "none", "default", "job-template", "job-description"


class Scope(StrEnum):
    """job-privacy-scope: who sees what is private."""

    ALL = "all"  # everybody
    DEFAULT = "default"  # the owner, and who stands for them
    OWNER = "owner"
    NONE = "none"  # nobody


@dataclass(frozen=True, slots=True)
class Privacy:
    """attributes: job-privacy-attributes, names of attributes and `all`, `default`, `none`, `job-template`,
    `job-description`.
    """

    attributes: tuple[str, ...] = (DEFAULT,)
    scope: Scope = Scope.OWNER
    operators: bool = True  # they see everything; else what they ask for by its name, and that is noted

    def hides(self, name: str) -> bool:
        """Whether an attribute of a job or a document is private."""
        return _is_private(self.attributes, name)

    def sees(self, caller: Caller, job: Job) -> bool:
        """Whether this caller sees what is private of this job."""
        if self.scope is Scope.ALL:
            return True
        if caller.operator:
            return self.operators or (caller.name == job.owner and self.scope is not Scope.NONE)
        return caller.sees(job) and self.scope is not Scope.NONE

    def looks(self, caller: Caller, asked: Iterable[str]) -> frozenset[str]:
        """The private attributes that an operator asks for by their names: they are told, and that is to be noted."""
        if not caller.operator or self.operators:
            return frozenset()
        return frozenset(name for name in asked if self.hides(name))


@lru_cache(4096)
def _is_private(attributes: tuple[str, ...], name: str) -> bool:
    if name in ALWAYS or NONE in attributes:
        return False
    return (
        ALL in attributes
        or name in attributes
        or (DEFAULT in attributes and name in TITLES)
        or (TEMPLATE if "Job Template" in groups_of(name) else DESCRIPTION) in attributes
    )
