"""What commands print: a table on a terminal, aligned columns for a pipe, JSON for a program.

Names of jobs and devices come from clients: what stands on the terminal has no control characters in it, JSON escapes
them. A pipe gets every value whole; only a terminal, which has a width, gets long ones cut.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from ippgate.observe.safe import safe_text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Facts = Mapping[str, Any]

STYLES = {
    "pending-held": "yellow",
    "processing": "cyan",
    "processing-stopped": "red",
    "aborted": "red",
    "completed": "green",
    "idle": "green",
    "stopped": "red",
    "ok": "green",
    "warn": "yellow",
    "fail": "bold red",
}
TEXT_LIMIT = 4096
GAP = 2
LEAST_WIDTH = 8
"""Columns of the terminal between two columns of a table, and those that a long one keeps in any case."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the fact it shows and its heading."""

    key: str
    heading: str
    right: bool = False
    long: bool = False  # gives way when the terminal is narrow


def listing(rows: Sequence[Facts], columns: Sequence[Column], *, as_json: bool, nothing: str) -> None:
    """Print rows; `nothing` is said (on standard error) when there are none."""
    if as_json:
        as_document(list(rows))
    elif not rows:
        print(nothing, file=sys.stderr)
    elif sys.stdout.isatty():
        console = Console()
        console.print(_table(rows, columns, console.width))
    else:
        print(
            _plain([[c.heading.upper() for c in columns], *([cell(row.get(c.key)) for c in columns] for row in rows)])
        )


def story(facts: Facts, *, as_json: bool) -> None:
    """Print one thing, a line for each fact; empty ones are left out."""
    if as_json:
        as_document(facts)
        return
    told = [(key.replace("_", " "), value) for key, value in facts.items() if value not in (None, "", [], ())]
    width = max((len(key) for key, _ in told), default=0)
    for key, value in told:
        if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            print(f"{key}:")
            for item in value:
                print("  " + "  ".join(f"{name}={cell(part)}" for name, part in item.items() if part not in (None, "")))
        else:
            _told(f"{key:<{width}}  ", value)


def finding(word: str, subject: str, text: str, remedy: str) -> None:
    """Print a line of an examination, and what to do below it; the terminal may wrap it, nothing is cut."""
    told = f" {cell(subject)}: {cell(text)}" + (f"\n      → {cell(remedy)}" if remedy else "")
    line = Text.assemble((f"{word:<5}", STYLES.get(word, "")), told)
    if sys.stdout.isatty():
        Console().print(line)
    else:
        print(line.plain)


def as_document(value: object) -> None:
    """Print JSON: one document, ASCII only, so that nothing in it can act on a terminal."""
    print(json.dumps(value, indent=2, default=str))


def done(sentence: str, facts: Facts | Sequence[Facts], *, as_json: bool) -> None:
    """Say what was done."""
    if as_json:
        as_document(facts)
    else:
        print(safe_text(sentence, TEXT_LIMIT))


def cell(value: object) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return ", ".join(cell(item) for item in value) or "-"
    return safe_text(str(value), TEXT_LIMIT)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Any]:
    """A bar on a terminal's standard error; gives a function that takes how many more are done. Silent elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)


def size(octets: int | None) -> str | None:
    """`64.0 KiB`."""
    if octets is None:
        return None
    value, unit = float(octets), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{octets} B" if unit == "B" else f"{value:.1f} {unit}"


def _table(rows: Sequence[Facts], columns: Sequence[Column], width: int) -> Table:
    texts = [[Text(cell(row.get(column.key))) for column in columns] for row in rows]
    widths = [
        max(Text(column.heading).cell_len, *(line[n].cell_len for line in texts)) for n, column in enumerate(columns)
    ]
    room_for_all = width - GAP * len(columns)
    _fit(widths, [n for n, column in enumerate(columns) if column.long], room_for_all)
    _fit(widths, range(len(columns)), room_for_all)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for column, room in zip(columns, widths, strict=True):
        table.add_column(column.heading, justify="right" if column.right else "left", width=room, no_wrap=True)
    for line in texts:
        for text, room in zip(line, widths, strict=True):
            text.stylize(STYLES.get(text.plain, ""))
            text.truncate(room, overflow="ellipsis")
        table.add_row(*line)
    return table


def _fit(widths: list[int], giving: Sequence[int], room: int) -> None:
    """Take from the widest of the columns that may give way, until all fit or nothing is left to give."""
    while giving and sum(widths) > room:
        widest = max(giving, key=lambda n: widths[n])
        if widths[widest] <= LEAST_WIDTH:
            return
        widths[widest] -= 1


def _plain(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(text) for text in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _told(lead: str, value: object) -> None:
    text = cell(value)
    if sys.stdout.isatty():
        Console().print(Text.assemble((lead, "bold"), (text, STYLES.get(text, ""))))
    else:
        print(f"{lead}{text}")
