"""`ippgate operator …`: add, list, password, remove. A password is typed or piped, never written into the command."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import when
from ippgate.cli.password import typed_password
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, with_gate

if TYPE_CHECKING:
    from ippgate.app import Gate
    from ippgate.store.operators import OperatorAccount

app = commands("Operators: who may run the gate over IPP.")

COLUMNS = (Column("name", "Name"), Column("created", "Created"), Column("changed", "Password set"))

Name = Annotated[str, typer.Argument(metavar="OPERATOR", help="The operator's name.")]


@app.command()
def add(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Add an operator. The password is asked for, or read from standard input: its first line."""
    password = typed_password()

    async def work(gate: "Gate") -> dict[str, Any]:
        return _facts(await gate.operators.add(name, password))

    facts = with_gate(context, work)
    done(f"The operator {name} is there: over TLS, with this name and the password.", facts, as_json=as_json)


@app.command("list")
def list_operators(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List operators."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [_facts(account) for account in await gate.operators.accounts()]

    nothing = "There are no operators; `ippgate operator add` adds one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command("password")
def set_password(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Give an operator a new password; it is asked for, or read from standard input."""
    password = typed_password()

    async def work(gate: "Gate") -> dict[str, Any]:
        return _facts(await gate.operators.set_password(name, password))

    done(f"The password of {name} is changed.", with_gate(context, work), as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove an operator."""

    async def work(gate: "Gate") -> None:
        await gate.operators.remove(name)

    with_gate(context, work)
    done(f"The operator {name} is gone.", {"removed": name}, as_json=as_json)


def _facts(account: "OperatorAccount") -> dict[str, Any]:
    return {"name": account.name, "created": when(account.created_at), "changed": when(account.changed_at)}
