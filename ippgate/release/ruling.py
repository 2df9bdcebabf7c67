"""What rules say when a held job is released: those that decided at its arrival, and those that speak of the device."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import msgpack

from ippgate.device.book import Book
from ippgate.ipp import Attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.device import Device
from ippgate.model.errors import Forbidden, NotPossible
from ippgate.model.job import Caller, Job
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.policy import (
    Decision,
    Outcome,
    RuleSet,
    Source,
    Stage,
    UserFacts,
    applied,
    decide,
    from_plain,
    joined,
    leaving,
    needs,
    to_plain,
)
from ippgate.store.judgements import JudgementStore

Template = tuple[Attribute, ...]


class Ruling:
    """Holds rules against a release. rules: those in force; now: aware, in the zone of the people who print; examined:
    returns a job with its documents examined; person: what is known of an owner.
    """

    def __init__(
        self,
        rules: Callable[[], RuleSet],
        judgements: JudgementStore,
        book: Book,
        now: Callable[[], datetime],
        examined: Callable[[Job], Awaitable[Job]],
        person: Callable[[str], UserFacts] = UserFacts,
    ) -> None:
        self._rules, self._judgements, self._book = rules, judgements, book
        self._now, self._examined, self._person = now, examined, person

    async def on_arrival(self, job: Job, caller: Caller) -> Decision | None:
        """What rules decided when the job came; None: they had no say.

        Raises NotPossible while it waits for its document to be judged, or for an account; Forbidden when only an
        operator may let it go.
        """
        if not job.judged:
            raise NotPossible(f"job {job.id} cannot be released yet: its document is still to be looked at")
        if not job.ruled:
            return None
        stored = [each for each in await self._judgements.decisions(job.id) if each.stage == "arrival"]
        decision = from_plain(msgpack.unpackb(stored[0].decision)) if stored else None
        if decision is not None and decision.outcome is Outcome.HOLD and not caller.operator:
            _check_held(job, decision)
        return decision

    async def at_device(
        self, job: Job, device: Device, template: Template, arrival: Decision | None, caller: Caller
    ) -> Template:
        """The template with which the job may go to the device. Raises Forbidden and NotPossible with the rule's
        sentence; what could not be judged does not keep operators from it.
        """
        rules = self._rules()
        if not rules.at(Stage.RELEASE) and not rules.unusable:
            return applied(template, arrival)[0] if arrival else template
        if Source.DOCUMENT in needs(rules, Stage.RELEASE):
            job = await self._examined(job)
        decision = await self._decided(rules, replace(job, template=template), device)
        both = joined(arrival, decision) if arrival else decision
        if decision.steps:
            packed: bytes = msgpack.packb(to_plain(decision))
            await self._judgements.keep(job.id, "release", packed)
            names = " ".join(step.rule for step in decision.steps)
            note(Noted.JOB_JUDGED, job=job.id, device=device.name, rules=names, outcome=decision.outcome.value)
        if decision.outcome is Outcome.REFUSE:
            raise Forbidden(decision.sentence)
        unjudged = R.JOB_HELD_FOR_REVIEW in decision.reasons
        if decision.outcome is Outcome.HOLD and not (unjudged and caller.operator):
            raise NotPossible(decision.sentence or f"a rule holds job {job.id} back from {device.name}")
        return applied(template, both)[0]

    async def _decided(self, rules: RuleSet, job: Job, device: Device) -> Decision:
        queue = await self._book.queue(job.queue)
        groups = [group.name for group in await self._book.groups() if device.id in group.members]
        facts = leaving(queue, job, device, self._now(), found=job.facts, user=self._person(job.owner), groups=groups)
        return decide(rules, facts, Stage.RELEASE)


def overruled(changes: Sequence[Attribute], bound: Template, ruled: Template) -> list[str]:
    """Names of late changes that rules did not let stand: `bound` has them as they were asked for."""
    asked, kept = ({each.name: each for each in template} for template in (bound, ruled))
    return [change.name for change in changes if asked.get(change.name) != kept.get(change.name)]


def _check_held(job: Job, decision: Decision) -> None:
    if R.JOB_HELD_FOR_REVIEW in decision.reasons:
        raise Forbidden(f"{decision.sentence}: an operator has to release it")
    lacks_account = not any(each.name == A.JOB_ACCOUNT_ID for each in job.template)
    if R.ACCOUNT_INFO_NEEDED in decision.reasons and lacks_account:
        raise NotPossible(decision.sentence)
