"""What a key may hold: its unit, its bounds and the sentence that explains it, carried as dataclass metadata."""

from collections.abc import Callable
from dataclasses import Field, dataclass, field
from typing import Any, Literal, cast

Unit = Literal["", "octets", "seconds"]
Scalar = str | int | float | bool

_KEY = "ippgate"


@dataclass(frozen=True, slots=True)
class Option:
    """The law of one key."""

    doc: str  # one or two sentences, ended with a full stop
    unit: Unit = ""
    counts: str = ""  # of what a bare number counts: connections, jobs
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False  # holds a password somewhere
    form: Callable[[str], str | None] | None = None  # the remedy when a text is not of the right form, or None


def option(default: Scalar, doc: str, **law: Any) -> Any:
    """A dataclass field with its law. The value's type is the annotation's; a float takes integers too."""
    return field(default=default, metadata={_KEY: Option(doc, **law)})


def option_of(declared: Field[Any]) -> Option:
    """The law of a field made by `option`."""
    return cast("Option", declared.metadata[_KEY])
