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
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import NewDocument, NewJob
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.policy import FACTS, Decision, RuleSet, Source, Stage, UserFacts, arriving, decide, needs

SIZE: Final = "job.size"
"""The one fact of a document that it takes no examination to know."""


class Target(Protocol):
    """Finds the device that a job goes to."""

    async def on_arrival(
        self, queue: Queue, formats: Sequence[str], template: Sequence[Attribute], *, direct: bool = False
    ) -> int | None:
        """A device of the queue; None: that is decided when the job is released. Raises Refusal when none can."""

    async def sent_to(
        self, name: str, formats: Sequence[str], template: Sequence[Attribute], *, direct: bool
    ) -> int | None:
        """The device of that name, or one of the group of that name. Raises Refusal."""


class Look(Protocol):
    """Examines a document. drawn: whether pages are drawn where their colours take that."""

    async def __call__(self, *, drawn: bool) -> DocumentFacts: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict with the device that the job goes to."""

    verdict: Verdict
    device_id: int | None


class Judge:
    """The service that decides about arriving jobs. rules: those in force; now: aware, in the zone of the people who
    print; person: what is known of an owner.
    """

    def __init__(
        self,
        rules: Callable[[], RuleSet],
        examining: Examining,
        target: Target,
        now: Callable[[], datetime],
        person: Callable[[str], UserFacts] = UserFacts,
    ) -> None:
        self._rules, self._examining, self._target, self._now = rules, examining, target, now
        self._person = person

    @property
    def waits_for_document(self) -> bool:
        """Whether some rule asks for what only a whole document tells: until then nothing is decided."""
        return Source.DOCUMENT in needs(self._rules(), Stage.ARRIVAL)

    async def by_request(self, queue: Queue, new: NewJob, document: NewDocument) -> Sentence:
        """Decide before the document is there. Raises Refusal."""
        return await self._judged(queue, new, document, None)

    async def small(
        self, queue: Queue, new: NewJob, document: NewDocument, octets: bytes
    ) -> tuple[Sentence, NewDocument]:
        """Decide about a job with its whole document, examined as far as rules ask. Raises Refusal.

        The document comes back with its facts if all of them are known; else they are found out when there is time.
        """
        facts = self._examining.glance(octets)
        if facts is not None or not _examined(self._rules()):
            document = replace(document, facts=facts)
            return await self._judged(queue, new, document, len(octets)), document

        async def look(*, drawn: bool) -> DocumentFacts:
            return await self._examining.small(octets, drawn=drawn)

        return await self.whole(queue, new, document, len(octets), look)

    async def whole(
        self,
        queue: Queue,
        new: NewJob,
        document: NewDocument,
        size: int,
        look: Look,
        formats: Callable[[], Sequence[str]] | None = None,
    ) -> tuple[Sentence, NewDocument]:
        """The same for a document that `look` examines: its pages are drawn only if a rule turns on their colours.
        formats: of several documents that are judged as one, once they were looked at.
        """
        rules = self._rules()
        drawn = document.facts is not None or rules.takes_drawing(Stage.ARRIVAL)
        seen = document if document.facts is not None else replace(document, facts=await look(drawn=drawn))
        decision = self._decided(rules, queue, new, seen, size)
        if not drawn and _turns_on_colors(decision, seen):
            drawn, seen = True, replace(document, facts=await look(drawn=True))
            decision = self._decided(rules, queue, new, seen, size)
        sentence = await self._pronounced(queue, new, formats() if formats else (_format(seen),), decision)
        return sentence, document if not drawn and _undrawn(seen) else seen

    async def _judged(self, queue: Queue, new: NewJob, document: NewDocument, size: int | None) -> Sentence:
        decision = self._decided(self._rules(), queue, new, document, size)
        return await self._pronounced(queue, new, (_format(document),), decision)

    def _decided(
        self, rules: RuleSet, queue: Queue, new: NewJob, document: NewDocument, size: int | None
    ) -> Decision | None:
        """What rules decide; None: there are none."""
        if not rules.at(Stage.ARRIVAL) and not rules.unusable:
            return None
        user = self._person(new.owner)
        facts = arriving(queue, new, document, self._now(), found=document.facts, size=size, user=user)
        return decide(rules, facts, Stage.ARRIVAL)

    async def _pronounced(
        self, queue: Queue, new: NewJob, formats: Sequence[str], decision: Decision | None
    ) -> Sentence:
        if decision is not None and decision.steps:
            rules = " ".join(step.rule for step in decision.steps)
            note(Noted.JOB_JUDGED, queue=queue.name, user=new.owner, rules=rules, outcome=decision.outcome.value)
        verdict = verdict_on(queue, new, decision)
        if new.storage is not None and new.storage.only:
            return Sentence(verdict, None)
        return await self._sentence(queue, formats, verdict)

    async def _sentence(self, queue: Queue, formats: Sequence[str], verdict: Verdict) -> Sentence:
        if verdict.decision is None:
            return Sentence(verdict, await self._target.on_arrival(queue, formats, verdict.template))
        try:
            device = await self._device(queue, formats, verdict)
        except Refusal as error:  # the rule's doing, not the client's: the job waits for somebody to look
            return Sentence(verdict.held(R.JOB_HELD_FOR_REVIEW, str(error)), None)
        if device is None and verdict.goes:
            return Sentence(verdict.held(R.JOB_HELD_FOR_REVIEW, NO_TARGET), None)
        return Sentence(verdict, device)

    async def _device(self, queue: Queue, formats: Sequence[str], verdict: Verdict) -> int | None:
        if verdict.send_to is not None:
            return await self._target.sent_to(verdict.send_to, formats, verdict.template, direct=verdict.goes)
        direct = verdict.goes and queue.mode is not QueueMode.PASSTHROUGH
        return await self._target.on_arrival(queue, formats, verdict.template, direct=direct)


def _format(document: NewDocument) -> str:
    """As it was found, or else as its client says."""
    return (document.facts and document.facts.document_format) or document.document_format


def _turns_on_colors(decision: Decision | None, seen: NewDocument) -> bool:
    """Whether some rule could not be judged for want of what drawing the document's pages tells."""
    return decision is not None and _undrawn(seen) and any(FACTS[name].drawn for name in decision.lacked)


def _undrawn(seen: NewDocument) -> bool:
    return seen.facts is not None and seen.facts.undrawn


def _examined(rules: RuleSet) -> bool:
    """Whether some rule asks for more of a document than its size."""
    return any(FACTS[name].source is Source.DOCUMENT for name in rules.asks_for(Stage.ARRIVAL) if name != SIZE)
