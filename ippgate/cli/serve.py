"""`ippgate serve`: the server, in the foreground, until SIGTERM or Ctrl-C."""

from dataclasses import replace
from typing import Annotated

import typer

from ippgate.cli.work import commands, settings

app = commands()


@app.command()
def serve(
    context: typer.Context,
    *,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that share the port.")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make a queue followme and a device that prints to files.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Log as JSON, on a terminal too.")] = False,
) -> None:
    """Run the server until it is stopped; Ctrl-C or SIGTERM drains and stops it."""
    from ippgate.app import serve as serve_gate  # noqa: PLC0415 - half a second that `serve --help` need not pay

    chosen = settings(context)
    if workers is not None:
        chosen = replace(chosen, server=replace(chosen.server, workers=workers))
    if as_json:
        chosen = replace(chosen, log=replace(chosen.log, format="json"))
    serve_gate(chosen, demo=demo)
