"""A file of cards as other systems write it: CSV with a line of headings, of which `person` and `card` count. Pure.

Each line is read by itself, so that one that is broken spoils no other.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ippgate.model.errors import NotPossible

PERSON: Final = "person"
CARD: Final = "card"
"""The headings of the two columns that count; others are passed over."""

MAX_LINE: Final = 4096
"""Characters of a line."""

_DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """A line that can be read."""

    line: int  # its number in the file, from 1
    person: str
    card: str = field(repr=False)  # as a reader writes it


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line of which nothing is taken."""

    line: int
    reason: str


def rows(lines: Iterable[str]) -> Iterator[Row | BadRow]:
    """What the lines of a file say; empty ones say nothing. Raises NotPossible for a file without these headings."""
    numbered = enumerate(lines, 1)
    _, heading = next(numbered, (1, ""))
    delimiter, person, card = _columns(heading)
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            fields = _fields(line, delimiter)
            found = Row(number, fields[person].strip(), fields[card].strip())
        except IndexError:
            yield BadRow(number, "it has fewer columns than the headings")
        except (csv.Error, ValueError) as error:
            yield BadRow(number, f"it cannot be read: {error}")
        else:
            yield found if found.person and found.card else BadRow(number, "the person or the card is missing")


def _columns(heading: str) -> tuple[str, int, int]:
    for delimiter in _DELIMITERS:
        try:
            names = [name.strip().lower() for name in _fields(heading, delimiter)]
        except (csv.Error, ValueError):
            continue
        if names.count(PERSON) == 1 and names.count(CARD) == 1:
            return delimiter, names.index(PERSON), names.index(CARD)
    raise NotPossible(
        f"the first line has to name the columns, {PERSON} and {CARD} among them, with commas between them"
    )


def _fields(line: str, delimiter: str) -> Sequence[str]:
    if len(line) > MAX_LINE:
        raise ValueError(f"it is longer than {MAX_LINE} characters")
    if any("\ud800" <= sign <= "\udfff" for sign in line):
        raise ValueError("it is not UTF-8")
    return next(csv.reader([line], delimiter=delimiter, strict=True), [])
