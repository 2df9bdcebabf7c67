"""Why a device prints nothing: itself, the wire to it, its lane, and what became of the last jobs. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device
from ippgate.model.diagnosis import Attempted, LaneFacts
from ippgate.model.finding import Finding, fail, ok, warn

LONG: Final = 600.0
"""Seconds that a job waits in a lane before somebody should look."""

_TOLD: Final = 3  # attempts that are told one by one
_GOOD: Final = frozenset({"complete", "retry"})


@dataclass(frozen=True, slots=True)
class DeviceCase:
    """What is known of a device at this moment."""

    device: Device
    now: datetime
    stale: timedelta  # one that was not asked for so long is not watched
    lane: LaneFacts = field(default_factory=LaneFacts)
    attempts: Sequence[Attempted] = ()  # latest first
    answer: str | None = None  # why it does not answer now; None: it does, or was not asked
    asked: bool = False


def of_device(case: DeviceCase) -> Iterator[Finding]:
    """Itself and its wire, its lane, what became of the last jobs."""
    yield from condition(case)
    yield from lane(case)
    yield from attempts(case)


def condition(case: DeviceCase) -> Iterator[Finding]:
    """Whether it answers, and what it says."""
    device, report = case.device, case.device.report
    subject, why = _subject(device), report.message or ", ".join(report.reasons) or "it does not say why"
    test = f"ippgate device test {device.name}"
    if case.answer is not None:
        wire = f"does not answer at {device.uri} ({case.answer})"
        yield fail(subject, wire, f"see that it is on and can be reached from here; then {test}")
    elif device.probed_at is None:
        yield fail(
            subject, f"has never answered at {device.uri}", f"see that it is on and the address is right; {test}"
        )
    elif device.silent and not case.asked:
        yield warn(subject, f"did not answer when it was last asked ({why})", f"see that it is on; {test}")
    if device.probed_at is not None and case.now - device.probed_at > case.stale and not case.asked:
        yield warn(subject, f"was last asked at {device.probed_at:%Y-%m-%d %H:%M} UTC", "see that a server is at work")
    if case.answer is not None or device.silent:
        return
    if report.state is PrinterState.STOPPED:
        yield fail(subject, f"is stopped ({why})", f"see to it at the device, then {test}")
    elif not report.accepting:
        yield fail(subject, f"takes no jobs ({why})", "let it take jobs, at its own page or panel")
    elif device.probed_at is not None:
        yield ok(subject, f"answers and is {report.state.name.lower()}")


def lane(case: DeviceCase) -> Iterator[Finding]:
    """Who serves its lane, and what waits in it."""
    facts, subject = case.lane, f"lane of {case.device.name}"
    if not facts.workers:
        yield fail("workers", "none is at work: jobs are held, none is delivered", "start `ippgate serve`")
    if facts.orphaned:
        sentence = f"{facts.orphaned} jobs were under way when their worker died"
        yield warn(subject, sentence, "a running server finds out what became of them within a minute")
    if facts.paused:
        yield warn(subject, f"{facts.paused} jobs wait because their queue is paused", "ippgate queue resume NAME")
    if facts.delayed:
        yield ok(subject, f"{facts.delayed} jobs are not to be printed yet, as their owners want it")
    if facts.arriving:
        yield ok(subject, f"{facts.arriving} jobs wait for their documents")
    if facts.oldest > LONG and facts.workers:
        sentence = f"a job could go and has waited for {facts.oldest / 60:.0f} minutes"
        why = "they are behind what the device has now" if facts.carried else "see the server's log"
        yield warn(subject, sentence, f"ippgate job list --state processing; {why}")
    who = f", served by {_host(facts)}" if facts.served else ""
    yield ok(subject, f"{facts.waiting} jobs wait and {facts.carried} are at the device{who}")


def logins(device: Device, stations: Sequence[str]) -> Iterator[Finding]:
    """How people log in there. stations: names of those that stand there."""
    subject = f"logins at {device.name}"
    ways = ", ".join(sorted(map(str, device.logins)))
    if ways:
        yield ok(subject, f"by {ways}; its reader writes {device.card_profile}")
    else:
        yield fail(subject, "nobody can log in there", f"ippgate device logins {device.name} --allow card")
    if stations:
        yield ok(subject, f"what stands there: {', '.join(stations)}")
    else:
        yield ok(subject, f"no station stands there (ippgate station add NAME --device {device.name})")


def attempts(case: DeviceCase) -> Iterator[Finding]:
    """What became of the last deliveries."""
    subject = f"deliveries to {case.device.name}"
    if not case.attempts:
        yield ok(subject, "none has ended yet")
        return
    bad = [each for each in case.attempts if each.outcome not in _GOOD]
    for each in bad[:_TOLD]:
        sentence = f"job {each.job_id}, {each.ended_at:%Y-%m-%d %H:%M} UTC: {each.message or each.outcome}"
        yield warn(subject, sentence, f"ippgate doctor job {each.job_id}")
    last = case.attempts[0]
    how = "printed" if last.outcome in _GOOD else last.outcome
    yield ok(subject, f"{len(bad)} of the last {len(case.attempts)} failed; the last was {how}")


def _host(facts: LaneFacts) -> str:
    return f"{(facts.host or '').partition(' ')[0]}/{facts.pid}"


def _subject(device: Device) -> str:
    return f"device {device.name}"
