"""`ippgate group …`: add, list, show, set, remove."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import device_facts, group_facts
from ippgate.cli.show import AsJson, Column, done, listing, story
from ippgate.cli.work import commands, with_gate
from ippgate.model.group import DeviceGroup

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Groups of devices: a job that is released to one goes to the device that suits it best.")

COLUMNS = (
    Column("name", "Name"),
    Column("devices", "Devices", long=True),
    Column("info", "Info", long=True),
    Column("location", "Location", long=True),
)

Name = Annotated[str, typer.Argument(metavar="GROUP", help="The group's name.")]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    devices: Annotated[list[str] | None, typer.Argument(metavar="DEVICE", help="Its devices.")] = None,
    info: Annotated[str, typer.Option(help="What people see as its name.")] = "",
    location: Annotated[str, typer.Option(help="Where it is.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a group of devices."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.fleet.add_group(name, devices or (), info, location))

    facts = with_gate(context, work)
    done(f"The group {name} is there with {len(facts['devices'])} devices.", facts, as_json=as_json)


@app.command("list")
def list_groups(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List groups with their devices."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [await _facts(gate, group) for group in await gate.fleet.groups()]

    rows = with_gate(context, work)
    listing(rows, COLUMNS, as_json=as_json, nothing="There are no groups; `ippgate group add` adds one.")


@app.command()
def show(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Show a group: its devices, how they are, and how many jobs are on their way to each."""

    async def work(gate: "Gate") -> dict[str, Any]:
        group = await gate.fleet.group(name)
        members = await gate.fleet.members(group)
        waiting = await gate.fleet.on_their_way(members)
        shown = ("name", "state", "message", "model", "location")
        rows = [device_facts(device) for device in members]
        devices = [
            {**{key: row[key] for key in shown}, "waiting": waiting[device.id]}
            for row, device in zip(rows, members, strict=True)
        ]
        return {**await _facts(gate, group), "devices": devices}

    story(with_gate(context, work), as_json=as_json)


@app.command("set")
def set_group(
    context: typer.Context,
    *,
    name: Name,
    add: Annotated[list[str] | None, typer.Option(help="Take this device in; may be repeated.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Take this device out; may be repeated.")] = None,
    info: Annotated[str | None, typer.Option(help="What people see as its name.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a group; what is not named stays."""
    changes = {key: value for key, value in (("info", info), ("location", location)) if value is not None}
    if not (changes or add or remove):
        raise typer.BadParameter("Name what to change: --add, --remove, --info, --location.")

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.fleet.set_group(name, add=add or (), remove=remove or (), **changes))

    done(f"The group {name} is changed.", with_gate(context, work), as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove a group that no queue points to. Its devices stay."""

    async def work(gate: "Gate") -> None:
        await gate.fleet.remove_group(name)

    with_gate(context, work)
    done(f"The group {name} is gone.", {"removed": name}, as_json=as_json)


async def _facts(gate: "Gate", group: DeviceGroup) -> dict[str, Any]:
    return group_facts(group, [device.name for device in await gate.fleet.members(group)])
