"""How long to wait before the next try: doubling, bounded, and over after a while. Pure; times in seconds."""

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """`next()` gives the pause before the next try, or None when `limit` seconds of pauses are used up."""

    first: float
    longest: float
    limit: float
    _pause: float = 0.0
    _spent: float = 0.0

    def next(self) -> float | None:
        if self._spent >= self.limit:
            return None
        self._pause = min(self._pause * 2 or self.first, self.longest, max(self.limit - self._spent, self.first))
        self._spent += self._pause
        return self._pause

    def again(self) -> None:
        """Something went well: be quick and patient again."""
        self._pause = self._spent = 0.0
