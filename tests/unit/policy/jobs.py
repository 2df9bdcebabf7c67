"""Jobs of paper for the tests of rules, and rules written in a line."""

import re
from datetime import UTC, datetime
from typing import Any

from ippgate.ipp import Attribute, attribute
from ippgate.model.facts import DocumentFacts
from ippgate.policy import Decision, Facts, JobFacts, RuleSet, Stage, decide, read_rules

NOON = datetime(2026, 3, 31, 12, 5, tzinfo=UTC)  # a Tuesday
REPORT = DocumentFacts("application/pdf", pages=12, color_pages=3, producer="Word", title="Report")


def job(*template: Attribute, document: DocumentFacts | None = REPORT, now: datetime = NOON, **parts: Any) -> Facts:
    """A job of twelve pages, three of them in colour."""
    return Facts(JobFacts("Report", template, size=300_000), now, document=document, **parts)


def wish(name: str, *values: Any) -> Attribute:
    return attribute(name, *values)


def rules(*texts: str) -> RuleSet:
    """Rules of one or more lines each; those without a name get one."""
    written = [
        text if re.search(r"(?m)^name =", text) else f'name = "r{number}"\n{text}'
        for number, text in enumerate(texts, 1)
    ]
    return read_rules("".join(f"[[rule]]\n{text}\n" for text in written), "rules.toml")


def when(condition: str, *actions: str, unknown: str = "hold") -> str:
    """A rule's text."""
    return "\n".join([f"when = '{condition}'", f'unknown = "{unknown}"', *(actions or ("hold = true",))])


def judged(facts: Facts, *texts: str, stage: Stage = Stage.ARRIVAL) -> Decision:
    return decide(rules(*texts), facts, stage)
