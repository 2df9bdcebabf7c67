"""Rules held against a job that arrives: with what its request says, or with what its document was found to be too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from ippgate.intake.examining import Examining
from ippgate.intake.verdict import NO_TARGET, Verdict, verdict_on
from ippgate.ipp import Attribute
from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import Refusal
from ippgate.model.job import NewDocument, NewJob
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.policy import FACTS, RuleSet, Source, Stage, arriving, decide, needs

SIZE: Final = "job.size"
"""The one fact of a document that it takes no examination to know."""


class Target(Protocol):
    """Finds the device that a job goes to."""

    async def on_arrival(
        self, queue: Queue, document_format: str | None, template: Sequence[Attribute], *, direct: bool = False
    ) -> int | None:
        """A device of the queue; None: that is decided when the job is released. Raises Refusal when none can."""

    async def sent_to(
        self, name: str, document_format: str | None, template: Sequence[Attribute], *, direct: bool
    ) -> int | None:
        """The device of that name, or one of the group of that name. Raises Refusal."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict with the device that the job goes to."""

    verdict: Verdict
    device_id: int | None


class Judge:
    """The service that decides about arriving jobs. rules: those in force; now: aware, in the zone of the people who
    print.
    """

    def __init__(
        self, rules: Callable[[], RuleSet], examining: Examining, target: Target, now: Callable[[], datetime]
    ) -> None:
        self._rules, self._examining, self._target, self._now = rules, examining, target, now

    @property
    def waits_for_document(self) -> bool:
        """Whether some rule asks for what only a whole document tells: until then nothing is decided."""
        return Source.DOCUMENT in needs(self._rules(), Stage.ARRIVAL)

    async def by_request(self, queue: Queue, new: NewJob, document: NewDocument) -> Sentence:
        """Decide before the document is there. Raises Refusal."""
        return await self._judge(self._rules(), queue, new, document, None)

    async def small(
        self, queue: Queue, new: NewJob, document: NewDocument, octets: bytes
    ) -> tuple[Sentence, NewDocument]:
        """Decide about a job with its whole document, and examine that first if a rule asks. Raises Refusal."""
        rules = self._rules()
        facts = self._examining.glance(octets)
        if facts is None and _examined(rules):
            facts = await self._examining.small(octets)
        document = replace(document, facts=facts)
        return await self._judge(rules, queue, new, document, len(octets)), document

    async def whole(self, queue: Queue, new: NewJob, document: NewDocument, size: int) -> Sentence:
        """Decide about a job whose document was stored and examined. Raises Refusal."""
        return await self._judge(self._rules(), queue, new, document, size)

    async def _judge(
        self, rules: RuleSet, queue: Queue, new: NewJob, document: NewDocument, size: int | None
    ) -> Sentence:
        if not rules.at(Stage.ARRIVAL) and not rules.unusable:
            return await self._sentence(queue, document, verdict_on(queue, new, None))
        facts = arriving(queue, new, document, self._now(), found=document.facts, size=size)
        decision = decide(rules, facts, Stage.ARRIVAL)
        if decision.steps:
            rules_with_a_say = " ".join(step.rule for step in decision.steps)
            note(
                Noted.JOB_JUDGED,
                queue=queue.name,
                user=new.owner,
                rules=rules_with_a_say,
                outcome=decision.outcome.value,
            )
        return await self._sentence(queue, document, verdict_on(queue, new, decision))

    async def _sentence(self, queue: Queue, document: NewDocument, verdict: Verdict) -> Sentence:
        found = (document.facts and document.facts.document_format) or document.document_format
        if verdict.decision is None:
            return Sentence(verdict, await self._target.on_arrival(queue, found, verdict.template))
        try:
            device = await self._device(queue, found, verdict)
        except Refusal as error:  # the rule's doing, not the client's: the job waits for somebody to look
            return Sentence(verdict.held(R.JOB_HELD_FOR_REVIEW, str(error)), None)
        if device is None and verdict.goes:
            return Sentence(verdict.held(R.JOB_HELD_FOR_REVIEW, NO_TARGET), None)
        return Sentence(verdict, device)

    async def _device(self, queue: Queue, document_format: str, verdict: Verdict) -> int | None:
        if verdict.send_to is not None:
            return await self._target.sent_to(verdict.send_to, document_format, verdict.template, direct=verdict.goes)
        direct = verdict.goes and queue.mode is not QueueMode.PASSTHROUGH
        return await self._target.on_arrival(queue, document_format, verdict.template, direct=direct)


def _examined(rules: RuleSet) -> bool:
    """Whether some rule asks for more of a document than its size."""
    return any(FACTS[name].source is Source.DOCUMENT for name in rules.asks_for(Stage.ARRIVAL) if name != SIZE)
