"""Global PINs: drawn by the gate, another one for everybody, told once, kept as a keyed hash (SECURITY S20)."""

import secrets
from typing import Final

from ippgate.identity.owners import OwnerBook
from ippgate.identity.uri_secret import SecretKey
from ippgate.model.errors import NotPossible
from ippgate.model.person import Person
from ippgate.model.pin import is_obvious, length_for
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.people import PersonStore

_TRIES: Final = 100  # one in ten thousand PINs is taken at most: a hundred that all are is no bad luck


class Pins:
    """The service of PINs. least: digits that each has at least."""

    def __init__(self, store: PersonStore, key: SecretKey, owners: OwnerBook, least: int) -> None:
        self._store, self._key, self._owners, self._least = store, key, owners, least

    async def renew(self, person: str) -> tuple[Person, str]:
        """Give a person a new PIN, which is told this once. Raises NotFound."""
        own = self._owners.person(person)
        length = length_for(await self._store.pins(), self._least)
        for _ in range(_TRIES):
            pin = "".join(secrets.choice("0123456789") for _ in range(length))
            if is_obvious(pin):
                continue
            changed = await self._store.set_pin(own, self.digest(pin))
            if changed is not None:
                note(Noted.PERSON_PIN_SET, user=own, pin=True)
                return changed, pin
        raise NotPossible(f"no PIN of {length} digits was free: have longer ones (people.pin_length)")

    async def remove(self, person: str) -> Person:
        """Take a person's PIN away. Raises NotFound."""
        own = self._owners.person(person)
        changed = await self._store.set_pin(own, None)
        assert changed is not None
        note(Noted.PERSON_PIN_SET, user=own, pin=False)
        return changed

    def digest(self, pin: str) -> bytes:
        """What is stored of a PIN, and looked up."""
        return self._key.digest(f"pin~{pin}")
