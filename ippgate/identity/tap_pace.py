"""How fast a reader may tap: people hold up a card and wait, so what comes faster is a flood (SECURITY S29). Pure."""

from collections import OrderedDict
from typing import Final

AT_ONCE: Final = 5
"""Taps of one reader that may come together."""

EVERY: Final = 0.5
"""Seconds in which one more may come."""

MOST: Final = 10_000  # readers in mind; the oldest goes first


class TapPace:
    """A bucket for each reader, in one worker: a reader is connected to one."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[int, float] = OrderedDict()  # when each reader has all its taps again

    def wait(self, reader_id: int, now: float) -> float:
        """Seconds until this reader may tap; 0: now, and that counts."""
        full_at = max(self._full_at.pop(reader_id, now), now)
        late = full_at + EVERY - (now + AT_ONCE * EVERY)
        self._full_at[reader_id] = full_at if late > 0 else full_at + EVERY
        while len(self._full_at) > MOST:
            self._full_at.popitem(last=False)
        return max(0.0, late)
