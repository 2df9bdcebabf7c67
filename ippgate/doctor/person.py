"""Why somebody's jobs do not show, and why they cannot log in. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ippgate.doctor.alike import alike
from ippgate.ipp.registry.enums import JobState
from ippgate.model.card import Card
from ippgate.model.device import Device
from ippgate.model.diagnosis import Holding
from ippgate.model.finding import Finding, fail, ok, warn
from ippgate.model.job import Job
from ippgate.model.lifecycle import keyword
from ippgate.model.owner import Alias, Goes
from ippgate.model.person import Person
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.session import LoginBy

UNCLAIMED: Final = 1000
"""Jobs that nobody has claimed are counted up to here."""

_ENDED: Final = 5  # jobs that have ended are told one by one
_GOES: Final = {
    Goes.ACCEPT: "belongs to that name, whoever it is",
    Goes.CLAIM: "waits until somebody claims it (ippgate job claim)",
    Goes.REFUSE: "is refused",
}
_WAYS: Final = {
    LoginBy.CARD: "card",
    LoginBy.PIN: "PIN",
    LoginBy.CARD_AND_PIN: "card and PIN",
    LoginBy.PASSWORD: "name and password",
}


@dataclass(frozen=True, slots=True)
class PersonCase:
    """What is known of somebody at this moment."""

    asked: str  # the name that was asked about
    owner: str  # the name that their jobs bear
    person: Person | None = None
    aliases: Sequence[Alias] = ()
    nobodys: Goes | None = None  # many clients share the name: what becomes of such jobs
    holdings: Sequence[Holding] = ()
    expired: int = 0  # of late
    ended: Sequence[Job] = ()  # the last ones
    queues: Sequence[Queue] = ()
    owners: Sequence[str] = ()  # of everybody whose jobs have not ended
    unclaimed: int = 0
    limit: int = 0  # jobs that one may hold; 0: as many as they like
    cards: Sequence[Card] = field(default=())
    device: Device | None = None  # where they want to log in
    slowed: float = 0.0  # seconds that logins wait, as far as this worker knows


def of_person(case: PersonCase) -> Iterator[Finding]:
    """Who they are to the gate, what they have, and what may be theirs; then how they log in."""
    yield from _who(case)
    yield from _holdings(case)
    yield from _elsewhere(case)
    yield from _ended(case)
    yield from _queues(case)
    yield from _login(case)


def _who(case: PersonCase) -> Iterator[Finding]:
    owner, person = case.owner, case.person
    if case.asked != owner:
        yield ok("name", f"{case.asked} is {owner}, as the rules for names and the aliases have it")
    if case.nobodys is not None:
        sentence = f"many clients say {owner}, whoever uses them: what they print {_GOES[case.nobodys]}"
        yield warn("name", sentence, f"let them set up their own name, or ippgate alias add {owner} NAME --network …")
    if person is None:
        sentence = f"{owner} is no person here: what they print is held all the same, and they log in nowhere"
        yield warn("person", sentence, f"ippgate person add {owner}")
    elif not person.active:
        sentence = f"{owner} is shut out: nothing of theirs is taken or released"
        yield fail("person", sentence, f"ippgate person change {owner} --active")
    else:
        yield ok("person", f"{owner} is known here")
    if case.aliases:
        named = ", ".join(each.name for each in case.aliases)
        yield ok("aliases", f"what these print is theirs: {named}")


def _holdings(case: PersonCase) -> Iterator[Finding]:
    for each in case.holdings:
        yield ok("jobs", f"{each.jobs} {keyword(each.state)} in {each.queue}")
    held = sum(each.jobs for each in case.holdings)
    if case.limit and held >= case.limit:
        sentence = f"they hold {held} jobs, and one may hold {case.limit}: further ones are refused"
        yield fail("jobs", sentence, "let them cancel some, or raise limits.person_jobs")
    if not held:
        yield warn("jobs", "nothing of theirs waits", "see below; else let them print again, and look at the queue")


def _elsewhere(case: PersonCase) -> Iterator[Finding]:
    """What may be theirs, under other names."""
    for name in sorted({each.name for each in case.aliases} & set(case.owners)):
        remedy = f"ippgate job list --user {name}, and ippgate job claim JOB --owner {case.owner}"
        yield warn("names", f"jobs that came before {name} was another name of {case.owner} are still {name}'s", remedy)
    for name in alike(_names(case), case.owners):
        remedy = f"if that is the same person: ippgate alias add {name} {case.owner}, ippgate job claim … --owner …"
        yield warn("names", f"jobs wait for {name}, a name like theirs", remedy)
    if case.unclaimed:
        many = f"{case.unclaimed}" if case.unclaimed < UNCLAIMED else f"{UNCLAIMED} or more"
        sentence = f"{many} jobs are nobody's, and may be theirs"
        yield warn("names", sentence, "ippgate job list, and ippgate job claim JOB --owner NAME")


def _names(case: PersonCase) -> set[str]:
    names = {case.owner, *(each.name for each in case.aliases)}
    if case.person is not None:
        names |= {case.person.full_name, case.person.email.partition("@")[0]}
    return {name for name in names if name}


def _ended(case: PersonCase) -> Iterator[Finding]:
    if case.expired:
        sentence = f"{case.expired} of their jobs expired within a week: nobody released them in time"
        yield warn("expired", sentence, "let them come sooner, or ippgate queue set NAME --retention '3 d'")
    direct = {queue.name for queue in case.queues if queue.mode is QueueMode.PASSTHROUGH}
    for job in case.ended[:_ENDED]:
        subject, why = f"job {job.id}", job.message or ", ".join(job.reasons)
        if job.state is JobState.ABORTED:
            yield warn(subject, f"was given up ({why})", f"ippgate doctor job {job.id}")
        elif job.state is JobState.CANCELED:
            yield ok(subject, f"was cancelled ({why})")
        else:
            at_once = f": {job.queue} prints at once and holds nothing" if job.queue in direct else ""
            yield ok(subject, f"was printed at {job.device}{at_once}")


def _queues(case: PersonCase) -> Iterator[Finding]:
    for queue in case.queues:
        subject = f"queue {queue.name}"
        if not queue.accepting:
            yield warn(subject, "takes no jobs at the moment", f"ippgate queue enable {queue.name}")
        if queue.options.known_only:
            remedy = f"let them log in as they print, or ippgate uri add {queue.name} --person {case.owner}"
            yield ok(subject, f"takes jobs of those alone who have proven who they are ({remedy})")
    told = "what was refused left no job: its client was told why, and the server's log has it (client.refused)"
    yield ok("refusals", told)


def _login(case: PersonCase) -> Iterator[Finding]:
    person = case.person
    if person is None or not person.active:
        return
    has = ways_of(person, case.cards)
    if not has:
        remedy = f"ippgate card add {person.name}, ippgate person pin {person.name} or ippgate person password …"
        yield fail("login", f"{person.name} has no card, no PIN and no password: they log in nowhere", remedy)
        return
    listed = ", ".join(words for way, words in _WAYS.items() if way in has)
    last = f"; last at {person.seen_at:%Y-%m-%d %H:%M} UTC" if person.seen_at else "; they never have"
    yield ok("login", f"can log in by {listed}{last}")
    if case.device is not None:
        yield from _login_at(person, has, case.device)
    if case.slowed:
        sentence = f"too many have failed: the next but from where one was good waits {case.slowed:.0f} seconds"
        yield warn("attempts", sentence, "wait so long; who fails there is in the server's log (login.refused)")
    else:
        slow = "whoever fails too often waits, up to five minutes, and each worker counts by itself"
        yield ok("attempts", f"{slow}: see login.refused in the server's log")


def _login_at(person: Person, has: frozenset[LoginBy], device: Device) -> Iterator[Finding]:
    wanted = ", ".join(words for way, words in _WAYS.items() if way in device.logins) or "nothing"
    subject = f"device {device.name}"
    if has & device.logins:
        yield ok(subject, f"people log in there by {wanted}")
    else:
        remedy = f"give {person.name} what is asked for, or ippgate device logins {device.name} --allow WAY"
        yield fail(subject, f"people log in there by {wanted}, and {person.name} has none of it", remedy)


def ways_of(person: Person, cards: Sequence[Card]) -> frozenset[LoginBy]:
    """How somebody can prove who they are."""
    ways = {LoginBy.CARD} if cards else set()
    ways |= {LoginBy.PIN} if person.has_pin else set()
    ways |= {LoginBy.CARD_AND_PIN} if cards and person.has_pin else set()
    return frozenset(ways | ({LoginBy.PASSWORD} if person.has_password else set()))
