"""People: those whose jobs the gate holds, with what operators say of them and what proves them.

A person's name is the owner name of their jobs, whatever way clients write it; whoever is asked about by another way
to write it, or by an alias, is that person.
"""

from collections.abc import Iterable

from ippgate.identity.owners import OwnerBook
from ippgate.identity.password import PasswordKeeper, check_password
from ippgate.identity.people_book import MAX_PEOPLE, PeopleBook
from ippgate.ipp import Attribute
from ippgate.model.errors import NotPossible, Unavailable
from ippgate.model.owner import ANY, Alias
from ippgate.model.person import Particulars, Person, checked
from ippgate.model.preferences import merged
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.people import PersonStore

PAGE = 1000
"""People that are listed at once."""

_TRIES = 5  # what somebody else changes under our hands is looked at again, so many times


class People:
    """The service of people. book: what this worker has in mind of them; owners: the mapping of names."""

    def __init__(self, store: PersonStore, book: PeopleBook, owners: OwnerBook, keeper: PasswordKeeper) -> None:
        self._store, self._book, self._owners, self._keeper = store, book, owners, keeper

    # ── who there is ──

    async def person(self, name: str) -> Person:
        """Raises NotFound, and NotPossible for what is no name."""
        return await self._store.get(self._owners.person(name))

    async def listing(
        self,
        *,
        after: str = "",
        group: str | None = None,
        department: str | None = None,
        active: bool | None = None,
        limit: int = PAGE,
    ) -> list[Person]:
        """By name, behind a name."""
        return await self._store.listing(
            after=after, group=group, department=department, active=active, limit=min(limit, PAGE)
        )

    async def aliases(self, person: Person) -> list[Alias]:
        """By which other names they print."""
        return [alias for alias in await self._owners.aliases() if alias.owner == person.name and alias.name != ANY]

    # ── by operators ──

    async def add(self, name: str, said: Particulars, *, password: str | None = None) -> Person:
        """Raises NotPossible: it is no name of a person, or it is taken."""
        own, said = self._owners.claimant(name), checked(said)
        if own in self._owners.owners.rules.nobody:
            raise NotPossible(f"{own} is a name that many clients share: it is nobody's")
        if (owner := self._owners.person(own)) != own:
            raise NotPossible(f"{own} is another name of {owner}: `ippgate alias remove {own}` takes it away")
        stored = None if password is None else await self._hashed(own, password)
        added = await self._store.add(own, said, MAX_PEOPLE)
        if stored is not None:
            added = await self._store.set_password(own, stored)
        await self._book.refresh(own)
        note(Noted.PERSON_ADDED, user=own, active=added.active)
        return added

    async def change(self, name: str, said: Particulars) -> Person:
        """What is not said stays. Raises NotFound and NotPossible."""
        own, said = self._owners.person(name), checked(said)
        changed = await self._store.change(own, said)
        await self._book.refresh(own)
        note(Noted.PERSON_CHANGED, user=own, active=changed.active)
        return changed

    async def prefer(self, name: str, said: Iterable[Attribute] = (), dropped: Iterable[str] = ()) -> Person:
        """Have this put into everything they send where it does not say; dropped: names of what is to be so no more.

        Raises NotFound, and NotPossible for what nobody may prefer.
        """
        said, dropped = tuple(said), tuple(dropped)
        for _ in range(_TRIES):
            seen = await self.person(name)
            changed = await self._store.prefer(seen, merged(seen.preferences, said, dropped))
            if changed is not None:
                await self._book.refresh(changed.name)
                note(Noted.PERSON_CHANGED, user=changed.name, active=changed.active)
                return changed
        raise Unavailable(f"{name} is being changed by somebody else at this moment: try again")

    async def set_password(self, name: str, password: str | None) -> Person:
        """None: there is none any more. Raises NotFound, and NotPossible for one that is too short or too long."""
        own = self._owners.person(name)
        changed = await self._store.set_password(own, None if password is None else await self._hashed(own, password))
        await self._book.refresh(own)
        note(Noted.PERSON_PASSWORD_SET, user=own, password=changed.has_password)
        return changed

    async def remove(self, name: str) -> None:
        """The person goes, with what proves them; their jobs and aliases stay. Raises NotFound."""
        own = self._owners.person(name)
        await self._store.remove(own)
        await self._book.refresh(own)
        note(Noted.PERSON_REMOVED, user=own)

    async def _hashed(self, name: str, password: str) -> str:
        check_password(password)
        if password.lower() == name.lower():
            raise NotPossible("the password is the name: choose another")
        return await self._keeper.hash(password)
