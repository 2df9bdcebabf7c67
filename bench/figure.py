"""A figure: what was measured of the gate, what of its peer in the same run, the bar, and whether it is met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from bench.quantile import median

Sense = Literal["at least", "at most"]
Verdict = Literal["met", "missed", ""]

_SIGNS: dict[Sense, str] = {"at least": "≥", "at most": "≤"}


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must reach: as a ratio to the peer's, or (where there is no peer) as it is."""

    sense: Sense
    limit: float

    def met_by(self, measured: float) -> bool:
        """Tell whether `measured` is on the good side of the bar, or on it."""
        return measured >= self.limit if self.sense == "at least" else measured <= self.limit

    def __str__(self) -> str:
        return f"{_SIGNS[self.sense]} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `unit` is that of both figures; `raw` keeps every round as it was measured.

    `pairs` are rounds of ours and the peer's that took turns: then the ratio is the middle one of theirs.
    """

    question: str  # P1
    what: str
    unit: str
    ours: float
    peer: str = ""  # what stands beside us
    beside: float | None = None
    bar: Bar | None = None
    pairs: tuple[tuple[float, float], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_rounds(
        cls, question: str, what: str, unit: str, ours: Sequence[float], peer: str, beside: Sequence[float], **more: Any
    ) -> Self:
        """The medians of rounds that took turns, and the median of their ratios."""
        pairs = tuple(zip(ours, beside, strict=True))
        return cls(question, what, unit, median(ours), peer, median(beside), pairs=pairs, **more)

    @property
    def ratio(self) -> float | None:
        """Ours to the peer's; None where there is no peer."""
        if self.pairs:
            return median([ours / beside for ours, beside in self.pairs])
        return None if self.beside is None else self.ours / self.beside

    @property
    def verdict(self) -> Verdict:
        """Whether the bar is met; empty where there is none."""
        if self.bar is None:
            return ""
        return "met" if self.bar.met_by(self.ours if self.ratio is None else self.ratio) else "missed"

    def plain(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            "question": self.question,
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "peer": self.peer or None,
            "beside": self.beside,
            "ratio": self.ratio,
            "bar": str(self.bar) if self.bar else None,
            "verdict": self.verdict or None,
            "rounds": [list(pair) for pair in self.pairs],
            "raw": dict(self.raw),
        }
