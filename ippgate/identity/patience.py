"""Attempts that failed, remembered for a while: each further one waits longer (SECURITY S21). Pure but for its memory.

A source (a client's address) that guesses is slowed, whatever names it tries. A name that is guessed at from many
sources is slowed too, but not for a source from which it was proven before: one attacker locks nobody out of where
they usually sit. What is remembered is bounded; the oldest is forgotten first.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatienceSettings:
    """Times in seconds."""

    free: int = 5  # failures that cost nothing: people mistype
    name_free: int = 20  # of a name, from all sources together
    first: float = 1.0  # the wait after the next one; it doubles with each
    longest: float = 300.0
    memory: float = 3600.0  # after so long without a failure a source is as good as new
    remembered: int = 10_000  # sources, names, and proven pairs


@dataclass(slots=True)
class _Record:
    failures: int
    at: float  # of the last failure


class Patience:
    """Who must wait, and how long."""

    def __init__(self, settings: PatienceSettings | None = None) -> None:
        self._settings = settings or PatienceSettings()
        self._failed: OrderedDict[Hashable, _Record] = OrderedDict()
        self._proven: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait(self, source: str, name: str, now: float) -> float:
        """Seconds until this source may try this name; 0: now."""
        by_source = self._left(("source", source), self._settings.free, now)
        if (source, name) in self._proven:
            return by_source
        return max(by_source, self.slowed(name, now))

    def slowed(self, name: str, now: float) -> float:
        """Seconds until those may try this name who were not good there before; 0: now."""
        return self._left(("name", name), self._settings.name_free, now)

    def failed(self, source: str, name: str, now: float) -> None:
        """The attempt is in vain unless it turns out better: those that run side by side count as well."""
        for key in (("source", source), ("name", name)):
            record = self._failed.pop(key, None)
            if record is None or now - record.at > self._settings.memory:
                record = _Record(0, now)
            self._failed[key] = _Record(record.failures + 1, now)
        _bound(self._failed, self._settings.remembered)

    def proved(self, source: str, name: str) -> None:
        """The attempt was good: the source is as good as new, and known to be where this name sits."""
        self._failed.pop(("source", source), None)
        self._less(("name", name))
        self.known(source, name)

    def known(self, source: str, name: str) -> None:
        """This source is where the name sits: who guesses at it elsewhere does not slow it here."""
        self._proven.pop((source, name), None)
        self._proven[source, name] = None
        _bound(self._proven, self._settings.remembered)

    def spared(self, source: str, name: str) -> None:
        """The attempt could not be judged."""
        self._less(("source", source))
        self._less(("name", name))

    def _less(self, key: Hashable) -> None:
        record = self._failed.get(key)
        if record is not None:
            record.failures = max(0, record.failures - 1)

    def _left(self, key: Hashable, free: int, now: float) -> float:
        record = self._failed.get(key)
        if record is None or record.failures < free or now - record.at > self._settings.memory:
            return 0.0
        doubled = min(record.failures - free, 30)
        pause = min(self._settings.first * 2.0**doubled, self._settings.longest)
        return max(0.0, record.at + pause - now)


def _bound(kept: "OrderedDict[Hashable, _Record] | OrderedDict[tuple[str, str], None]", most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
