"""`ippgate device …`: add, list, show, logins, test, remove."""

from typing import TYPE_CHECKING, Annotated

import typer

from ippgate.cli.facts import device_facts, device_story, report_facts
from ippgate.cli.show import AsJson, Column, cell, done, listing, story
from ippgate.cli.work import commands, with_gate
from ippgate.model.device import Device, DeviceReport
from ippgate.model.session import LoginBy

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Devices: where jobs are printed.")

COLUMNS = (
    Column("name", "Name"),
    Column("state", "State"),
    Column("uri", "Uri", long=True),
    Column("model", "Model", long=True),
    Column("location", "Location", long=True),
    Column("probed", "Last asked"),
    Column("why", "Why", long=True),
)

Name = Annotated[str, typer.Argument(metavar="DEVICE", help="The device's name.")]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    uri: Annotated[
        str, typer.Argument(metavar="URI", help="ipp://…, ipps://…, socket://host[:port] or lpd://host[:port]/queue.")
    ],
    info: Annotated[str, typer.Option(help="What people see as its name.")] = "",
    location: Annotated[str, typer.Option(help="Where it stands.")] = "",
    pjl: Annotated[bool | None, typer.Option(help="Whether a raw device speaks PJL; default: it is asked.")] = None,
    pin: Annotated[bool, typer.Option("--pin", help="Trust the certificate that it shows now, and no other.")] = False,
    resend_unknown: Annotated[
        bool, typer.Option("--resend-unknown", help="Send again when nobody knows what became of a job.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Register it even if it does not answer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register a device, after asking it about itself."""

    async def work(gate: "Gate") -> Device:
        return await gate.fleet.add_device(
            name, uri, info=info, location=location, pjl=pjl, resend_unknown=resend_unknown, pin=pin, force=force
        )

    device = with_gate(context, work)
    facts = device_story(device)
    model = f" ({cell(device.report.make_and_model)})" if device.report.make_and_model else ""
    done(f"The device {name}{model} is registered: {facts['state']}.", facts, as_json=as_json)


@app.command("list")
def list_devices(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List devices as they were when they were last asked."""

    async def work(gate: "Gate") -> list[Device]:
        return await gate.fleet.devices()

    devices = with_gate(context, work)
    rows = [{**device_facts(d), **({} if as_json else {"why": _why(d.report)})} for d in devices]
    listing(rows, COLUMNS, as_json=as_json, nothing="There are no devices; `ippgate device add` registers one.")


@app.command()
def logins(
    context: typer.Context,
    *,
    name: Name,
    allow: Annotated[list[LoginBy] | None, typer.Option(help="A way in which people log in there.")] = None,
    deny: Annotated[list[LoginBy] | None, typer.Option(help="A way in which they do not.")] = None,
    profile: Annotated[
        str | None, typer.Option(help="How its card reader writes, such as decimal,octets=4,prefix=;,suffix=?")
    ] = None,
    auto_release: Annotated[
        bool | None, typer.Option("--auto-release/--no-auto-release", help="Whether a login there prints all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set how people log in at a device, how its card reader writes numbers, and whether a login prints all that waits;
    what is not named stays.
    """
    if not allow and not deny and profile is None and auto_release is None:
        raise typer.BadParameter("Name what to set: --allow, --deny, --profile, --auto-release.")

    async def work(gate: "Gate") -> Device:
        return await gate.fleet.set_logins(
            name, add=allow or (), remove=deny or (), card_profile=profile, auto_release=auto_release
        )

    device = with_gate(context, work)
    ways = ", ".join(sorted(map(str, device.logins))) or "nobody"
    prints = "; a login prints all that waits" if device.auto_release else ""
    done(f"At {name} log in: {ways}; its reader: {device.card_profile}{prints}.", device_story(device), as_json=as_json)


@app.command()
def show(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Show a device with all it said of itself."""

    async def work(gate: "Gate") -> Device:
        return await gate.fleet.device(name)

    story(device_story(with_gate(context, work)), as_json=as_json)


@app.command("test")
def ask(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Ask a device about itself now, and keep the answer."""

    async def work(gate: "Gate") -> DeviceReport:
        return await gate.fleet.probe(name)

    story({"name": name, **report_facts(with_gate(context, work))}, as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove a device that no queue and no job points to."""

    async def work(gate: "Gate") -> None:
        await gate.fleet.remove_device(name)

    with_gate(context, work)
    done(f"The device {name} is gone.", {"removed": name}, as_json=as_json)


def _why(report: DeviceReport) -> str:
    return report.message or ", ".join(report.reasons)
