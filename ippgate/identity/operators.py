"""Operators' accounts: who may run the gate from afar. At its own command line whoever reaches the database may."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ippgate.identity.password import PasswordKeeper, check_password
from ippgate.identity.patience import PatienceSettings
from ippgate.identity.prover import Prover
from ippgate.identity.source import neighbourhood
from ippgate.model.errors import NotPossible, Unavailable
from ippgate.model.text import plain
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.operators import OperatorAccount, OperatorStore

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_SHOWN = 63  # characters of a name that a stranger gave, in the log
_FRESH = 30.0  # seconds: names are read again at the latest then, should a notification be lost


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """How proofs are handled. Times in seconds."""

    proof: float = 60.0  # how long a proof is good without being made again
    patience: PatienceSettings = field(default_factory=PatienceSettings)


class Operators:
    """The service of accounts; `forget` may be called from anywhere in the loop."""

    def __init__(
        self,
        store: OperatorStore,
        settings: IdentitySettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        keeper: PasswordKeeper | None = None,
    ) -> None:
        settings = settings or IdentitySettings()
        self._store, self._clock = store, clock
        self._keeper = keeper or PasswordKeeper()
        self._prover = Prover(self._stored, self._keeper, settings.patience, settings.proof, clock)
        self._names: frozenset[str] = frozenset()
        self._names_until = float("-inf")

    # ── proof ──

    async def proves(self, name: str, password: str, source: str) -> bool:
        """Whether this is an operator's name and password. source: the client's address.

        A wrong name takes as long as a wrong password, and both the same way. Raises Busy for a source or a name that
        has failed too often just now, and when too many are checked at once; Unavailable.
        """
        if await self._prover.proves(name, password, source):
            return True
        reason = "wrong name or password"
        note(Noted.OPERATOR_REFUSED, user=plain(name, _SHOWN), client=neighbourhood(source), reason=reason)
        return False

    async def knows(self, name: str) -> bool:
        """Whether there is an operator of this name. Raises Unavailable."""
        now = self._clock()
        if now >= self._names_until:
            self._names_until = now + _FRESH
            try:
                self._names = frozenset(account.name for account in await self._store.accounts())
            except Unavailable:
                self._names_until = float("-inf")
                raise
        return name in self._names

    def forget(self, _payload: str = "") -> None:
        """Some account has changed: what was proven is to be proven again."""
        self._names_until = float("-inf")
        self._prover.forget()

    async def _stored(self, name: str) -> str | None:
        return await self._store.password(name) if _NAME.fullmatch(name) else None

    # ── accounts ──

    async def accounts(self) -> list[OperatorAccount]:
        """By name."""
        return await self._store.accounts()

    async def add(self, name: str, password: str) -> OperatorAccount:
        """Raises NotPossible: the name is taken or no name, the password too short or too long."""
        if not _NAME.fullmatch(name):
            raise NotPossible(
                f"{plain(name, _SHOWN)!r} is no name: use a-z, 0-9, dot, dash and underscore, beginning with a letter"
                " or digit, up to 63"
            )
        added = await self._store.add(name, await self._hashed(name, password))
        self.forget()
        note(Noted.OPERATOR_ADDED, user=name)
        return added

    async def set_password(self, name: str, password: str) -> OperatorAccount:
        """Raises NotFound, and NotPossible for a password that is too short or too long."""
        changed = await self._store.set_password(name, await self._hashed(name, password))
        self.forget()
        note(Noted.OPERATOR_CHANGED, user=name)
        return changed

    async def remove(self, name: str) -> None:
        """Raises NotFound."""
        await self._store.remove(name)
        self.forget()
        note(Noted.OPERATOR_REMOVED, user=name)

    async def _hashed(self, name: str, password: str) -> str:
        check_password(password)
        if password.lower() == name:
            raise NotPossible("the password is the name: choose another")
        return await self._keeper.hash(password)
