"""The keys that speak of people: how much of theirs may be held, whose a job is, and what others see of it."""

from dataclasses import dataclass

from ippgate.config import form
from ippgate.config.option import option

GIB, TIB = 1 << 30, 1 << 40
HOUR = 3600


@dataclass(frozen=True, slots=True)
class LimitsSettings:
    """How much may be held, of jobs that have not ended: what exceeds it is refused before it is read, or cut."""

    person_jobs: int = option(0, "Jobs of one owner. 0: no limit.", counts="jobs", low=0, high=10_000_000)
    person_octets: int = option(
        0, "Documents of one owner together. 0: no limit.", unit="octets", low=0, high=1024 * TIB
    )
    queue_jobs: int = option(0, "Jobs of one queue. 0: no limit.", counts="jobs", low=0, high=100_000_000)
    queue_octets: int = option(
        0, "Documents of one queue together. 0: no limit.", unit="octets", low=0, high=1024 * TIB
    )
    jobs: int = option(0, "Jobs of all queues. 0: no limit.", counts="jobs", low=0, high=100_000_000)
    octets: int = option(
        0,
        "Documents of all queues together. 0: no limit. With an external database, whose disk the gate does not see,"
        " this is what keeps it from being filled.",
        unit="octets",
        low=0,
        high=1024 * TIB,
    )
    low_water: int = option(
        GIB,
        "Room that stays free on the disk of the embedded database; an external one is not looked at.",
        unit="octets",
        low=0,
        high=1024 * TIB,
    )
    interval: float = option(
        5,
        "How often what is held is counted. Between two counts a worker adds what it takes itself, so that several"
        " exceed a limit together by what the others take in this time.",
        unit="seconds",
        low=0.5,
        high=HOUR,
    )


@dataclass(frozen=True, slots=True)
class OwnersSettings:
    """Whose a job is: what becomes of the names that clients say, and of those that name nobody."""

    domain: str = option(
        "strip",
        "Whether CORP\\jake and jake@corp.example are jake (strip), or the domain is part of the name (keep).",
        choices=("strip", "keep"),
    )
    domains: str = option(
        "",
        "With strip: the domains that are stripped, with commas between them. Empty: all, so that jake of any domain is"
        " the same person.",
    )
    strangers: str = option(
        "accept",
        "With domains: whether a name of another domain, such as HOST\\user, is an owner like others (accept) or names"
        " nobody.",
        choices=("accept", "nobody"),
    )
    case: str = option(
        "fold", "Whether Jake and jake are the same (fold) or two people (keep).", choices=("fold", "keep")
    )
    nobody: str = option(
        "anonymous, mobile, chronos",
        "Names that name nobody, with commas between them: what many clients say, whoever uses them.",
    )
    nobody_goes: str = option(
        "accept",
        "Where jobs of such a name go: it owns them (accept), they wait until an operator gives them to somebody with"
        " ippgate job claim (claim), or they are refused (refuse). ippgate alias maps such names.",
        choices=("accept", "claim", "refuse"),
    )
    nobody_sentence: str = option(
        "",
        "The sentence with which they are refused; {name} is the name. Empty: the gate's own.",
    )


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """How people prove who they are."""

    pin_length: int = option(
        6,
        "Digits of a PIN that the gate draws, at the least: the more people have one, the longer they get.",
        counts="digits",
        low=4,
        high=12,
    )
    panel_idle: float = option(
        60, "How long a login at a device is good without use.", unit="seconds", low=5, high=HOUR
    )
    panel_longest: float = option(
        HOUR, "How long it is good however much it is used.", unit="seconds", low=10, high=24 * HOUR
    )
    portal_idle: float = option(
        HOUR / 2, "How long a login elsewhere is good without use.", unit="seconds", low=60, high=7 * 24 * HOUR
    )
    portal_longest: float = option(
        12 * HOUR, "How long it is good however much it is used.", unit="seconds", low=60, high=31 * 24 * HOUR
    )


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """What of a job others do not see."""

    attributes: str = option(
        "default",
        "What is private, with commas between them: names of attributes of jobs and documents, or all, default (titles"
        " and what the client called itself), job-template, job-description, or none (job-privacy-attributes).",
        form=form.names,
    )
    scope: str = option(
        "owner",
        "Who sees that: everybody (all), the job's owner (owner, default) or nobody (none) (job-privacy-scope).",
        choices=("all", "default", "owner", "none"),
    )
    operators: str = option(
        "see",
        "Whether operators see it as well (see), or only when they ask for one of these attributes by its name: that is"
        " written into the log (ask).",
        choices=("see", "ask"),
    )
