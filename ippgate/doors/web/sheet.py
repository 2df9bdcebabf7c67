"""A job as a page shows it: what it is, how it is printed, and where it stands, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ippgate.doors.web.language import Language
from ippgate.ipp import JobState
from ippgate.ipp.registry import attributes as A
from ippgate.model.color_mode import MONOCHROME
from ippgate.model.job import Caller, Job
from ippgate.model.lifecycle import TERMINAL

ONE_SIDED: Final = "one-sided"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One line of a list. What is not known is empty."""

    id: int
    title: str
    owner: str  # empty: the visitor's own
    pages: int | None
    copies: int
    color: str
    sides: str
    size: int
    created_at: datetime
    state: str
    how: str  # good, bad or empty: how the state looks
    why: str
    held: bool  # it can be released
    delegated: bool  # somebody else's: it can be released and no more


def sheet_of(job: Job, caller: Caller, language: Language) -> Sheet:
    """The job for this visitor, who may see its title."""
    state, how = _state(job, language)
    delegated = job.owner != caller.name
    return Sheet(
        job.id,
        job.name or language.say("untitled"),
        job.owner if delegated else "",
        job.pages,
        _asked(job, A.COPIES) or 1,
        _color(job, language),
        _sides(job, language),
        job.size,
        job.created_at,
        state,
        how,
        job.message,
        job.state is JobState.PENDING_HELD and not job.incoming,
        delegated,
    )


def _asked(job: Job, name: str) -> int | None:
    return next((each.integer() for each in job.template if each.name == name), None)


def _word(job: Job, name: str) -> str:
    return next((each.text() or "" for each in job.template if each.name == name), "")


def _color(job: Job, language: Language) -> str:
    facts = job.facts
    if _word(job, A.PRINT_COLOR_MODE) in MONOCHROME or (facts is not None and facts.color is False):
        return language.say("black and white")
    return language.say("colour") if facts is not None and facts.color else ""


def _sides(job: Job, language: Language) -> str:
    facts = job.facts
    said = _word(job, A.SIDES) or (facts.sides if facts is not None else "") or ""
    if not said:
        return ""
    return language.say("one side") if said == ONE_SIDED else language.say("both sides")


def _state(job: Job, language: Language) -> tuple[str, str]:
    if job.incoming:
        return language.say("arriving"), ""
    match job.state:
        case JobState.PENDING_HELD:
            return language.say("waiting"), "bad" if job.message else ""
        case JobState.PENDING:
            return language.say("on its way to %(device)s", device=job.device or ""), "good"
        case JobState.PROCESSING:
            return language.say("printing at %(device)s", device=job.device or ""), "good"
        case JobState.PROCESSING_STOPPED:
            return language.say("%(device)s has stopped", device=job.device or ""), "bad"
        case JobState.COMPLETED:
            return language.say("printed"), "good"
    assert job.state in TERMINAL
    return language.say("ended"), "bad"
