"""Printer URIs with a secret: who prints is known by the URI alone, where a client cannot prove it otherwise.

Windows adds a printer by URI and never asks for a password; so do phones. A secret is 192 bits of chance, so it is not
guessed; wrong ones are slowed all the same, by source, and what was right a moment ago is not looked up again.
"""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from ippgate.identity.patience import Patience, PatienceSettings
from ippgate.identity.source import neighbourhood
from ippgate.identity.uri_secret import SecretKey, is_secret, new_secret
from ippgate.model.errors import Busy, NotFound, NotPossible
from ippgate.model.private_uri import PrivateUri
from ippgate.model.text import cut, plain
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.private_uris import PrivateUriStore

MAX_NAME: Final = 255
"""Octets of a person's and of a workstation's name (RFC 8011 section 5.1.3)."""

MOST: Final = 1000
"""URIs in mind, and sources that they came from; the oldest goes first."""

FRESH: Final = 60.0
"""Seconds that a URI is good without being looked up, should the news of its end be lost."""

UNKNOWN: Final = "there is no such printer any more: ask its operator for a new URI"
"""Of a secret that was revoked, or that never was one: nobody learns which."""


class PrivateUris:
    """The service. forget may be called from anywhere in the loop."""

    def __init__(
        self,
        store: PrivateUriStore,
        key: SecretKey,
        settings: PatienceSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._key, self._clock = store, key, clock
        self._patience = Patience(settings)
        self._known: OrderedDict[bytes, tuple[float, PrivateUri]] = OrderedDict()
        self._proven: OrderedDict[tuple[str, bytes], None] = OrderedDict()  # what was right, and from where
        self._age = 0  # how often everything was forgotten: what was found out before that is not kept

    # ── by clients ──

    async def bearer(self, queue: str, secret: str, source: str) -> PrivateUri:
        """Whose URI of this queue has that secret. source: the client's address.

        Raises NotFound, which says the same of a secret that never was and of one that is no more; Busy for a source
        that has come with too many of them just now, unless this one was right from there before; Unavailable.
        """
        now, digest, age, source = self._clock(), self._key.digest(secret), self._age, neighbourhood(source)
        found = self._remembered(digest, now)
        if found is None:
            wait = self._patience.wait(source, source, now)
            if wait and (source, digest) not in self._proven:
                raise Busy(f"too many printer URIs from there were wrong: try again in {wait:.0f} seconds", wait)
            found = await self._store.find(digest) if is_secret(secret) else None
        if found is None or not hmac.compare_digest(found.queue.encode(), queue.encode()):
            self._patience.failed(source, source, now)
            self._proven.pop((source, digest), None)
            note(Noted.PRIVATE_URI_REFUSED, queue=queue, client=source)
            raise NotFound(UNKNOWN)
        self._keep(digest, found, source, age)
        return found

    def forget(self, _payload: str = "") -> None:
        """Some URI is no more: all are looked up again."""
        self._known.clear()
        self._age += 1

    # ── by operators ──

    async def all(self) -> list[PrivateUri]:
        """In the order in which they were issued."""
        return await self._store.all()

    async def add(self, queue: str, *, person: str = "", workstation: str = "") -> tuple[PrivateUri, str]:
        """Issue a URI to a person or to a workstation; it, and its secret, which is told this once.

        Raises NotFound for a queue that is not there, NotPossible unless exactly one of the two is named.
        """
        person, workstation = _name(person), _name(workstation)
        if bool(person) == bool(workstation):
            raise NotPossible("a private URI is for a person or for a workstation: name one of them")
        secret = new_secret()
        added = await self._store.add(queue, self._key.digest(secret), person, workstation)
        note(Noted.PRIVATE_URI_ADDED, uri=added.id, queue=queue, user=person, workstation=workstation)
        return added, secret

    async def revoke(self, uri_id: int) -> PrivateUri:
        """Raises NotFound."""
        gone = await self._store.revoke(uri_id)
        self.forget()
        note(Noted.PRIVATE_URI_REVOKED, uri=uri_id, queue=gone.queue, user=gone.person, workstation=gone.workstation)
        return gone

    # ── within ──

    def _remembered(self, digest: bytes, now: float) -> PrivateUri | None:
        until, found = self._known.get(digest, (now, None))
        if until <= now:
            self._known.pop(digest, None)
            return None
        return found

    def _keep(self, digest: bytes, found: PrivateUri, source: str, age: int) -> None:
        if age == self._age and digest not in self._known:
            self._known[digest] = (self._clock() + FRESH, found)
        self._proven.pop((source, digest), None)
        self._proven[source, digest] = None
        for kept in (self._known, self._proven):
            while len(kept) > MOST:
                kept.popitem(last=False)


def _name(text: str) -> str:
    return cut(plain(text, MAX_NAME), MAX_NAME)
