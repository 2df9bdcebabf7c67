"""What a person can do with jobs in a list, at a panel and elsewhere: see them, print, keep, delete.

Each job goes or not by the law of its service, and what did not go is told with the reason.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from ippgate.doors.web.language import Language
from ippgate.doors.web.services import Services
from ippgate.doors.web.sheet import Sheet, sheet_of
from ippgate.doors.web.visit import BAD, Visit
from ippgate.hold.desk import Desk
from ippgate.ipp import JobState
from ippgate.model.device import Device
from ippgate.model.errors import NotPossible, Refusal, Unavailable
from ippgate.model.happening import Happening, What
from ippgate.model.job import Caller, Job

SHOWN: Final = 200
"""Jobs in a list, oldest first; who has more sees them once these are gone."""

MOST_TOLD: Final = 5
"""Refusals that are told one by one."""

WAITING: Final = (
    JobState.PENDING_HELD,
    JobState.PENDING,
    JobState.PROCESSING,
    JobState.PROCESSING_STOPPED,
)


class JobList:
    """The jobs that a visitor may see and release."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._desk: Desk = services.desk

    def caller(self, visit: Visit) -> Caller:
        """Who asks, with those for whom they stand as a delegate."""
        caller = visit.visitor.caller
        return replace(caller, stands_for=self._services.people_book.stands_for(caller.name))

    async def sheets(self, visit: Visit) -> list[Sheet]:
        """Their own jobs, then those of others that they may release."""
        caller = self.caller(visit)
        jobs = await self._desk.listing(None, WAITING, caller.name, SHOWN)
        jobs += await self._desk.held_for_others(caller, max(SHOWN - len(jobs), 0) or 1)
        return [sheet_of(job, caller, visit.language) for job in jobs]

    async def act(self, visit: Visit, device: Device | None) -> None:
        """Do what the form asks for with the jobs that are chosen in it, and tell what came of it. Raises NotPossible
        where nothing was chosen, BadForm.
        """
        action, chosen, key = visit.form.text("action"), visit.form.numbers("job"), visit.form.text("key") or None
        caller = self.caller(visit)
        if action == "print-all":
            chosen = [sheet.id for sheet in await self.sheets(visit) if sheet.held and not sheet.delegated]
        if not chosen:
            raise NotPossible(visit.language.say("choose a job first"))
        if action == "delete":
            done = await self._each(visit, chosen, lambda job_id: self._desk.cancel(job_id, caller))
            _tell(visit, "%(number)s job deleted.", "%(number)s jobs deleted.", done)
            return
        if device is None:
            raise NotPossible(visit.language.say("choose a device first"))
        keep = action == "keep"

        async def release(job_id: int) -> Job:
            return await self._services.release.release(job_id, caller, device.name, keep=keep, key=key)

        done = await self._each(visit, chosen, release)
        _tell(visit, "%(number)s job goes to %(device)s.", "%(number)s jobs go to %(device)s.", done, device.name)

    async def tell_tidings(self, visit: Visit) -> None:
        """Have the next page say what happened to their jobs since they were here last."""
        for happening in (await self._services.tidings.tell(visit.visitor.person))[:MOST_TOLD]:
            words = _happened(happening, visit.language)
            visit.tell(f"{words} {_sentence(happening.why)}".strip(), BAD)

    async def _each(self, visit: Visit, chosen: Sequence[int], act: Callable[[int], Awaitable[Job]]) -> int:
        refused: list[str] = []
        for job_id in chosen[:SHOWN]:
            try:
                await act(job_id)
            except (Refusal, Unavailable) as error:
                refused.append(_sentence(str(error)))
        for sentence in refused[:MOST_TOLD]:
            visit.tell(sentence, BAD)
        if len(refused) > MOST_TOLD:
            visit.tell(visit.language.say("And %(number)s more.", number=len(refused) - MOST_TOLD), BAD)
        return min(len(chosen), SHOWN) - len(refused)


def _happened(happening: Happening, language: Language) -> str:
    title = happening.name
    match happening.what:
        case What.EXPIRED:
            return language.say("“%(title)s” waited for too long and was deleted.", title=title)
        case What.ABORTED:
            return language.say("“%(title)s” was given up.", title=title)
        case What.HELD_AGAIN:
            return language.say("“%(title)s” did not print and waits again.", title=title)


def _tell(visit: Visit, one: str, several: str, done: int, device: str = "") -> None:
    if done:
        visit.tell(visit.language.say_many(one, several, done, device=device))


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if not whole or whole.endswith((".", "?", "!")) else f"{whole}."
