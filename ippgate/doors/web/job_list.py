"""What a person can do with jobs in a list, at a panel and elsewhere: see them, print, keep, delete.

Each job goes or not by the law of its service, and what did not go is told with the reason.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from ippgate.doors.web.form import BadForm
from ippgate.doors.web.language import Language
from ippgate.doors.web.refusing import sentence
from ippgate.doors.web.services import Services
from ippgate.doors.web.sheet import Sheet, sheet_of
from ippgate.doors.web.visit import BAD, Visit
from ippgate.hold.desk import Desk
from ippgate.ipp import JobState
from ippgate.model.device import Device
from ippgate.model.errors import NotPossible, Refusal, Unavailable
from ippgate.model.happening import Happening, What
from ippgate.model.job import Caller, Job
from ippgate.model.lifecycle import TERMINAL

SHOWN: Final = 200
"""Jobs in a list, oldest first; who has more sees them once these are gone."""

MOST_TOLD: Final = 5
"""Refusals that are told one by one."""

ACTIONS: Final = frozenset({"print", "print-all", "keep", "delete"})
"""The buttons below a list."""

WAITING: Final = tuple(state for state in JobState if state not in TERMINAL)


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
        if len(jobs) < SHOWN:
            jobs += await self._desk.held_for_others(caller, SHOWN - len(jobs))
        return [sheet_of(job, caller, visit.language) for job in jobs]

    async def act(self, visit: Visit, device: Device | None) -> None:
        """Do what the form asks for with the jobs that are chosen in it, and tell what came of it. Raises NotPossible
        where nothing was chosen, BadForm.
        """
        action, chosen, caller = visit.form.text("action"), visit.form.numbers("job"), self.caller(visit)
        if action not in ACTIONS:
            raise BadForm("there is no such button here")
        if not chosen and action != "print-all":
            raise NotPossible(visit.language.say("choose a job first"))
        if action == "delete":
            done = await self._each(visit, chosen, lambda job_id: self._desk.cancel(job_id, caller))
            _tell(visit, "%(number)s job deleted.", "%(number)s jobs deleted.", done)
        elif device is None:
            raise NotPossible(visit.language.say("choose a device first"))
        else:
            done = await self._print(visit, caller, device, action, chosen)
            _tell(visit, "%(number)s job goes to %(device)s.", "%(number)s jobs go to %(device)s.", done, device.name)

    async def _print(self, visit: Visit, caller: Caller, device: Device, action: str, chosen: Sequence[int]) -> int:
        """How many go."""
        key = visit.form.text("key") or None
        if action == "print-all":
            everything = await self._services.everything.to(caller, device, key=key)
            _tell_refused(visit, [each.reason for each in everything.refused])
            return len(everything.released)

        async def release(job_id: int) -> Job:
            return await self._services.release.release(job_id, caller, device.name, keep=action == "keep", key=key)

        return await self._each(visit, chosen, release)

    async def tell_tidings(self, visit: Visit) -> None:
        """Have the next page say what happened to their jobs since they were here last."""
        for happening in await self._services.tidings.tell(visit.visitor.person, limit=MOST_TOLD):
            words = _happened(happening, visit.language)
            visit.tell(f"{words} {sentence(happening.why)}".strip(), BAD)

    async def _each(self, visit: Visit, chosen: Sequence[int], act: Callable[[int], Awaitable[Job]]) -> int:
        refused: list[str] = []
        for job_id in chosen[:SHOWN]:
            try:
                await act(job_id)
            except (Refusal, Unavailable) as error:
                refused.append(str(error))
        _tell_refused(visit, refused)
        return min(len(chosen), SHOWN) - len(refused)


def _tell_refused(visit: Visit, refused: Sequence[str]) -> None:
    for reason in refused[:MOST_TOLD]:
        visit.tell(sentence(reason), BAD)
    if len(refused) > MOST_TOLD:
        visit.tell(visit.language.say("And %(number)s more.", number=len(refused) - MOST_TOLD), BAD)


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
