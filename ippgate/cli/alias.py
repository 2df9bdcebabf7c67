"""`ippgate alias …`: add, list, remove: by which other names an owner prints."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, with_gate

if TYPE_CHECKING:
    from ippgate.app import Gate
    from ippgate.model.owner import Alias

app = commands("Aliases: by which other names owners print.")

COLUMNS = (
    Column("name", "Name", long=True),
    Column("owner", "Owner", long=True),
    Column("network", "From"),
    Column("queue", "Queue"),
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name that clients say; * for each that names nobody.")]
Network = Annotated[str | None, typer.Option(help="Only for clients of this network, such as 10.7.0.0/16.")]
QueueName = Annotated[str | None, typer.Option(help="Only for jobs of this queue.")]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="Whose jobs they are.")],
    network: Network = None,
    queue: QueueName = None,
    as_json: AsJson = False,
) -> None:
    """Give what is printed by a name to an owner; jobs that are there already stay whose they are."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return _facts(await gate.owners.add(name, owner, network or "", queue or ""))

    facts = with_gate(context, work)
    where = "".join((f" from {facts['network']}" if network else "", f" in {queue}" if queue else ""))
    done(f"What {facts['name']} prints{where} is {facts['owner']}'s.", facts, as_json=as_json)


@app.command("list")
def list_aliases(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List aliases."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [_facts(alias) for alias in await gate.owners.aliases()]

    nothing = "There are no aliases; `ippgate alias add` adds one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command()
def remove(
    context: typer.Context, *, name: Name, network: Network = None, queue: QueueName = None, as_json: AsJson = False
) -> None:
    """Forget what else a name means: everywhere, or for one network or queue."""

    async def work(gate: "Gate") -> int:
        return await gate.owners.remove(name, network, queue)

    removed = with_gate(context, work)
    done(f"{name}: {removed} aliases are gone.", {"removed": removed}, as_json=as_json)


def _facts(alias: "Alias") -> dict[str, Any]:
    return {
        "name": alias.name,
        "owner": alias.owner,
        "network": alias.network or None,
        "queue": alias.queue or None,
    }
