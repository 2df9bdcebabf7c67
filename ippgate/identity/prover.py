"""Names and passwords: wrong and unknown look and last the same, guessing is slowed, what was good is remembered."""

from collections.abc import Awaitable, Callable

from ippgate.identity.password import PasswordKeeper, normal
from ippgate.identity.patience import Patience, PatienceSettings
from ippgate.identity.proof import Proofs
from ippgate.identity.source import neighbourhood
from ippgate.model.errors import Busy, Unavailable


class Prover:
    """Proves passwords of one kind of account. stored: what is kept of a name's password, None for no such name;
    seconds: how long a proof is good without being made again.
    """

    def __init__(
        self,
        stored: Callable[[str], Awaitable[str | None]],
        keeper: PasswordKeeper,
        patience: PatienceSettings,
        seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._stored, self._keeper, self._clock = stored, keeper, clock
        self._patience, self._proofs = Patience(patience), Proofs(seconds)

    async def proves(self, name: str, password: str, source: str) -> bool:
        """Whether this is the name's password. source: the client's address.

        A wrong name takes as long as a wrong password, and both the same way (SECURITY S22). Raises Busy for a source
        or a name that has failed too often just now, and when too many are checked at once; Unavailable.
        """
        now, octets, age, source = self._clock(), normal(password), self._proofs.age, neighbourhood(source)
        if self._proofs.holds(name, octets, now):
            return True
        if wait := self._patience.wait(source, name, now):
            raise Busy(f"too many attempts have failed: try again in {wait:.0f} seconds", wait)
        self._patience.failed(source, name, now)
        try:
            matches = await self._keeper.matches(await self._stored(name), password)
        except Unavailable:
            self._patience.spared(source, name)
            raise
        if matches:
            self._patience.proved(source, name)
            self._proofs.keep(name, octets, self._clock(), age=age)
        return matches

    def slowed(self, name: str) -> float:
        """Seconds that the name is slowed for, for those who were not good there before."""
        return self._patience.slowed(name, self._clock())

    def forget(self) -> None:
        """Some account has changed: what was proven is to be proven again."""
        self._proofs.forget()
