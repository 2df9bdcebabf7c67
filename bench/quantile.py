"""Medians and percentiles of measured times and rates."""

import math
from collections.abc import Sequence
from statistics import median as _median


def median(values: Sequence[float]) -> float:
    """The middle value. Raises ValueError when there is none."""
    _check(values)
    return float(_median(values))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all do not exceed (nearest rank). Raises ValueError."""
    _check(values)
    if not 0 < percent <= 100:
        raise ValueError(f"{percent} is no percentage")
    return float(sorted(values)[math.ceil(len(values) * percent / 100) - 1])


def spread(values: Sequence[float]) -> dict[str, float]:
    """What a table or a reader needs of many values."""
    named = {"median": median(values), "lowest": min(values), "highest": max(values), "count": len(values)}
    return named | {f"p{percent}": percentile(values, percent) for percent in (95, 99)}


def _check(values: Sequence[float]) -> None:
    if not values:
        raise ValueError("nothing was measured")
