"""What an examination finds: one line each, with what to do where something is to be done."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  # works, but somebody should look
    FAIL = "fail"  # does not work, or is not safe


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    verdict: Verdict
    subject: str
    found: str
    remedy: str = ""

    def facts(self) -> dict[str, str]:
        """As JSON and tables show it."""
        return {"verdict": str(self.verdict), "subject": self.subject, "found": self.found, "remedy": self.remedy}


def ok(subject: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.OK, subject, found)


def warn(subject: str, found: str, remedy: str) -> Finding:
    """Somebody should look."""
    return Finding(Verdict.WARN, subject, found, remedy)


def fail(subject: str, found: str, remedy: str) -> Finding:
    """Somebody must act."""
    return Finding(Verdict.FAIL, subject, found, remedy)
