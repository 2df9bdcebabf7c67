"""`ippgate db …`: migrate, status."""

import asyncio
from typing import Annotated, Any

import typer

from ippgate.app import open_database
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, quiet, settings
from ippgate.config import Settings
from ippgate.store.migrate import Migration, migrate, migration_status

app = commands("The database: migrate it, see how it stands.")

COLUMNS = (Column("number", "Number"), Column("phase", "Phase"), Column("name", "Name"), Column("applied", "Applied"))
PRE, POST = "pre", "post"


@app.command("migrate")
def migrate_database(
    context: typer.Context,
    *,
    only_pre: Annotated[
        bool, typer.Option("--pre", help="Only what may run while the former version still serves.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to this version. It may be called again at any time."""
    chosen = settings(context)
    quiet(context)
    applied = asyncio.run(_migrate(chosen, (PRE,) if only_pre else (PRE, POST)))
    sentence = f"Migrations applied: {len(applied)}." if applied else "The database is up to date."
    done(sentence, [_facts(step) for step in applied], as_json=as_json)


@app.command()
def status(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the migrations of this version; fails when one is missing."""
    chosen = settings(context)
    quiet(context)
    steps = asyncio.run(_status(chosen))
    listing([_facts(step) for step in steps], COLUMNS, as_json=as_json, nothing="There are no migrations.")
    if not all(step.applied for step in steps):
        raise typer.Exit(1)


async def _migrate(chosen: Settings, phases: tuple[str, ...]) -> list[Migration]:
    async with open_database(chosen, pool_size=2) as (database, _):
        return await migrate(database, phases=phases)


async def _status(chosen: Settings) -> list[Migration]:
    async with open_database(chosen, pool_size=2) as (database, _):
        return await migration_status(database)


def _facts(step: Migration) -> dict[str, Any]:
    return {"number": f"{step.number:04d}", "phase": step.phase, "name": step.name, "applied": step.applied}
