"""`ippgate delegate …`: add, remove, list: who may see and release what another holds."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import when
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import caller, commands, with_gate
from ippgate.model.delegate import Delegate

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Delegates: who may see and release what another holds.")

COLUMNS = (
    Column("person", "Person", long=True),
    Column("delegate", "Delegate", long=True),
    Column("since", "Since"),
)
MOST = 100_000
"""Delegates that one list shows."""

Name = Annotated[str, typer.Argument(metavar="PERSON", help="Whose jobs they are.")]
Other = Annotated[str, typer.Argument(metavar="DELEGATE", help="The person who may see and release them.")]


@app.command()
def add(context: typer.Context, *, person: Name, delegate: Other, as_json: AsJson = False) -> None:
    """Let somebody see and release what another holds: as themselves, and the jobs stay whose they are."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return _facts(await gate.delegates.add(person, delegate, caller().name))

    facts = with_gate(context, work)
    done(f"{facts['delegate']} may see and release what {facts['person']} holds.", facts, as_json=as_json)


@app.command()
def remove(context: typer.Context, *, person: Name, delegate: Other, as_json: AsJson = False) -> None:
    """Let them do so no more."""

    async def work(gate: "Gate") -> None:
        await gate.delegates.remove(person, delegate, caller().name)

    with_gate(context, work)
    done(f"{delegate} stands for {person} no more.", {"person": person, "removed": delegate}, as_json=as_json)


@app.command("list")
def list_delegates(
    context: typer.Context,
    *,
    of: Annotated[str | None, typer.Option("--of", metavar="PERSON", help="Only those who stand for them.")] = None,
    standing: Annotated[
        str | None, typer.Option("--for", metavar="DELEGATE", help="Only those for whom they stand.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="So many at the most.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """List who stands for whom."""
    if of is not None and standing is not None:
        raise typer.BadParameter("--of and --for exclude each other.")

    async def work(gate: "Gate") -> list[Delegate]:
        if of is not None:
            return await gate.delegates.of(of)
        if standing is not None:
            return await gate.delegates.for_whom(standing)
        found: list[Delegate] = []
        while len(found) < limit:
            behind = (found[-1].person, found[-1].delegate) if found else ("", "")
            page = await gate.delegates.listing(after=behind, limit=limit - len(found))
            if not page:
                break
            found += page
        return found

    found = with_gate(context, work)[:limit]
    nothing = "Nobody stands for anybody; `ippgate delegate add` lets somebody."
    listing([_facts(each) for each in found], COLUMNS, as_json=as_json, nothing=nothing)


def _facts(each: Delegate) -> dict[str, Any]:
    return {"person": each.person, "delegate": each.delegate, "since": when(each.since)}
