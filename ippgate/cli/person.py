"""`ippgate person …`: add, change, set, list, show, password, pin, remove."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import attribute_words, when
from ippgate.cli.password import typed_password
from ippgate.cli.show import AsJson, Column, done, listing, story
from ippgate.cli.wishes import preferences
from ippgate.cli.work import commands, with_gate
from ippgate.model.person import Particulars, Person

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("People: those whose jobs the gate holds; rules know their groups, department and cost centre.")

COLUMNS = (
    Column("name", "Name", long=True),
    Column("full_name", "Full name", long=True),
    Column("groups", "Groups", long=True),
    Column("department", "Department", long=True),
    Column("cost_center", "Cost centre"),
    Column("active", "Active"),
    Column("password", "Password"),
    Column("pin", "PIN"),
)
MOST = 10_000
"""People that one list shows."""

Name = Annotated[str, typer.Argument(metavar="PERSON", help="The person's name, as their jobs bear it.")]
FullName = Annotated[str | None, typer.Option(help="As people say it.")]
Email = Annotated[str | None, typer.Option(help="Their e-mail address.")]
Department = Annotated[str | None, typer.Option(help="Their department.")]
CostCenter = Annotated[str | None, typer.Option(help="Their cost centre.")]
Language = Annotated[str | None, typer.Option(help="Their language, such as de or pt-br.")]
AutoRelease = Annotated[
    bool | None, typer.Option("--auto-release/--no-auto-release", help="Whether a login at a device prints all.")
]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    full_name: FullName = None,
    email: Email = None,
    department: Department = None,
    cost_center: CostCenter = None,
    language: Language = None,
    group: Annotated[list[str] | None, typer.Option(help="A group they are in; may be given several times.")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Another name by which they print.")] = None,
    auto_release: AutoRelease = None,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password, or read it from standard input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add a person. Jobs need none: who is not here prints all the same, and has no groups."""
    said = Particulars(full_name, email, department, cost_center, language, None, auto_release, join=tuple(group or ()))
    secret = typed_password() if password else None

    async def work(gate: "Gate") -> dict[str, Any]:
        person = await gate.people.add(name, said, password=secret)
        for each in alias or ():
            await gate.owners.add(each, person.name)
        return await _facts(gate, person)

    facts = with_gate(context, work)
    done(f"{facts['name']} is there.", facts, as_json=as_json)


@app.command()
def change(
    context: typer.Context,
    *,
    name: Name,
    full_name: FullName = None,
    email: Email = None,
    department: Department = None,
    cost_center: CostCenter = None,
    language: Language = None,
    join: Annotated[list[str] | None, typer.Option(metavar="GROUP", help="A group they are in as well.")] = None,
    leave: Annotated[list[str] | None, typer.Option(metavar="GROUP", help="One they are in no more.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Who is inactive is shut out: nothing is printed.")
    ] = None,
    auto_release: AutoRelease = None,
    as_json: AsJson = False,
) -> None:
    """Change what is known of a person; what is not named stays."""
    groups = {"join": tuple(join or ()), "leave": tuple(leave or ())}
    said = Particulars(full_name, email, department, cost_center, language, active, auto_release, **groups)
    if said.is_nothing:
        raise typer.BadParameter("Name what to change, such as --department or --inactive.")

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.people.change(name, said))

    facts = with_gate(context, work)
    shut = "" if facts["active"] else " and is shut out"
    done(f"{facts['name']} is changed{shut}.", facts, as_json=as_json)


@app.command("set")
def prefer(
    context: typer.Context,
    *,
    name: Name,
    default: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="sides=two, copies=2, color=mono, media=a4 …; NAME= takes it back."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set what a person wants of everything they send, where what they send does not say."""
    if not default:
        raise typer.BadParameter("Name what to set, such as --default sides=two.")
    said, dropped = preferences(default)

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.people.prefer(name, said, dropped))

    facts = with_gate(context, work)
    wants = ", ".join(facts["defaults"]) or "nothing of its own"
    done(f"What {facts['name']} sends is printed with {wants}, where it does not say.", facts, as_json=as_json)


@app.command("list")
def list_people(
    context: typer.Context,
    *,
    group: Annotated[str | None, typer.Option(help="Only those in this group.")] = None,
    department: Annotated[str | None, typer.Option(help="Only those of this department.")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Only those who are, or are not.")] = None,
    after: Annotated[str, typer.Option(metavar="NAME", help="Only those whose names come after this one.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="So many at the most.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """List people, by name."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        found: list[Person] = []
        while len(found) < limit:
            behind = found[-1].name if found else after
            left = limit - len(found)
            page = await gate.people.listing(
                after=behind, group=group, department=department, active=active, limit=left
            )
            if not page:
                break
            found += page
        return [_plain(person) for person in found]

    nothing = "There are no such people; `ippgate person add` adds one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command()
def show(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Show a person, found by any of their names. What proves them is known to nobody."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.people.person(name))

    story(with_gate(context, work), as_json=as_json)


@app.command("password")
def set_password(
    context: typer.Context,
    *,
    name: Name,
    none: Annotated[bool, typer.Option("--none", help="Take it away: they have none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give a person a password; it is asked for, or read from standard input."""
    secret = None if none else typed_password()

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.people.set_password(name, secret))

    facts = with_gate(context, work)
    said = "has a new password" if facts["password"] else "has no password"
    done(f"{facts['name']} {said}.", facts, as_json=as_json)


@app.command()
def pin(
    context: typer.Context,
    *,
    name: Name,
    none: Annotated[bool, typer.Option("--none", help="Take it away: they have none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give a person a new PIN, which nobody else has. It is shown this once."""

    async def work(gate: "Gate") -> dict[str, Any]:
        if none:
            return {"name": (await gate.pins.remove(name)).name, "pin": None}
        person, drawn = await gate.pins.renew(name)
        return {"name": person.name, "pin": drawn}

    facts = with_gate(context, work)
    said = f"The PIN of {facts['name']}: {facts['pin']}" if facts["pin"] else f"{facts['name']} has no PIN."
    done(said, facts, as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Forget a person and what proves them. Their jobs and aliases stay."""

    async def work(gate: "Gate") -> None:
        await gate.people.remove(name)

    with_gate(context, work)
    done(f"{name} is forgotten.", {"removed": name}, as_json=as_json)


async def _facts(gate: "Gate", person: Person) -> dict[str, Any]:
    aliases = [_alias(alias.name, alias.network, alias.queue) for alias in await gate.people.aliases(person)]
    return {**_plain(person), "aliases": aliases}


def _alias(name: str, network: str, queue: str) -> str:
    return name + (f" from {network}" if network else "") + (f" in {queue}" if queue else "")


def _plain(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "full_name": person.full_name or None,
        "email": person.email or None,
        "department": person.department or None,
        "cost_center": person.cost_center or None,
        "language": person.language or None,
        "groups": list(person.groups),
        "source": str(person.source),
        "active": person.active,
        "password": person.has_password,
        "pin": person.has_pin,
        "auto_release": person.auto_release,
        "defaults": [attribute_words(each) for each in person.preferences],
        "created": when(person.created_at),
        "seen": when(person.seen_at),
    }
