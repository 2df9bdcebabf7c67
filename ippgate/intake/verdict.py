"""What becomes of a job that arrives: its queue's mode, its own wishes and what rules decided, put together. Pure."""

from dataclasses import dataclass, replace
from typing import Final

import msgpack

from ippgate.ipp import Attribute
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Forbidden
from ippgate.model.job import NewJob
from ippgate.model.owner import UNCLAIMED
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.release_action import ReleaseAction, action_reasons
from ippgate.model.until import NO_HOLD, Until
from ippgate.policy import Decision, Outcome, applied, to_plain

NO_TARGET: Final = "a rule prints it directly, but neither the rule nor the queue names a device"


STORING: Final = (R.JOB_STORING,)
"""Why a job waits that is only to be stored: it ends as soon as it is here."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A job as it is to wait or to go, before a device is chosen for it."""

    state: JobState  # pending-held or pending
    reasons: tuple[str, ...]  # job-state-reasons
    template: tuple[Attribute, ...]
    priority: int
    message: str = ""  # job-state-message
    send_to: str | None = None  # a device's or a group's name
    tags: tuple[str, ...] = ()
    waits_for: float | None = None  # seconds; a job that still waits then is given up
    decision: bytes | None = None  # as it is stored; None: no rule had a say

    @property
    def goes(self) -> bool:
        """Whether it goes to a device at once."""
        return self.state is JobState.PENDING

    def held(self, reason: str, message: str) -> "Verdict":
        """The same job, held for a further reason."""
        reasons = tuple(dict.fromkeys((*self.reasons, reason)))
        return replace(self, state=JobState.PENDING_HELD, reasons=reasons, message=message)


def verdict_on(queue: Queue, new: NewJob, decision: Decision | None) -> Verdict:
    """What becomes of the job; without a decision its queue's mode alone counts. Raises Forbidden: it is refused."""
    if decision is not None and decision.outcome is Outcome.REFUSE:
        raise Forbidden(decision.sentence)
    reasons = waiting_reasons(queue, hold_until=new.hold_until, action=new.release_action, unclaimed=new.unclaimed)
    message = UNCLAIMED if new.unclaimed else ""
    if new.storage is not None and new.storage.only:  # whatever else it waits for, its copies will
        reasons, tags = STORING, decision.tags if decision is not None else ()
        kept = stored(decision) if decision is not None and decision.steps else None
        return Verdict(_state(reasons), reasons, new.template, new.priority, tags=tags, decision=kept)
    if decision is None or not decision.steps:
        return Verdict(_state(reasons), reasons, new.template, new.priority, message)
    if decision.outcome is Outcome.DIRECT and not queue.holds_new and new.release_action is None:
        reasons = tuple(reason for reason in reasons if reason != R.JOB_HELD_FOR_RELEASE)
    if decision.outcome is Outcome.HOLD:
        reasons = tuple(dict.fromkeys((*reasons, *decision.reasons)))
    return Verdict(
        _state(reasons),
        reasons,
        applied(new.template, decision)[0],
        new.priority if decision.priority is None else decision.priority,
        decision.sentence if decision.outcome is Outcome.HOLD else message,
        decision.send_to,
        decision.tags,
        decision.retention,
        stored(decision),
    )


def waiting_reasons(
    queue: Queue, *, hold_until: Until | None, action: ReleaseAction | None = None, unclaimed: bool = False
) -> tuple[str, ...]:
    """Why a job of this queue waits; empty: it does not. A release-printing queue holds; a passthrough queue holds only
    what asks for it (job-hold-until, RFC 8011 5.2.2; job-release-action, PWG 5100.11), what comes after Hold-New-Jobs,
    and what is nobody's yet.
    """
    reasons = [R.JOB_HOLD_UNTIL_SPECIFIED] if hold_until not in (None, NO_HOLD) else []
    reasons += action_reasons(action)
    if queue.mode is QueueMode.RELEASE_PRINTING or queue.holds_new:  # Hold-New-Jobs has no reason of its own registered
        reasons.append(R.JOB_HELD_FOR_RELEASE)
    if unclaimed:
        reasons.append(R.JOB_HELD_FOR_REVIEW)
    return tuple(dict.fromkeys(reasons))


def stored(decision: Decision) -> bytes:
    """The decision as it is kept with the job."""
    packed: bytes = msgpack.packb(to_plain(decision))
    return packed


def _state(reasons: tuple[str, ...]) -> JobState:
    return JobState.PENDING_HELD if reasons else JobState.PENDING
