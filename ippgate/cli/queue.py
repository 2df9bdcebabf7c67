"""`ippgate queue …`: add, list, set, remove."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import queue_facts
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, with_gate
from ippgate.model.queue import Queue, QueueMode

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Queues: what people add as their printer.")

COLUMNS = (
    Column("name", "Name"),
    Column("mode", "Mode"),
    Column("device", "Device"),
    Column("accepting", "Accepting"),
    Column("waiting", "Waiting", right=True),
    Column("info", "Info", long=True),
    Column("location", "Location", long=True),
)

Name = Annotated[str, typer.Argument(metavar="QUEUE", help="The queue's name.")]
Device = Annotated[str | None, typer.Option(help="Where a passthrough queue prints.")]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    mode: Annotated[QueueMode, typer.Option(help="Whether it holds or prints at once.")] = QueueMode.RELEASE_PRINTING,
    device: Device = None,
    info: Annotated[str, typer.Option(help="What people see as its name.")] = "",
    location: Annotated[str, typer.Option(help="Where it is.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a queue. It holds jobs until they are released, or prints at once at its device."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.fleet.add_queue(name, mode, device, info, location))

    facts = with_gate(context, work)
    done(f"The queue {name} is there: {mode.value}.", facts, as_json=as_json)


@app.command("list")
def list_queues(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List queues with the number of jobs that wait in each."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [await _facts(gate, queue) for queue in await gate.fleet.queues()]

    listing(
        with_gate(context, work), COLUMNS, as_json=as_json, nothing="There are no queues; `ippgate queue add` adds one."
    )


@app.command("set")
def set_queue(
    context: typer.Context,
    *,
    name: Name,
    mode: Annotated[QueueMode | None, typer.Option(help="Whether it holds or prints at once.")] = None,
    device: Device = None,
    info: Annotated[str | None, typer.Option(help="What people see as its name.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is.")] = None,
    accepting: Annotated[bool | None, typer.Option("--accepting/--rejecting", help="Whether it takes jobs.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a queue; what is not named stays."""
    wishes = {"mode": mode, "device": device, "info": info, "location": location, "accepting": accepting}
    changes: dict[str, Any] = {key: value for key, value in wishes.items() if value is not None}
    if not changes:
        raise typer.BadParameter("Name what to change: --mode, --device, --info, --location, --accepting.")

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.fleet.set_queue(name, **changes))

    done(f"The queue {name} is changed.", with_gate(context, work), as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove a queue that has no jobs."""

    async def work(gate: "Gate") -> None:
        await gate.fleet.remove_queue(name)

    with_gate(context, work)
    done(f"The queue {name} is gone.", {"removed": name}, as_json=as_json)


async def _facts(gate: "Gate", queue: Queue) -> dict[str, Any]:
    device = (await gate.fleet.device_by_id(queue.device_id)).name if queue.device_id is not None else None
    return queue_facts(queue, device, await gate.fleet.waiting(queue.id))
