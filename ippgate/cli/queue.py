"""`ippgate queue …`: add, list, set, describe, remove, and the switches: pause, resume, enable, disable."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli import described
from ippgate.cli.facts import queue_facts
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import caller, commands, with_gate
from ippgate.config import quantity
from ippgate.intake.printer_changes import judge_printer_changes
from ippgate.ipp import IppError
from ippgate.model.expiry import FOR_EVER, LONGEST, SHORTEST
from ippgate.model.hours import Told as Hours
from ippgate.model.hours import told
from ippgate.model.job_password import Repertoire
from ippgate.model.queue import Advertised, Queue, QueueMode
from ippgate.model.queue_options import QueueOptions, Shown
from ippgate.model.release_action import DefaultAction

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Queues: what people add as their printer.")

COLUMNS = (
    Column("name", "Name"),
    Column("mode", "Mode"),
    Column("target", "Devices"),
    Column("accepting", "Accepting"),
    Column("paused", "Paused"),
    Column("waiting", "Waiting", right=True),
    Column("info", "Info", long=True),
    Column("location", "Location", long=True),
)

Name = Annotated[str, typer.Argument(metavar="QUEUE", help="The queue's name.")]
Device = Annotated[str | None, typer.Option(help="Its device: where a passthrough queue prints.")]
Group = Annotated[str | None, typer.Option(help="Its devices, as a group: a passthrough queue prints at one of them.")]
HoursOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=HOURS",
        help="What jobs may be held until: night=22:00-06:00, day-time=mon-fri 08:00-17:00, weekend=fri 18:00-mon"
        " 06:00; NAME= for its usual hours. May be repeated.",
    ),
]
Found = "Whether it is announced to the network, so that clients find it; one for known people alone never is."
Known = "Whether it takes jobs of those alone whom it knows by a URI of their own (ippgate uri), and of operators."
Lenient = "Whether it takes documents of old clients that do not say whether more follow."
Action = Annotated[
    DefaultAction | None, typer.Option("--release-action", help="What its jobs wait for where they say nothing.")
]
PasswordRepertoire = Annotated[
    Repertoire | None, typer.Option("--password-repertoire", help="The characters of jobs' passwords.")
]
ShownAs = Annotated[
    Shown | None, typer.Option(help="What Windows is shown of a held job: that it is held, or that it is done.")
]
Retention = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="How long held jobs may wait: 12 h, 7 d, none, or usual (spool.keep_held)."),
]
Told = "What it offers people: what nearly every device does, what each of its devices does, or what any of them does."


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    mode: Annotated[QueueMode, typer.Option(help="Whether it holds or prints at once.")] = QueueMode.RELEASE_PRINTING,
    device: Device = None,
    group: Group = None,
    capabilities: Annotated[Advertised, typer.Option(help=Told)] = Advertised.SAFE,
    lenient: Annotated[bool, typer.Option("--lenient/--strict", help=Lenient)] = False,
    hours: HoursOption = None,
    known_only: Annotated[bool, typer.Option("--known-only/--anybody", help=Known)] = False,
    hidden: Annotated[bool, typer.Option("--hidden/--announced", help=Found)] = False,
    release_action: Action = None,
    password_repertoire: PasswordRepertoire = None,
    shown: ShownAs = None,
    retention: Retention = None,
    info: Annotated[str, typer.Option(help="What people see as its name.")] = "",
    location: Annotated[str, typer.Option(help="Where it is.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a queue. It holds jobs until they are released, or prints at once at its device."""
    holding = {"release_action": release_action, "password_repertoire": password_repertoire, "shown": shown}
    usual = QueueOptions(lenient=lenient, hours=_hours((), hours or []), known_only=known_only, hidden=hidden)
    options = replace(usual, **_named(holding), **_retention(retention))

    async def work(gate: "Gate") -> dict[str, Any]:
        told: dict[str, Any] = {"group": group, "capabilities": capabilities, "options": options}
        added = await gate.fleet.add_queue(name, mode, device, info, location, **told)
        return await _facts(gate, added)

    facts = with_gate(context, work)
    done(f"The queue {name} is there: {mode.value}.", facts, as_json=as_json)


