"""The service: gathers what is known, and has it looked at. It changes nothing and tells no title."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ippgate.device.fleet import Fleet
from ippgate.doctor.card import CardCase, of_card, readings
from ippgate.doctor.device import DeviceCase, logins, of_device
from ippgate.doctor.job import MANY, JobCase, of_job
from ippgate.doctor.person import UNCLAIMED, PersonCase, of_person
from ippgate.identity.cards import Cards
from ippgate.identity.owners import OwnerBook
from ippgate.identity.people import People
from ippgate.identity.stations import Stations
from ippgate.model.card_number import USUAL, number_of, profile_of
from ippgate.model.device import Device
from ippgate.model.diagnosis import Attempted
from ippgate.model.errors import DeviceNotReady, NotFound, NotPossible
from ippgate.model.expiry import expires
from ippgate.model.finding import Finding
from ippgate.model.owner import Goes
from ippgate.model.person import Person
from ippgate.store.diagnosis import DiagnosisStore
from ippgate.store.jobs import JobStore

_ATTEMPTS: Final = 20  # the last of a device that are looked at
_ENDED: Final = 10  # the last jobs of a person
_OWNERS: Final = 10_000  # whose names are compared with somebody's
_LATELY: Final = timedelta(days=7)
_EXPIRED: Final = 1000  # jobs that expired are counted up to here


@dataclass(frozen=True, slots=True)
class DoctorSettings:
    """What the configuration says. Times in seconds."""

    keep_held: float = 0.0  # that held jobs may wait where their queue does not say
    stale: float = 600.0  # without being asked, after which a device is not watched
    person_jobs: int = 0  # that one may hold; 0: as many as they like


def _clock() -> datetime:
    return datetime.now(UTC)


class Doctor:
    """Answers why something does not print. Raises NotFound and Unavailable. slowed: seconds for which logins of
    somebody, or at a device, wait, as far as this worker knows.
    """

    def __init__(
        self,
        store: DiagnosisStore,
        jobs: JobStore,
        fleet: Fleet,
        owners: OwnerBook,
        people: People,
        cards: Cards,
        stations: Stations,
        slowed: Callable[[str, Device | None], float],
        settings: DoctorSettings | None = None,
        now: Callable[[], datetime] = _clock,
    ) -> None:
        self._store, self._jobs, self._fleet, self._now = store, jobs, fleet, now
        self._owners, self._people, self._cards, self._stations = owners, people, cards, stations
        self._slowed = slowed
        self._settings = settings or DoctorSettings()

    async def job(self, job_id: int) -> list[Finding]:
        """ "It is released, but nothing prints": of one job."""
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}: it never was, or has been purged")
        [job] = found
        queue = await self._fleet.queue_by_id(job.queue_id)
        there = await self._case(await self._fleet.device_by_id(job.device_id)) if job.device_id else None
        attempts = [_attempted(each) for each in await self._jobs.attempts(job_id)]
        ends = expires(job, queue, self._settings.keep_held)
        errand = await self._store.errand(job_id, MANY)
        return list(of_job(JobCase(job, queue, errand, attempts, ends, there)))

    async def device(self, name: str, *, ask: bool = True) -> list[Finding]:
        """The same of a device. ask: it is asked about itself now, which may take as long as a device is waited for."""
        device = await self._fleet.device(name)
        answer: str | None = None
        if ask:
            try:
                device = await self._fleet.asked(name)
            except DeviceNotReady as error:
                answer = str(error)
        case = await self._case(device, answer=answer, asked=ask)
        return list(of_device(case))

    async def person(self, name: str, *, device: str | None = None, card: str = "") -> list[Finding]:
        """ "My jobs don't show", and "I can't log in", at a device if one is named. card: as its reader has sent it.

        Raises NotPossible for what is no name.
        """
        owner = self._owners.person(name)
        there = None if device is None else await self._fleet.device(device)
        person = await self._known(owner)
        case = PersonCase(
            name,
            owner,
            person,
            await self._people.aliases(person) if person else (),
            self._nobodys(owner),
            await self._store.holdings(owner),
            len(await self._jobs.expired_of(owner, self._now() - _LATELY, _EXPIRED)),
            await self._jobs.get(await self._jobs.ended(owner=owner, limit=_ENDED)),
            [queue for queue in await self._fleet.queues() if not queue.of_device],
            await self._store.owners(_OWNERS),
            await self._store.unclaimed(UNCLAIMED),
            self._settings.person_jobs,
            await self._cards.listing(owner) if person else (),
            there,
            self._slowed(owner, there),
        )
        found = list(of_person(case))
        return [*found, *(await self._card(card, there, owner))] if card else found

    async def login(self, name: str, card: str = "") -> list[Finding]:
        """How people log in at a device. card: one that does not do, as its reader has sent it. Raises NotFound."""
        device = await self._fleet.device(name)
        standing = [each.name for each in await self._stations.stations() if device.id in each.devices]
        found = list(logins(device, standing))
        return [*found, *(await self._card(card, device, ""))] if card else found

    async def _card(self, read: str, device: Device | None, person: str) -> list[Finding]:
        profile = profile_of(device.card_profile) if device else USUAL
        where = device.name if device else ""
        try:
            card = await self._cards.find(number_of(read, profile))
        except NotPossible:
            card = None
        looked = (
            [(other, await self._cards.find(number)) for other, number in readings(read, profile)] if not card else []
        )
        otherwise = [(other, found) for other, found in looked if found is not None]
        return list(of_card(CardCase(read, profile, card, otherwise, person, where)))

    async def _known(self, owner: str) -> Person | None:
        try:
            return await self._people.person(owner)
        except NotFound:
            return None

    def _nobodys(self, owner: str) -> Goes | None:
        rules = self._owners.owners.rules
        return rules.goes if owner in rules.nobody else None

    async def _case(self, device: Device, *, answer: str | None = None, asked: bool = False) -> DeviceCase:
        return DeviceCase(
            device,
            self._now(),
            timedelta(seconds=self._settings.stale),
            await self._store.lane(device.id),
            await self._store.attempts(device.id, _ATTEMPTS),
            answer,
            asked,
        )


def _attempted(row: dict[str, object]) -> Attempted:
    ended, number = row["ended_at"], row["job_id"]
    assert isinstance(ended, datetime)
    assert isinstance(number, int)
    return Attempted(number, ended, str(row["outcome"]), str(row["message"]))
