"""What is wrong with a configuration: where, which key, why, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault."""

    where: str  # the file's path, or the environment variable's name
    key: str  # server.port; empty when the whole file is at fault
    fault: str  # what is wrong, as a clause
    remedy: str  # what to write instead, as a clause
    line: int | None = None

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        subject = f"{self.key}: " if self.key else ""
        return f"{place}: {subject}{self.fault}; {self.remedy}"


class ConfigError(Exception):
    """The configuration cannot be used. `problems` holds every fault that was found, in the order of the sources."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
