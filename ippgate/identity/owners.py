"""Whose a job is, as it is decided at this moment: the rules of the configuration and the aliases that operators keep.

Every request is held against it, so it is in memory; what another worker changes there is heard of, or seen within
half a minute.
"""

import asyncio
import contextlib
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Final

from ippgate.model.errors import NotFound, NotPossible, Unavailable
from ippgate.model.job import Caller
from ippgate.model.owner import ANY, MAX_NAME, Alias, OwnerRules, Owners, prepared
from ippgate.model.text import plain
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.store.aliases import AliasStore

MAX_ALIASES: Final = 100_000
"""Aliases in mind: some ten megabytes, and more than most directories have people."""

INTERVAL: Final = 30.0  # seconds between two looks at what nobody told of


class OwnerBook:
    """The service that knows owners. queue_id: of a queue by its name; raises NotFound."""

    def __init__(
        self,
        rules: OwnerRules,
        store: AliasStore,
        queue_id: Callable[[str], Awaitable[int]],
        *,
        interval: float = INTERVAL,
    ) -> None:
        self._rules, self._store, self._queue_id, self._interval = rules, store, queue_id, interval
        self._owners = Owners(rules)
        self._seen: list[Alias] = []
        self._changed = asyncio.Event()

    @property
    def owners(self) -> Owners:
        """The mapping in force."""
        return self._owners

    async def reload(self) -> None:
        """Read the aliases. Raises Unavailable."""
        aliases = list(await self._store.all(MAX_ALIASES))
        if aliases != self._seen:
            self._owners, self._seen = Owners(self._rules, aliases), aliases

    def forget(self, _payload: str = "") -> None:
        """Some alias has changed: `run` reads them again."""
        self._changed.set()

    async def run(self) -> None:
        """Follow the aliases until cancelled; while the database is away, those that were known stay in force."""
        while True:
            self._changed.clear()
            try:
                await self.reload()
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - jobs go on having the owners that were known
                mishap(error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await self._changed.wait()

    # ── kept by operators ──

    async def aliases(self) -> list[Alias]:
        """By name."""
        return list(await self._store.all(MAX_ALIASES))

    async def add(self, name: str, owner: str, network: str = "", queue: str = "") -> Alias:
        """Make a name another name of an owner. Raises NotPossible and NotFound."""
        alias = Alias(self._name(name, any_is_one=True), self._name(owner), network_of(network), queue)
        if self._owners.name_of(alias.name) == self._owners.name_of(alias.owner) and alias.name != ANY:
            raise NotPossible(f"{alias.name} is {self._owners.name_of(alias.owner)} already, by the rules for names")
        added = await self._store.add(alias, await self._queue_id(queue) if queue else None)
        await self.reload()
        note(Noted.ALIAS_ADDED, name=added.name, owner=added.owner, network=added.network, queue=added.queue)
        return added

    async def remove(self, name: str, network: str | None = None, queue: str | None = None) -> int:
        """Forget what else a name means: everywhere, or for one network or queue. Raises NotFound."""
        known = self._name(name, any_is_one=True)
        network = None if network is None else network_of(network)
        removed = await self._store.remove(known, network, await self._queue_id(queue) if queue else None)
        if not removed:
            raise NotFound(f"{known} has no such alias: see `ippgate alias list`")
        await self.reload()
        note(Noted.ALIAS_REMOVED, name=known, network=network or "", queue=queue or "")
        return removed

    def claimant(self, name: str) -> str:
        """The owner that somebody of this name is. Raises NotPossible: it is no name."""
        found = self._owners.name_of(name)
        if not found:
            raise NotPossible(f"{plain(name, 80)!r} is no name of a person")
        return found

    def person(self, name: str) -> str:
        """The same, with aliases that hold everywhere. Raises NotPossible."""
        own = self.claimant(name)
        return self._owners.known(Caller(own, said=own, proven=True)).name

    def _name(self, text: str, *, any_is_one: bool = False) -> str:
        """A name as an operator writes it. Raises NotPossible."""
        name = " ".join(prepared(text, fold=self._rules.fold).split())
        if (name == ANY and not any_is_one) or not name or len(name.encode()) > MAX_NAME:
            raise NotPossible(f"{plain(text, 80)!r} is no name: up to {MAX_NAME} octets, and something to see")
        return name


def network_of(text: str) -> str:
    """A network as PostgreSQL writes it. Raises NotPossible."""
    if not text:
        return ""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        raise NotPossible(f"{plain(text, 80)!r} is no network: write one such as 10.7.0.0/16 ({error})") from None
