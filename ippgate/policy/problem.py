"""What is wrong with a rules file: where, in which rule, why, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault."""

    file: str  # as it was named
    line: int | None  # None: the whole file is at fault
    rule: str  # its name, or "number 3" where it has none; empty: no rule is at fault
    sentence: str  # what is wrong, as a clause
    remedy: str  # what to do about it, as a clause

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = f"rule {self.rule}: " if self.rule else ""
        return f"{place}: {subject}{self.sentence}; {self.remedy}"


class RulesError(Exception):
    """The file cannot be used, and nothing of it is. `problems` holds every fault that was found, in order of lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class UnfitError(Exception):
    """A part of a rule cannot be taken: `fault` and `remedy` are clauses for a Problem."""

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy
