"""Why a job does not print, or where it has gone: its state and what it waits for, its queue, its way. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ippgate.doctor import device
from ippgate.doctor.device import DeviceCase
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.diagnosis import Attempted, Errand
from ippgate.model.finding import Finding, fail, ok, warn
from ippgate.model.job import Job
from ippgate.model.lifecycle import TERMINAL, keyword
from ippgate.model.queue import Queue
from ippgate.model.release_action import ReleaseAction
from ippgate.model.until import in_words

MANY: Final = 1000
"""Jobs before this one that are counted."""

_TOLD: Final = 5  # attempts that are told
_ACTIONS: Final = {
    ReleaseAction.BUTTON_PRESS: "somebody at its device presses a button there",
    ReleaseAction.JOB_PASSWORD: "its password is given at a device",
    ReleaseAction.OWNER_AUTHORIZED: "its owner has proven who they are, at a device or over TLS",
}


@dataclass(frozen=True, slots=True)
class JobCase:
    """What is known of a job at this moment."""

    job: Job
    queue: Queue
    errand: Errand = field(default_factory=Errand)
    attempts: Sequence[Attempted] = ()  # in order
    expires: datetime | None = None
    there: DeviceCase | None = None  # the device that it goes to, or went to


def of_job(case: JobCase) -> Iterator[Finding]:
    """What it is, what keeps it, and what was tried."""
    job = case.job
    where = f", for {job.device}" if job.device else ""
    yield ok(_subject(job), f"of {job.owner}, in {job.queue}{where}: {keyword(job.state)}")
    if job.state is JobState.PENDING_HELD:
        yield from _held(case)
    elif job.state is JobState.PENDING:
        yield from _pending(case)
    elif job.state in TERMINAL:
        yield from _ended(job)
    else:
        yield from _under_way(case)
    yield from _attempts(case)


def _held(case: JobCase) -> Iterator[Finding]:
    yield from _lacks(case.job)
    yield from _waits_for(case.job)
    yield from _why_held(case.job)
    if case.expires is not None:
        yield ok(_subject(case.job), f"expires at {case.expires:%Y-%m-%d %H:%M} UTC")


def _lacks(job: Job) -> Iterator[Finding]:
    """An owner, a document, a judgement."""
    subject = _subject(job)
    if job.unclaimed:
        yield fail(subject, f"nobody knows whose it is: {job.owner}", f"ippgate job claim {job.id} --owner NAME")
    if job.incoming:
        remedy = "wait; if its client has gone, the gate gives it up (intake.multiple_operation_time_out)"
        yield warn(subject, "its document is not here yet", remedy)
    elif not job.judged:
        yield warn(subject, "rules wait for its document to be looked at", "wait a moment; then see the server's log")


def _waits_for(job: Job) -> Iterator[Finding]:
    """What its owner, or its queue, wants done first."""
    subject = _subject(job)
    if job.hold_until is not None:
        yield ok(subject, f"its owner holds it until {in_words(job.hold_until)}")
    if job.release_action is not None:
        yield ok(subject, f"it is held until {_ACTIONS[job.release_action]}")
    if job.wrong_passwords:
        sentence = f"{job.wrong_passwords} wrong passwords were given for it"
        yield warn(subject, sentence, f"ippgate job unlock {job.id}, if it is locked")


def _why_held(job: Job) -> Iterator[Finding]:
    """What a rule or a device made of it."""
    subject, release = _subject(job), f"ippgate job release {job.id} --device NAME"
    if job.unclaimed or not job.judged:
        return
    if R.JOB_HELD_FOR_REVIEW in job.reasons:
        yield fail(subject, f"somebody has to look at it: {job.message or 'a rule says so'}", release)
    elif R.ACCOUNT_INFO_NEEDED in job.reasons:
        yield fail(subject, "a rule wants an account for it", "send it again with an account (job-account-id)")
    elif job.message:
        yield warn(subject, f"it is held: {job.message}", f"see to that, then {release}")
    elif set(job.reasons) <= {R.JOB_HELD_FOR_RELEASE}:
        yield ok(subject, f"waits until its owner releases it ({release})")


def _pending(case: JobCase) -> Iterator[Finding]:
    job, subject, errand = case.job, _subject(case.job), case.errand
    by = f" by {job.released_by}" if job.released_by else ""
    yield ok(subject, f"was released{by} {errand.released_ago / 60:.0f} minutes ago")
    if case.queue.paused:
        sentence = f"its queue {job.queue} is paused: none of its jobs is sent"
        yield fail(subject, sentence, f"ippgate queue resume {job.queue}")
    if job.delayed_until is not None:
        yield ok(subject, "it is not to be printed yet, as its owner wants it (job-delay-output-until)")
    if not errand.ready:
        yield warn(subject, "its document is not here yet", "wait until its client has sent it")
    if errand.converting:
        yield ok(subject, f"its document is being converted for {job.device}")
    if errand.before:
        many = f"{errand.before} jobs go" if errand.before < MANY else f"{MANY} jobs or more go"
        yield ok(subject, f"{many} to {job.device} before it (ippgate job promote {job.id} puts it first)")
    if job.device is None:
        yield fail(subject, "it has no device to go to", f"ippgate job release {job.id} --device NAME")
    if case.there is not None:
        yield from device.condition(case.there)
        yield from device.lane(case.there)


def _under_way(case: JobCase) -> Iterator[Finding]:
    job, subject, errand = case.job, _subject(case.job), case.errand
    if not errand.carried:
        remedy = (
            "a running server finds out what became of it within a minute; start `ippgate serve` if none is at work"
        )
        yield fail(subject, "its worker is gone", remedy)
    if errand.cancel_by:
        yield ok(subject, f"is being cancelled ({errand.cancel_by})")
    has = "has it" if errand.edge == "accepted" else "is being sent it"
    said = f": {job.message}" if job.message else ""
    yield ok(subject, f"{job.device} {has}{said}")
    if case.there is not None:
        yield from device.condition(case.there)


def _ended(job: Job) -> Iterator[Finding]:
    subject, why = _subject(job), job.message or ", ".join(job.reasons)
    if job.state is JobState.COMPLETED:
        by = f", released by {job.released_by}" if job.released_by else ""
        yield ok(subject, f"was printed at {job.device}{by}: {job.impressions or 'an unknown number of'} impressions")
    else:
        word = "was given up" if job.state is JobState.ABORTED else "was cancelled"
        yield warn(subject, f"{word} ({why})", "its owner sends it again; it is not printed any more")


def _attempts(case: JobCase) -> Iterator[Finding]:
    for each in case.attempts[-_TOLD:]:
        subject, said = f"delivery of {case.job.id}", each.message or "no reason is known"
        at = f"{each.ended_at:%Y-%m-%d %H:%M} UTC"
        if each.outcome == "complete":
            yield ok(subject, f"{at}: printed")
        else:
            remedy = f"ippgate doctor device {case.job.device}" if case.job.device else "see the server's log"
            yield warn(subject, f"{at}: {each.outcome} ({said})", remedy)


def _subject(job: Job) -> str:
    return f"job {job.id}"
