"""Delegates: a person lets others see and release what they hold (PRODUCT C4).

A delegate releases as themselves, and the job stays its owner's: both names are kept with it. It goes one step: whoever
stands for a delegate does not stand for the owner, so two who stand for each other do no harm. What listings show is in
every worker's memory (`people_book`); a release asks the database, so whoever was removed, or is shut out, releases
nothing from that moment on.
"""

from typing import Final

from ippgate.identity.owners import OwnerBook
from ippgate.identity.people_book import PeopleBook
from ippgate.model.delegate import MAX_DELEGATES, MAX_STANDING, Delegate
from ippgate.model.errors import NotPossible
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.delegates import DelegateStore

PAGE: Final = 1000
"""Delegates that are listed at once."""


class Delegates:
    """The service of delegates. book: what this worker has in mind; by: who makes the change, for the log."""

    def __init__(self, store: DelegateStore, book: PeopleBook, owners: OwnerBook) -> None:
        self._store, self._book, self._owners = store, book, owners

    async def add(self, person: str, delegate: str, by: str) -> Delegate:
        """Have one stand for the other. Raises NotFound for a name that no person has, and NotPossible: it is no name,
        it is the same person, it is so already, or there are too many.
        """
        own, other = self._owners.person(person), self._owners.person(delegate)
        if own == other:
            raise NotPossible(f"{own} sees and releases their own jobs without that")
        added = await self._store.add(own, other, MAX_DELEGATES, MAX_STANDING)
        await self._book.refresh(other)
        note(Noted.DELEGATE_ADDED, owner=own, delegate=other, user=by)
        return added

    async def remove(self, person: str, delegate: str, by: str) -> None:
        """Raises NotFound and NotPossible."""
        own, other = self._owners.person(person), self._owners.person(delegate)
        await self._store.remove(own, other)
        await self._book.refresh(other)
        note(Noted.DELEGATE_REMOVED, owner=own, delegate=other, user=by)

    async def of(self, person: str) -> list[Delegate]:
        """Who stands for a person, by name."""
        return await self._store.listing(person=self._owners.person(person), limit=MAX_DELEGATES)

    async def for_whom(self, delegate: str) -> list[Delegate]:
        """For whom somebody stands, by name."""
        return await self._store.listing(delegate=self._owners.person(delegate), limit=MAX_STANDING)

    async def listing(self, *, after: tuple[str, str] = ("", ""), limit: int = PAGE) -> list[Delegate]:
        """All of them, by person and delegate, behind such a pair."""
        return await self._store.listing(after=after, limit=min(limit, PAGE))

    async def stands(self, person: str, delegate: str) -> bool:
        """Whether the one stands for the other at this moment: the database is asked."""
        return await self._store.stands(person, delegate)
