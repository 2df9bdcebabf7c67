"""The engine of conditions, loaded when the first of them is read: it brings a command line of its own along, which
would cost every start of the gate a third of a second.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import cel


def program(source: str) -> "cel.Program":
    """A compiled expression. Raises ValueError, and what a panic of the engine raises."""
    import cel  # noqa: PLC0415 - see above

    return cel.compile(source)


def context(variables: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> "cel.Context":
    """What expressions are held against."""
    import cel  # noqa: PLC0415

    return cel.Context(variables=dict(variables), functions=dict(functions))


@cache
def nothing() -> "cel.Context":
    """A context without facts."""
    return context({}, {})
