"""The command `ippgate` itself: global options, which command lives where, and how errors leave.

A command's module is imported when the command is called, so that help is quick and a broken optional part does not
take the others with it.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ippgate import __version__
from ippgate.cli.invocation import Invocation

COMMANDS = {
    "serve": "Run the server until it is stopped.",
    "db": "The database: migrate it, see how it stands.",
    "queue": "Queues: what people add as their printer.",
    "device": "Devices: where jobs are printed.",
    "group": "Groups of devices: one of them takes a job.",
    "job": "Jobs: list, release, hold, claim, cancel, forget.",
    "subscription": "Subscriptions to events: list, cancel.",
    "document": "Documents: what a file is found to be.",
    "operator": "Operators: who may run the gate over IPP.",
    "person": "People: add, change, list, shut out; their groups, which rules know.",
    "delegate": "Delegates: who may see and release what another holds; add, remove, list.",
    "card": "Cards: by which people are known at devices; register, import, remove.",
    "session": "Sessions of people who have logged in: list, revoke.",
    "uri": "Printer URIs that say by themselves who prints: issue, list, revoke.",
    "station": "Stations: what stands at devices and says who stands there.",
    "reader": "Card readers on the network: add, list, change, renew, remove.",
    "alias": "Aliases: by which other names owners print.",
    "rule": "Rules: check them, list them, try them.",
    "key": "The master keys that protect documents at rest.",
    "config": "The configuration in force.",
    "doctor": "Examine the gate and say what is wrong and what to do.",
}


class Root(TyperGroup):
    """Knows its commands by name and one line of help; imports one when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, text in COMMANDS.items():
            self.add_command(TyperCommand(name=name, help=text), name)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The real command in place of its line of help."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is None or command is None:
            return name, command, rest
        module = import_module(f"ippgate.cli.{name}")
        return name, typer.main.get_command(module.app), rest

    def invoke(self, ctx: Any) -> Any:
        """Run a command; whatever goes wrong becomes a sentence and an exit code, never a trace."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: shown with an id, traced with --debug
            from ippgate.cli.sentence import sentence  # noqa: PLC0415 - help needs no words for errors

            print(sentence(error, debug=bool(ctx.params.get("debug"))), file=sys.stderr)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Root, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"ippgate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="The configuration file.", envvar="IPPGATE_CONFIG", show_envvar=True)
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Log what happens, and show traces of errors.")] = False,
    version: Annotated[  # noqa: ARG001 - acts through its callback
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """ippgate, a print gate: it holds what people print and hands it to the device its owner stands at."""
    context.obj = Invocation(config, debug=debug)


def main() -> None:
    """The console script."""
    app(prog_name="ippgate")
