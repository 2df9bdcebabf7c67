"""A conversation with a line printer daemon: each word is acknowledged by one octet, zero for yes (RFC 1179 section 6).

What a daemon says beside that octet (some send a line of text) is kept for people, and nothing is decided by it.
"""

from ippgate.model.text import plain
from ippgate.transport.port import TransportSettings
from ippgate.transport.wire import LostError, Wire

TEXT_LIMIT = 200

NO_ROOM = 2
"""Said by daemons whose disk is full at the moment."""

_FIRST_PRINTABLE = 0x20


class NotAcknowledgedError(Exception):
    """The daemon said no. The text is the end of a sentence."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


class Talk:
    """One connection's words and answers, in step: an octet that answers nothing is no acknowledgement."""

    def __init__(self, wire: Wire, settings: TransportSettings) -> None:
        self._wire = wire
        self._settings = settings
        self._understood = 0  # octets heard that answered something

    async def ask(self, octets: bytes, what: str) -> None:
        """Send and have it acknowledged; `what` names it in sentences. Raises NotAcknowledgedError and LostError."""
        await self.send(octets)
        await self.acknowledged(what, self._settings.answer_timeout)

    async def send(self, octets: bytes | memoryview) -> None:
        """Send. Raises LostError, and NotAcknowledgedError when the daemon spoke before it was asked anything."""
        if len(self._wire.heard) > self._understood:
            raise self._refusal("broke in")
        await self._wire.send(octets, self._settings.stall_timeout)

    async def acknowledged(self, what: str, patience: float) -> None:
        """Wait so many seconds for the octet. Raises NotAcknowledgedError, and LostError when none comes."""
        wire = self._wire
        if not await wire.until(lambda: wire.closed or len(wire.heard) > self._understood, patience):
            raise LostError(f"did not acknowledge {what} within {patience:g} s")
        if len(wire.heard) <= self._understood:
            raise LostError(wire.end)
        if wire.heard[self._understood] != 0:
            raise self._refusal(f"refused {what}")
        self._understood += 1

    def _refusal(self, did: str) -> NotAcknowledgedError:
        """BSD's daemon says why in words where its octet belongs, LPRng's after it."""
        rest = self._wire.heard[self._understood :]
        code, words = rest[0], rest if rest[0] >= _FIRST_PRINTABLE else rest[1:]
        said = plain(words.decode("utf-8", "replace"), TEXT_LIMIT)
        answer = f"(it answered {code})" if code < _FIRST_PRINTABLE else "in words"
        return NotAcknowledgedError(f"{did} {answer}" + (f": {said}" if said else ""), code)
