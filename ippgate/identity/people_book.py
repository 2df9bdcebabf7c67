"""What is known of people at this moment: what rules may ask of them, who is shut out, who stands for whom, and
what each prefers.

Every job is held against it, so it is in each worker's memory. A change elsewhere is told by the person's name, and
that person alone is read again; what nobody told of is seen within half a minute.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ippgate.ipp import Attribute
from ippgate.model import ticket
from ippgate.model.errors import Forbidden, Unavailable
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.policy import UserFacts
from ippgate.store.people import KnownPerson, PersonStore

MAX_PEOPLE: Final = 250_000
"""People of one gate: some fifty megabytes in each worker."""

INTERVAL: Final = 30.0  # seconds between two looks at what nobody told of
_PAGE: Final = 1000  # people read at once: nobody waits for more than that
_SINGLY: Final = 1000  # of more changes everybody is read again

_Facts: TypeAlias = tuple[tuple[str, ...], str, str]
"""Groups, department, cost centre: plain tuples, which Python's collector of garbage soon leaves alone. A hundred
thousand objects of any other kind stop a worker for a fifth of a second each time it looks at them.
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is in mind, by name."""

    facts: dict[str, _Facts] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)
    with_password: set[str] = field(default_factory=set)
    stands_for: dict[str, tuple[str, ...]] = field(default_factory=dict)
    preferences: dict[str, bytes] = field(default_factory=dict)  # packed

    def learn(self, person: KnownPerson) -> None:
        self.facts[person.name] = (person.groups, person.department, person.cost_center)
        if not person.active:
            self.inactive.add(person.name)
        if person.has_password:
            self.with_password.add(person.name)
        if person.stands_for:
            self.stands_for[person.name] = person.stands_for
        if person.preferences is not None:
            self.preferences[person.name] = person.preferences

    def forget(self, name: str) -> None:
        self.facts.pop(name, None)
        self.inactive.discard(name)
        self.with_password.discard(name)
        self.stands_for.pop(name, None)
        self.preferences.pop(name, None)


_NOBODY: Final[frozenset[str]] = frozenset()


class PeopleBook:
    """Knows people; `heard` may be called from anywhere in the loop."""

    def __init__(self, store: PersonStore, *, interval: float = INTERVAL) -> None:
        self._store, self._interval = store, interval
        self._known = _Known()
        self._edition: str | None = None
        self._told: set[str] = set()  # who has changed since they were read
        self._anybody = True  # may have changed
        self._woken = asyncio.Event()
        self._reading = asyncio.Lock()

    def facts(self, name: str) -> UserFacts:
        """What rules may know of whoever owns a job; of a name that is no person's: the name."""
        known = self._known.facts.get(name)
        return UserFacts(name) if known is None else UserFacts(name, *known)

    def is_known(self, name: str) -> bool:
        """Whether there is a person of this name."""
        return name in self._known.facts

    def has_password(self, name: str) -> bool:
        """Whether there is a person of this name who has a password."""
        return name in self._known.with_password

    def check_active(self, name: str) -> None:
        """Raises Forbidden for somebody who is shut out. Who is no person is not: jobs need none."""
        if name in self._known.inactive:
            raise Forbidden(f"{name} is shut out of printing here: ask an operator")

    def stands_for(self, name: str) -> frozenset[str]:
        """Whose held jobs somebody sees and may release as a delegate; of those who are shut out nothing is printed."""
        owners = self._known.stands_for.get(name)
        return _NOBODY if owners is None else frozenset(owners) - self._known.inactive

    def preferences(self, name: str) -> tuple[Attribute, ...]:
        """What somebody wants of everything they send, where it does not say."""
        packed = self._known.preferences.get(name)
        return () if packed is None else ticket.unpack(packed)

    async def reload(self) -> None:
        """Read everybody, unless nothing has changed. Raises Unavailable."""
        async with self._reading:
            edition = await self._store.edition()
            if edition == self._edition:
                return
            known = _Known()
            alike: dict[tuple[str, ...], tuple[str, ...]] = {}  # most people are in the groups of others
            after, page = "", await self._store.known("", _PAGE)
            while page and len(known.facts) < MAX_PEOPLE:
                for each in page:
                    known.learn(each._replace(groups=alike.setdefault(each.groups, each.groups)))
                after = page[-1].name
                page = await self._store.known(after, _PAGE)
            self._known, self._edition = known, edition

    async def refresh(self, *names: str) -> None:
        """Read these again. Raises Unavailable."""
        async with self._reading:
            found = {each.name: each for each in await self._store.known_of(names)}
            for name in names:
                self._known.forget(name)
                if name in found:
                    self._known.learn(found[name])

    def heard(self, name: str = "") -> None:
        """Somebody has changed; "": anybody may have. `run` reads them again."""
        if name and len(self._told) < _SINGLY:
            self._told.add(name)
        else:
            self._anybody = True
        self._woken.set()

    async def run(self) -> None:
        """Follow what is known until cancelled; while the database is away, what was known stays so."""
        while True:
            self._woken.clear()
            try:
                await self._follow()
            except Unavailable as error:
                self._anybody = True
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - jobs go on being judged with what was known
                self._anybody = True
                mishap(error)
            try:
                async with asyncio.timeout(self._interval):
                    await self._woken.wait()
            except TimeoutError:
                self._anybody = True

    async def _follow(self) -> None:
        told, self._told = self._told, set()
        anybody, self._anybody = self._anybody, False
        if anybody:
            await self.reload()
        else:
            await self.refresh(*told)
