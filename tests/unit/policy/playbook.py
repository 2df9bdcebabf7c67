"""A playbook: what is printed and what the rules make of it, in a few words that read as the story.

    >> print-job 600 pages
    << refused "Print it at the shop."

    >> print-job "Outlook memo" 3 pages, 1 in colour by jake on followme from 10.0.0.7 at 2026-03-31 18:30
    << print-color-mode: color → monochrome
    << held "Closed."

    >> release at hall
    << as the queue has it

Every `<<` of a play must be there, in order, and nothing else. A release follows the job printed last, unless that was
refused; `print-job` without pages is one whose document says nothing of them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from ippgate.ipp import Attribute, attribute
from ippgate.model.facts import DocumentFacts
from ippgate.policy import (
    Decision,
    DeviceFacts,
    Facts,
    JobFacts,
    Outcome,
    QueueFacts,
    RuleSet,
    Stage,
    UserFacts,
    applied,
    decide,
)
from ippgate.policy.worth import SHAPED

UNKNOWN = "encrypted"

_PARTS = {
    "title": r'"(?P<title>[^"]*)"',
    "pages": r"(?P<pages>\d+) pages?,?",
    "color": r"(?P<color>\d+) in colour",
    "size": r"(?P<size>\d+) octets",
    "producer": r'made by "(?P<producer>[^"]*)"',
    "found": r"found to be (?P<found>\S+)",
    "said": r"said to be (?P<said>\S+)",
    "user": r"by (?P<user>\w+)",
    "groups": r"of (?P<groups>\w+)",
    "queue": r"on (?P<queue>\w+)",
    "client": r"from (?P<client>[0-9a-f.:]+)",
    "account": r"charged to (?P<account>\w+)",
    "now": r"at (?P<now>\d{4}-\d\d-\d\d \d\d:\d\d)",
    "wish": r"with (?P<wish>\w+=\S+)",
}
_WORD = re.compile(r"\s*(?:" + "|".join(_PARTS.values()) + r")(?=\s|$)")


def play(rules: RuleSet, book: str) -> None:
    """Play all scenes; raises AssertionError with the scene and what came instead."""
    before: Facts | None = None
    scenes = list(_scenes(book))
    assert scenes
    for said, expected in scenes:
        if said.startswith("release at "):
            assert before is not None, f"{said}: nothing waits"
            device = DeviceFacts(
                said.removeprefix("release at "), location=said.removeprefix("release at "), color=True
            )
            decision = decide(rules, replace(before, device=device), Stage.RELEASE)
        else:
            facts = _job(said.removeprefix("print-job"))
            decision = decide(rules, facts, Stage.ARRIVAL)
            template, _ = applied(facts.job.template, decision)
            waits = decision.outcome is not Outcome.REFUSE
            before = replace(facts, job=replace(facts.job, template=template)) if waits else None
        came = list(_told(decision))
        assert came == expected, "\n".join([f">> {said}", *(f"<< {line}" for line in came)])


def _scenes(book: str) -> Iterator[tuple[str, list[str]]]:
    lines = [line.strip() for line in book.splitlines() if line.strip()]
    starts = [number for number, line in enumerate(lines) if line.startswith(">> ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        expected = [line.removeprefix("<< ") for line in lines[start + 1 : end]]
        yield lines[start].removeprefix(">> "), expected


def _told(decision: Decision) -> Iterator[str]:
    match decision.outcome:
        case Outcome.REFUSE:
            yield f'refused "{decision.sentence}"'
        case Outcome.HOLD:
            yield f'held "{decision.sentence}" ({", ".join(decision.reasons)})'
        case Outcome.DIRECT:
            yield "printed directly"
    yield from map(str, decision.changes)
    if decision.send_to:
        yield f"sent to {decision.send_to}"
    if decision.priority is not None:
        yield f"priority {decision.priority}"
    if decision.retention is not None:
        yield f"kept for {decision.retention} s"
    if decision.tags:
        yield f"tagged {', '.join(decision.tags)}"
    if decision.outcome is Outcome.NONE and not (decision.changes or decision.send_to or decision.tags):
        yield "as the queue has it"


def _job(said: str) -> Facts:
    parts: dict[str, str] = {}
    wishes = []
    at = 0
    while at < len(said):
        found = _WORD.match(said, at)
        assert found, f"nobody understands {said[at:]!r}"
        here = {name: text for name, text in found.groupdict().items() if text is not None}
        wishes += [here["wish"]] if "wish" in here else []
        parts |= here
        at = found.end()
    pages = int(parts["pages"]) if "pages" in parts else None
    document = DocumentFacts(
        parts.get("found", "application/pdf"),
        pages=pages,
        color_pages=int(parts.get("color", 0)) if pages is not None else None,
        producer=parts.get("producer", ""),
        unknown="" if pages is not None else UNKNOWN,
    )
    template = [_wish(wish) for wish in wishes]
    template += [attribute("job-account-id", parts["account"])] if "account" in parts else []
    job = JobFacts(
        parts.get("title", "Report"),
        tuple(template),
        document_format=parts.get("said", "application/octet-stream"),
        size=int(parts.get("size", 1000)),
    )
    return Facts(
        job,
        datetime.strptime(parts.get("now", "2026-03-31 12:00"), "%Y-%m-%d %H:%M").replace(tzinfo=UTC),
        UserFacts(parts.get("user", "jake"), (parts["groups"],) if "groups" in parts else ()),
        QueueFacts(parts.get("queue", "followme")),
        parts.get("client", "10.0.0.7"),
        document,
    )


def _wish(text: str) -> Attribute:
    key, _, value = text.partition("=")
    law = SHAPED[key]
    return attribute(law.name, *law.read(int(value) if value.isdigit() else value))
