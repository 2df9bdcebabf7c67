"""Figures for people, as a table, and for programs, as JSON."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from bench.figure import Figure, Verdict

_COLOURS: dict[Verdict, str] = {"met": "green", "missed": "red", "": "default"}


def table(figures: Iterable[Figure]) -> Table:
    """A line for each figure."""
    drawn = Table(title="The gate beside its peers", caption="Only ratios count: both took turns on this machine.")
    for name in ("", "Question", "Unit"):
        drawn.add_column(name)
    for name in ("Ours", "Beside", "Ratio", "Bar"):
        drawn.add_column(name, justify="right")
    drawn.add_column("Verdict")
    for figure in figures:
        drawn.add_row(*_cells(figure))
    return drawn


def save(path: Path, facts: Mapping[str, Any], figures: Sequence[Figure]) -> None:
    """Write machine and figures; whatever was measured in rounds is kept round by round."""
    whole = {"machine": facts, "figures": [figure.plain() for figure in figures]}
    path.write_text(json.dumps(whole, default=_plain, indent=1, ensure_ascii=False) + "\n")


def number(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cells(figure: Figure) -> tuple[str, ...]:
    beside = f"{number(figure.beside)} ({figure.peer})" if figure.peer else ""
    verdict = f"[{_COLOURS[figure.verdict]}]{figure.verdict}[/]"
    bar = str(figure.bar or "")
    return (figure.question, figure.what, figure.unit, number(figure.ours), beside, number(figure.ratio), bar, verdict)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