@app.command("list")
def list_queues(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List queues with the number of jobs that wait in each."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [await _facts(gate, queue) for queue in await gate.fleet.queues()]

    rows = with_gate(context, work)
    if not as_json:
        rows = [{**row, "target": row["device"] or row["group"] or "all"} for row in rows]
    listing(rows, COLUMNS, as_json=as_json, nothing="There are no queues; `ippgate queue add` adds one.")


@app.command("set")
def set_queue(
    context: typer.Context,
    *,
    name: Name,
    mode: Annotated[QueueMode | None, typer.Option(help="Whether it holds or prints at once.")] = None,
    device: Device = None,
    group: Group = None,
    all_devices: Annotated[bool, typer.Option("--all-devices", help="Its devices are all there are.")] = False,
    capabilities: Annotated[Advertised | None, typer.Option(help=Told)] = None,
    info: Annotated[str | None, typer.Option(help="What people see as its name.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is.")] = None,
    accepting: Annotated[bool | None, typer.Option("--accepting/--rejecting", help="Whether it takes jobs.")] = None,
    lenient: Annotated[bool | None, typer.Option("--lenient/--strict", help=Lenient)] = None,
    hours: HoursOption = None,
    known_only: Annotated[bool | None, typer.Option("--known-only/--anybody", help=Known)] = None,
    hidden: Annotated[bool | None, typer.Option("--hidden/--announced", help=Found)] = None,
    release_action: Action = None,
    password_repertoire: PasswordRepertoire = None,
    shown: ShownAs = None,
    retention: Retention = None,
    as_json: AsJson = False,
) -> None:
    """Change a queue; what is not named stays."""
    if sum((device is not None, group is not None, all_devices)) > 1:
        raise typer.BadParameter("--device, --group and --all-devices exclude each other.")
    wishes = {"mode": mode, "device": device, "group": group, "capabilities": capabilities, "accepting": accepting}
    wishes |= {"info": info, "location": location, "all_devices": all_devices or None}
    changes = _named(wishes)
    holding = {"release_action": release_action, "password_repertoire": password_repertoire, "shown": shown}
    told = _named({"lenient": lenient, "known_only": known_only, "hidden": hidden, **holding})
    if options := {**told, **_retention(retention)}:
        changes["options"] = options
    _hours((), hours or [])
    if not changes and not hours:
        raise typer.BadParameter(
            "Name what to change: --mode, --device, --group, --all-devices, --capabilities, --info, --location,"
            " --accepting, --lenient, --hours, --known-only, --hidden, --release-action, --password-repertoire,"
            " --shown, --retention."
        )

    async def work(gate: "Gate") -> dict[str, Any]:
        if hours:
            known = (await gate.fleet.queue(name)).options.hours
            changes["options"] = {**changes.get("options", {}), "hours": _hours(known, hours)}
        return await _facts(gate, await gate.fleet.set_queue(name, **changes))

    done(f"The queue {name} is changed.", with_gate(context, work), as_json=as_json)


@app.command()
def describe(
    context: typer.Context,
    *,
    name: Name,
    geo: Annotated[str | None, typer.Option(help="Where it is, as geo:LATITUDE,LONGITUDE.")] = None,
    organization: Annotated[str | None, typer.Option(help="Whose it is.")] = None,
    unit: Annotated[str | None, typer.Option(help="Which part of the organization has it.")] = None,
    message: Annotated[str | None, typer.Option(help="What its operator has to say at the moment.")] = None,
    contact_name: Annotated[str | None, typer.Option(help="Whom people ask.")] = None,
    contact_uri: Annotated[str | None, typer.Option(help="How: mailto:, tel:, https: …")] = None,
    default: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What silent jobs get: sides=two-sided-long-edge."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say more of a queue, and choose defaults for its jobs; empty text and NAME= take back what was said."""
    texts = described.texts({"geo": geo, "organization": organization, "unit": unit, "message": message})

    async def work(gate: "Gate") -> dict[str, Any]:
        queue = await gate.fleet.queue(name)
        able = gate.abilities.of_queue(queue)
        wishes = [*texts, *described.contact(contact_name, contact_uri, (queue.contact_name, queue.contact_uri))]
        try:
            said = judge_printer_changes([*wishes, *described.defaults(default or (), able)], queue, able)
        except IppError as error:
            raise described.sentence(error) from error
        return await _facts(gate, await gate.fleet.describe_queue(queue, said, caller().name))

    if not texts and contact_name is None and contact_uri is None and not default:
        raise typer.BadParameter("Name what to say: --geo, --organization, --unit, --message, --contact-…, --default.")
    done(f"The queue {name} is described anew.", with_gate(context, work), as_json=as_json)


@app.command()
def pause(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Send no jobs of a queue to devices; it goes on to take them."""
    _switch(context, "pause", name, f"The queue {name} is paused: nothing of it is printed.", as_json=as_json)


@app.command()
def resume(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Send jobs of a paused queue again."""
    _switch(context, "resume", name, f"The queue {name} goes on.", as_json=as_json)


@app.command()
def enable(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Have a queue take jobs."""
    _switch(context, "enable", name, f"The queue {name} takes jobs.", as_json=as_json)


@app.command()
def disable(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Have a queue take no jobs; what it has goes its way."""
    _switch(context, "disable", name, f"The queue {name} takes no jobs.", as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove a queue that has no jobs."""

    async def work(gate: "Gate") -> None:
        await gate.fleet.remove_queue(name)

    with_gate(context, work)
    done(f"The queue {name} is gone.", {"removed": name}, as_json=as_json)


def _hours(known: Hours, said: list[str]) -> Hours:
    """The hours that count then. Raises typer.BadParameter."""
    pairs = [part.partition("=") for part in said]
    if bad := next((name for name, equals, _ in pairs if not equals), None):
        raise typer.BadParameter(f"{bad!r} has no hours: write night=22:00-06:00, or night= for its usual hours.")
    try:
        return told(known, ((name.strip(), hours) for name, _, hours in pairs))
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from None


def _retention(said: str | None) -> dict[str, Any]:
    """The option that was meant; nothing if none was. Raises typer.BadParameter."""
    if said is None:
        return {}
    if said == "usual":
        return {"retention": None}
    seconds = FOR_EVER if said == "none" else quantity.parse(said, "seconds")
    if seconds is None or (seconds != FOR_EVER and not SHORTEST <= seconds <= LONGEST):
        raise typer.BadParameter(f"{said!r} is no time from 1 min to 3650 d: write 12 h, 7 d, none or usual.")
    return {"retention": int(seconds)}


def _named(wishes: dict[str, Any]) -> dict[str, Any]:
    """Those that were named at the command line."""
    return {name: value for name, value in wishes.items() if value is not None}


def _switch(context: typer.Context, what: str, name: str, sentence: str, *, as_json: bool) -> None:
    async def work(gate: "Gate") -> dict[str, Any]:
        switch = getattr(gate.traffic, what)
        return await _facts(gate, await switch(name, caller().name))

    done(sentence, with_gate(context, work), as_json=as_json)


async def _facts(gate: "Gate", queue: Queue) -> dict[str, Any]:
    device = (await gate.fleet.device_by_id(queue.device_id)).name if queue.device_id is not None else None
    group = (await gate.fleet.group_by_id(queue.group_id)).name if queue.group_id is not None else None
    return queue_facts(queue, device, await gate.fleet.waiting(queue.id), group)
