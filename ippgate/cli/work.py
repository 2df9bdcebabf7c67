"""What a command works with: the settings, who calls, and a gate that is open for as long as the command works."""

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from ippgate.cli.invocation import Invocation
from ippgate.config import Configuration, Settings, read
from ippgate.model.job import Caller
from ippgate.observe import configure

if TYPE_CHECKING:  # the services cost half a second of start-up: help and configuration do without them
    from ippgate.app import Gate

Result = TypeVar("Result")


def commands(text: str | None = None) -> typer.Typer:
    """A group of commands, or a single one: plain help, which is quick and reads the same in a pipe."""
    return typer.Typer(
        help=text,
        no_args_is_help=text is not None,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def configuration(context: typer.Context) -> Configuration:
    """The configuration in force and where it came from. Raises ConfigError."""
    return read(_invocation(context).config)


def settings(context: typer.Context) -> Settings:
    """The settings in force. Raises ConfigError."""
    return configuration(context).settings


def with_gate(context: typer.Context, work: "Callable[[Gate], Awaitable[Result]]", *, migrate: bool = False) -> Result:
    """Open the gate's services, let `work` use them, close them. Raises ConfigError, Refusal and Unavailable."""
    chosen = settings(context)
    quiet(context)

    async def whole() -> Result:
        from ippgate.app import open_gate  # noqa: PLC0415 - see above

        async with open_gate(chosen, migrate=migrate) as gate:
            return await work(gate)

    return asyncio.run(whole())


def quiet(context: typer.Context) -> None:
    """A command speaks through its output; what services note is shown with --debug only."""
    configure("console", "debug" if _invocation(context).debug else "silent")


def caller() -> Caller:
    """Whoever sits at the terminal, as an operator."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())  # a container's user without a name
    return Caller(name, host="cli", operator=True, proven=True)


def _invocation(context: typer.Context) -> Invocation:
    found = context.find_object(Invocation)
    assert found is not None
    return found
